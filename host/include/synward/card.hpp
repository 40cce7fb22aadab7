// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "synward/config.hpp"
#include "synward/device.hpp"
#include "synward/expected.hpp"
#include "synward/registers.hpp"
#include "synward/secrets.hpp"

namespace synward {

/// What a card says of itself. None of it changes while the card is there.
struct CardInfo {
  std::uint32_t version = 0;       ///< of the register map, as VERSION has it
  std::uint32_t clock_hz = 0;      ///< kMinClockHz..kMaxClockHz
  std::uint32_t services = 0;      ///< entries of the service table, 1..32
  std::uint32_t hashsize = 0;      ///< the most buckets of the syncache, a power of two
  std::uint32_t bucketlimit = 0;   ///< the most entries in a bucket, 1..8
  std::uint32_t flow_buckets = 0;  ///< buckets of the flow table, a power of two
  std::uint32_t event_ring = 0;    ///< events that the ring holds, a power of two
};

/// Flows that a bucket of the flow table holds.
inline constexpr std::uint32_t kFlowsPerBucket = 16;

/// Clocks that a card may have, Hz.
inline constexpr std::uint32_t kMinClockHz = 1U << 20;
inline constexpr std::uint32_t kMaxClockHz = 1'000'000'000;

/// SECRET_STATUS, taken apart.
struct SecretState {
  unsigned parity = 0;          ///< the cookie slot that makes new cookies
  bool all_loaded = false;      ///< the card protects; it passes everything until then
  std::uint32_t rotations = 0;  ///< modulo 256
};

/// Bytes of a control frame in the card's mailbox at most, and of one that it is to send; without FCS.
inline constexpr std::size_t kLongestMail = 256;

/// Writes `key` and commits it to `where`, which takes effect in one clock. Error: the card refused it, because a word
/// never came; it goes on with the key that it had.
Expected<void> write_key(Device& device, const Key& key, reg::SecretCommit where);

/// A device that has been found to be a Synward card: its sizes, and every typed access. The device must outlive it.
class Card {
 public:
  /// Errors: the device's fault, another ID, another major version of the register map, and what no card can say of
  /// itself. Nothing is written.
  static Expected<Card> identify(Device& device);

  const CardInfo& info() const { return info_; }
  Device& device() { return *device_; }

  /// An error where the card is gone: the device's fault, or another word in the place of ID.
  Expected<void> check() const;

  /// Tells the card its real clock, by which it counts milliseconds, where the device knows it. Error: it takes
  /// another.
  Expected<void> tell_clock();

  SecretState read_secrets();
  Expected<void> write_key(const Key& key, reg::SecretCommit where) { return synward::write_key(*device_, key, where); }
  /// All but the key of the tables. The card protects as soon as it has the last of them. Error: write_key()'s.
  Expected<void> write_secrets(const SecretSet& set);
  /// New cookies are made with slot `parity`, 0 or 1.
  void set_parity(unsigned parity);

  /// The register of reg::kSysctls[index].
  std::uint32_t read_sysctl(std::size_t index) { return device_->read32(reg::kSysctls[index].offset); }
  /// Sizes of the tables (SysctlInfo::load) are taken by load_tables().
  void write_sysctl(std::size_t index, std::uint32_t value) { device_->write32(reg::kSysctls[index].offset, value); }

  /// Puts a service in a place of the table, 0..services - 1. Where another service had the place, remove it before.
  void write_service(std::uint32_t entry, const Service& service);
  void remove_service(std::uint32_t entry);

  bool tables_ready();
  /// Clears both tables, which takes their sizes, and waits. Error: they do not become ready.
  Expected<void> load_tables();
  /// Ends a pause at the card's next tick.
  void end_pause();

  /// Takes the oldest control frame out of the mailbox, Ethernet header and all; nothing if none waits. Anybody behind
  /// the host port may have sent it: its reader checks its tag. Error: the card says what cannot be.
  Expected<std::optional<std::vector<std::uint8_t>>> take_mail();
  /// Sends a control frame to the servers; one shorter than 60 bytes is padded with zeros. Errors: it is longer than
  /// kLongestMail; the card is not done with the one before (try again); the card refused it, because its EtherType
  /// is another than that of control frames.
  Expected<void> send_mail(std::span<const std::uint8_t> frame);

 private:
  Card(Device& device, const CardInfo& info) : device_(&device), info_(info) {}

  Device* device_;
  CardInfo info_;
};

}  // namespace synward
