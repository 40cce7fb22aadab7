// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

namespace synward::gen {

// A record of records.toml.

struct Field {
  std::string name, doc;
  unsigned width{};    ///< bits
  std::string record;  ///< the field is that record
};
struct Record {
  std::string name, doc;
  bool rtl{};        ///< of the RTL alone
  std::string flat;  ///< what a field is called on flat ports, of {port} and {field}; empty: the record is a port
  std::vector<Field> fields;
  unsigned width() const {
    unsigned sum = 0;
    for (const auto& f : fields) sum += f.width;
    return sum;
  }
};

}  // namespace synward::gen
