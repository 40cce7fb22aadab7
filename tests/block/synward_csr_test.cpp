// SPDX-License-Identifier: BSD-2-Clause
// Proves the register page: every word reads and writes as the reference's register block has it, with random delays on
// every AXI4-Lite channel; secrets are never readable; a new secret and its parity count from the same clock; tables
// and counters are asked as they should.
#include <Vsynward_csr.h>
#include <gtest/gtest.h>

#include <deque>

#include "block/bench.hpp"
#include "reference/registers.hpp"

namespace synward::test {
namespace {

constexpr std::uint32_t kLastOffset = 0xffc;

/// What stands for the counter block.
std::uint32_t counter_word(unsigned word) { return 0x9e3779b9U * (word + 1); }

/// Cookie secrets and which of them counts: what must never be seen half changed.
struct Cookies {
  Bytes key0, key1;
  bool parity = false;
  bool operator==(const Cookies&) const = default;
};

Bytes key_bytes(const SipKey& key) {
  VlWide<4> port;
  set_wide(port, 0, {key.k1, key.k0});
  return get_bytes(port, 0, 16);
}

class Csr {
 public:
  explicit Csr(std::uint64_t seed) : rng(seed), block_(seed) {
    block_->awvalid_i = block_->wvalid_i = block_->bready_i = 0;
    block_->arvalid_i = block_->rready_i = 0;
    block_.reset();
    cookies_ = cookies();
  }

  void write(std::uint32_t offset, std::uint32_t value) {
    const std::size_t address_at = rng.below(4), data_at = rng.below(4);
    bool address_done = false, data_done = false;
    for (std::size_t t = 0;; ++t) {
      ASSERT_LT(t, kTimeout) << "no answer";
      block_->awvalid_i = t >= address_at && !address_done;
      block_->awaddr_i = static_cast<std::uint16_t>(block_->awvalid_i != 0 ? offset : rng.u16() & kLastOffset);
      block_->wvalid_i = t >= data_at && !data_done;
      block_->wdata_i = block_->wvalid_i != 0 ? value : rng.u32();
      block_->bready_i = rng.percent(50);
      block_.settle();
      ASSERT_FALSE(block_->bvalid_o != 0 && !(address_done && data_done)) << "answered before it was asked";
      const bool done = block_->bvalid_o != 0 && block_->bready_i != 0;
      ASSERT_EQ(block_->bresp_o, 0);
      address_done = address_done || (block_->awvalid_i != 0 && block_->awready_o != 0);
      data_done = data_done || (block_->wvalid_i != 0 && block_->wready_o != 0);
      clock();
      if (done) break;
    }
    block_->awvalid_i = block_->wvalid_i = block_->bready_i = 0;
  }

  std::uint32_t read(std::uint32_t offset) {
    const std::size_t address_at = rng.below(4);
    bool asked = false;
    for (std::size_t t = 0; t < kTimeout; ++t) {
      block_->arvalid_i = t >= address_at && !asked;
      block_->araddr_i = static_cast<std::uint16_t>(block_->arvalid_i != 0 ? offset : rng.u16() & kLastOffset);
      block_->rready_i = rng.percent(50);
      block_.settle();
      const bool done = block_->rvalid_o != 0 && block_->rready_i != 0;
      const std::uint32_t value = block_->rdata_o;
      EXPECT_TRUE(asked || block_->rvalid_o == 0) << "answered before it was asked";
      EXPECT_EQ(block_->rresp_o, 0);
      asked = asked || (block_->arvalid_i != 0 && block_->arready_o != 0);
      clock();
      if (done) {
        block_->arvalid_i = block_->rready_i = 0;
        return value;
      }
    }
    ADD_FAILURE() << "no answer";
    return 0;
  }

  /// Until every write has had its effect.
  void settle() {
    for (int i = 0; i < 4; ++i) {
      block_.settle();
      clock();
    }
    block_.settle();
  }

