// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace synward::tool {

/// GET /v1/link, or what the card itself told, for people: of each port what its registers say, and what to look at
/// where no frames pass.
std::string link_text(const nlohmann::json& links);

}  // namespace synward::tool
