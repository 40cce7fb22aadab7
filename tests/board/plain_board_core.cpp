// SPDX-License-Identifier: BSD-2-Clause
#include "board/board_core.hpp"

std::unique_ptr<synward::sim::VerilatedCore> synward::test::make_board_core(VerilatedContext& context) {
  return sim::make_plain_core(context);
}
