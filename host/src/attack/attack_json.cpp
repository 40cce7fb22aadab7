// SPDX-License-Identifier: BSD-2-Clause
#include "synward/attack_json.hpp"

#include <cmath>
#include <utility>

namespace synward {

namespace {

using Json = nlohmann::ordered_json;

/// To a thousandth: what a clock is worth, and a rate too.
double rounded(double value) { return std::round(value * 1000) / 1000; }

Json cookies_json(const AttackRecord& attack) {
  const auto checked = attack.cookies_passed + attack.cookies_failed;
  return {{"checked", checked},
          {"passed", attack.cookies_passed},
          {"share",
           checked == 0 ? Json() : Json(static_cast<double>(attack.cookies_passed) / static_cast<double>(checked))}};
}

Json sample_json(const AttackSample& sample, const SeesService& sees) {
  auto services = Json::array();
  for (const auto& one : sample.targets) {
    if (sees(one.address, one.port)) {
      services.push_back({{"address", to_string(one.address)}, {"port", one.port}, {"events", one.events}});
    }
  }
  auto sources = Json::array();
  for (const auto& one : sample.sources) {
    if (sees(one.to, one.port)) {
      sources.push_back({{"prefix", to_string(one.prefix)},
                         {"address", to_string(one.to)},
                         {"port", one.port},
                         {"events", one.events}});
    }
  }
  return {{"events", sample.events},
          {"prefixes", sample.prefixes},
          {"services", std::move(services)},
          {"sources", std::move(sources)},
          {"note", "sources are a sample, and may be forged"}};
}

bool everybody(const IpAddress& /*address*/, std::uint16_t /*port*/) { return true; }

Expected<IpAddress> address_of(const Json& json) {
  const auto address = parse_address(json.at("address").get<std::string>());
  return address ? Expected<IpAddress>(*address) : Error{"an address is none"};
}

Expected<AttackSample> read_sample(const Json& json) {
  AttackSample sample;
  sample.events = json.at("events").get<std::uint64_t>();
  sample.prefixes = json.at("prefixes").get<std::uint64_t>();
  for (const auto& one : json.at("services")) {
    const auto address = address_of(one);
    if (!address) {
      return address.error();
    }
    sample.targets.push_back({*address, one.at("port").get<std::uint16_t>(), one.at("events").get<std::uint64_t>()});
  }
  for (const auto& one : json.at("sources")) {
    const auto address = address_of(one);
    const auto prefix = parse_prefix(one.at("prefix").get<std::string>());
    if (!address || !prefix) {
      return Error{"a source is none"};
    }
    sample.sources.push_back(
        {*prefix, *address, one.at("port").get<std::uint16_t>(), one.at("events").get<std::uint64_t>()});
  }
  return sample;
}

Expected<AttackRecord> read_attack(const Json& json) {
  AttackRecord attack;
  attack.number = json.at("n").get<std::uint64_t>();
  const auto kind = attack_class(json.at("class").get<std::string>());
  if (!kind) {
    return Error{"a class is not known"};
  }
  attack.kind = *kind;
  attack.over = json.at("state") == "over";
  attack.end_seen = json.at("end_seen").get<bool>();
  attack.began = json.at("began").get<double>();
  attack.until = json.at("until").get<double>();
  attack.rate = json.at("rate").get<double>();
  attack.peak = json.at("peak").get<double>();
  attack.threshold = json.at("threshold").get<double>();
  attack.usual = json.at("usual").get<double>();
  attack.frames = json.at("frames").get<std::uint64_t>();
  const auto& cookies = json.at("cookies");
  attack.cookies_passed = cookies.at("passed").get<std::uint64_t>();
  attack.cookies_failed = cookies.at("checked").get<std::uint64_t>() - attack.cookies_passed;
  auto sample = read_sample(json.at("recorded"));
  if (!sample) {
    return sample.error();
  }
  attack.sample = std::move(*sample);
  return attack;
}

}  // namespace

Json attack_json(const AttackRecord& attack, const SeesService& sees) {
  const auto& info = attack_info(attack.kind);
  return {{"n", attack.number},
          {"class", info.name},
          {"counted", info.counted},
          {"state", attack.over ? "over" : "on"},
          {"end_seen", attack.end_seen},
          {"began", rounded(attack.began)},
          {"until", rounded(attack.until)},
          {"duration_s", rounded(attack.seconds())},
          {"rate", rounded(attack.rate)},
          {"mean", rounded(attack.mean())},
          {"peak", rounded(attack.peak)},
          {"threshold", rounded(attack.threshold)},
          {"usual", rounded(attack.usual)},
          {"frames", attack.frames},
          {"cookies", cookies_json(attack)},
          {"recorded", sample_json(attack.sample, sees)}};
}

std::string attack_state_text(const AttackState& state) {
  auto usual = Json::object();
  for (const auto kind : kAllAttackClasses) {
    usual[std::string(attack_info(kind).name)] = rounded(state.memory.usual[static_cast<std::size_t>(kind)]);
  }
  auto attacks = Json::array();
  for (const auto& attack : state.attacks) {
    attacks.push_back(attack_json(attack, everybody));
  }
  const Json json{{"last", state.memory.last_number}, {"usual", std::move(usual)}, {"attacks", std::move(attacks)}};
  return json.dump(1) + '\n';
}

Expected<AttackState> read_attack_state(std::string_view text) {
  // What was written by another version, or by hand, is no reason to fail.
  try {
    const auto json = Json::parse(text);
    AttackState state;
    state.memory.last_number = json.at("last").get<std::uint64_t>();
    for (const auto kind : kAllAttackClasses) {
      const double usual = json.at("usual").value(std::string(attack_info(kind).name), 0.0);
      state.memory.usual[static_cast<std::size_t>(kind)] = std::isfinite(usual) ? usual : 0;
    }
    for (const auto& one : json.at("attacks")) {
      auto attack = read_attack(one);
      if (!attack) {
        return attack.error();
      }
      state.attacks.push_back(std::move(*attack));
    }
    return state;
  } catch (const Json::exception& error) {
    return Error{error.what()};
  }
}

}  // namespace synward
