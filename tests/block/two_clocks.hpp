// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <verilated.h>

#include <cstdint>
#include <memory>

namespace synward::test {

/// A Verilated block with two clocks that know nothing of each other: their edges are drawn, so that over a run every
/// order of edges comes about. Signals move as on silicon: inputs are set behind an edge of their own clock.
template <typename Model>
class TwoClocks {
 public:
  explicit TwoClocks(std::uint64_t seed) {
    context_.randReset(2);
    context_.randSeed(static_cast<int>(seed % 0x7fffffff) + 1);
    model_ = std::make_unique<Model>(&context_);
  }
  TwoClocks(const TwoClocks&) = delete;
  TwoClocks& operator=(const TwoClocks&) = delete;
  ~TwoClocks() { model_->final(); }

  Model* operator->() { return model_.get(); }
  Model& model() { return *model_; }
  void settle() { model_->eval(); }

  /// One edge up and down of a clock pin of the model.
  template <typename Pin>
  void pulse(Pin& pin) {
    pin = 1;
    model_->eval();
    pin = 0;
    model_->eval();
  }

 private:
  VerilatedContext context_;
  std::unique_ptr<Model> model_;
};

}  // namespace synward::test
