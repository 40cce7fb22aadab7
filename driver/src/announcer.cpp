// SPDX-License-Identifier: BSD-2-Clause
#include "synward/driver/announcer.hpp"

#include <fmt/format.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

namespace synward::driver {

namespace {

using control::Record;
using control::Verdict;

IpAddress address_of(const synward_listener& listener) {
  IpAddress address;
  address.v6 = listener.v6 != 0;
  std::copy_n(listener.laddr, address.wire().size(), address.wire().begin());
  return address;
}

bool is_any(const IpAddress& address) {
  return std::ranges::all_of(address.bytes, [](std::uint8_t byte) { return byte == 0; });
}

/// An IPv4 address that an IPv6 socket has.
IpAddress unmapped(const IpAddress& address) {
  static constexpr std::array<std::uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  IpAddress plain = address;
  if (address.v6 && std::equal(kMapped.begin(), kMapped.end(), address.bytes.begin())) {
    plain.v6 = false;
    std::fill_n(plain.bytes.begin(), kMapped.size(), std::uint8_t{0});
  }
  return plain;
}

/// Whether frames of a card may have it as their destination.
bool reachable(const IpAddress& address) {
  const auto wire = address.wire();
  if (!address.v6) return wire[0] != 127 && wire[0] < 224 && wire[0] != 0 && !(wire[0] == 169 && wire[1] == 254);
  const bool loopback = std::all_of(wire.begin(), wire.end() - 1, [](std::uint8_t byte) { return byte == 0; });
  const bool link_local = wire[0] == 0xfe && (wire[1] & 0xc0) == 0x80;
  return !loopback && !link_local && wire[0] != 0xff;
}

/// How well a listener fits an address; the best gets what comes. 0: not at all.
int fit(const synward_listener& listener, const IpAddress& address) {
  const IpAddress own = unmapped(address_of(listener));
  if (!is_any(own)) return own == address ? 3 : 0;
  if ((listener.v6 != 0) == address.v6) return 2;
  return listener.v6 != 0 && listener.v6only == 0 ? 1 : 0;
}

Record record_of(const synward_listener& listener, const IpAddress& address, const ServerSettings& settings,
                 bool kernel) {
  const Promise promise = promise_of(listener, settings);
  const Verdict verdict = verdict_of(listener);
  return {.address = address,
          .port = listener.lport,
          .verdict = verdict == Verdict::protect && !kernel ? Verdict::kernel : verdict,
          .mss4 = promise.mss4,
          .mss6 = promise.mss6,
          .window = promise.window,
          .wscale = promise.wscale,
          .timestamps = promise.timestamps,
          .sack = promise.sack,
          .window_scaling = promise.window_scaling,
          .ecn = promise.ecn};
}

}  // namespace

Expected<std::vector<IpAddress>> local_addresses(const std::string& interface) {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0)
    return Error{fmt::format("the addresses of {}: {}", interface, std::generic_category().message(errno))};
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> guard(list, &freeifaddrs);
  std::set<IpAddress> addresses;
  for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
    const std::string name = one->ifa_name;
    if (one->ifa_addr == nullptr || (name != interface && name != "lo")) continue;
    IpAddress address;
    if (one->ifa_addr->sa_family == AF_INET) {
      sockaddr_in in{};
      std::memcpy(&in, one->ifa_addr, sizeof in);
      std::memcpy(address.wire().data(), &in.sin_addr, sizeof in.sin_addr);
    } else if (one->ifa_addr->sa_family == AF_INET6) {
      sockaddr_in6 in{};
      std::memcpy(&in, one->ifa_addr, sizeof in);
      address.v6 = true;
      std::memcpy(address.wire().data(), &in.sin6_addr, sizeof in.sin6_addr);
    } else {
      continue;
    }
    if (reachable(address)) addresses.insert(address);
  }
  return std::vector<IpAddress>(addresses.begin(), addresses.end());
}

