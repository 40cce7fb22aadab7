// SPDX-License-Identifier: BSD-2-Clause
#include "learned_services.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "service_edits.hpp"

namespace synward {

namespace {

using control::Record;
using control::Verdict;

constexpr std::uint16_t kLeastMss = 216;  // as for a [[service]]

using Place = std::pair<IpAddress, std::uint16_t>;

/// What all servers together say of a place: the least that each of them can keep.
struct Claim {
  std::optional<Record> live;
  std::optional<Record> last;  ///< of those that are lost
};

void meet(std::optional<Record>& known, const Record& record) {
  if (!known) {
    known = record;
    return;
  }
  // One that cannot take marks would refuse those that it gets.
  known->verdict = known->verdict == Verdict::protect ? record.verdict : known->verdict;
  known->mss4 = std::min(known->mss4, record.mss4);
  known->mss6 = std::min(known->mss6, record.mss6);
  known->window = std::min(known->window, record.window);
  known->wscale = std::min(known->wscale, record.wscale);
  known->timestamps = known->timestamps && record.timestamps;
  known->sack = known->sack && record.sack;
  known->window_scaling = known->window_scaling && record.window_scaling;
  known->ecn = known->ecn && record.ecn;
}

/// An address of a server, or of several.
struct Owner {
  bool live = false;
  bool whole = true;  ///< what they do not announce is not there
};

struct Claims {
  std::map<Place, Claim> places;
  std::map<IpAddress, Owner> addresses;
};

Claims claims_of(std::span<const Agent> agents, bool hold) {
  Claims claims;
  for (const auto& agent : agents) {
    if (!agent.whole) {
      continue;
    }
    const bool live = !agent.lost || hold;
    for (const auto& record : agent.records) {
      auto& owner = claims.addresses[record.address];
      owner.live = owner.live || live;
      owner.whole = owner.whole && !agent.incomplete;
      if (record.verdict == Verdict::address) {
        continue;
      }
      auto& claim = claims.places[{record.address, record.port}];
      if (live) {
        meet(claim.live, record);
      } else {
        meet(claim.last, record);
      }
    }
  }
  return claims;
}

/// Whether SYNs to a place can be answered, as far as its servers say.
bool passes(const Claims& claims, const Place& place) {
  const auto claim = claims.places.find(place);
  if (claim != claims.places.end()) {
    return !claim->second.live || claim->second.live->verdict != Verdict::protect;
  }
  const auto owner = claims.addresses.find(place.first);
  return owner != claims.addresses.end() && (!owner->second.live || owner->second.whole);
}

void warn(const Service& service, const Place& place, const Record& record, std::vector<std::string>& warnings) {
  const auto say = [&](std::string_view what, unsigned listener, unsigned configured) {
    warnings.push_back(fmt::format("service {}: the listener at {} has {} {}, the service says {}",
                                   to_string(place_of(service)), to_string(place.first), what, listener, configured));
  };
  const unsigned mss = place.first.v6 ? record.mss6 : record.mss4;
  const unsigned said = place.first.v6 ? service.mss6 : service.mss4;
  if (said > mss) {
    say("MSS", mss, said);
  }
  if (service.window > record.window) {
    say("window", record.window, service.window);
  }
  if (service.window_scale && record.window_scaling && service.wscale != record.wscale) {
    say("window scale", record.wscale, service.wscale);
  }
  for (const auto& [name, has, offers] :
       {std::tuple("window scaling", record.window_scaling, service.window_scale),
        std::tuple("timestamps", record.timestamps, service.timestamps), std::tuple("SACK", record.sack, service.sack),
        std::tuple("ECN", record.ecn, service.ecn)}) {
    if (offers && !has) {
      warnings.push_back(fmt::format("service {}: the listener at {} has no {}, the service offers it",
                                     to_string(place_of(service)), to_string(place.first), name));
    }
  }
}

Service learned(const Service& pattern, const Place& place, const Record& record) {
  auto service = pattern;
  service.learned = true;
  service.address = place.first;
  service.port = place.second;
  service.mss4 = std::max(kLeastMss, record.mss4);
  service.mss6 = std::max(kLeastMss, record.mss6);
  service.window = std::max<std::uint16_t>(1, record.window);
  service.wscale = record.wscale;
  service.window_scale = pattern.window_scale && record.window_scaling;
  service.sack = pattern.sack && record.sack;
  service.timestamps = pattern.timestamps && record.timestamps;
  service.ecn = pattern.ecn && record.ecn;
  return service;
}

/// The operator's service that takes what comes to a place, as the card finds it.
const Service* covering(const std::vector<Service>& ordered, const Place& place) {
  const auto found =
      std::ranges::find_if(ordered, [&](const Service& one) { return one.matches(place.first, place.second); });
  return found == ordered.end() ? nullptr : &*found;
}

}  // namespace

LearnedServices learn_services(const std::vector<Service>& configured, const HandoffSettings& settings,
                               std::span<const Agent> agents, bool hold, std::size_t room) {
  LearnedServices result{configured, {}};
  const auto claims = claims_of(agents, hold);
  if (claims.addresses.empty()) {
    return result;
  }
  for (auto& service : result.services) {
    const bool exact = service.address && service.port != 0;
    if (exact && service.mode == ServiceMode::protect && passes(claims, {*service.address, service.port})) {
      service.mode = ServiceMode::pass;
    }
  }
  // Places that somebody speaks of: listeners, and where a service waits for one.
  std::map<Place, const Record*> places;
  for (const auto& [place, claim] : claims.places) {
    places[place] = claim.live ? &*claim.live : nullptr;
  }
  for (const auto& service : configured) {
    for (const auto& [address, owner] : claims.addresses) {
      if (!service.address && service.port != 0) {
        places.try_emplace({address, service.port}, nullptr);
      }
    }
  }
  const auto ordered = table_order(configured);
  const auto put = [&](Service service, std::string_view what) {
    if (result.services.size() < std::min(room, kMaxServices)) {
      result.services.push_back(std::move(service));
      return;
    }
    result.warnings.push_back(
        fmt::format("no room in the card's table for {}: {}", to_string(place_of(service)), what));
  };
  std::vector<std::pair<Place, const Record*>> news;
  for (const auto& [place, record] : places) {
    const auto* cover = covering(ordered, place);
    if (cover == nullptr) {
      news.emplace_back(place, record);
      continue;
    }
    const bool wild = !cover->address || cover->port == 0;
    if (passes(claims, place)) {
      if (wild && cover->mode == ServiceMode::protect) {
        auto passing = *cover;
        passing.address = place.first;
        passing.port = place.second;
        passing.mode = ServiceMode::pass;
        passing.learned = true;
        put(std::move(passing), "it stays protected, and its server cannot take it");
      }
    } else if (record != nullptr && cover->mode == ServiceMode::protect) {
      warn(*cover, place, *record, result.warnings);
    }
  }
  if (!settings.learn) {
    return result;
  }
  std::size_t count = 0;
  for (const auto& [place, record] : news) {
    if (record == nullptr && count < settings.most) {
      // Its agent is lost. It stays in the list, so that it is seen.
      auto service = learned(settings.pattern, place, *claims.places.at(place).last);
      service.mode = ServiceMode::pass;
      ++count;
      put(std::move(service), "it passes anyway");
    } else if (record != nullptr && count < settings.most) {
      auto service = learned(settings.pattern, place, *record);
      service.mode = record->verdict == Verdict::protect ? settings.pattern.mode : ServiceMode::pass;
      ++count;
      put(std::move(service), "it is not protected");
    } else if (record != nullptr) {
      result.warnings.push_back(fmt::format("{} port {}: not learned, [handoff] most is {}", to_string(place.first),
                                            place.second, settings.most));
    }
  }
  return result;
}

}  // namespace synward
