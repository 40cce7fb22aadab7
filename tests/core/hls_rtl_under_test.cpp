// SPDX-License-Identifier: BSD-2-Clause
#include "common/card_under_test.hpp"

std::unique_ptr<synward::sim::Card> synward::test::make_card_under_test(sim::TableSizes sizes) {
  return sim::make_kernel_card(sizes);
}

int synward::test::property_frames() { return 2000; }
