// SPDX-License-Identifier: BSD-2-Clause
#include <Vsynward_hls_core.h>
#include <Vsynward_hls_core___024root.h>
#include <Vsynward_hls_core_small.h>
#include <Vsynward_hls_core_small___024root.h>

#include <algorithm>

#include "hls/clocked_engine.hpp"
#include "hls/kernel_words.hpp"
#include "verilated_core.hpp"

/// Of the socket's sweeper, in the models (idle.vlt).
#define SYNWARD_NEXT_VISIT synward_flat_hls_core__DOT__u_hls_core__DOT__u_time__DOT__u_sweeper__DOT__next_visit_q

namespace synward::sim {
namespace {

/// Clocks from a register's write to the engine's knowing it, more than it takes.
constexpr unsigned kSettingClocks = 100;

/// The flow table's laps: the sweeper's next VISIT in the socket (idle.vlt), the flows in the kernel.
template <typename Visited>
class KernelFlowLaps final : public FlowLaps {
 public:
  KernelFlowLaps(Visited& next_visit, const ClockedEngine& engine, std::size_t buckets)
      : next_visit_(next_visit), engine_(engine), buckets_(buckets) {}
  std::uint32_t visited() const override { return next_visit_ - 1U; }
  void set_visited(std::uint32_t number) override { next_visit_ = number + 1U; }
  bool empty(std::size_t bucket) const override {
    const FlowBucket& flows = engine_.flows(static_cast<std::uint32_t>(bucket));
    return flows.open_laps == 0 && std::all_of(std::begin(flows.way), std::end(flows.way),
                                               [](const FlowWay& w) { return w.state == kFlowFree; });
  }
  bool all_empty() const override {
    for (std::size_t bucket = 0; bucket < buckets_; ++bucket) {
      if (!empty(bucket)) return false;
    }
    return true;
  }
  // A VISIT stands alone: 34 clocks, of a slower kernel 37.
  std::uint64_t visit_clocks() const override { return 40; }
  std::uint64_t stride() const override { return 256; }

 private:
  Visited& next_visit_;
  const ClockedEngine& engine_;
  std::size_t buckets_;
};

/// The Verilated core of a card with ENGINE=hls, and at every clock the kernel behind its streams, in the words that
/// the streams carry.
template <typename Model>
class KernelCore final : public VerilatedCore {
 public:
  KernelCore(VerilatedContext& context, TableSizes sizes, std::uint64_t kernel_clock,
             const KernelTrouble* trouble = nullptr)
      : trouble_(trouble != nullptr ? *trouble : kNoTrouble),
        model_(&context),
        engine_(sizes, kernel_clock),
        laps_(model_.rootp->SYNWARD_NEXT_VISIT, engine_, std::size_t{1} << sizes.log_flows) {
    model_.setting_tready_i = 0;
    model_.question_tready_i = 0;
    model_.answer_tvalid_i = 0;
  }
  ~KernelCore() override { model_.final(); }
  CorePins pins() override { return pins_of(model_, idle_, wake_, wake_ms_); }
  bool busy() const override { return model_.idle_o == 0 || told_ != 0; }
  FlowLaps* flow_laps() override { return &laps_; }

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
    const bool reset = trouble_.reset || (model_.engine_rst_no == 0 && (!trouble_.unconnected || !begun_));
    if (reset) {
      if (!in_reset_) engine_.reset();
      in_reset_ = true;
      answer_ = nullptr;
      return;
    }
    in_reset_ = false;
    begun_ = true;
    if (trouble_.stopped) return;
    if (answer_ != nullptr && model_.answer_tready_o != 0) {
      engine_.pop();
      answer_ = nullptr;
    }
    if (model_.setting_tready_i != 0 && model_.setting_tvalid_o != 0) {
      const EngineSetting setting = setting_of(model_.setting_tdata_o);
      engine_.set(setting.config, setting.load, setting.end_pause);
    }
    if (model_.question_tready_i != 0 && model_.question_tvalid_o != 0) {
      const EngineQuestion question = question_of(model_.question_tdata_o);
      engine_.ask(question.request, question.room);
    }
  }

  void put() {
    const bool rests = in_reset_ || trouble_.stopped;
    if (!rests) engine_.tick(model_.setting_tvalid_o != 0, model_.question_tvalid_o != 0);
    model_.setting_tready_i = !rests && engine_.takes_setting() ? 1 : 0;
    model_.question_tready_i = !rests && engine_.takes_question() ? 1 : 0;
    const EngineReply* const reply = rests ? nullptr : engine_.answer();
    model_.answer_tvalid_i = reply != nullptr ? 1 : 0;
    if (reply != nullptr && reply != answer_) put_struct<kKernelAnswerBits>(*reply, model_.answer_tdata_i);
    answer_ = reply;
    // What was written may be on its way to the engine, which must know it before time goes on.
    told_ = model_.s_axil_bvalid_o != 0 ? kSettingClocks : told_ - (told_ != 0 ? 1 : 0);
    idle_ = model_.idle_o != 0 && model_.time_idle_o != 0 && engine_.idle() ? 1 : 0;
    if (idle_ == 0) return;
    std::uint32_t quiet = reference::state_quiet_ms(engine_.state(), model_.time_ms_o);
    if (model_.wake_o != 0) {
      const std::uint32_t ahead = model_.wake_ms_o - model_.time_ms_o;
      // What is due already is looked for: nobody may leap.
      quiet = std::min(quiet, before(model_.time_ms_o, model_.wake_ms_o) ? ahead : 0U);
    }
    wake_ = quiet != reference::Engine::kNever ? 1 : 0;
    wake_ms_ = model_.time_ms_o + quiet;
  }

  static constexpr KernelTrouble kNoTrouble{};
  const KernelTrouble& trouble_;
  bool begun_ = false;  ///< out of the first reset
  Model model_;
  ClockedEngine engine_;
  KernelFlowLaps<std::remove_reference_t<decltype(std::declval<Model&>().rootp->SYNWARD_NEXT_VISIT)>> laps_;
  const EngineReply* answer_ = nullptr;  ///< what stands on the port
  unsigned told_ = 0;
  bool high_ = false, in_reset_ = false;
  std::uint8_t idle_ = 0, wake_ = 0;
  std::uint32_t wake_ms_ = 0;
};

}  // namespace

std::unique_ptr<VerilatedCore> make_kernel_core(VerilatedContext& context, const KernelTrouble* trouble) {
  return std::make_unique<KernelCore<Vsynward_hls_core>>(context, TableSizes{}, ClockedEngine::kSameClock, trouble);
}
std::unique_ptr<VerilatedCore> make_small_kernel_core(VerilatedContext& context, const KernelTrouble* trouble) {
  return std::make_unique<KernelCore<Vsynward_hls_core_small>>(context, TableSizes{6, 6}, ClockedEngine::kSameClock,
                                                               trouble);
}
std::unique_ptr<VerilatedCore> make_slow_kernel_core(VerilatedContext& context) {
  return std::make_unique<KernelCore<Vsynward_hls_core>>(context, TableSizes{}, ClockedEngine::k300MHz);
}

}  // namespace synward::sim
