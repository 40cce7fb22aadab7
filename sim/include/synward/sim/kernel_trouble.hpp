// SPDX-License-Identifier: BSD-2-Clause
#pragma once

namespace synward::sim {

/// What ails the HLS kernel of a simulated card (make_kernel_card).
struct KernelTrouble {
  bool stopped = false;      ///< takes nothing and answers nothing
  bool reset = false;        ///< is in a reset of its own
  bool unconnected = false;  ///< the card's reset does not reach it
};

}  // namespace synward::sim
