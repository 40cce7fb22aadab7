// SPDX-License-Identifier: BSD-2-Clause
#include "synward/control_frame.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <type_traits>

namespace synward::control {

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kMacs = 12, kShortestFrame = 60, kMostTags = 2;
constexpr std::uint16_t kVlanInner = 0x8100, kVlanOuter = 0x88a8;
constexpr std::size_t kTag = 8;
constexpr std::size_t kBeaconSize = 28, kHeartbeatHead = 48, kRecordSize = 28;
static_assert(kMacs + 4 * kMostTags + 2 + kHeartbeatHead + kRecordsPerPage * kRecordSize + kTag <= kLongestFrame);

// Byte 2 of a heartbeat, of a beacon, bytes 0 and 27 of a record.
constexpr std::uint8_t kIncomplete = 1, kLearns = 1, kHolds = 2, kV6 = 1;
constexpr std::uint8_t kTimestamps = 1, kSack = 2, kWindowScaling = 4, kEcn = 8;
constexpr std::uint8_t kMostWscale = 14;

/// Numbers stand in network order.
template <typename T>
void put(Bytes& out, T value) {
  for (std::size_t i = sizeof(T); i-- > 0;) {
    out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
}

/// Takes numbers from bytes that are long enough.
class Cursor {
 public:
  explicit Cursor(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  template <typename T>
  T take() {
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      value = static_cast<T>(static_cast<std::uint64_t>(value) << 8 | bytes_[at_ + i]);
    }
    at_ += sizeof(T);
    return value;
  }
  std::span<const std::uint8_t> take_bytes(std::size_t count) {
    at_ += count;
    return bytes_.subspan(at_ - count, count);
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

void put_record(Bytes& out, const Record& record) {
  put<std::uint8_t>(out, record.address.v6 ? kV6 : 0);
  put(out, static_cast<std::uint8_t>(record.verdict));
  put(out, record.port);
  out.insert(out.end(), record.address.bytes.begin(), record.address.bytes.end());
  put(out, record.mss4);
  put(out, record.mss6);
  put(out, record.window);
  put(out, record.wscale);
  put(out, static_cast<std::uint8_t>((record.timestamps ? kTimestamps : 0) | (record.sack ? kSack : 0) |
                                     (record.window_scaling ? kWindowScaling : 0) | (record.ecn ? kEcn : 0)));
}

/// A record that no agent writes is none.
std::optional<Record> take_record(Cursor& in) {
  Record record;
  const auto flags = in.take<std::uint8_t>();
  const auto verdict = in.take<std::uint8_t>();
  record.address.v6 = (flags & kV6) != 0;
  record.port = in.take<std::uint16_t>();
  std::ranges::copy(in.take_bytes(record.address.bytes.size()), record.address.bytes.begin());
  record.mss4 = in.take<std::uint16_t>();
  record.mss6 = in.take<std::uint16_t>();
  record.window = in.take<std::uint16_t>();
  record.wscale = in.take<std::uint8_t>();
  const auto options = in.take<std::uint8_t>();
  record.timestamps = (options & kTimestamps) != 0;
  record.sack = (options & kSack) != 0;
  record.window_scaling = (options & kWindowScaling) != 0;
  record.ecn = (options & kEcn) != 0;
  const auto zero = [](std::uint8_t byte) { return byte == 0; };
  const bool v4_in_place =
      record.address.v6 || std::all_of(record.address.bytes.begin(), record.address.bytes.begin() + 12, zero);
  const bool somebody = !std::ranges::all_of(record.address.bytes, zero);
  const bool address_alone = verdict == static_cast<std::uint8_t>(Verdict::address);
  if ((flags & ~kV6) != 0 || verdict >= kVerdicts || !v4_in_place || !somebody || options > 15 ||
      record.wscale > kMostWscale || address_alone != (record.port == 0)) {
    return std::nullopt;
  }
  record.verdict = static_cast<Verdict>(verdict);
  return record;
}

Bytes header(const Mac& to, const Mac& from, std::uint16_t vlan) {
  Bytes out(to.begin(), to.end());
  out.insert(out.end(), from.begin(), from.end());
  if (vlan != 0) {
    put(out, kVlanInner);
    put(out, vlan);
  }
  put(out, kEtherType);
  return out;
}

void put_tag(Bytes& frame, std::size_t content, const Key& key) {
  put(frame, sip_tag(key, std::span(frame).subspan(content)));
  frame.resize(std::max(frame.size(), kShortestFrame));
}

/// Which of the keys a tag is by; nothing: by none. Every key costs the same time, whatever the tag.
std::optional<std::size_t> key_of(std::span<const std::uint8_t> content, std::size_t size,
                                  std::span<const Key* const> keys) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    Bytes right;
    put(right, sip_tag(*keys[i], content.first(size)));
    if (CRYPTO_memcmp(right.data(), content.data() + size, kTag) == 0 && !found) {
      found = i;
    }
  }
  return found;
}

/// Behind the tag only what fills a short frame may stand, zeros.
bool fits(std::span<const std::uint8_t> content, std::size_t size) {
  constexpr std::size_t kMostFill = kShortestFrame - kMacs - 2;
  const auto whole = size + kTag;
  return content.size() >= whole && content.size() <= std::max(whole, kMostFill) &&
         std::ranges::all_of(content.subspan(whole), [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

const VerdictInfo& info(Verdict verdict) {
  static constexpr std::array<VerdictInfo, kVerdicts> kInfos{{
      {"protect", "", ""},
      {"mptcp", "MPTCP: the kernel takes no mark for it", "net.mptcp.enabled = 0, or for Go GODEBUG=multipathtcp=0"},
      {"md5", "TCP-MD5 keys: signed segments pass the card as they are", "nothing helps, nor need it"},
      {"ao", "TCP-AO keys: signed segments pass the card as they are", "nothing helps, nor need it"},
      {"kernel", "the server's kernel takes no mark as it is set", "synward-agent check --fix, at the server"},
      {"address", "", ""},
  }};
  return kInfos[static_cast<std::size_t>(verdict)];
}

const MailFateInfo& info(MailFate fate) {
  static constexpr std::array<MailFateInfo, kMailFates> kInfos{{
      {"taken", "pages of agents' tables that were fresh and whole"},
      {"malformed", "frames that no agent sends, and pages that do not belong together"},
      {"forged", "frames with a wrong tag: another key, or somebody who has none"},
      {"too_old", "frames that answer no beacon of the last 3 s"},
      {"replayed", "frames that had come before"},
      {"deaf", "frames of agents that hear no beacon"},
      {"crowded", "frames of more agents than the daemon keeps"},
  }};
  return kInfos[static_cast<std::size_t>(fate)];
}

Mac card_mac(std::uint64_t card) {
  Mac mac{0x02};  // locally administered, one host's
  for (std::size_t i = 1; i < mac.size(); ++i) {
    mac[i] = static_cast<std::uint8_t>(card >> (8 * (mac.size() - 1 - i)));
  }
  return mac;
}

std::uint64_t sip_tag(const Key& key, std::span<const std::uint8_t> bytes) {
  static const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> mac(EVP_MAC_fetch(nullptr, "SIPHASH", nullptr),
                                                                     EVP_MAC_free);
  const std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)> state(mac ? EVP_MAC_CTX_new(mac.get()) : nullptr,
                                                                        EVP_MAC_CTX_free);
  std::size_t size = kTag;
  const std::array<OSSL_PARAM, 2> parameters{OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size),
                                             OSSL_PARAM_construct_end()};
  std::array<std::uint8_t, kTag> hash{};
  if (!state || EVP_MAC_init(state.get(), key.bytes().data(), Key::kSize, parameters.data()) != 1 ||
      EVP_MAC_update(state.get(), bytes.data(), bytes.size()) != 1 ||
      EVP_MAC_final(state.get(), hash.data(), &size, hash.size()) != 1) {
    throw std::runtime_error("OpenSSL cannot compute SipHash");
  }
  std::uint64_t tag = 0;
  for (std::size_t i = 0; i < kTag; ++i) {
    tag |= std::uint64_t{hash[i]} << (8 * i);
  }
  return tag;
}

std::uint64_t table_hash(const Key& key, std::span<const Record> records) {
  Bytes bytes;
  for (const auto& record : records) {
    put_record(bytes, record);
  }
  return sip_tag(key, bytes);
}

std::vector<std::uint8_t> to_frame(const Heartbeat& heartbeat, const Key& key, const Mac& to, const Mac& from) {
  auto frame = header(to, from, 0);
  const auto content = frame.size();
  put(frame, kVersion);
  put(frame, static_cast<std::uint8_t>(Type::heartbeat));
  put<std::uint8_t>(frame, heartbeat.incomplete ? kIncomplete : 0);
  put(frame, static_cast<std::uint8_t>(heartbeat.records.size()));
  for (const auto word : {heartbeat.agent, heartbeat.boot, heartbeat.sequence, heartbeat.nonce, heartbeat.table}) {
    put(frame, word);
  }
  put(frame, heartbeat.page);
  put(frame, heartbeat.pages);
  put(frame, std::uint16_t{0});
  for (const auto& record : heartbeat.records) {
    put_record(frame, record);
  }
  put_tag(frame, content, key);
  return frame;
}

std::vector<std::uint8_t> to_frame(const Beacon& beacon, const Key& key, std::uint16_t vlan) {
  auto frame = header(kMulticast, card_mac(beacon.card), vlan);
  const auto content = frame.size();
  put(frame, kVersion);
  put(frame, static_cast<std::uint8_t>(Type::beacon));
  put(frame, static_cast<std::uint8_t>((beacon.learns ? kLearns : 0) | (beacon.holds ? kHolds : 0)));
  put(frame, std::uint8_t{0});
  put(frame, beacon.card);
  put(frame, beacon.nonce);
  put(frame, beacon.ms);
  put(frame, beacon.services);
  put(frame, beacon.room);
  put_tag(frame, content, key);
  return frame;
}

std::vector<Heartbeat> pages_of(std::span<const Record> records, const Key& key, Heartbeat common) {
  common.incomplete = common.incomplete || records.size() > kMostRecords;
  records = records.first(std::min(records.size(), kMostRecords));
  common.table = table_hash(key, records);
  common.pages =
      static_cast<std::uint8_t>(std::max<std::size_t>((records.size() + kRecordsPerPage - 1) / kRecordsPerPage, 1));
  std::vector<Heartbeat> pages(common.pages, common);
  for (std::size_t page = 0; page < pages.size(); ++page) {
    const auto from = page * kRecordsPerPage;
    const auto some = records.subspan(from, std::min(kRecordsPerPage, records.size() - from));
    pages[page].page = static_cast<std::uint8_t>(page);
    pages[page].records.assign(some.begin(), some.end());
  }
  return pages;
}

std::optional<Envelope> open_envelope(std::span<const std::uint8_t> frame) {
  if (frame.size() < kMacs + 2 || frame.size() > kLongestFrame) {
    return std::nullopt;
  }
  Envelope envelope;
  std::copy_n(frame.begin(), envelope.to.size(), envelope.to.begin());
  std::copy_n(frame.begin() + 6, envelope.from.size(), envelope.from.begin());
  std::size_t at = kMacs;
  for (std::size_t tags = 0; at + 2 <= frame.size(); ++tags, at += 4) {
    const auto word = static_cast<std::uint16_t>(frame[at] << 8 | frame[at + 1]);
    if (word == kEtherType) {
      envelope.content = frame.subspan(at + 2);
      return envelope;
    }
    if ((word != kVlanInner && word != kVlanOuter) || tags == kMostTags || at + 4 > frame.size()) {
      return std::nullopt;
    }
    if (tags == 0) {
      envelope.vlan = static_cast<std::uint16_t>((frame[at + 2] << 8 | frame[at + 3]) & 0xfff);
    }
  }
  return std::nullopt;
}

Read<Heartbeat> read_heartbeat(std::span<const std::uint8_t> content, std::span<const Key* const> keys) {
  Read<Heartbeat> read;
  if (content.size() < kHeartbeatHead + kTag || content[0] != kVersion ||
      content[1] != static_cast<std::uint8_t>(Type::heartbeat)) {
    return read;
  }
  const std::size_t count = content[3];
  const auto size = kHeartbeatHead + count * kRecordSize;
  if (count > kRecordsPerPage || !fits(content, size)) {
    return read;
  }
  const auto key = key_of(content, size, keys);
  if (!key) {
    read.flaw = Flaw::forged;
    return read;
  }
  read.key = *key;
  Cursor in(content.subspan(2));
  auto& value = read.value;
  const auto flags = in.take<std::uint8_t>();
  value.incomplete = (flags & kIncomplete) != 0;
  in.take<std::uint8_t>();
  for (auto* word : {&value.agent, &value.boot, &value.sequence, &value.nonce, &value.table}) {
    *word = in.take<std::uint64_t>();
  }
  value.page = in.take<std::uint8_t>();
  value.pages = in.take<std::uint8_t>();
  const auto reserved = in.take<std::uint16_t>();
  if ((flags & ~kIncomplete) != 0 || reserved != 0 || value.pages == 0 || value.pages > kMostPages ||
      value.page >= value.pages) {
    return read;
  }
  for (std::size_t i = 0; i < count; ++i) {
    const auto record = take_record(in);
    if (!record) {
      return read;
    }
    value.records.push_back(*record);
  }
  read.flaw = Flaw::none;
  return read;
}

Read<Beacon> read_beacon(std::span<const std::uint8_t> content, std::span<const Key* const> keys) {
  Read<Beacon> read;
  if (content.size() < kBeaconSize + kTag || content[0] != kVersion ||
      content[1] != static_cast<std::uint8_t>(Type::beacon) || !fits(content, kBeaconSize)) {
    return read;
  }
  const auto key = key_of(content, kBeaconSize, keys);
  if (!key) {
    read.flaw = Flaw::forged;
    return read;
  }
  read.key = *key;
  Cursor in(content.subspan(2));
  auto& value = read.value;
  const auto flags = in.take<std::uint8_t>();
  const auto reserved = in.take<std::uint8_t>();
  value.learns = (flags & kLearns) != 0;
  value.holds = (flags & kHolds) != 0;
  value.card = in.take<std::uint64_t>();
  value.nonce = in.take<std::uint64_t>();
  value.ms = in.take<std::uint32_t>();
  value.services = in.take<std::uint16_t>();
  value.room = in.take<std::uint16_t>();
  if ((flags & ~(kLearns | kHolds)) == 0 && reserved == 0 && value.nonce != 0) {
    read.flaw = Flaw::none;
  }
  return read;
}

}  // namespace synward::control
