// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/mark.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <stdexcept>

namespace synward::sim {

struct MarkVerifier::Context {
  std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> mac{EVP_MAC_fetch(nullptr, "SIPHASH", nullptr), EVP_MAC_free};
  std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)> state{EVP_MAC_CTX_new(mac.get()), EVP_MAC_CTX_free};
};

Mark read_mark(Bytes mark) { return {(mark[4] & 2) != 0, load16(&mark[6])}; }

MarkVerifier::MarkVerifier(const Key& key) : context_(std::make_unique<Context>()), key_(key) {
  if (!context_->state) {
    throw std::runtime_error("OpenSSL has no SipHash");
  }
}

MarkVerifier::~MarkVerifier() = default;

bool MarkVerifier::right(const TcpView& segment, Bytes mark) {
  std::size_t size = 8;
  const std::array<OSSL_PARAM, 2> parameters{OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size),
                                             OSSL_PARAM_construct_end()};
  auto* state = context_->state.get();
  bool done = EVP_MAC_init(state, key_.bytes().data(), Key::kSize, parameters.data()) == 1;
  // Ports, SEQ and ACK stand in the TCP header in the MAC's order; flags, scales and MSS in the mark.
  for (const Bytes part :
       {segment.flow.source.wire(), segment.flow.destination.wire(), segment.segment.first(12), mark.subspan(4, 4)}) {
    done = done && EVP_MAC_update(state, part.data(), part.size()) == 1;
  }
  std::array<std::uint8_t, 8> hash{};
  done = done && EVP_MAC_final(state, hash.data(), &size, hash.size()) == 1;
  // The hash is a little-endian number; its halves are folded.
  std::uint32_t folded = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    folded |= static_cast<std::uint32_t>(hash[i] ^ hash[i + 4]) << (8 * i);
  }
  return done && folded == load32(&mark[8]);
}

}  // namespace synward::sim
