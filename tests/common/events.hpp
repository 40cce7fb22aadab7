// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <vector>

#include "synward/device.hpp"
#include "synward/records.hpp"

namespace synward::test {

/// Takes all events out of the card's ring, oldest first.
std::vector<EventRecord> take_events(Device& device);

}  // namespace synward::test