  void set_time(std::uint32_t ms) { block_->time_ms_i = ms; }
  Vsynward_csr& outputs() { return *block_.operator->(); }
  Cookies cookies() {
    return {get_bytes(block_->cookie_key0_o, 0, 16), get_bytes(block_->cookie_key1_o, 0, 16), block_->parity_o != 0};
  }

  Rng rng;
  int snapshots = 0, service_writes = 0, cookie_changes = 0;
  bool service_valid = false;
  std::size_t service_index = 0;
  reference::Service service;

 private:
  static constexpr std::size_t kTimeout = 200;

  /// The edge, after settle(); watches what lasts one clock.
  void clock() {
    snapshots += block_->snapshot_o;
    if (block_->svc_write_o != 0) {
      ++service_writes;
      service_index = block_->svc_index_o;
      service = {.valid = block_->svc_valid_o != 0,
                 .address = {get_bits(block_->svc_addr_o, 64, 64), get_bits(block_->svc_addr_o, 0, 64)},
                 .port = block_->svc_port_o,
                 .v4 = block_->svc_match4_o != 0,
                 .v6 = block_->svc_match6_o != 0,
                 .any = block_->svc_any_o != 0,
                 .answer = unpack<ServiceRecord>(block_->svc_service_o)};
    }
    if (const Cookies now = cookies(); !(now == cookies_)) {
      ++cookie_changes;
      cookies_ = now;
    }
    // A counter's word comes two clocks after its number.
    words_.push_back(block_->counter_word_o);
    block_.edge();
    if (words_.size() == 2) {
      block_->counter_word_i = counter_word(words_.front());
      words_.pop_front();
    }
  }

