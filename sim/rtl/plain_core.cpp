// SPDX-License-Identifier: BSD-2-Clause
#include <Vsynward_core.h>
#include <Vsynward_core___024root.h>

#include "core_flow_laps.hpp"

namespace synward::sim {
namespace {

class PlainCore final : public VerilatedCore {
 public:
  explicit PlainCore(VerilatedContext& context) : model_(&context) {}
  ~PlainCore() override { model_.final(); }
  CorePins pins() override { return pins_of(model_); }
  void eval() override { model_.eval(); }
  FlowLaps* flow_laps() override { return &laps_; }

 private:
  Vsynward_core model_;
  decltype(flow_laps_of(*model_.rootp)) laps_ = flow_laps_of(*model_.rootp);
};

}  // namespace

std::unique_ptr<VerilatedCore> make_plain_core(VerilatedContext& context) {
  return std::make_unique<PlainCore>(context);
}

}  // namespace synward::sim
