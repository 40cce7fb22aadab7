// SPDX-License-Identifier: BSD-2-Clause
#include "service_edits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "synward/toml_reader.hpp"

namespace synward {

namespace {

constexpr const char* kService = "service";
constexpr const char* kRemoved = "removed";

toml::table place_table(const ServicePlace& place) {
  toml::table table;
  table.insert("address", place.address ? to_string(*place.address) : "any");
  table.insert("port", place.port);
  return table;
}

toml::table service_table(const Service& service) {
  auto table = place_table(place_of(service));
  table.insert("mode", kServiceModes[static_cast<std::size_t>(service.mode)]);
  for (const auto& [key, value] :
       {std::pair{"mss4", service.mss4}, std::pair{"mss6", service.mss6}, std::pair{"path_mss4", service.path_mss4},
        std::pair{"path_mss6", service.path_mss6}, std::pair{"window", service.window}}) {
    // 0 is no bound of a path, which is said by leaving it out.
    if (value != 0) {
      table.insert(key, value);
    }
  }
  table.insert("wscale", service.wscale);
  table.insert("ttl", service.ttl);
  table.insert("tos", service.tos);
  if (!service.owner.empty()) {
    table.insert("owner", service.owner);
  }
  table.insert("options", toml::table{{"window_scale", service.window_scale},
                                      {"sack", service.sack},
                                      {"timestamps", service.timestamps},
                                      {"ecn", service.ecn}});
  return table;
}

}  // namespace

std::vector<Service> ServiceEdits::applied(const std::vector<Service>& configured) const {
  auto services = configured;
  for (const auto& place : removed_) {
    std::erase_if(services, [&](const Service& one) { return place.is(one); });
  }
  for (const auto& changed : changed_) {
    const auto place = place_of(changed);
    const auto at = std::ranges::find_if(services, [&](const Service& one) { return place.is(one); });
    if (at != services.end()) {
      *at = changed;
    } else {
      services.push_back(changed);
    }
  }
  return services;
}

Expected<void> ServiceEdits::make(const ServiceEdit& edit, const std::vector<Service>& configured) {
  const auto held = applied(configured);
  const auto place = place_of(edit.service);
  const auto at = std::ranges::find_if(held, [&](const Service& one) { return place.is(one); });
  using enum ServiceEdit::What;
  if (edit.what == add) {
    if (at != held.end()) {
      return Error{fmt::format("{}: there is one already", to_string(place))};
    }
    if (held.size() == kMaxServices) {
      return Error{fmt::format("more than {} services", kMaxServices)};
    }
    change(edit.service);
    return {};
  }
  if (at == held.end()) {
    return Error{fmt::format("{}: there is no such service", to_string(place))};
  }
  if (edit.what == del) {
    if (held.size() == 1) {
      return Error{"the last service cannot go; it can pass"};
    }
    remove(place);
    return {};
  }
  auto changed = *at;
  changed.mode = edit.what == pass ? ServiceMode::pass : ServiceMode::protect;
  change(changed);
  return {};
}

void ServiceEdits::change(const Service& service) {
  const auto place = place_of(service);
  std::erase_if(removed_, [&](const ServicePlace& one) { return one.is(service); });
  std::erase_if(changed_, [&](const Service& one) { return place.is(one); });
  changed_.push_back(service);
}

void ServiceEdits::remove(const ServicePlace& place) {
  std::erase_if(changed_, [&](const Service& one) { return place.is(one); });
  removed_.push_back(place);
}

void ServiceEdits::forget(const std::vector<Service>& configured) {
  for (const auto& service : configured) {
    const auto place = place_of(service);
    std::erase_if(changed_, [&](const Service& one) { return place.is(one); });
  }
  removed_.clear();
}

void ServiceEdits::overlay(const ServiceEdits& later) {
  for (const auto& place : later.removed_) {
    remove(place);
  }
  for (const auto& service : later.changed_) {
    change(service);
  }
}

std::string ServiceEdits::toml() const {
  std::ostringstream text;
  const auto put = [&text](const char* name, const toml::table& table) {
    text << "[[" << name << "]]\n" << toml::toml_formatter(table) << "\n";
  };
  for (const auto& service : changed_) {
    // A table in a line of its own would belong to the file, not to this service.
    auto table = service_table(service);
    table["options"].as_table()->is_inline(true);
    put(kService, table);
  }
  for (const auto& place : removed_) {
    put(kRemoved, place_table(place));
  }
  return text.str();
}

Expected<ServiceEdits> ServiceEdits::read(const toml::table& table, const std::string& file) {
  ServiceEdits edits;
  TableReader reader(table, file);
  for (const auto* name : {kRemoved, kService}) {
    const auto* tables = reader.tables(name);
    if (tables == nullptr) {
      continue;
    }
    auto services = services_from_tables(*tables, file);
    if (!services) {
      return services.error();
    }
    for (const auto& service : *services) {
      if (name == kRemoved) {
        edits.remove(place_of(service));
      } else {
        edits.change(service);
      }
    }
  }
  if (const auto done = reader.finish(); !done) {
    return done.error();
  }
  return edits;
}

Expected<Service> parse_service(std::string_view toml) {
  constexpr std::string_view kFile = "service";
  auto table = parse_toml(toml, std::string(kFile));
  if (!table) {
    return table.error();
  }
  toml::array tables;
  tables.push_back(std::move(*table));
  auto services = services_from_tables(tables, std::string(kFile));
  if (services) {
    return std::move(services->front());
  }
  // Whoever asks has no file: what stands before the key means nothing to him.
  const auto& text = services.error().text;
  const auto key = text.find(": ");
  return Error{key == std::string::npos ? text : text.substr(key + 2)};
}

std::string to_string(const ServicePlace& place) {
  return fmt::format("{} port {}", place.address ? to_string(*place.address) : "any",
                     place.port == 0 ? "any" : std::to_string(place.port));
}

}  // namespace synward
