// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <vector>

#include "synward/records.hpp"

namespace synward::test {

/// Takes fields as they come.
struct FieldCollector {
  std::vector<std::uint64_t> fields;

  void operator()(const Wide128& value, unsigned) {
    fields.push_back(value.hi);
    fields.push_back(value.lo);
  }
  template <typename T>
  void operator()(T value, unsigned) {
    fields.push_back(static_cast<std::uint64_t>(value));
  }
};

/// A record's fields as numbers, most significant first, to compare and to print.
template <typename Record>
std::vector<std::uint64_t> fields_of(Record record) {
  FieldCollector collector;
  record.each(collector);
  return collector.fields;
}

}  // namespace synward::test
