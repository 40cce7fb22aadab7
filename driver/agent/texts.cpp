// SPDX-License-Identifier: BSD-2-Clause
#include "texts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <system_error>

#include "synward/address.hpp"

namespace synward::driver {

namespace {

IpAddress address_of(const __u8 (&bytes)[16], bool v6) {
  IpAddress address;
  address.v6 = v6;
  std::copy_n(bytes, address.wire().size(), address.wire().begin());
  return address;
}

std::string place_of(const IpAddress& address, std::uint16_t port) {
  return address.v6 ? fmt::format("[{}]:{}", to_string(address), port) : fmt::format("{}:{}", to_string(address), port);
}

std::vector<std::string> texts_of(const std::vector<synward_place>& places) {
  std::vector<std::string> texts;
  texts.reserve(places.size());
  for (const synward_place& place : places)
    texts.push_back(place_of(address_of(place.laddr, place.v6 != 0), place.lport));
  std::ranges::sort(texts);
  return texts;
}

bool is_any(const synward_listener& listener) {
  return std::ranges::all_of(listener.laddr, [](__u8 byte) { return byte == 0; });
}

std::string listener_place(const synward_listener& listener) {
  if (is_any(listener))
    return fmt::format("{}:{}",
                       listener.v6 != 0 && listener.v6only == 0 ? "*"
                       : listener.v6 != 0                       ? "[::]"
                                                                : "0.0.0.0",
                       listener.lport);
  return place_of(address_of(listener.laddr, listener.v6 != 0), listener.lport);
}

bool is_loopback(const synward_listener& listener) {
  const IpAddress address = address_of(listener.laddr, listener.v6 != 0);
  const std::string text = to_string(address);
  return text.starts_with("127.") || text == "::1";
}

std::string on_off(bool on) { return on ? "on" : "off"; }

}  // namespace

std::string failure_text(const synward_failure& failure) {
  const bool v6 = failure.v6 != 0;
  std::string text = fmt::format("{}: mark of {} for {}", fate_name(failure.fate),
                                 place_of(address_of(failure.faddr, v6), failure.fport),
                                 place_of(address_of(failure.laddr, v6), failure.lport));
  if (failure.fate == SYNWARD_FATE_full)
    text += fmt::format(", {} connections wait in a queue of {}", failure.backlog, failure.max_backlog);
  if (failure.error != 0) text += fmt::format(", {}", std::generic_category().message(-failure.error));
  return text;
}

std::string status_text(const std::string& interface, const FateCounts& counts,
                        const std::vector<synward_place>& places) {
  std::string text = fmt::format("{}: attached, protects ", interface);
  text += places.empty() ? std::string("nothing yet: no mark has come")
                         : fmt::format("{}", fmt::join(texts_of(places), ", "));
  text += '\n';
  for (unsigned fate = 0; fate < counts.size(); ++fate)
    text += fmt::format("{:>12} {}\n", counts[fate], fate_text(fate));
  return text;
}

nlohmann::json status_json(const std::string& interface, const FateCounts& counts,
                           const std::vector<synward_place>& places) {
  nlohmann::json json{{"interface", interface}, {"attached", true}, {"protects", texts_of(places)}};
  for (unsigned fate = 0; fate < counts.size(); ++fate) json["counters"][std::string(fate_name(fate))] = counts[fate];
  return json;
}

std::string listeners_text(const std::vector<synward_listener>& listeners, const ServerSettings& settings) {
  std::string text = fmt::format("{:<28} {:>5} {:>5} {:>6} {:>6} {:>7}  {}\n", "listener", "mss4", "mss6", "window",
                                 "wscale", "queue", "hand-off");
  for (const synward_listener& listener : listeners) {
    const Promise promise = promise_of(listener, settings);
    text +=
        fmt::format("{:<28} {:>5} {:>5} {:>6} {:>6} {:>7}  {}\n", listener_place(listener), promise.mss4, promise.mss6,
                    promise.window, promise.wscale, fmt::format("{}/{}", listener.backlog, listener.max_backlog),
                    why_pass(listener).value_or("yes"));
  }
  text += fmt::format("timestamps {}, SACK {}, window scaling {}, ECN {}\n", on_off(settings.timestamps),
                      on_off(settings.sack), on_off(settings.window_scaling), on_off(settings.ecn));
  return text;
}

nlohmann::json listeners_json(const std::vector<synward_listener>& listeners, const ServerSettings& settings) {
  nlohmann::json list = nlohmann::json::array();
  for (const synward_listener& listener : listeners) {
    const Promise promise = promise_of(listener, settings);
    const auto why = why_pass(listener);
    list.push_back(
        {{"address", is_any(listener) ? std::string("any") : to_string(address_of(listener.laddr, listener.v6 != 0))},
         {"port", listener.lport},
         {"mss4", promise.mss4},
         {"mss6", promise.mss6},
         {"window", promise.window},
         {"wscale", promise.wscale},
         {"window_scale", promise.window_scaling},
         {"timestamps", promise.timestamps},
         {"sack", promise.sack},
         {"ecn", promise.ecn},
         {"backlog", listener.backlog},
         {"max_backlog", listener.max_backlog},
         {"mode", why ? "pass" : "protect"},
         {"why", why ? nlohmann::json(*why) : nlohmann::json()}});
  }
  return list;
}

std::string listeners_toml(const std::vector<synward_listener>& listeners, const ServerSettings& settings) {
  struct Entry {
    Promise promise;
    std::string why;  ///< it can only pass
  };
  // A service of any address is for both families, and for all listeners at its port that have no address.
  std::map<std::pair<std::uint16_t, std::string>, Entry> services;
  for (const synward_listener& listener : listeners) {
    if (is_loopback(listener)) continue;
    const std::string address = is_any(listener) ? "any" : to_string(address_of(listener.laddr, listener.v6 != 0));
    const Promise promise = promise_of(listener, settings);
    Entry& entry = services.try_emplace({listener.lport, address}, Entry{promise, {}}).first->second;
    entry.promise.meet(promise);
    if (const auto why = why_pass(listener)) entry.why = *why;
  }
  std::string text;
  for (const auto& [place, entry] : services) {
    const Promise& promise = entry.promise;
    if (!entry.why.empty()) text += fmt::format("# {}\n", entry.why);
    text += fmt::format(
        "[[service]]\naddress = \"{}\"\nport = {}\nmode = \"{}\"\nmss4 = {}\nmss6 = {}\nwindow = {}\nwscale = {}\n"
        "options = {{window_scale = {}, timestamps = {}, sack = {}, ecn = {}}}\n\n",
        place.second, place.first, entry.why.empty() ? "protect" : "pass", promise.mss4, promise.mss6, promise.window,
        promise.wscale, promise.window_scaling, promise.timestamps, promise.sack, promise.ecn);
  }
  return text;
}

}  // namespace synward::driver
