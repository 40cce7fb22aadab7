// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "api_client.hpp"

namespace synward::tool {

/// Exit statuses of monitoring-plugins.
enum class Health { ok = 0, warning = 1, critical = 2, unknown = 3 };

struct CheckOptions {
  double warning = 0.8, critical = 0.95;  ///< how full tables may be, 0..1
};

struct CheckResult {
  Health health = Health::unknown;
  std::string text;  ///< one line, without a line break
};

/// A line of monitoring-plugins: "SYNWARD OK - what | performance data".
CheckResult unhealthy(Health health, const std::string& why);
/// What a daemon's status says of its health.
CheckResult check_status(const nlohmann::json& status, const CheckOptions& options);
/// Asks the daemon. One that does not answer is critical; where it may not be asked, or says what cannot be understood,
/// nothing is known.
CheckResult check(ApiClient& client, const CheckOptions& options);

}  // namespace synward::tool
