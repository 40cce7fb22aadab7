// SPDX-License-Identifier: BSD-2-Clause
#include "board/board_core.hpp"

/// The kernels at 300 MHz, for which they are made: 150 million requests a second.
std::unique_ptr<synward::sim::VerilatedCore> synward::test::make_board_core(VerilatedContext& context) {
  return sim::make_slow_kernel_core(context);
}
