// SPDX-License-Identifier: BSD-2-Clause
#include <Vsynward_core_small.h>

#include "verilated_core.hpp"

namespace synward::sim {
namespace {

class SmallCore final : public VerilatedCore {
 public:
  explicit SmallCore(VerilatedContext& context) : model_(&context) {}
  ~SmallCore() override { model_.final(); }
  CorePins pins() override { return pins_of(model_); }
  void eval() override { model_.eval(); }

 private:
  Vsynward_core_small model_;
};

}  // namespace

std::unique_ptr<VerilatedCore> make_small_core(VerilatedContext& context) {
  return std::make_unique<SmallCore>(context);
}

}  // namespace synward::sim
