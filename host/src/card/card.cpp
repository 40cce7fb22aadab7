// SPDX-License-Identifier: BSD-2-Clause
#include "synward/card.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <chrono>
#include <utility>

namespace synward {

namespace {

constexpr std::uint32_t kMaxLogFlows = 16;
constexpr std::uint32_t kMaxLogRing = 12;

std::uint32_t sysctl_max(std::uint32_t offset) {
  for (const auto& info : reg::kSysctls) {
    if (info.offset == offset) {
      return info.max;
    }
  }
  return 0;
}

Error impossible(std::string_view what, std::uint32_t told, std::string_view wanted) {
  return Error{fmt::format("the card cannot be right: {} {}, not {}", told, what, wanted)};
}

Expected<void> check_sizes(std::uint32_t sizes) {
  if (const auto services = sizes & 0xff; services == 0 || services > kMaxServices) {
    return impossible("services", services, fmt::format("1..{}", kMaxServices));
  }
  struct Number {
    std::string_view what;
    std::uint32_t told;
    std::size_t ours;
  };
  for (const auto& [what, told, ours] :
       {Number{"counters", sizes >> 8 & 0xff, reg::kCounters}, Number{"drop reasons", sizes >> 16 & 0xff, reg::kDrops},
        Number{"event codes", sizes >> 24, reg::kEvents.size()}}) {
    if (told != ours) {
      return impossible(what, told, std::to_string(ours));
    }
  }
  return {};
}

/// TABLE_STATUS: sizes as powers of two, and ways.
struct TableFields {
  std::uint32_t log_buckets, ways, log_flows, log_ring;
};

TableFields table_fields(std::uint32_t status) {
  return {status >> 8 & 0xf, status >> 12 & 0xf, status >> 16 & 0x1f, status >> 24 & 0xf};
}

Expected<void> check_tables(const TableFields& fields) {
  static const auto max_log_buckets = static_cast<std::uint32_t>(std::bit_width(sysctl_max(reg::kSysctlHashsize)) - 1);
  static const auto max_ways = sysctl_max(reg::kSysctlBucketlimit);
  if (fields.log_buckets > max_log_buckets) {
    return impossible("for log2 of the most buckets", fields.log_buckets, fmt::format("0..{}", max_log_buckets));
  }
  if (fields.ways == 0 || fields.ways > max_ways) {
    return impossible("ways", fields.ways, fmt::format("1..{}", max_ways));
  }
  if (fields.log_flows > kMaxLogFlows) {
    return impossible("for log2 of the flow buckets", fields.log_flows, fmt::format("0..{}", kMaxLogFlows));
  }
  if (fields.log_ring == 0 || fields.log_ring > kMaxLogRing) {
    return impossible("for log2 of the event ring", fields.log_ring, fmt::format("1..{}", kMaxLogRing));
  }
  return {};
}

std::uint32_t match_word(const Service& service) {
  const bool any = !service.address;
  const bool v4 = any || !service.address->v6;
  const bool v6 = any || service.address->v6;
  return static_cast<std::uint32_t>(service.port | v4 << 16 | v6 << 17 | any << 18);
}

std::uint32_t options_word(const Service& service) {
  return static_cast<std::uint32_t>(service.window_scale | service.sack << 1 | service.timestamps << 2 |
                                    service.ecn << 3 | static_cast<int>(service.mode) << 4);
}

constexpr std::uint32_t kTablesReady = 1;

/// All ones is a card that is gone: Card::check() says so.
constexpr std::uint32_t kGone = ~std::uint32_t{0};

// MAIL_STATUS and MAIL_CONTROL.
constexpr std::uint32_t kMailWaiting = 0x7f;
constexpr std::uint32_t kMailBusy = 1U << 24;
constexpr std::uint32_t kMailRefused = 1U << 25;
constexpr std::uint32_t kMailTake = 1;
constexpr std::uint32_t kMailSend = 2;
constexpr std::size_t kShortestFrame = 60;

/// While major is 0, every minor may have moved something.
Expected<void> check_version(std::uint32_t version) {
  const std::uint32_t major = version >> 16;
  const std::uint32_t minor = version >> 8 & 0xff;
  if (major == reg::kVersionMajor && (major != 0 || minor == reg::kVersionMinor)) {
    return {};
  }
  return Error{
      fmt::format("the card's image has register map {}.{}.{}, this program needs {}.{}: load an image of its "
                  "age, or install the programs of the image's",
                  major, minor, version & 0xff, reg::kVersionMajor, reg::kVersionMinor)};
}

}  // namespace

Expected<void> write_key(Device& device, const Key& key, reg::SecretCommit where) {
  for (std::uint32_t word = 0; word < 4; ++word) {
    const auto* byte = key.bytes().data() + 4 * word;
    device.write32(reg::kSecretData + 4 * word,
                   byte[0] | std::uint32_t{byte[1]} << 8 | std::uint32_t{byte[2]} << 16 | std::uint32_t{byte[3]} << 24);
  }
  device.write32(reg::kSecretCommit, static_cast<std::uint32_t>(where));
  constexpr std::uint32_t kRefused = 1U << 31;
  const auto status = device.read32(reg::kSecretStatus);
  if (status != kGone && (status & kRefused) != 0) {
    return Error{"the card refused a key, of which a word never came; it goes on with the one that it had"};
  }
  return {};
}

Expected<Card> Card::identify(Device& device) {
  Card card(device, {});
  if (auto there = card.check(); !there) {
    return there.error();
  }
  auto& info = card.info_;
  info.version = device.read32(reg::kVersion);
  if (auto fits = check_version(info.version); !fits) {
    return fits.error();
  }
  const auto sizes = device.read32(reg::kSizes);
  if (auto right = check_sizes(sizes); !right) {
    return right.error();
  }
  info.services = sizes & 0xff;
  info.clock_hz = device.read32(reg::kClockHz);
  if (info.clock_hz < kMinClockHz || info.clock_hz > kMaxClockHz) {
    return impossible("Hz", info.clock_hz, fmt::format("{}..{}", kMinClockHz, kMaxClockHz));
  }
  const auto fields = table_fields(device.read32(reg::kTableStatus));
  if (auto right = check_tables(fields); !right) {
    return right.error();
  }
  info.hashsize = 1U << fields.log_buckets;
  info.bucketlimit = fields.ways;
  info.flow_buckets = 1U << fields.log_flows;
  info.event_ring = 1U << fields.log_ring;
  return card;
}

Expected<void> Card::check() const {
  const auto id = device_->read32(reg::kId);
  if (const auto fault = device_->fault()) {
    return *fault;
  }
  if (id == kGone) {
    return Error{
        fmt::format("the card does not answer (ID is {:#010x}): no bitstream, a function that is not enabled, "
                    "or a reset",
                    id)};
  }
  if (id != reg::kDeviceId) {
    return Error{fmt::format("the card's image is not Synward's: ID is {:#010x}, not {:#010x}", id, reg::kDeviceId)};
  }
  return {};
}

Expected<void> Card::tell_clock() {
  const auto hz = device_->clock_hz();
  if (!hz) {
    return {};
  }
  device_->write32(reg::kClockHz, *hz);
  const auto told = device_->read32(reg::kClockHz);
  if (told != *hz && !device_->fault()) {
    return Error{fmt::format("the card was told that its clock is {} Hz, and goes by {} Hz", *hz, told)};
  }
  info_.clock_hz = *hz;
  return {};
}

SecretState Card::read_secrets() {
  const auto status = device_->read32(reg::kSecretStatus);
  return {.parity = status & 1, .all_loaded = (status >> 5 & 1) != 0, .rotations = status >> 8 & 0xff};
}

Expected<void> Card::write_secrets(const SecretSet& set) {
  using enum reg::SecretCommit;
  // The parity first: no cookie may be made before it is right.
  set_parity(set.parity);
  for (const auto& [key, where] : {std::pair{&set.key0, cookie_slot0}, std::pair{&set.key1, cookie_slot1},
                                   std::pair{&set.ts_secret, ts_secret}, std::pair{&set.mark_key, mark_key}}) {
    if (auto written = write_key(*key, where); !written) {
      return written;
    }
  }
  return {};
}

void Card::set_parity(unsigned parity) {
  using enum reg::SecretCommit;
  device_->write32(reg::kSecretCommit, static_cast<std::uint32_t>(parity == 0 ? parity0 : parity1));
}

void Card::write_service(std::uint32_t entry, const Service& service) {
  const auto address = service.address.value_or(IpAddress{}).bytes;
  for (std::uint32_t word = 0; word < 4; ++word) {
    const auto* byte = address.data() + 4 * word;
    device_->write32(reg::kServiceAddr + 4 * word, std::uint32_t{byte[0]} << 24 | std::uint32_t{byte[1]} << 16 |
                                                       std::uint32_t{byte[2]} << 8 | std::uint32_t{byte[3]});
  }
  device_->write32(reg::kServiceMatch, match_word(service));
  device_->write32(reg::kServiceMss, service.mss4 | std::uint32_t{service.mss6} << 16);
  device_->write32(reg::kServicePathMss, service.path_mss4 | std::uint32_t{service.path_mss6} << 16);
  device_->write32(reg::kServiceWindow, service.window | std::uint32_t{service.wscale} << 16);
  device_->write32(reg::kServiceIp, service.ttl | std::uint32_t{service.tos} << 8);
  device_->write32(reg::kServiceOptions, options_word(service));
  constexpr std::uint32_t kValid = 0x100;
  device_->write32(reg::kServiceCommit, entry | kValid);
}

void Card::remove_service(std::uint32_t entry) { device_->write32(reg::kServiceCommit, entry); }

bool Card::tables_ready() { return (device_->read32(reg::kTableStatus) & kTablesReady) != 0; }

Expected<void> Card::load_tables() {
  constexpr std::uint32_t kLoad = 1;
  // The card needs 0.2 ms. A fast bus may read often in that time, a simulated card may take long for each read.
  constexpr int kMostReads = 1'000'000;
  constexpr int kLeastReads = 1'000;
  constexpr std::chrono::seconds kPatience{60};
  const auto start = std::chrono::steady_clock::now();
  device_->write32(reg::kTableControl, kLoad);
  for (int i = 0; i < kMostReads; ++i) {
    if (tables_ready()) {
      return {};
    }
    if (i > kLeastReads && std::chrono::steady_clock::now() - start > kPatience) {
      break;
    }
  }
  return Error{"the card's tables do not become ready"};
}

void Card::end_pause() {
  constexpr std::uint32_t kEndPause = 2;
  device_->write32(reg::kTableControl, kEndPause);
}

Expected<std::optional<std::vector<std::uint8_t>>> Card::take_mail() {
  using Mail = std::optional<std::vector<std::uint8_t>>;
  const auto status = device_->read32(reg::kMailStatus);
  if (status == kGone || (status & kMailWaiting) == 0) {
    return Mail{};
  }
  const auto length = status >> 8 & 0x1ff;
  if (length == 0 || length > kLongestMail) {
    return impossible("bytes in a frame of the mailbox", length, fmt::format("1..{}", kLongestMail));
  }
  std::vector<std::uint8_t> frame(length);
  for (std::uint32_t at = 0; at < length; at += 4) {
    const auto word = device_->read32(reg::kMailData + at);
    for (std::uint32_t i = 0; i < 4 && at + i < length; ++i) {
      frame[at + i] = static_cast<std::uint8_t>(word >> 8 * i);
    }
  }
  if (const auto fault = device_->fault()) {
    return *fault;
  }
  device_->write32(reg::kMailControl, kMailTake);
  return Mail{std::move(frame)};
}

Expected<void> Card::send_mail(std::span<const std::uint8_t> frame) {
  if (frame.size() > kLongestMail) {
    return Error{fmt::format("a control frame of {} bytes: the card sends at most {}", frame.size(), kLongestMail)};
  }
  const auto busy = device_->read32(reg::kMailStatus);
  if (busy != kGone && (busy & kMailBusy) != 0) {
    return Error{"the card has not sent the control frame before this one yet"};
  }
  const auto length = std::max(frame.size(), kShortestFrame);
  for (std::uint32_t at = 0; at < length; at += 4) {
    std::uint32_t word = 0;
    for (std::uint32_t i = 0; i < 4 && at + i < frame.size(); ++i) {
      word |= std::uint32_t{frame[at + i]} << 8 * i;
    }
    device_->write32(reg::kMailOut + at, word);
  }
  device_->write32(reg::kMailControl, kMailSend | static_cast<std::uint32_t>(length << 16));
  if (const auto status = device_->read32(reg::kMailStatus); status != kGone && (status & kMailRefused) != 0) {
    return Error{"the card refused to send a frame that is no control frame"};
  }
  if (const auto fault = device_->fault()) {
    return *fault;
  }
  return {};
}

}  // namespace synward
