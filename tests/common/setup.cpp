// SPDX-License-Identifier: BSD-2-Clause
#include "common/setup.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace synward::test {

namespace {

std::uint32_t word_be(const std::uint8_t* bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 | bytes[3];
}

Key key_from(std::uint8_t first) {
  Key key;
  std::iota(key.begin(), key.end(), first);
  return key;
}

}  // namespace

ServiceEntry service(const std::string& text, std::uint16_t port, Mode mode) {
  ServiceEntry entry;
  entry.address = address(text);
  entry.v4 = !entry.address.v6;
  entry.v6 = entry.address.v6;
  entry.port = port;
  entry.mode = mode;
  return entry;
}

std::vector<ServiceEntry> default_services() {
  std::vector<ServiceEntry> all{
      service("198.51.100.7", 443),
      service("2001:db8:100::7", 443),
      service("198.51.100.7", 22),
      service("2001:db8:100::7", 22),
      service("198.51.100.8", 80),
      service("2001:db8:100::8", 80),
      service("198.51.100.9", 80, Mode::pass),
      service("2001:db8:100::9", 80, Mode::pass),
      service("198.51.100.10", 80, Mode::drop),
      service("2001:db8:100::a", 80, Mode::drop),
      // Destinations that row 26 refuses.
      service("224.0.0.5", 443),
      service("255.255.255.255", 443),
      service("ff02::1", 443),
      service("198.51.100.8", 0),
      service("2001:db8:100::8", 0),
  };
  // Different answers, so that one service's cannot be taken for another's.
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].mss4 = static_cast<std::uint16_t>(1460 - 4 * i);
    all[i].mss6 = static_cast<std::uint16_t>(1440 - 4 * i);
    all[i].window = static_cast<std::uint16_t>(65535 - 257 * i);
    all[i].wscale = static_cast<std::uint8_t>((6 + i) % 15);
    all[i].ttl = static_cast<std::uint8_t>(64 + i);
    all[i].tos = static_cast<std::uint8_t>(8 * i);
  }
  all[2].en_ts = false;
  all[3].en_sack = false;
  all[4].en_ws = false;
  all[5].en_ws = all[5].en_sack = all[5].en_ts = false;
  all[4].path_mss4 = 1400;
  all[5].path_mss6 = 1300;
  all[2].en_ecn = all[5].en_ecn = false;
  all[13].en_sack = false;
  all[14].en_ts = false;
  return all;
}

std::vector<ServiceEntry> any_address_services() {
  std::vector<ServiceEntry> all = default_services();
  ServiceEntry any;
  any.any = true;
  any.v6 = true;
  any.port = 8443;
  all.push_back(any);
  return all;
}

Secrets default_secrets() {
  Secrets secrets;
  secrets.cookie = {key_from(0x00), key_from(0x10)};
  secrets.ts = key_from(0x20);
  secrets.mark = key_from(0x30);
  secrets.table = key_from(0x40);
  secrets.control = key_from(0x50);
  return secrets;
}

void program_service(Device& device, std::size_t entry, const ServiceEntry& service) {
  std::array<std::uint8_t, 16> bytes{};
  const ByteView from = service.address.view();
  std::copy(from.begin(), from.end(), bytes.end() - static_cast<std::ptrdiff_t>(from.size()));
  for (std::uint32_t i = 0; i < 4; ++i) device.write32(reg::kServiceAddr + 4 * i, word_be(&bytes[4 * i]));
  device.write32(reg::kServiceMatch, service.port | (service.v4 ? 1u << 16 : 0u) | (service.v6 ? 1u << 17 : 0u) |
                                         (service.any ? 1u << 18 : 0u));
  device.write32(reg::kServiceMss, std::uint32_t{service.mss6} << 16 | service.mss4);
  device.write32(reg::kServicePathMss, std::uint32_t{service.path_mss6} << 16 | service.path_mss4);
  device.write32(reg::kServiceWindow, std::uint32_t{service.wscale} << 16 | service.window);
  device.write32(reg::kServiceIp, std::uint32_t{service.tos} << 8 | service.ttl);
  device.write32(reg::kServiceOptions, (service.en_ws ? 1u : 0u) | (service.en_sack ? 2u : 0u) |
                                           (service.en_ts ? 4u : 0u) | (service.en_ecn ? 8u : 0u) |
                                           static_cast<std::uint32_t>(service.mode) << 4);
  device.write32(reg::kServiceCommit, static_cast<std::uint32_t>(entry) | 1u << 8);
}

void remove_service(Device& device, std::size_t entry) {
  device.write32(reg::kServiceCommit, static_cast<std::uint32_t>(entry));
}

void load_secret(Device& device, const Key& key, reg::SecretCommit commit) {
  for (std::uint32_t i = 0; i < 4; ++i) {
    device.write32(reg::kSecretData + 4 * i, __builtin_bswap32(word_be(&key[4 * i])));
  }
  device.write32(reg::kSecretCommit, static_cast<std::uint32_t>(commit));
}

