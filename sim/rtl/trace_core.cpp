// SPDX-License-Identifier: BSD-2-Clause
#include <Vsynward_core_trace.h>
#include <Vsynward_core_trace___024root.h>
#include <verilated_fst_c.h>

#include <cstdint>
#include <fstream>
#include <stdexcept>

#include "core_flow_laps.hpp"

namespace synward::sim {
namespace {

class TraceCore final : public VerilatedCore {
 public:
  TraceCore(VerilatedContext& context, const std::string& file) : context_(context), model_(&context) {
    // The FST writer gives no error of its own.
    if (!std::ofstream(file)) {
      throw std::runtime_error(file + ": cannot write");
    }
    model_.trace(&trace_, 99);
    trace_.open(file.c_str());
  }
  ~TraceCore() override {
    trace_.close();
    model_.final();
  }
  CorePins pins() override { return pins_of(model_); }
  void eval() override {
    model_.eval();
    // The card may look more than once at one time; the writer takes each time once, and says so where it is asked
    // again.
    if (context_.time() != dumped_) trace_.dump(context_.time());
    dumped_ = context_.time();
  }
  FlowLaps* flow_laps() override { return &laps_; }

 private:
  VerilatedContext& context_;
  VerilatedFstC trace_;
  std::uint64_t dumped_ = ~std::uint64_t{0};
  Vsynward_core_trace model_;
  decltype(flow_laps_of(*model_.rootp)) laps_ = flow_laps_of(*model_.rootp);
};

}  // namespace

std::unique_ptr<VerilatedCore> make_trace_core(VerilatedContext& context, const std::string& file) {
  context.traceEverOn(true);
  return std::make_unique<TraceCore>(context, file);
}

}  // namespace synward::sim
