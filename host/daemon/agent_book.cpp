// SPDX-License-Identifier: BSD-2-Clause
#include "agent_book.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
#include <utility>

#include "synward/handoff_secrets.hpp"

namespace synward {

namespace {

using std::chrono::milliseconds;

bool same_key(const Key& one, const Key& other) {
  return CRYPTO_memcmp(one.bytes().data(), other.bytes().data(), Key::kSize) == 0;
}

std::uint64_t random_word() {
  std::uint64_t word = 0;
  return RAND_bytes(reinterpret_cast<unsigned char*>(&word), sizeof word) == 1 ? word : 0;
}

}  // namespace

std::string to_string(const control::Mac& mac) { return fmt::format("{:02x}", fmt::join(mac, ":")); }

std::string agent_text(const Agent& agent) {
  const auto first = std::ranges::find(agent.records, std::uint16_t{0}, &control::Record::port);
  return fmt::format("agent {}{:016x} at {}{}", agent.server.empty() ? "" : agent.server + " ", agent.id,
                     to_string(agent.mac), first == agent.records.end() ? "" : " (" + to_string(first->address) + ")");
}

AgentBook::AgentBook() : card_(random_word()) {}

Expected<std::vector<AgentBook::Peer>> AgentBook::read_peers(const HandoffSettings& settings) {
  std::vector<Peer> peers;
  const auto add = [&peers](const std::string& name, const std::string& path, const HandoffBounds& bounds) {
    const auto secrets = HandoffSecrets::read(path);
    if (!secrets) {
      return Expected<void>(secrets.error());
    }
    Peer peer{name, bounds, {}, {}};
    std::ranges::copy(secrets->channel_key().bytes(), peer.key.bytes().begin());
    peers.push_back(std::move(peer));
    return Expected<void>();
  };
  if (settings.servers.empty() && !settings.key_file.empty()) {
    if (const auto added = add({}, settings.key_file, settings.bounds); !added) {
      return added.error();
    }
  }
  for (const auto& server : settings.servers) {
    if (const auto added = add(server.name, server.key_file, server.bounds); !added) {
      return added.error();
    }
  }
  return peers;
}

void AgentBook::set_peers(std::vector<Peer> peers) {
  for (auto& peer : peers) {
    const auto before = std::ranges::find(peers_, peer.name, &Peer::name);
    if (before == peers_.end()) {
      continue;
    }
    if (!same_key(before->key, peer.key)) {
      peer.former = std::move(before->key);
    } else if (before->former) {
      peer.former = std::move(before->former);
    }
  }
  peers_ = std::move(peers);
  for (std::size_t i = agents_.size(); i-- > 0;) {
    if (std::ranges::find(peers_, agents_[i].server, &Peer::name) == peers_.end()) {
      forget(i);
    }
  }
  ++generation_;
}

void AgentBook::forget(std::size_t at) {
  agents_.erase(agents_.begin() + static_cast<std::ptrdiff_t>(at));
  pages_.erase(pages_.begin() + static_cast<std::ptrdiff_t>(at));
  ++generation_;
}

bool AgentBook::make_room(const std::string& server, milliseconds now) {
  if (std::ranges::count(agents_, server, &Agent::server) < static_cast<std::ptrdiff_t>(kMostAgents)) {
    return true;
  }
  std::size_t oldest = agents_.size();
  for (std::size_t i = 0; i < agents_.size(); ++i) {
    // What an agent said that long ago answers no beacon that counts: it cannot come again.
    const bool silent = agents_[i].server == server && now - agents_[i].heard > kLostAfter;
    if (silent && (oldest == agents_.size() || agents_[i].heard < agents_[oldest].heard)) {
      oldest = i;
    }
  }
  if (oldest == agents_.size()) {
    return false;
  }
  forget(oldest);
  return true;
}

void AgentBook::forget_replaced() {
  const auto has = [](const Agent& agent, const control::Record& record) {
    return std::ranges::any_of(
        agent.records, [&](const control::Record& own) { return own.port == 0 && own.address == record.address; });
  };
  for (std::size_t i = agents_.size(); i-- > 0;) {
    const auto& old = agents_[i];
    const auto replaces = [&](const Agent& other) {
      return other.whole && !other.lost && other.server == old.server &&
             std::ranges::all_of(old.records, [&](const control::Record& record) { return has(other, record); });
    };
    if (old.lost && !old.records.empty() && std::ranges::any_of(agents_, replaces)) {
      changes_.push_back({AgentChange::What::replaced, old});
      forget(i);
    }
  }
}

Expected<std::vector<std::vector<std::uint8_t>>> AgentBook::beacons(control::Beacon beacon,
                                                                    std::span<const std::uint16_t> vlans,
                                                                    milliseconds now) {
  beacon.card = card_;
  beacon.nonce = random_word();
  if (beacon.nonce == 0) {
    return Error{"no random numbers to be had for a beacon"};
  }
  nonces_.push_back({beacon.nonce, ++order_, now});
  while (now - nonces_.front().at > kNonceLife) {
    nonces_.pop_front();
  }
  std::vector<std::vector<std::uint8_t>> frames;
  for (const auto& peer : peers_) {
    for (const auto vlan : vlans) {
      frames.push_back(control::to_frame(beacon, peer.key, vlan));
      if (peer.former) {
        frames.push_back(control::to_frame(beacon, *peer.former, vlan));
      }
    }
  }
  return frames;
}

MailFate AgentBook::take(std::span<const std::uint8_t> frame, milliseconds now) {
  const auto fate = judge(frame, now);
  ++counts_[static_cast<std::size_t>(fate)];
  return fate;
}

MailFate AgentBook::judge(std::span<const std::uint8_t> frame, milliseconds now) {
  const auto envelope = control::open_envelope(frame);
  if (!envelope) {
    return MailFate::malformed;
  }
  std::vector<const Key*> keys;
  std::vector<const Peer*> owners;
  for (const auto& peer : peers_) {
    keys.push_back(&peer.key);
    owners.push_back(&peer);
    if (peer.former) {
      keys.push_back(&*peer.former);
      owners.push_back(&peer);
    }
  }
  auto read = control::read_heartbeat(envelope->content, keys);
  if (read.flaw != control::Flaw::none) {
    return read.flaw == control::Flaw::forged ? MailFate::forged : MailFate::malformed;
  }
  auto& heartbeat = read.value;
  if (heartbeat.nonce == 0) {
    return MailFate::deaf;
  }
  const auto nonce = std::ranges::find(nonces_, heartbeat.nonce, &Nonce::value);
  if (nonce == nonces_.end() || now - nonce->at > kNonceLife) {
    return MailFate::too_old;
  }
  const auto& owner = *owners[read.key];
  auto at = static_cast<std::size_t>(
      std::ranges::find_if(
          agents_, [&](const Agent& agent) { return agent.id == heartbeat.agent && agent.server == owner.name; }) -
      agents_.begin());
  if (at == agents_.size()) {
    if (!make_room(owner.name, now)) {
      return MailFate::crowded;
    }
    at = agents_.size();
    agents_.push_back({.id = heartbeat.agent, .server = owner.name});
    pages_.emplace_back();
  }
  return take_page(agents_[at], pages_[at], heartbeat, nonce->order, *keys[read.key], owner.bounds, *envelope, now);
}

MailFate AgentBook::take_page(Agent& agent, Pages& pages, control::Heartbeat& heartbeat, std::uint64_t order,
                              const Key& key, const HandoffBounds& bounds, const control::Envelope& envelope,
                              milliseconds now) {
  const bool newer = order > pages.order;
  if (!newer) {
    // Of the same beacon only what is missing of the same table is news.
    const bool same = order == pages.order && heartbeat.boot == pages.boot && heartbeat.table == pages.table &&
                      heartbeat.pages == pages.count && heartbeat.incomplete == pages.incomplete;
    if (!same || pages.done || pages.pages[heartbeat.page]) {
      return MailFate::replayed;
    }
    if (now - pages.begun > kPagesWithin) {
      return MailFate::too_old;
    }
  } else {
    if (heartbeat.boot == pages.boot && heartbeat.sequence <= pages.sequence) {
      return MailFate::replayed;
    }
    if (pages.order != 0 && heartbeat.boot != pages.boot) {
      agent.boot = heartbeat.boot;
      changes_.push_back({AgentChange::What::restarted, agent});
    }
    pages = {.order = order,
             .boot = heartbeat.boot,
             .sequence = heartbeat.sequence,
             .table = heartbeat.table,
             .count = heartbeat.pages,
             .incomplete = heartbeat.incomplete,
             .begun = now};
  }
  pages.sequence = std::max(pages.sequence, heartbeat.sequence);
  pages.pages[heartbeat.page] = std::move(heartbeat.records);
  agent.boot = pages.boot;
  agent.heard = now;
  agent.mac = envelope.from;
  agent.vlan = envelope.vlan;
  std::vector<control::Record> records;
  for (std::size_t i = 0; i < pages.count; ++i) {
    if (!pages.pages[i]) {
      return MailFate::taken;
    }
    records.insert(records.end(), pages.pages[i]->begin(), pages.pages[i]->end());
  }
  pages.done = true;
  if (control::table_hash(key, records) != pages.table) {
    return MailFate::malformed;
  }
  take_table(agent, std::move(records), pages.incomplete, bounds, now);
  return MailFate::taken;
}

void AgentBook::take_table(Agent& agent, std::vector<control::Record> records, bool incomplete,
                           const HandoffBounds& bounds, milliseconds now) {
  const auto all = records.size();
  std::erase_if(records, [&](const control::Record& record) {
    return record.port == 0 ? !bounds.has(record.address) : !bounds.has(record.address, record.port);
  });
  const auto outside = all - records.size();
  out_of_bounds_ += outside;
  if (!agent.whole || agent.lost || records != agent.records || incomplete != agent.incomplete) {
    ++generation_;
  }
  const bool is_first = !agent.whole, is_back = agent.lost, more_outside = outside > agent.out_of_bounds;
  agent.whole = true;
  agent.lost = false;
  agent.incomplete = incomplete;
  agent.out_of_bounds = outside;
  agent.records = std::move(records);
  agent.table_at = now;
  if (is_first || is_back) {
    changes_.push_back({is_back ? AgentChange::What::back : AgentChange::What::first, agent});
  }
  if (more_outside) {
    changes_.push_back({AgentChange::What::bounds, agent});
  }
}

std::vector<AgentChange> AgentBook::run(milliseconds now) {
  if (last_run_ && now - *last_run_ > kStall) {
    for (auto& agent : agents_) {
      agent.table_at += now - *last_run_;
    }
  }
  last_run_ = now;
  for (auto& agent : agents_) {
    if (agent.whole && !agent.lost && now - agent.table_at > kLostAfter) {
      agent.lost = true;
      ++generation_;
      changes_.push_back({AgentChange::What::lost, agent});
    }
  }
  forget_replaced();
  return std::exchange(changes_, {});
}

void AgentBook::excuse(milliseconds now) {
  last_run_ = now;
  for (auto& agent : agents_) {
    agent.table_at = agent.lost ? agent.table_at : now;
  }
}

std::size_t AgentBook::lost() const {
  return static_cast<std::size_t>(std::ranges::count_if(agents_, [](const Agent& agent) { return agent.lost; }));
}

}  // namespace synward
