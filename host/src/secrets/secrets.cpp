// SPDX-License-Identifier: BSD-2-Clause
#include "synward/secrets.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <algorithm>
#include <memory>
#include <new>
#include <string>
#include <utility>

namespace synward {

namespace {

enum class Heap : std::uint8_t { none, in_use, locked };

/// OpenSSL's secure heap, made when it is first needed.
Heap secure_heap() {
  constexpr std::size_t kSize = 1 << 18, kLeastPart = 16;
  static const Heap heap = [] {
#if defined(__SANITIZE_ADDRESS__)
    // The search for leaks does not look into that heap, in which OpenSSL puts its generators too.
    return Heap::in_use;
#endif
    // 2: there is one, but the system does not lock it.
    const int made = CRYPTO_secure_malloc_initialized() != 0 ? 1 : CRYPTO_secure_malloc_init(kSize, kLeastPart);
    return made == 0 ? Heap::none : made == 1 ? Heap::locked : Heap::in_use;
  }();
  return heap;
}

}  // namespace

SecretBytes::SecretBytes(std::size_t size) : bytes_(nullptr), size_(size) {
  if (secure_heap() != Heap::none) {
    bytes_ = static_cast<std::uint8_t*>(OPENSSL_secure_zalloc(size));
  }
  if (bytes_ == nullptr) {
    throw std::bad_alloc();
  }
}

SecretBytes::~SecretBytes() { OPENSSL_secure_clear_free(bytes_, size_); }

bool SecretBytes::locked() { return secure_heap() == Heap::locked; }

Key::Key(Key&& other) noexcept : Key() { *this = std::move(other); }

Key& Key::operator=(Key&& other) noexcept {
  if (this != &other) {
    std::ranges::copy(other.bytes(), bytes().begin());
    OPENSSL_cleanse(other.bytes_.data(), kSize);
  }
  return *this;
}

Expected<void> random_key(Key& out) {
  if (RAND_priv_bytes(out.bytes().data(), Key::kSize) != 1) {
    return Error{"no random numbers to be had for the secrets"};
  }
  return {};
}

Expected<SecretSet> random_secrets() {
  SecretSet set;
  for (Key* key : {&set.key0, &set.key1, &set.ts_secret, &set.mark_key, &set.table_key}) {
    if (auto drawn = random_key(*key); !drawn) {
      return drawn.error();
    }
  }
  return set;
}

Expected<void> derive_key(std::span<const std::uint8_t> input, std::string_view info, Key& out) {
  const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr), EVP_KDF_free);
  const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(EVP_KDF_CTX_new(kdf.get()), EVP_KDF_CTX_free);
  std::string digest = "SHA256";
  // OSSL_PARAM is not const-correct; HKDF only reads these.
  auto* input_bytes = const_cast<std::uint8_t*>(input.data());
  auto* info_bytes = const_cast<char*>(info.data());
  const std::array<OSSL_PARAM, 4> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), digest.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, input_bytes, input.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info_bytes, info.size()), OSSL_PARAM_construct_end()};
  if (!context || EVP_KDF_derive(context.get(), out.bytes().data(), Key::kSize, parameters.data()) != 1) {
    return Error{"OpenSSL cannot compute HKDF-SHA256"};
  }
  return {};
}

Expected<void> derive_from_cookie_keys(const SecretSet& set, std::string_view name, Key& out) {
  const SecretBytes both(2 * Key::kSize);
  std::ranges::copy(set.key0.bytes(), both.data());
  std::ranges::copy(set.key1.bytes(), both.data() + Key::kSize);
  return derive_key({both.data(), both.size()}, "synward " + std::string(name), out);
}

}  // namespace synward
