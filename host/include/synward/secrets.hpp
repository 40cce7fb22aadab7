// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "synward/expected.hpp"

namespace synward {

/// Memory of OpenSSL's secure heap: between pages that cannot be touched, not dumped, not swapped where the system
/// allows it, cleansed at the end. Throws std::bad_alloc where there is none.
class SecretBytes {
 public:
  explicit SecretBytes(std::size_t size);
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes();

  std::uint8_t* data() const { return bytes_; }
  std::size_t size() const { return size_; }
  /// False where the operating system did not allow the heap to be locked.
  static bool locked();

 private:
  std::uint8_t* bytes_;
  std::size_t size_;
};

/// A 128-bit key in secret memory. Cannot be copied, and its memory is cleansed when it dies or is moved from.
class Key {
 public:
  static constexpr std::size_t kSize = 16;

  Key() : bytes_(kSize) {}
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  Key(Key&& other) noexcept;
  Key& operator=(Key&& other) noexcept;
  ~Key() = default;

  std::span<std::uint8_t, kSize> bytes() { return std::span<std::uint8_t, kSize>(bytes_.data(), kSize); }
  std::span<const std::uint8_t, kSize> bytes() const {
    return std::span<const std::uint8_t, kSize>(bytes_.data(), kSize);
  }

 private:
  SecretBytes bytes_;
};

/// All that the card keeps secret, and which of the cookie keys makes new cookies.
struct SecretSet {
  Key key0, key1;  ///< cookie slots 0 and 1
  Key ts_secret;   ///< timestamp offsets
  Key mark_key;    ///< MAC of the hand-off mark
  Key table_key;   ///< hash of the card's tables
  unsigned parity = 0;
};

/// A fresh key from OpenSSL's private generator. Fails where that has no entropy.
Expected<void> random_key(Key& out);
/// Fresh keys from the operating system's generator. Fails where OpenSSL has no entropy.
Expected<SecretSet> random_secrets();

/// HKDF-SHA256 of `input` without salt, expanded with `info`, into `out`. Fails only where OpenSSL does.
Expected<void> derive_key(std::span<const std::uint8_t> input, std::string_view info, Key& out);

/// Key `name` ("ts_secret", "mark_key", "table_key") made from the two cookie keys: HKDF-SHA256(key0 || key1), info
/// "synward " + name.
Expected<void> derive_from_cookie_keys(const SecretSet& set, std::string_view name, Key& out);

}  // namespace synward
