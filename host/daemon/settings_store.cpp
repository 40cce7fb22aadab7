// SPDX-License-Identifier: BSD-2-Clause
#include "settings_store.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <sstream>
#include <string_view>

#include "state_file.hpp"
#include "synward/config.hpp"
#include "synward/daemon_config.hpp"
#include "synward/toml_reader.hpp"

namespace synward {

namespace {

constexpr const char* kSysctls = "sysctl.toml";
constexpr const char* kServices = "services.toml";
constexpr const char* kInForce = "in-force.toml";
constexpr const char* kBypass = "bypass.toml";

Error error_at(const std::string& path) { return Error{fmt::format("{}: {}", path, std::strerror(errno))}; }

constexpr std::string_view kHead = "# Written by synwardd.\n";

std::string text_of(const Sysctls& values) {
  std::string text = "[sysctl]\n";
  for (const auto& [name, value] : values.texts()) {
    const bool number = value.find_first_not_of("0123456789") == std::string::npos;
    text += fmt::format(fmt::runtime(number ? "\"{}\" = {}\n" : "\"{}\" = \"{}\"\n"), name, value);
  }
  return text;
}

/// What a file holds: sysctls, and services.
struct Values {
  Sysctls sysctls;
  ServiceEdits services;
};

Expected<Values> read_values(const std::string& path) {
  auto table = load_toml(path);
  if (!table) {
    return table.error();
  }
  Values values;
  if (const auto* sysctls = (*table)["sysctl"].as_table()) {
    std::vector<std::string> ignored;
    auto read = sysctls_from_table(*sysctls, path, ignored);
    if (!read) {
      return read.error();
    }
    values.sysctls = *read;
    table->erase("sysctl");
  }
  auto services = ServiceEdits::read(*table, path);
  if (!services) {
    return services.error();
  }
  for (const auto& service : services->applied({})) {
    if (!service.owner.empty() && !user_id(service.owner)) {
      return Error{fmt::format("{}: there is no user \"{}\"", path, service.owner)};
    }
  }
  values.services = std::move(*services);
  return values;
}

Expected<Bypass> read_bypass(const std::string& path) {
  const auto table = load_toml(path);
  if (!table) {
    return table.error();
  }
  TableReader reader(*table, path);
  Bypass bypass{reader.number("since", 0, 1e12).value_or(0), reader.text("by").value_or("")};
  const auto done = reader.finish();
  return done ? Expected<Bypass>(std::move(bypass)) : done.error();
}

std::string listed(const Values& values) {
  std::string text;
  for (const auto& [name, value] : values.sysctls.texts()) {
    text += fmt::format("{}{}={}", text.empty() ? "" : ", ", name, value);
  }
  return values.services.empty() ? text : text + (text.empty() ? "services" : ", services");
}

}  // namespace

SettingsStore::Found SettingsStore::find() {
  Found found;
  if (folder_.empty()) {
    return found;
  }
  const auto there = [this](const char* name) { return access(path(name).c_str(), F_OK) == 0 || errno != ENOENT; };
  for (const auto& [name, words] :
       {std::pair{kSysctls, "saved settings are in force"}, std::pair{kServices, "saved settings are in force"},
        std::pair{kInForce, "the last daemon did not end in order, its settings are in force"}}) {
    if (!there(name)) {
      continue;
    }
    const auto values = read_values(path(name));
    if (!values) {
      found.words.push_back("not taken: " + values.error().text);
    } else if (const auto text = listed(*values); !text.empty()) {
      found.values.overlay(values->sysctls);
      found.services.overlay(values->services);
      found.words.push_back(fmt::format("{}: {}", words, text));
    }
  }
  {
    const std::lock_guard lock(keep_mutex_);
    sysctls_in_force_ = found.values;
    services_in_force_ = found.services;
  }
  if (there(kBypass)) {
    auto bypass = read_bypass(path(kBypass));
    if (bypass) {
      found.bypass = std::move(*bypass);
    } else {
      // Somebody switched it on. Where that cannot be read any more, it is still what he wanted.
      found.bypass = Bypass{0, "somebody"};
      found.words.push_back("a bypass is on: " + bypass.error().text);
    }
  }
  return found;
}

Expected<void> SettingsStore::write(const std::string& name, const std::string& text, bool for_good) {
  return write_state_file(folder_, name, std::string(kHead) + text, for_good);
}

Expected<std::string> SettingsStore::save(const char* name, const std::string& text) {
  const std::lock_guard lock(mutex_);
  const auto written = write(name, text, true);
  return written ? Expected<std::string>(path(name)) : written.error();
}

Expected<std::string> SettingsStore::save(const Sysctls& values) { return save(kSysctls, text_of(values)); }

Expected<std::string> SettingsStore::save(const ServiceEdits& services) { return save(kServices, services.toml()); }

Expected<void> SettingsStore::keep(const Sysctls& values) {
  const std::lock_guard lock(keep_mutex_);
  sysctls_in_force_ = values;
  return keep_in_force();
}

Expected<void> SettingsStore::keep(const ServiceEdits& services) {
  const std::lock_guard lock(keep_mutex_);
  services_in_force_ = services;
  return keep_in_force();
}

Expected<void> SettingsStore::keep_in_force() {
  return folder_.empty() ? Expected<void>()
                         : write(kInForce, text_of(sysctls_in_force_) + services_in_force_.toml(), false);
}

Expected<void> SettingsStore::keep(const std::optional<Bypass>& bypass) {
  if (!bypass) {
    return folder_.empty() || unlink(path(kBypass).c_str()) == 0 || errno == ENOENT ? Expected<void>()
                                                                                    : error_at(path(kBypass));
  }
  const std::lock_guard lock(mutex_);
  toml::table table{{"since", bypass->since}, {"by", bypass->by}};
  std::ostringstream text;
  text << table << '\n';
  return write(kBypass, text.str(), true);
}

void SettingsStore::forget_kept() {
  if (!folder_.empty()) {
    unlink(path(kInForce).c_str());
  }
}

}  // namespace synward
