// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace synward {

/// Tells systemd how the daemon is, where it was started by it (sd_notify(3)); elsewhere nothing happens.
namespace service_manager {

void ready(const std::string& status);
void reloading();
void stopping();
/// The daemon is alive.
void alive();
/// How often alive() is wanted at least; nothing where nobody watches.
std::optional<std::chrono::milliseconds> watchdog();

}  // namespace service_manager

}  // namespace synward
