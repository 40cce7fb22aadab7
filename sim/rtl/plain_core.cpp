// SPDX-License-Identifier: BSD-2-Clause
#include <Vsynward_core.h>

#include "verilated_core.hpp"

namespace synward::sim {
namespace {

class PlainCore final : public VerilatedCore {
 public:
  explicit PlainCore(VerilatedContext& context) : model_(&context) {}
  ~PlainCore() override { model_.final(); }
  CorePins pins() override { return pins_of(model_); }
  void eval() override { model_.eval(); }

 private:
  Vsynward_core model_;
};

}  // namespace

std::unique_ptr<VerilatedCore> make_plain_core(VerilatedContext& context) {
  return std::make_unique<PlainCore>(context);
}

}  // namespace synward::sim
