// SPDX-License-Identifier: BSD-2-Clause
#include "synward/cookie_secrets.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

#include "synward/apply.hpp"
#include "synward/secret_memory.hpp"

namespace synward {

namespace {

using KeyBytes = std::array<std::uint8_t, Key::kSize>;

struct Retired {
  KeyBytes key;
  double time;      ///< s
  unsigned parity;  ///< which slot it had
};

/// All that is secret, in pages of its own.
struct Locked {
  std::array<KeyBytes, 2> current;
  std::array<Retired, CookieSecrets::kRemembered> retired;
  std::size_t count;  ///< of retired, ever
  unsigned parity;
};

}  // namespace

struct CookieSecrets::Memory {
  Memory()
      : mac(EVP_MAC_fetch(nullptr, "SIPHASH", nullptr), EVP_MAC_free),
        state(EVP_MAC_CTX_new(mac.get()), EVP_MAC_CTX_free) {
    if (!state) {
      throw std::runtime_error("OpenSSL has no SipHash for the cookie secrets");
    }
  }

  /// low32 XOR high32 of SipHash-2-4.
  std::uint32_t mac32(const KeyBytes& key, std::span<const std::uint8_t> message) const {
    std::size_t size = 8;
    const std::array<OSSL_PARAM, 2> parameters{OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size),
                                               OSSL_PARAM_construct_end()};
    std::array<std::uint8_t, 8> hash{};
    if (EVP_MAC_init(state.get(), key.data(), key.size(), parameters.data()) != 1 ||
        EVP_MAC_update(state.get(), message.data(), message.size()) != 1 ||
        EVP_MAC_final(state.get(), hash.data(), &size, hash.size()) != 1) {
      throw std::runtime_error("OpenSSL cannot compute SipHash");
    }
    std::uint32_t folded = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      folded |= static_cast<std::uint32_t>(hash[i] ^ hash[i + 4]) << (8 * i);
    }
    return folded;
  }
  /// OpenSSL's state holds the last key, in memory that is not locked: another takes its place.
  void forget_key() const {
    constexpr KeyBytes kNone{};
    EVP_MAC_init(state.get(), kNone.data(), kNone.size(), nullptr);
  }

  SecretMemory<Locked> keys;
  std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> mac;
  std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)> state;
};

CookieSecrets::CookieSecrets(const SecretSet& set) : memory_(std::make_unique<Memory>()) {
  auto& keys = *memory_->keys;
  std::ranges::copy(set.key0.bytes(), keys.current[0].begin());
  std::ranges::copy(set.key1.bytes(), keys.current[1].begin());
  keys.parity = set.parity;
}

CookieSecrets::~CookieSecrets() = default;

bool CookieSecrets::locked() const { return memory_->keys.locked() && SecretBytes::locked(); }

void CookieSecrets::replace(unsigned slot, const Key& fresh, double now) {
  auto& keys = *memory_->keys;
  // Field by field: what is put together elsewhere first would leave a copy of the key there.
  auto& retired = keys.retired[keys.count++ % kRemembered];
  std::ranges::copy(keys.current[slot], retired.key.begin());
  retired.time = now;
  retired.parity = slot;
  std::ranges::copy(fresh.bytes(), keys.current[slot].begin());
}

Expected<void> CookieSecrets::rotate(Device& device, const Key& fresh, double now) {
  if (auto rotated = rotate_cookie_key(device, fresh); !rotated) {
    return rotated;
  }
  const unsigned idle = 1 - memory_->keys->parity;
  replace(idle, fresh, now);
  memory_->keys->parity = idle;
  return {};
}

Expected<void> CookieSecrets::put(Device& device, unsigned slot, const Key& fresh, double now) {
  const auto where = slot == 0 ? reg::SecretCommit::cookie_slot0 : reg::SecretCommit::cookie_slot1;
  if (auto written = write_key(device, fresh, where); !written) {
    return written;
  }
  replace(slot, fresh, now);
  return {};
}

void CookieSecrets::explain(LogEvent& event) const {
  const bool refused =
      event.is(reg::Event::ack_disabled) || event.is(reg::Event::ack_spurious) || event.is(reg::Event::cookie_failed);
  if (!refused || !event.foreign || !event.local) {
    return;
  }
  // Theory of operation, section 2: the cookie of an ACK.
  const std::uint32_t irs = event.args[0] - 1;
  const std::uint32_t iss = event.args[1] - 1;
  const auto byte = static_cast<std::uint8_t>(iss ^ iss >> 24);
  std::vector<std::uint8_t> message;
  for (const auto address : {event.foreign->wire(), event.local->wire()}) {
    message.insert(message.end(), address.begin(), address.end());
  }
  for (const unsigned value : {event.fport >> 8, event.fport & 0xff, event.lport >> 8, event.lport & 0xff}) {
    message.push_back(static_cast<std::uint8_t>(value));
  }
  for (unsigned shift = 0; shift < 32; shift += 8) {
    message.push_back(static_cast<std::uint8_t>(irs >> shift));
  }
  message.push_back(byte);
  message.resize(message.size() + 8);  // secmod 0
  const auto fits = [&](const KeyBytes& key) { return memory_->mac32(key, message) >> 8 == iss >> 8; };

  const auto& keys = *memory_->keys;
  const unsigned parity = byte & 1;
  const auto known = std::min(keys.count, kRemembered);
  const auto* begin = keys.retired.begin();
  event.cookie = fits(keys.current[parity]) ? CookieOrigin::current : CookieOrigin::none;
  if (event.cookie == CookieOrigin::none) {
    const auto* old =
        std::find_if(begin, begin + known, [&](const Retired& one) { return one.parity == parity && fits(one.key); });
    if (old != begin + known) {
      event.cookie = CookieOrigin::retired;
      event.late_s = std::max(0.0, event.time.value_or(old->time) - old->time);
    }
  }
  memory_->forget_key();
}

}  // namespace synward
