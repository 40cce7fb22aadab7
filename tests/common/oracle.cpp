// SPDX-License-Identifier: BSD-2-Clause
#include "common/oracle.hpp"

#include <openssl/evp.h>
#include <openssl/params.h>

#include <cstdlib>
#include <memory>

namespace synward::test {

namespace {

struct FreeMac {
  void operator()(EVP_MAC* mac) const { EVP_MAC_free(mac); }
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};

std::uint32_t fold(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash) ^ static_cast<std::uint32_t>(hash >> 32);
}

}  // namespace

std::uint64_t openssl_siphash(const Key& key, ByteView message, unsigned compress, unsigned finish) {
  static const std::unique_ptr<EVP_MAC, FreeMac> mac(EVP_MAC_fetch(nullptr, "SIPHASH", nullptr));
  thread_local const std::unique_ptr<EVP_MAC_CTX, FreeMac> context(EVP_MAC_CTX_new(mac.get()));
  std::size_t size = 8;
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_size_t("size", &size),
                               OSSL_PARAM_construct_uint("c-rounds", &compress),
                               OSSL_PARAM_construct_uint("d-rounds", &finish), OSSL_PARAM_construct_end()};
  std::array<std::uint8_t, 8> out{};
  std::size_t got = 0;
  if (EVP_MAC_init(context.get(), key.data(), key.size(), params) != 1 ||
      EVP_MAC_update(context.get(), message.data(), message.size()) != 1 ||
      EVP_MAC_final(context.get(), out.data(), &got, out.size()) != 1 || got != out.size()) {
    std::abort();
  }
  std::uint64_t hash = 0;
  for (std::size_t i = out.size(); i-- > 0;) hash = hash << 8 | out[i];
  return hash;
}

std::uint8_t oracle_cookie_byte(unsigned mss, int shift, bool sack, bool parity) {
  constexpr unsigned kMss[] = {216, 536, 1200, 1360, 1400, 1440, 1452, 1460};
  constexpr int kScale[] = {-1, 0, 1, 2, 4, 6, 7, 8};
  unsigned m = 7;
  while (m > 0 && kMss[m] > mss) --m;
  unsigned w = 7;
  while (w > 0 && kScale[w] > shift) --w;
  return static_cast<std::uint8_t>(m * 32 + w * 4 + (sack ? 2 : 0) + (parity ? 1 : 0));
}

std::uint32_t oracle_cookie_mac(const Key& key, const Tuple& tuple, std::uint32_t irs, std::uint8_t byte) {
  Bytes message;
  append(message, tuple.client.view());
  append(message, tuple.server.view());
  put16(message, tuple.client_port);
  put16(message, tuple.server_port);
  put32(message, __builtin_bswap32(irs));
  message.push_back(byte);
  message.resize(message.size() + 8);
  return fold(openssl_siphash(key, message));
}

std::uint32_t oracle_iss(const Key& key, const Tuple& tuple, std::uint32_t irs, std::uint8_t byte) {
  const std::uint32_t mac = oracle_cookie_mac(key, tuple, irs, byte);
  return mac / 256 * 256 + (byte ^ (mac >> 24));
}

std::uint32_t oracle_tsoff(const Key& key, const Tuple& tuple, bool per_conn) {
  Bytes message;
  put16(message, per_conn ? tuple.client_port : 0u);
  put16(message, per_conn ? tuple.server_port : 0u);
  append(message, tuple.client.view());
  append(message, tuple.server.view());
  return fold(openssl_siphash(key, message));
}

std::uint64_t oracle_table_hash(const Key& key, const Tuple& tuple) {
  Bytes message;
  put16(message, tuple.client_port);
  put16(message, tuple.server_port);
  append(message, tuple.client.view());
  append(message, tuple.server.view());
  return openssl_siphash(key, message, 1, 3);
}

namespace {

Bytes mark_message(const Tuple& tuple, std::uint32_t seq, std::uint32_t ack, std::uint8_t flags, std::uint8_t wscale,
                   std::uint16_t mss) {
  Bytes message;
  append(message, tuple.client.view());
  append(message, tuple.server.view());
  put16(message, tuple.client_port);
  put16(message, tuple.server_port);
  put32(message, seq);
  put32(message, ack);
  message.push_back(flags);
  message.push_back(wscale);
  put16(message, mss);
  return message;
}

}  // namespace

std::uint32_t oracle_mark_mac(const Key& key, const Tuple& tuple, std::uint32_t seq, std::uint32_t ack,
                              std::uint8_t flags, std::uint8_t wscale, std::uint16_t mss) {
  return fold(openssl_siphash(key, mark_message(tuple, seq, ack, flags, wscale, mss)));
}

std::uint32_t oracle_status_tag(const Key& key, const Tuple& tuple, std::uint32_t seq, std::uint32_t ack,
                                std::uint8_t flags, std::uint8_t wscale, std::uint16_t mss, std::uint8_t status) {
  Bytes message = mark_message(tuple, seq, ack, flags, wscale, mss);
  message.push_back(status);
  return fold(openssl_siphash(key, message));
}

}  // namespace synward::test
