// SPDX-License-Identifier: BSD-2-Clause
#include <Vsynward_shell.h>

#include <deque>

#include "reference/engine.hpp"
#include "reference/lister.hpp"
#include "socket_records.hpp"
#include "verilated_core.hpp"

namespace synward::sim {
namespace {

// Clocks of the socket, from a request on (synward_shell).
constexpr std::size_t kVerdictLatency = 46;
constexpr std::size_t kEventLatency = kVerdictLatency + 1;
constexpr std::size_t kMarkLatency = kVerdictLatency + 23;

/// The Verilated shell, and at every clock the engine of hls/ at its socket.
class SocketCore final : public VerilatedCore {
 public:
  explicit SocketCore(VerilatedContext& context) : model_(&context), engine_(TableSizes{6, 6}) {
    model_.accept_i = 1;
    model_.ready_i = 1;
    model_.list_busy_i = 0;
    model_.watch_lost_i = 0;
  }
  ~SocketCore() override { model_.final(); }
  CorePins pins() override { return pins_of(model_, idle_, wake_, wake_ms_); }

  void eval() override {
    const bool rises = model_.clk_i != 0 && !high_;
    high_ = model_.clk_i != 0;
    if (!rises) {
      model_.eval();
      return;
    }
    // What the socket showed in the clock that ends here; its answers are registers of the engine and change behind the
    // edge.
    const Slot slot = answer();
    model_.eval();
    put(slot);
  }

 private:
  /// What one clock asked, answered.
  struct Slot {
    bool frame = false;
    EngineAnswer answer{};
  };

  Slot answer() {
    if (model_.rst_ni == 0) {
      engine_.set_time(model_.time_ms_o);
      time_ms_ = model_.time_ms_o;
      return {};
    }
    const EngineConfig config = config_of(read_record<SettingsRecord>(model_.settings_o));
    if (model_.load_o != 0) {
      engine_.clear(config.flow_learn);
      lister_.clear();
    }
    if (model_.list_first_o != 0) lister_.first();
    if (model_.list_next_o != 0) lister_.next();
    if (model_.end_pause_o != 0) engine_.end_pause();
    if (model_.time_ms_o != time_ms_) {
      if (before(model_.time_ms_o, time_ms_)) engine_.set_time(model_.time_ms_o - 1);
      time_ms_ = model_.time_ms_o;
      engine_.sweep_until(config, time_ms_, [this](const EngineAnswer& swept) { swept_.push_back(swept); });
    }
    // What the host brings has no frame of the line either.
    if (model_.watch_o != 0) swept_.push_back(engine_.ask(config, read_record<RequestRecord>(model_.watched_o)));
    Slot slot;
    if (model_.ask_o != 0) {
      slot = {true, engine_.ask(config, read_record<RequestRecord>(model_.request_o))};
    } else if (!swept_.empty()) {
      slot.answer = swept_.front();
      swept_.pop_front();
    }
    return slot;
  }

  void put(const Slot& slot) {
    line_.push_back(slot);
    if (line_.size() > kMarkLatency) line_.pop_front();
    const Slot& verdict = slot_before(kVerdictLatency);
    model_.verdict_valid_i = verdict.frame ? 1 : 0;
    write_record(verdict.answer.verdict, model_.verdict_i);
    std::uint32_t counts[2] = {0, 0};
    write_record(verdict.answer.counts, counts);
    model_.counts_i = static_cast<std::uint64_t>(counts[1]) << 32 | counts[0];
    const EngineAnswer& event = slot_before(kEventLatency).answer;
    model_.event_valid_i = event.event ? 1 : 0;
    write_record(event.record, model_.record_i);
    model_.mark_mac_i = slot_before(kMarkLatency).answer.mark_mac;

    const EngineState& state = engine_.state();
    model_.count_i = state.count;
    model_.flows_i = state.flows;
    model_.paused_i = state.pause.paused ? 1 : 0;
    model_.backoff_i = state.pause.backoff;
    model_.pause_until_i = state.pause.until;
    model_.list_shown_i = lister_.shown() ? 1 : 0;
    write_record(lister_.shown().value_or(ListingRecord{}), model_.listing_i);
    const std::uint32_t quiet = engine_.quiet_ms();
    idle_ = swept_.empty() && model_.watch_busy_o == 0 ? 1 : 0;
    wake_ = quiet != reference::Engine::kNever ? 1 : 0;
    wake_ms_ = time_ms_ + quiet;
  }

  /// The slot of `clocks` - 1 clocks ago.
  const Slot& slot_before(std::size_t clocks) const {
    static const Slot kNone;
    return line_.size() < clocks ? kNone : line_[line_.size() - clocks];
  }

  Vsynward_shell model_;
  reference::Engine engine_;
  reference::Lister lister_{engine_};
  std::deque<EngineAnswer> swept_;  ///< what the timers did, until a clock is free
  std::deque<Slot> line_;
  bool high_ = false;
  std::uint32_t time_ms_ = 0;
  std::uint8_t idle_ = 1, wake_ = 0;
  std::uint32_t wake_ms_ = 0;
};

}  // namespace

std::unique_ptr<VerilatedCore> make_socket_core(VerilatedContext& context) {
  return std::make_unique<SocketCore>(context);
}

}  // namespace synward::sim
