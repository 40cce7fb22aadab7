// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "csr/gen_record.hpp"

namespace synward::gen {

/// The module of that text (its parameters and ports one a line) once more, as synward_flat_..., with a port for each
/// field of its records. Throws std::runtime_error where the text is not laid out so. `made`: the line that says who
/// made it.
std::string flat_module(const std::vector<Record>& records, const std::string& module, const std::string& text,
                        const std::string& made);

/// What it is called.
std::string flat_name(const std::string& module);

}  // namespace synward::gen
