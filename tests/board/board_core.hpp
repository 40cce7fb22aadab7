// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>

#include "verilated_core.hpp"

namespace synward::test {

/// The core that is on the board: each board's library has its own.
std::unique_ptr<sim::VerilatedCore> make_board_core(VerilatedContext& context);

}  // namespace synward::test
