// SPDX-License-Identifier: BSD-2-Clause
#include "synward/secrets.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <algorithm>
#include <memory>
#include <string>

namespace synward {

Key::Key(Key&& other) noexcept : bytes_(other.bytes_) { OPENSSL_cleanse(other.bytes_.data(), kSize); }

Key& Key::operator=(Key&& other) noexcept {
  if (this != &other) {
    bytes_ = other.bytes_;
    OPENSSL_cleanse(other.bytes_.data(), kSize);
  }
  return *this;
}

Key::~Key() { OPENSSL_cleanse(bytes_.data(), kSize); }

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
  std::array<std::uint8_t, 2 * Key::kSize> both{};
  std::ranges::copy(set.key0.bytes(), both.begin());
  std::ranges::copy(set.key1.bytes(), both.begin() + Key::kSize);
  auto done = derive_key(both, "synward " + std::string(name), out);
  OPENSSL_cleanse(both.data(), both.size());
  return done;
}

}  // namespace synward