Announcement announcement(const std::vector<synward_listener>& listeners, const ServerSettings& settings,
                          const std::vector<IpAddress>& addresses, bool kernel, unsigned ifindex) {
  Announcement said;
  for (const IpAddress& address : addresses) said.records.push_back({.address = address, .verdict = Verdict::address});
  struct Best {
    int fit = 0;
    Record record;
  };
  std::map<std::pair<std::uint16_t, IpAddress>, Best> places;
  for (const synward_listener& listener : listeners) {
    if (listener.lport == 0 || (listener.bound_dev != 0 && listener.bound_dev != static_cast<int>(ifindex))) continue;
    for (const IpAddress& address : addresses) {
      const int how = fit(listener, address);
      if (how == 0) continue;
      Best& best = places[{listener.lport, address}];
      if (how > best.fit) best = {how, record_of(listener, address, settings, kernel)};
    }
  }
  for (const auto& [place, best] : places) said.records.push_back(best.record);
  said.incomplete = said.records.size() > control::kMostRecords;
  if (said.incomplete) said.records.resize(control::kMostRecords);
  return said;
}

std::uint64_t agent_id(const std::string& interface, const control::Mac& mac) {
  std::string text;
  std::ifstream("/etc/machine-id") >> text;
  text += '|' + interface + '|' + std::string(mac.begin(), mac.end());
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::uint64_t id = 0;
  std::memcpy(&id, digest.data(), sizeof id);
  return id;
}

void Announcer::set_keys(const Key& current, const Key* former) {
  keys_.clear();
  for (const Key* key : {&current, former}) {
    if (key == nullptr) continue;
    std::ranges::copy(key->bytes(), keys_.emplace_back().bytes().begin());
  }
}

Announcer::Frames Announcer::hear(std::span<const std::uint8_t> frame, Milliseconds now) {
  std::vector<const Key*> keys;
  std::ranges::transform(keys_, std::back_inserter(keys), [](const Key& key) { return &key; });
  const auto envelope = control::open_envelope(frame);
  const auto read = envelope ? control::read_beacon(envelope->content, keys) : control::Read<control::Beacon>();
  if (read.flaw != control::Flaw::none) {
    ++counts_.refused;
    return {};
  }
  if (answers_ >= kMostAnswers || !is_news(read.value, now)) {
    ++counts_.ignored;
    return {};
  }
  ++answers_;
  ++counts_.answered;
  counts_.last_beacon = now;
  // By the key that the card has; where the frame says it came from is nobody's word.
  return say(read.value.nonce, keys_[read.key], control::card_mac(read.value.card));
}

bool Announcer::is_news(const control::Beacon& beacon, Milliseconds now) {
  const auto known = cards_.find(beacon.card);
  if (known != cards_.end()) {
    if (static_cast<std::int32_t>(beacon.ms - known->second.ms) <= 0) return false;
    known->second = {beacon.ms, now};
    return true;
  }
  if (cards_.size() == kMostCards)
    cards_.erase(std::ranges::min_element(cards_, {}, [](const auto& card) { return card.second.heard; }));
  cards_[beacon.card] = {beacon.ms, now};
  return true;
}

Announcer::Frames Announcer::tick(Milliseconds now) {
  answers_ = 0;
  const bool deaf = !counts_.last_beacon || now - *counts_.last_beacon > kDeafAfter;
  return deaf && !keys_.empty() ? say(0, keys_.front(), control::kMulticast) : Frames();
}

Announcer::Frames Announcer::say(std::uint64_t nonce, const Key& key, const control::Mac& to) {
  const Announcement said = read_();
  counts_.protect = counts_.pass = 0;
  for (const Record& record : said.records) {
    counts_.protect += record.verdict == Verdict::protect ? 1 : 0;
    counts_.pass += record.verdict != Verdict::protect && record.verdict != Verdict::address ? 1 : 0;
  }
  counts_.incomplete = said.incomplete;
  auto pages =
      control::pages_of(said.records, key,
                        {.agent = agent_, .boot = boot_, .nonce = nonce, .incomplete = said.incomplete, .records = {}});
  // Who hears no beacon has nothing to say but that.
  if (nonce == 0) pages.resize(1);
  Frames frames;
  for (auto& page : pages) {
    page.sequence = ++sequence_;
    frames.push_back(control::to_frame(page, key, to, mac_));
  }
  counts_.heartbeats += frames.size();
  return frames;
}

}  // namespace synward::driver