namespace {

void wait_for_tables(Device& device) {
  constexpr int kMostReads = 100'000;
  for (int i = 0; i < kMostReads; ++i) {
    if ((device.read32(reg::kTableStatus) & 1) != 0) return;
  }
  throw std::runtime_error("the tables do not become ready");
}

}  // namespace

void load_tables(Device& device) {
  device.write32(reg::kTableControl, 1);
  wait_for_tables(device);
}

void load_secrets(Device& device, const Secrets& secrets) {
  load_secret(device, secrets.cookie[0], reg::SecretCommit::cookie_slot0);
  load_secret(device, secrets.cookie[1], reg::SecretCommit::cookie_slot1);
  load_secret(device, secrets.ts, reg::SecretCommit::ts_secret);
  load_secret(device, secrets.mark, reg::SecretCommit::mark_key);
  load_secret(device, secrets.table, reg::SecretCommit::table_key);
  load_secret(device, secrets.control, reg::SecretCommit::control_key);
  const auto parity = secrets.parity ? reg::SecretCommit::parity1 : reg::SecretCommit::parity0;
  device.write32(reg::kSecretCommit, static_cast<std::uint32_t>(parity));
  wait_for_tables(device);
}

void program(Device& device, const std::vector<ServiceEntry>& services, const Secrets& secrets) {
  load_secrets(device, secrets);
  for (std::size_t i = 0; i < services.size(); ++i) program_service(device, i, services[i]);
}

std::uint64_t Counters::drops() const {
  return std::accumulate(value.begin() + reg::kFirstDrop, value.end(), std::uint64_t{0});
}

Counters Counters::since(const Counters& before) const {
  Counters out;
  for (std::size_t i = 0; i < value.size(); ++i) out.value[i] = value[i] - before.value[i];
  return out;
}

Counters read_counters(Device& device) {
  device.write32(reg::kSnapshot, 1);
  Counters out;
  for (std::uint32_t i = 0; i < reg::kCounters; ++i) {
    const std::uint64_t low = device.read32(reg::kCounter + 8 * i);
    const std::uint64_t high = device.read32(reg::kCounter + 8 * i + 4);
    out.value[i] = high << 32 | low;
  }
  return out;
}

std::string conservation_faults(const Counters& c) {
  using reg::Counter;
  std::string faults;
  const auto check = [&faults](const char* law, std::uint64_t left, std::uint64_t right) {
    if (left != right) faults += std::string(law) + ": " + std::to_string(left) + " != " + std::to_string(right) + "\n";
  };
  // What the engine did for a frame whose decision was lost.
  const auto short_of_lost = [&](const char* law, std::uint64_t sent, std::uint64_t counted) {
    check(law, sent, sent > counted ? std::min(sent, counted + c[reg::Drop::pairing_lost]) : counted);
  };
  const std::uint64_t to_line_full = c[reg::Drop::to_line_full];
  const std::uint64_t host_control = c[reg::Drop::host_control_frame];
  check("line_rx = passed + answered + drops", c[Counter::line_rx_frames],
        c[Counter::passed] + c[Counter::answered] + c.drops() - to_line_full - host_control);
  check("host_tx = passed + marks + mail_sent", c[Counter::host_tx_frames],
        c[Counter::passed] + c[Counter::marks] + c[Counter::mail_sent]);
  short_of_lost("line_tx = answered + retransmitted + challenge_acks + resets_sent + to_line",
                c[Counter::line_tx_frames],
                c[Counter::answered] + c[Counter::retransmitted] + c[Counter::challenge_acks] +
                    c[Counter::resets_sent] + c[Counter::to_line]);
  short_of_lost("marks = handed + recvcookie + remarked",
                c[Counter::handed] + c[Counter::recvcookie] + c[Counter::remarked], c[Counter::marks]);
  check("host_rx = to_line + to_line_full + control_frames + mail_received + host_control_frame + host_bad_fcs",
        c[Counter::host_rx_frames],
        c[Counter::to_line] + to_line_full + c[Counter::control_frames] + c[Counter::mail_received] + host_control +
            c[Counter::host_bad_fcs]);
  check("control_frames = statuses", c[Counter::control_frames],
        c[Counter::status_taken] + c[Counter::status_full] + c[Counter::status_no_listener] +
            c[Counter::status_refused] + c[Counter::status_busy]);
  return faults;
}

std::string conservation_faults(const Counters& c, std::uint32_t entries) {
  using reg::Counter;
  const std::uint64_t gone = c[Counter::completed] + c[Counter::reset] + c[Counter::stale] + c[Counter::unreach] +
                             c[Counter::evicted] + c[Counter::flushed] + c[Counter::aborted];
  std::string faults = conservation_faults(c);
  // Not every sc_dropped is of an entry.
  if (c[Counter::added] < entries + gone || c[Counter::added] > entries + gone + c[Counter::sc_dropped]) {
    faults += "added: " + std::to_string(c[Counter::added]) + " != " + std::to_string(entries) + " left + " +
              std::to_string(gone) + " gone\n";
  }
  return faults;
}

}  // namespace synward::test