  Bench<Vsynward_csr> block_;
  Cookies cookies_;
  std::deque<unsigned> words_;
};

/// Offsets that mean something more often than others, all of them sometimes.
std::uint32_t random_offset(Rng& rng) {
  const std::uint32_t page = rng.pick(std::array{0x000U, 0x020U, 0x080U, 0x100U, 0x3f0U, 0x400U});
  if (rng.percent(10)) return rng.u32() & kLastOffset;
  return page + 4 * static_cast<std::uint32_t>(rng.below(10));
}

std::uint32_t random_value(Rng& rng, std::uint32_t offset) {
  if (offset == reg::kSecretCommit && rng.percent(90)) return static_cast<std::uint32_t>(rng.below(8));
  if (offset == reg::kServiceCommit && rng.percent(90))
    return static_cast<std::uint32_t>(rng.below(40) | rng.below(2) << 8);
  return rng.percent(30) ? static_cast<std::uint32_t>(rng.below(4)) : rng.u32();
}

std::uint32_t expected_read(const reference::RegisterBlock& model, std::uint32_t offset, std::uint32_t time_ms) {
  if (offset >= reg::kCounter && offset < reg::kCounter + 0x400) return counter_word((offset - reg::kCounter) / 4);
  return model.read(offset, time_ms);
}

void check_outputs(Csr& csr, const reference::RegisterBlock& model) {
  const Vsynward_csr& out = csr.outputs();
  const reference::Settings& settings = model.settings();
  EXPECT_EQ(out.rfc1323_o, settings.rfc1323);
  EXPECT_EQ(out.sack_enable_o, settings.sack_enable);
  EXPECT_EQ(out.drop_synfin_o, settings.drop_synfin);
  EXPECT_EQ(out.ts_offset_per_conn_o, settings.ts_offset_per_conn);
  EXPECT_EQ(out.unknown_ack_drop_o, settings.unknown_ack_drop);
  EXPECT_EQ(out.fragments_drop_o, settings.fragments_drop);
  EXPECT_EQ(out.unclassified_drop_o, settings.unclassified_drop);
  EXPECT_EQ(out.secrets_loaded_o, settings.secrets_loaded);
  EXPECT_EQ(to_hex(get_bytes(out.ts_key_o, 0, 16)), to_hex(key_bytes(model.keys().ts_secret)));
  EXPECT_EQ(to_hex(get_bytes(out.mark_key_o, 0, 16)), to_hex(key_bytes(model.keys().mark_key)));
  const Cookies expected = {key_bytes(model.keys().cookie[0]), key_bytes(model.keys().cookie[1]), model.keys().parity};
  EXPECT_TRUE(csr.cookies() == expected) << "cookie secrets or parity";
}

void check_service(const Csr& csr, const reference::RegisterBlock& model, std::size_t entry) {
  const reference::Service& expected = model.settings().services[entry];
  EXPECT_EQ(csr.service_index, entry);
  EXPECT_EQ(csr.service.valid, expected.valid);
  if (!expected.valid) return;
  EXPECT_EQ(csr.service.address.hi, expected.address.hi);
  EXPECT_EQ(csr.service.address.lo, expected.address.lo);
  EXPECT_EQ(csr.service.port, expected.port);
  EXPECT_EQ(csr.service.v4, expected.v4);
  EXPECT_EQ(csr.service.v6, expected.v6);
  EXPECT_EQ(csr.service.any, expected.any);
  EXPECT_EQ(fields_text(csr.service.answer), fields_text(expected.answer));
}

TEST(Csr, after_a_reset_every_word_has_its_default) {
  Csr csr(test_seed());
  const reference::RegisterBlock model;
  csr.set_time(12345);
  for (std::uint32_t offset = 0; offset <= kLastOffset; offset += 4) {
    EXPECT_EQ(csr.read(offset), expected_read(model, offset, 12345)) << "offset " << offset;
  }
  csr.settle();
  check_outputs(csr, model);
}

TEST(Csr, random_writes_and_reads_are_as_the_reference_has_them) {
  Csr csr(test_seed());
  Rng& rng = csr.rng;
  reference::RegisterBlock model;
  for (int step = 0; step < 40'000; ++step) {
    const std::uint32_t offset = random_offset(rng), value = random_value(rng, offset), time_ms = rng.u32();
    SCOPED_TRACE("step " + std::to_string(step) + ", offset " + std::to_string(offset) + ", value " +
                 std::to_string(value));
    csr.set_time(time_ms);
    if (rng.bit()) {
      ASSERT_EQ(csr.read(offset), expected_read(model, offset, time_ms));
      continue;
    }
    // Half of the writes come right behind another, whose effect would be in the way of a look at theirs.
    const bool look = rng.bit();
    if (look) csr.settle();
    csr.snapshots = csr.service_writes = csr.cookie_changes = 0;
    model.write(offset, value);
    csr.write(offset, value);
    if (!look) continue;
    csr.settle();
    check_outputs(csr, model);
    EXPECT_EQ(csr.snapshots, offset == reg::kSnapshot ? 1 : 0);
    EXPECT_LE(csr.cookie_changes, 1) << "a secret and its parity changed in different clocks";
    const bool to_table = offset == reg::kServiceCommit && (value & 0xff) < reference::kServices;
    EXPECT_EQ(csr.service_writes, to_table ? 1 : 0);
    if (to_table) check_service(csr, model, value & 0xff);
    if (HasFailure()) return;
  }
}

TEST(Csr, a_rotation_changes_secret_and_parity_in_one_clock) {
  Csr csr(test_seed());
  for (int rotation = 0; rotation < 300; ++rotation) {
    for (std::uint32_t word = 0; word < 4; ++word) csr.write(reg::kSecretData + 4 * word, csr.rng.u32());
    csr.settle();
    const bool parity = csr.cookies().parity;
    csr.cookie_changes = 0;
    csr.write(reg::kSecretCommit, static_cast<std::uint32_t>(reg::SecretCommit::cookie_rotate));
    csr.settle();
    ASSERT_EQ(csr.cookie_changes, 1);
    ASSERT_NE(csr.cookies().parity, parity);
  }
}

}  // namespace
}  // namespace synward::test
