// SPDX-License-Identifier: BSD-2-Clause
#include "password.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "synward/secret_file.hpp"
#include "synward/secret_memory.hpp"

namespace synward {

namespace {

constexpr std::string_view kScheme = "Basic ";
constexpr std::size_t kEncoded = (Password::kMost + 2) / 3 * 4 + 1;  ///< base64, and what ends it

}  // namespace

/// The expected text behind the scheme; the rest is zeros, and is compared with it.
struct Password::Memory {
  struct Bytes {
    std::array<unsigned char, kMost + 2> plain;
    std::array<unsigned char, kEncoded> encoded;
  };
  SecretMemory<Bytes> bytes;
};

Password::Password(std::unique_ptr<Memory> memory) : memory_(std::move(memory)) {}
Password::Password(Password&&) noexcept = default;
Password& Password::operator=(Password&&) noexcept = default;
Password::~Password() = default;

Expected<Password> Password::read(const std::string& path) {
  const auto file = open_secret_file(path);
  if (!file) {
    return file.error();
  }
  Password password(std::make_unique<Memory>());
  auto& bytes = *password.memory_->bytes;
  const auto got = ::read(file->get(), bytes.plain.data(), bytes.plain.size());
  if (got < 0) {
    return Error{fmt::format("{}: {}", path, std::strerror(errno))};
  }
  auto size = static_cast<std::size_t>(got);
  size -= size > 0 && bytes.plain[size - 1] == '\n' ? 1 : 0;
  const auto* begin = bytes.plain.data();
  const bool right = size <= kMost && size > 2 && std::memchr(begin, '\n', size) == nullptr &&
                     std::memchr(begin + 1, ':', size - 2) != nullptr;
  if (right) {
    EVP_EncodeBlock(bytes.encoded.data(), begin, static_cast<int>(size));
  }
  OPENSSL_cleanse(bytes.plain.data(), bytes.plain.size());
  if (!right) {
    return Error{fmt::format("{}: must be one line USER:PASSWORD of at most {} bytes", path, kMost)};
  }
  return password;
}

bool Password::opens(std::string_view authorization) const {
  if (!authorization.starts_with(kScheme)) {
    return false;
  }
  authorization.remove_prefix(kScheme.size());
  std::array<unsigned char, kEncoded> said{};
  const bool fits = authorization.size() < said.size();
  std::memcpy(said.data(), authorization.data(), fits ? authorization.size() : 0);
  const bool same = CRYPTO_memcmp(said.data(), memory_->bytes->encoded.data(), said.size()) == 0;
  OPENSSL_cleanse(said.data(), said.size());
  return fits && same;
}

}  // namespace synward
