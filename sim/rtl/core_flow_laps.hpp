// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include "verilated_core.hpp"

namespace synward::sim {

/// A synward_table_ram's memory: rows of the same depth.
template <typename Row>
class TableRows {
 public:
  void add(const Row& row) { rows_.push_back(&row); }
  std::size_t size() const { return rows_.size() * kWords; }
  const auto& operator[](std::size_t word) const { return (*rows_[word / kWords])[word % kWords]; }

 private:
  static constexpr std::size_t kWords = sizeof(Row::m_storage) / sizeof(Row::m_storage[0]);
  std::vector<const Row*> rows_;
};

/// The laps of a Verilated synward_core: reads its memories, writes one register of its sweeper (idle.vlt).
template <typename Visited, typename Ways, typename Open>
class CoreFlowLaps final : public FlowLaps {
 public:
  CoreFlowLaps(Visited& next_visit, Ways ways, Open open)
      : next_visit_(next_visit), ways_(std::move(ways)), open_(std::move(open)) {
    for (unsigned way = 0; way < 16; ++way) {
      for (unsigned bit = kWayW * way + kWayW - 2; bit < kWayW * (way + 1); ++bit) {
        states_[bit / 32] |= 1U << bit % 32;
      }
    }
  }
  std::uint32_t visited() const override { return next_visit_ - 1U; }
  void set_visited(std::uint32_t number) override { next_visit_ = number + 1U; }
  bool empty(std::size_t bucket) const override {
    std::uint32_t used = open_[bucket];
    for (std::size_t i = 0; i < states_.size(); ++i) {
      used |= ways_[bucket][i] & states_[i];
    }
    return used == 0;
  }
  bool all_empty() const override {
    for (std::size_t bucket = 0; bucket < ways_.size(); ++bucket) {
      if (!empty(bucket)) return false;
    }
    return true;
  }

 private:
  static constexpr unsigned kWayW = 36;  ///< synward_flow_table: a way's state is its two highest bits, 0 if it is free

  Visited& next_visit_;
  Ways ways_;
  Open open_;
  std::array<std::uint32_t, 16 * kWayW / 32> states_{};
};
// As many rows as a memory has at this core's size, 16 at most.
#define SYNWARD_IN_ENGINE(path) synward_flat_core__DOT__u_core__DOT__u_engine__DOT__##path
#define SYNWARD_ROW(n, table, memory) \
  SYNWARD_IN_ENGINE(u_flows__DOT__u_table__DOT__##table##__DOT__gen_row__BRA__##n##__KET____DOT__u_row__DOT__##memory)
#define SYNWARD_ADD_ROW(n, rows, table, memory) \
  if constexpr (requires { root.SYNWARD_ROW(n, table, memory); }) rows.add(root.SYNWARD_ROW(n, table, memory))
#define SYNWARD_ADD_FOUR(a, b, c, d, ...) \
  SYNWARD_ADD_ROW(a, __VA_ARGS__);        \
  SYNWARD_ADD_ROW(b, __VA_ARGS__);        \
  SYNWARD_ADD_ROW(c, __VA_ARGS__);        \
  SYNWARD_ADD_ROW(d, __VA_ARGS__)
#define SYNWARD_ADD_ROWS(...)                  \
  SYNWARD_ADD_FOUR(0, 1, 2, 3, __VA_ARGS__);   \
  SYNWARD_ADD_FOUR(4, 5, 6, 7, __VA_ARGS__);   \
  SYNWARD_ADD_FOUR(8, 9, 10, 11, __VA_ARGS__); \
  SYNWARD_ADD_FOUR(12, 13, 14, 15, __VA_ARGS__)
template <typename Root>
auto flow_laps_of(Root& root) {
  auto& first_ways = root.SYNWARD_ROW(0, u_ways, gen_ultra__DOT__mem);
  auto& first_open = root.SYNWARD_ROW(0, u_open, gen_block__DOT__mem);
  TableRows<std::remove_reference_t<decltype(first_ways)>> ways;
  TableRows<std::remove_reference_t<decltype(first_open)>> open;
  SYNWARD_ADD_ROWS(ways, u_ways, gen_ultra__DOT__mem);
  SYNWARD_ADD_ROWS(open, u_open, gen_block__DOT__mem);
  return CoreFlowLaps(root.SYNWARD_IN_ENGINE(u_sweeper__DOT__next_visit_q), std::move(ways), std::move(open));
}
#undef SYNWARD_ADD_ROWS
#undef SYNWARD_ADD_FOUR
#undef SYNWARD_ADD_ROW
#undef SYNWARD_ROW
#undef SYNWARD_IN_ENGINE

}  // namespace synward::sim
