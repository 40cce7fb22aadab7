// SPDX-License-Identifier: BSD-2-Clause
#include "synward/fleet_keys.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

#include "synward/secret_file.hpp"
#include "synward/secret_memory.hpp"

namespace synward {

namespace {

constexpr std::size_t kHexSize = 2 * MasterKey::kSize;
/// One byte more than the longest file that is right.
using FileBytes = std::array<char, kHexSize + 2>;

Error refused(const std::string& path, std::string_view why) { return Error{fmt::format("{}: {}", path, why)}; }

/// Reads to the end of the file or of `bytes`. The number of bytes, or less than 0.
ssize_t read_all(int fd, FileBytes& bytes) {
  std::size_t size = 0;
  while (size < bytes.size()) {
    const auto got = ::read(fd, bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return got < 0 ? got : static_cast<ssize_t>(size);
    }
    size += static_cast<std::size_t>(got);
  }
  return static_cast<ssize_t>(size);
}

bool parse_key(std::string_view text, std::span<std::uint8_t, MasterKey::kSize> key) {
  if (text.size() == MasterKey::kSize) {
    std::ranges::transform(text, key.begin(), [](char c) { return static_cast<std::uint8_t>(c); });
    return true;
  }
  if (text.size() == kHexSize + 1 && text.back() == '\n') {
    text.remove_suffix(1);
  }
  if (text.size() != kHexSize) {
    return false;
  }
  for (std::size_t i = 0; i < MasterKey::kSize; ++i) {
    const char* first = text.data() + 2 * i;
    if (std::from_chars(first, first + 2, key[i], 16).ptr != first + 2) {
      return false;
    }
  }
  return true;
}

}  // namespace

struct MasterKey::Memory {
  struct Bytes {
    std::array<std::uint8_t, kSize> key;
    FileBytes file;
  };
  SecretMemory<Bytes> bytes;
};

MasterKey::MasterKey(std::unique_ptr<Memory> memory) : memory_(std::move(memory)) {}
MasterKey::MasterKey(MasterKey&&) noexcept = default;
MasterKey& MasterKey::operator=(MasterKey&&) noexcept = default;
MasterKey::~MasterKey() = default;

Expected<MasterKey> MasterKey::read(const std::string& path) {
  const auto file = open_secret_file(path);
  if (!file) {
    return file.error();
  }
  MasterKey key(std::make_unique<Memory>());
  auto& bytes = *key.memory_->bytes;
  const auto size = read_all(file->get(), bytes.file);
  if (size < 0) {
    return refused(path, std::generic_category().message(errno));
  }
  const bool right = parse_key({bytes.file.data(), static_cast<std::size_t>(size)}, bytes.key);
  OPENSSL_cleanse(bytes.file.data(), bytes.file.size());
  if (!right) {
    return refused(path, "must hold 32 bytes or 64 hex digits");
  }
  return key;
}

std::span<const std::uint8_t, MasterKey::kSize> MasterKey::bytes() const { return memory_->bytes->key; }

bool MasterKey::operator==(const MasterKey& other) const {
  return CRYPTO_memcmp(bytes().data(), other.bytes().data(), kSize) == 0;
}

FleetKeys::Schedule FleetKeys::at(Milliseconds unix_time) const {
  Epoch epoch = unix_time / epoch_;
  if (unix_time < epoch * epoch_) {
    --epoch;  // before 1970
  }
  const auto next_key = (epoch + 1) * epoch_ - skew_;
  const bool next_there = unix_time >= next_key;
  return {epoch, next_there ? epoch + 1 : epoch - 1, next_there ? (epoch + 1) * epoch_ : next_key};
}

Expected<void> FleetKeys::cookie_key(Epoch epoch, Key& out) const {
  return derive_key(master_.bytes(), fmt::format("synward cookie {}", epoch), out);
}

Expected<void> FleetKeys::ts_secret(Key& out) const { return derive_key(master_.bytes(), "synward ts_secret", out); }

Expected<void> FleetKeys::mark_key(Key& out) const { return derive_key(master_.bytes(), "synward mark_key", out); }

}  // namespace synward
