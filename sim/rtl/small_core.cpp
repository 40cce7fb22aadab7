// SPDX-License-Identifier: BSD-2-Clause
#include <Vsynward_core_small.h>
#include <Vsynward_core_small___024root.h>

#include "core_flow_laps.hpp"

namespace synward::sim {
namespace {

#define SYNWARD_IN_CORE(path) synward_flat_core__DOT__u_core__DOT__##path

class SmallCore final : public VerilatedCore {
 public:
  explicit SmallCore(VerilatedContext& context) : model_(&context) {}
  ~SmallCore() override { model_.final(); }
  CorePins pins() override { return pins_of(model_); }
  void eval() override { model_.eval(); }
  FlowLaps* flow_laps() override { return &laps_; }
  CoreFaults* faults() override { return &faults_; }

 private:
  Vsynward_core_small model_;
  decltype(flow_laps_of(*model_.rootp)) laps_ = flow_laps_of(*model_.rootp);
  CoreFaults faults_{model_.rootp->SYNWARD_IN_CORE(u_shell__DOT__u_line__DOT__u_parse__DOT__u_sums__DOT__there_q),
                     model_.rootp->SYNWARD_IN_CORE(u_shell__DOT__u_line__DOT__u_fates__DOT__u_decisions__DOT__there_q),
                     model_.rootp->SYNWARD_IN_CORE(u_shell__DOT__u_reset__DOT__leaf_q),
                     model_.rootp->SYNWARD_IN_CORE(u_engine_reset__DOT__leaf_q)};
};
#undef SYNWARD_IN_CORE

}  // namespace

std::unique_ptr<VerilatedCore> make_small_core(VerilatedContext& context) {
  return std::make_unique<SmallCore>(context);
}

}  // namespace synward::sim
