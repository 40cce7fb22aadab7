// SPDX-License-Identifier: BSD-2-Clause
#include <Vsynward_socket_core.h>
#include <Vsynward_socket_core_small.h>

#include <optional>
#include <tuple>

#include "hls/clocked_engine.hpp"
#include "socket_records.hpp"
#include "verilated_core.hpp"

namespace synward::sim {
namespace {

// Where fields lie in the streams' words (records.toml: question, setting, answer, engine_state), bits.
constexpr unsigned kRoomHostAt = 0, kRoomLineAt = 1, kRequestAt = 2;
constexpr unsigned kEndPauseAt = 0, kLoadAt = 1, kSettingsAt = 2;
constexpr unsigned kEventValidAt = 0, kEventAt = 1, kCountsAt = kEventAt + EventRecord::kWidth,
                   kMacAt = kCountsAt + CountsRecord::kWidth, kVerdictAt = kMacAt + 32;
constexpr unsigned kFlowsAt = 0, kCountAt = 21, kPauseUntilAt = 39, kBackoffAt = 71, kPausedAt = 74, kReadyAt = 75;

/// Clocks from a register's write to the engine's knowing it, more than it takes.
constexpr unsigned kSettingClocks = 100;

/// The Verilated shell with its elastic socket, and at every clock the kernel behind its streams.
template <typename Model>
class KernelCore final : public VerilatedCore {
 public:
  KernelCore(VerilatedContext& context, TableSizes sizes, std::uint64_t kernel_clock)
      : model_(&context), engine_(sizes, kernel_clock) {
    model_.setting_tready_i = 0;
    model_.question_tready_i = 0;
    model_.answer_tvalid_i = 0;
    model_.list_busy_i = 0;
    show_state();
  }
  ~KernelCore() override { model_.final(); }
  CorePins pins() override { return pins_of(model_, idle_, wake_, wake_ms_); }
  bool busy() const override { return model_.idle_o == 0 || told_ != 0; }

  void eval() override {
    const bool rises = model_.clk_i != 0 && !high_;
    high_ = model_.clk_i != 0;
    if (!rises) {
      model_.eval();
      return;
    }
    // What the streams showed in the clock that ends here; what the engine shows are registers.
    take();
    model_.eval();
    put();
  }

 private:
  void take() {
    if (model_.engine_rst_no == 0) {
      if (!in_reset_) engine_.reset(model_.time_ms_o);
      in_reset_ = true;
      answer_ = nullptr;
      return;
    }
    in_reset_ = false;
    if (model_.list_first_o != 0) engine_.lister().first();
    if (model_.list_next_o != 0) engine_.lister().next();
    listed_ = listed_ || model_.list_first_o != 0 || model_.list_next_o != 0;
    if (answer_ != nullptr && model_.answer_tready_o != 0) {
      engine_.pop();
      answer_ = nullptr;
    }
    if (model_.setting_tready_i != 0 && model_.setting_tvalid_o != 0) {
      engine_.set(config_of(read_record<SettingsRecord>(model_.setting_tdata_o, kSettingsAt)),
                  get_bits(model_.setting_tdata_o, kLoadAt, 1) != 0,
                  get_bits(model_.setting_tdata_o, kEndPauseAt, 1) != 0);
    }
    if (model_.question_tready_i != 0 && model_.question_tvalid_o != 0) {
      engine_.ask(read_record<RequestRecord>(model_.question_tdata_o, kRequestAt),
                  {get_bits(model_.question_tdata_o, kRoomLineAt, 1) != 0,
                   get_bits(model_.question_tdata_o, kRoomHostAt, 1) != 0});
    }
  }

  void put() {
    if (!in_reset_) {
      engine_.tick({model_.time_ms_o, model_.room_line_o != 0, model_.room_host_o != 0, model_.line_half_o != 0,
                    model_.setting_tvalid_o != 0, model_.question_tvalid_o != 0});
    }
    model_.setting_tready_i = !in_reset_ && engine_.takes_setting() ? 1 : 0;
    model_.question_tready_i = !in_reset_ && engine_.takes_question() ? 1 : 0;
    const EngineAnswer* const answer = in_reset_ ? nullptr : engine_.answer();
    model_.answer_tvalid_i = answer != nullptr ? 1 : 0;
    if (answer != nullptr && answer != answer_) {
      set_bits(model_.answer_tdata_i, kEventValidAt, 1, answer->event ? 1 : 0);
      write_record(answer->record, model_.answer_tdata_i, kEventAt);
      write_record(answer->counts, model_.answer_tdata_i, kCountsAt);
      set_bits(model_.answer_tdata_i, kMacAt, 32, answer->mark_mac);
      write_record(answer->verdict, model_.answer_tdata_i, kVerdictAt);
    }
    answer_ = answer;
    // What was written may be on its way to the engine, which must know it before time goes on.
    told_ = model_.s_axil_bvalid_o != 0 ? kSettingClocks : told_ - (told_ != 0 ? 1 : 0);
    show_state();
    idle_ = model_.idle_o != 0 && engine_.idle() ? 1 : 0;
    if (idle_ == 0) return;
    const std::uint32_t quiet = engine_.quiet_ms();
    wake_ = quiet != reference::Engine::kNever ? 1 : 0;
    wake_ms_ = model_.time_ms_o + quiet;
  }

  /// Flows, entries, and the pause's end, back-off and whether it is on.
  using State = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint8_t, bool>;
  void show_state() {
    const EngineState& state = engine_.state();
    const State shown{state.flows, state.count, state.pause.until, state.pause.backoff, state.pause.paused};
    const auto& listing = engine_.lister().shown();
    if (listed_ || (model_.list_shown_i != 0) != listing.has_value()) {
      write_record(listing.value_or(ListingRecord{}), model_.listing_i);
      model_.list_shown_i = listing ? 1 : 0;
      listed_ = false;
    }
    if (shown == shown_) return;
    shown_ = shown;
    set_bits(model_.state_i, kFlowsAt, 21, state.flows);
    set_bits(model_.state_i, kCountAt, 18, state.count);
    set_bits(model_.state_i, kPauseUntilAt, 32, state.pause.until);
    set_bits(model_.state_i, kBackoffAt, 3, state.pause.backoff);
    set_bits(model_.state_i, kPausedAt, 1, state.pause.paused ? 1 : 0);
    set_bits(model_.state_i, kReadyAt, 1, 1);
  }

  Model model_;
  ClockedEngine engine_;
  const EngineAnswer* answer_ = nullptr;  ///< what stands on the port
  std::optional<State> shown_;
  unsigned told_ = 0;
  bool high_ = false, in_reset_ = false;
  bool listed_ = true;  ///< another entry is to be shown, or none
  std::uint8_t idle_ = 0, wake_ = 0;
  std::uint32_t wake_ms_ = 0;
};

}  // namespace

std::unique_ptr<VerilatedCore> make_kernel_core(VerilatedContext& context) {
  return std::make_unique<KernelCore<Vsynward_socket_core>>(context, TableSizes{}, ClockedEngine::kSameClock);
}
std::unique_ptr<VerilatedCore> make_small_kernel_core(VerilatedContext& context) {
  return std::make_unique<KernelCore<Vsynward_socket_core_small>>(context, TableSizes{6, 6}, ClockedEngine::kSameClock);
}
std::unique_ptr<VerilatedCore> make_slow_kernel_core(VerilatedContext& context) {
  return std::make_unique<KernelCore<Vsynward_socket_core>>(context, TableSizes{}, ClockedEngine::k300MHz);
}

}  // namespace synward::sim
