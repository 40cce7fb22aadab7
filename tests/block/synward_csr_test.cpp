// SPDX-License-Identifier: BSD-2-Clause
// Proves the register page: every word reads and writes as the reference's register block has it, with random delays on
// every AXI4-Lite channel; secrets are never readable; a new secret and its parity count from the same clock; new sizes
// and a new table key count from the clock in which the tables are cleared; status, events, tables and counters are
// asked as they should.
#include <Vsynward_csr.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <deque>
#include <type_traits>

#include "block/bench.hpp"
#include "block/rtl_records.hpp"
#include "reference/registers.hpp"

namespace synward::test {
namespace {

constexpr std::uint32_t kLastOffset = 0xffc;
constexpr sim::TableSizes kSizes{.log_buckets = PARAM_LOGBUCKETS, .log_flows = PARAM_LOGFLOWS};

/// What stands for the counter block, and for the events'.
std::uint32_t counter_word(unsigned word) { return 0x9e3779b9U * (word + 1); }
std::uint32_t event_word(unsigned word) { return 0x85ebca6bU * (word + 1); }
std::uint32_t event_lost(unsigned code) { return 0xc2b2ae35U * (code + 1); }
std::uint32_t mail_word(unsigned word) { return 0x27d4eb2fU * (word + 1); }

/// What the engine and the event ring tell.
struct Status {
  bool ready = true, paused = false;
  std::uint8_t backoff = 0;
  std::uint32_t pause_until = 0, syncache_count = 0, flow_count = 0, event_count = 0;
  bool list_busy = false, list_shown = false;
  std::array<std::uint32_t, reference::kListWords> listing{};
  std::uint32_t mail_waiting = 0, mail_length = 0;
  bool mail_busy = false, mail_refused = false;
  EngineFaultsRecord faults{};
};

Status random_status(Rng& rng, std::uint32_t time_ms) {
  Status status{.ready = rng.bit(),
                .paused = rng.bit(),
                .backoff = static_cast<std::uint8_t>(rng.below(7)),
                .pause_until = time_ms + static_cast<std::uint32_t>(rng.below(2'000'000)) - 1'000'000,
                .syncache_count = static_cast<std::uint32_t>(rng.below(131'073)),
                .flow_count = static_cast<std::uint32_t>(rng.below((16U << PARAM_LOGFLOWS) + 1)),
                .event_count = static_cast<std::uint32_t>(rng.below(513)),
                .list_busy = rng.bit(),
                .list_shown = rng.bit(),
                .mail_waiting = static_cast<std::uint32_t>(rng.below(65)),
                .mail_length = static_cast<std::uint32_t>(rng.below(257)),
                .mail_busy = rng.bit(),
                .mail_refused = rng.bit()};
  for (std::uint32_t& word : status.listing) word = rng.u32();
  status.listing.back() &= (1U << ListingRecord::kWidth % 32) - 1;
  return status;
}

/// Cookie secrets and which of them counts: what must never be seen half changed.
struct Cookies {
  Bytes key0, key1;
  bool parity = false;
  bool operator==(const Cookies&) const = default;
};

Bytes key_bytes(const Wide128& key) {
  VlWide<4> port;
  set_wide(port, 0, key);
  return get_bytes(port, 0, 16);
}
Bytes key_bytes(const SipKey& key) { return key_bytes(Wide128{key.k1, key.k0}); }

class Csr {
 public:
  explicit Csr(std::uint64_t seed) : rng(seed), block_(seed) {
    ask({});
    block_.reset();
    cookies_ = cookies();
    tables_ = tables();
  }

  void write(std::uint32_t offset, std::uint32_t value) {
    const std::size_t address_at = rng.below(4), data_at = rng.below(4);
    bool address_done = false, data_done = false;
    for (std::size_t t = 0;; ++t) {
      ASSERT_LT(t, kTimeout) << "no answer";
      AxilRequestRecord request{};
      request.awvalid = t >= address_at && !address_done;
      request.awaddr = static_cast<std::uint16_t>(request.awvalid ? offset : rng.u16() & kLastOffset);
      request.wvalid = t >= data_at && !data_done;
      request.wdata = request.wvalid ? value : rng.u32();
      request.bready = rng.percent(50);
      ask(request);
      block_.settle();
      const AxilResponseRecord response = answer();
      ASSERT_FALSE(response.bvalid && !(address_done && data_done)) << "answered before it was asked";
      const bool done = response.bvalid && request.bready;
      ASSERT_EQ(response.bresp, 0);
      address_done = address_done || (request.awvalid && response.awready);
      data_done = data_done || (request.wvalid && response.wready);
      clock();
      if (done) break;
    }
    ask({});
  }

  std::uint32_t read(std::uint32_t offset) {
    const std::size_t address_at = rng.below(4);
    bool asked = false;
    for (std::size_t t = 0; t < kTimeout; ++t) {
      AxilRequestRecord request{};
      request.arvalid = t >= address_at && !asked;
      request.araddr = static_cast<std::uint16_t>(request.arvalid ? offset : rng.u16() & kLastOffset);
      request.rready = rng.percent(50);
      ask(request);
      block_.settle();
      const AxilResponseRecord response = answer();
      const bool done = response.rvalid && request.rready;
      EXPECT_TRUE(asked || !response.rvalid) << "answered before it was asked";
      EXPECT_EQ(response.rresp, 0);
      asked = asked || (request.arvalid && response.arready);
      clock();
      if (done) {
        ask({});
        return response.rdata;
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

  void set(std::uint32_t time_ms, const Status& status) {
    block_->time_ms_i = time_ms;
    pack(EngineStateRecord{.ready = status.ready,
                           .paused = status.paused,
                           .backoff = status.backoff,
                           .pause_until = status.pause_until,
                           .count = status.syncache_count,
                           .flows = status.flow_count},
         block_->tables_i);
    pack(status.faults, block_->faults_i);
    block_->list_busy_i = status.list_busy;
    block_->list_shown_i = status.list_shown;
    std::ranges::copy(status.listing, block_->listing_i.data());
    events_.count = static_cast<std::uint16_t>(status.event_count);
    mail_.waiting = static_cast<std::uint8_t>(status.mail_waiting);
    mail_.length = static_cast<std::uint16_t>(status.mail_length);
    mail_.busy = status.mail_busy;
    mail_.refused = status.mail_refused;
    tell();
  }
  Vsynward_csr& outputs() { return *block_.operator->(); }
  SysctlsRecord sysctls() { return unpack<SysctlsRecord>(block_->sysctls_o); }
  SecretsRecord secrets() { return unpack<SecretsRecord>(block_->secrets_o); }
  TableSizesRecord sizes() { return unpack<TableSizesRecord>(block_->sizes_o); }
  Cookies cookies() {
    const SecretsRecord now = secrets();
    return {key_bytes(now.cookie_key0), key_bytes(now.cookie_key1), now.parity};
  }

  Rng rng;
  int snapshots = 0, service_writes = 0, cookie_changes = 0, table_clears = 0, table_changes = 0, pops = 0,
      pause_ends = 0, list_firsts = 0, list_nexts = 0, mail_pops = 0, mail_sends = 0, mail_writes = 0;
  std::uint32_t mail_length = 0, mail_at = 0, mail_data = 0;
  bool service_valid = false;
  std::size_t service_index = 0;
  reference::Service service;

 private:
  static constexpr std::size_t kTimeout = 200;

  /// The edge, after settle(); watches what lasts one clock.
  void clock() {
    const auto event = unpack<EventsAskRecord>(block_->events_o);
    const auto mail = unpack<MailAskRecord>(block_->mail_o);
    const auto written = unpack<ServiceWriteRecord>(block_->service_o);
    snapshots += block_->snapshot_o;
    pops += event.pop;
    pause_ends += block_->end_pause_o;
    list_firsts += block_->list_first_o;
    list_nexts += block_->list_next_o;
    table_clears += block_->table_clear_o;
    mail_pops += mail.pop;
    if (mail.send) {
      ++mail_sends;
      mail_length = mail.length;
    }
    if (mail.write) {
      ++mail_writes;
      mail_at = mail.at;
      mail_data = mail.data;
    }
    if (std::string now = tables(); now != tables_) {
      ++table_changes;
      EXPECT_TRUE(block_->table_clear_o) << "sizes or key changed without clearing the tables";
      tables_ = now;
    }
    if (written.write) {
      ++service_writes;
      service_index = written.index;
      service = {.valid = written.valid,
                 .address = written.addr,
                 .port = written.port,
                 .v4 = written.match4,
                 .v6 = written.match6,
                 .any = written.any,
                 .answer = written.service};
    }
    if (const Cookies now = cookies(); !(now == cookies_)) {
      ++cookie_changes;
      cookies_ = now;
    }
    // Words of other blocks come two clocks after their numbers, the mailbox's three.
    mail_asked_.push_back(mail.word);
    asked_.push_back({block_->counter_word_o, event.word, event.lost_code});
    block_.edge();
    if (asked_.size() == 2) {
      block_->counter_word_i = counter_word(asked_.front()[0]);
      events_.word = event_word(asked_.front()[1]);
      events_.lost = event_lost(asked_.front()[2]);
      asked_.pop_front();
    }
    if (mail_asked_.size() == 3) {
      mail_.word = mail_word(mail_asked_.front());
      mail_asked_.pop_front();
    }
    tell();
  }
  void ask(const AxilRequestRecord& request) { pack(request, block_->axil_i); }
  AxilResponseRecord answer() { return unpack<AxilResponseRecord>(block_->axil_o); }
  void tell() {
    pack(events_, block_->events_i);
    pack(mail_, block_->mail_i);
  }
  /// What may only change with the tables cleared.
  std::string tables() { return to_hex(key_bytes(secrets().table_key)) + ' ' + fields_text(sizes()); }

  Bench<Vsynward_csr> block_;
  Cookies cookies_;
  std::string tables_;
  EventsTellRecord events_{};
  MailTellRecord mail_{};
  std::deque<unsigned> mail_asked_;
  std::deque<std::array<unsigned, 3>> asked_;  ///< words of the counters, the event ring, its losses
};

bool in_array(std::uint32_t offset, std::uint32_t first, std::uint32_t words) {
  return offset >= first && offset < first + 4 * words;
}

/// Offsets that mean something more often than others, all of them sometimes.
std::uint32_t random_offset(Rng& rng) {
  const std::uint32_t page = rng.pick(std::array{0x000U, 0x020U, 0x040U, 0x060U, 0x080U, 0x0a0U, 0x0c8U, 0x100U, 0x128U,
                                                 0x140U, 0x180U, 0x3f0U, 0x400U, 0x7f8U, 0x8e8U, 0x9e8U});
  if (rng.percent(10)) return rng.u32() & kLastOffset;
  return page + 4 * static_cast<std::uint32_t>(rng.below(10));
}

std::uint32_t random_value(Rng& rng, std::uint32_t offset) {
  if (offset == reg::kMailControl && rng.percent(90))
    return (rng.u32() & ~0xffU) | static_cast<std::uint32_t>(rng.below(4));
  if (offset == reg::kTableControl || offset == reg::kListControl) return static_cast<std::uint32_t>(rng.below(4));
  if (offset == reg::kSysctlHashsize && rng.percent(80)) return 1U << rng.below(15);
  if (offset == reg::kSecretCommit && rng.percent(90)) return static_cast<std::uint32_t>(rng.below(8));
  if (offset == reg::kServiceCommit && rng.percent(90))
    return static_cast<std::uint32_t>(rng.below(40) | rng.below(2) << 8);
  return rng.percent(30) ? static_cast<std::uint32_t>(rng.below(4)) : rng.u32();
}

/// One write, or four: a key whose words come one by one in random order would hardly ever be whole.
std::vector<std::uint32_t> offsets_of_step(Rng& rng, std::uint32_t offset) {
  if (!in_array(offset, reg::kSecretData, 4) || rng.percent(30)) return {offset};
  return {reg::kSecretData + 4, reg::kSecretData + 12, reg::kSecretData, reg::kSecretData + 8};
}

std::uint32_t expected_read(const reference::RegisterBlock& model, std::uint32_t offset, std::uint32_t time_ms,
                            const Status& status) {
  if (in_array(offset, reg::kCounter, 256)) return counter_word((offset - reg::kCounter) / 4);
  if (in_array(offset, reg::kEventData, 14)) return event_word((offset - reg::kEventData) / 4);
  if (in_array(offset, reg::kListData, reference::kListWords)) return status.listing[(offset - reg::kListData) / 4];
  if (in_array(offset, reg::kEventLost, 32)) return event_lost((offset - reg::kEventLost) / 4);
  if (in_array(offset, reg::kMailData, 64)) return mail_word((offset - reg::kMailData) / 4);
  switch (offset) {
    case reg::kMailStatus:
      return status.mail_waiting | status.mail_length << 8 | std::uint32_t{status.mail_busy} << 24 |
             std::uint32_t{status.mail_refused} << 25;
    case reg::kEngineStatus:
      return std::uint32_t{status.faults.streams} | std::uint32_t{status.faults.down} << 1 |
             std::uint32_t{status.faults.cause} << 2 | std::uint32_t{status.faults.resets} << 16;
    case reg::kTableStatus:
      return std::uint32_t{status.ready} | std::uint32_t{status.paused} << 1 | std::uint32_t{status.backoff} << 2 |
             model.read(offset, time_ms) >> 8 << 8;
    case reg::kPauseLeft:
      return status.paused && status.pause_until - time_ms < 1U << 31 ? status.pause_until - time_ms : 0;
    case reg::kSyncacheCount:
      return status.syncache_count;
    case reg::kFlowCount:
      return status.flow_count;
    case reg::kEventCount:
      return status.event_count;
    case reg::kListStatus:
      return std::uint32_t{status.list_busy} | std::uint32_t{status.list_shown} << 1;
    default:
      return model.read(offset, time_ms);
  }
}

void check_settings(const SysctlsRecord& out, const reference::RegisterBlock& model) {
  const reference::Settings& settings = model.settings();
  const EngineConfig& config = model.engine_config();
  EXPECT_EQ(out.rfc1323, settings.rfc1323);
  EXPECT_EQ(out.sack_enable, settings.sack_enable);
  EXPECT_EQ(out.drop_synfin, settings.drop_synfin);
  EXPECT_EQ(out.ecn_enable != 0, settings.ecn_enable);
  EXPECT_EQ(out.fragments_drop, settings.fragments_drop);
  EXPECT_EQ(out.unclassified_drop, settings.unclassified_drop);
  EXPECT_EQ(out.ts_offset_per_conn, config.ts_offset_per_conn);
  EXPECT_EQ(out.unknown_ack, config.unknown_ack);
  EXPECT_EQ(out.syncookies, config.syncookies);
  EXPECT_EQ(out.syncookies_only, config.syncookies_only);
  EXPECT_EQ(out.rexmtlimit, config.rexmtlimit);
  EXPECT_EQ(out.rexmit_initial, config.rexmit.initial);
  EXPECT_EQ(out.rexmit_min, config.rexmit.min);
  EXPECT_EQ(out.rexmit_slop, config.rexmit.slop);
  EXPECT_EQ(out.rexmit_max, config.rexmit.max);
  EXPECT_EQ(out.ecn_maxretries, config.ecn_maxretries);
  EXPECT_EQ(out.tolerate_missing_ts, config.tolerate_missing_ts);
  EXPECT_EQ(out.insecure_rst, config.insecure_rst);
  EXPECT_EQ(out.ack_war_cnt, config.ack_war_cnt);
  EXPECT_EQ(out.ack_war_timewindow, config.ack_war_timewindow);
  EXPECT_EQ(out.blackhole, config.blackhole);
  EXPECT_EQ(out.icmplim, config.icmplim);
  EXPECT_EQ(out.flow_idle, config.flow_idle);
  EXPECT_EQ(out.flow_learn, config.flow_learn);
  EXPECT_EQ(out.rst_on_sock_fail, config.rst_on_sock_fail);
  EXPECT_EQ(out.cookie_gate_always, config.cookie_gate_always);
  EXPECT_EQ(out.signed_drop, settings.signed_drop);
  EXPECT_EQ(out.event_limit, model.read(reg::kSysctlEventLimit, 0));
}

void check_outputs(Csr& csr, const reference::RegisterBlock& model) {
  check_settings(csr.sysctls(), model);
  const SecretsRecord secrets = csr.secrets();
  const TableSizesRecord sizes = csr.sizes();
  const EngineConfig& config = model.engine_config();
  EXPECT_EQ(secrets.loaded, model.settings().secrets_loaded);
  EXPECT_EQ(to_hex(key_bytes(secrets.ts_key)), to_hex(key_bytes(config.keys.ts_secret)));
  EXPECT_EQ(to_hex(key_bytes(secrets.mark_key)), to_hex(key_bytes(config.keys.mark_key)));
  EXPECT_EQ(to_hex(key_bytes(secrets.table_key)), to_hex(key_bytes(config.keys.table_key)));
  const std::vector<SipKey> control = model.control_keys();
  EXPECT_EQ(secrets.control_keys, (1U << control.size()) - 1);
  if (!control.empty()) {
    EXPECT_EQ(to_hex(key_bytes(secrets.control_key0)), to_hex(key_bytes(control[0])));
  }
  if (control.size() == 2) {
    EXPECT_EQ(to_hex(key_bytes(secrets.control_key1)), to_hex(key_bytes(control[1])));
  }
  EXPECT_EQ(csr.outputs().agents_o, model.read(reg::kHandoffAgents, 0));
  const Cookies expected = {key_bytes(config.keys.cookie[0]), key_bytes(config.keys.cookie[1]), config.keys.parity};
  EXPECT_TRUE(csr.cookies() == expected) << "cookie secrets or parity";
  // A size that is no power of two is refused by software; the next lower one is taken.
  const std::uint32_t hashsize = std::bit_floor(config.hashsize);
  EXPECT_EQ(sizes.hash_mask, hashsize - 1);
  EXPECT_EQ(1U << sizes.log_hashsize, hashsize);
  EXPECT_EQ(sizes.bucketlimit, config.bucketlimit);
  EXPECT_EQ(sizes.cachelimit, config.cachelimit);
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
  reference::Engine engine(kSizes);
  const reference::RegisterBlock model(engine);
  const Status status;
  csr.set(12345, status);
  for (std::uint32_t offset = 0; offset <= kLastOffset; offset += 4) {
    EXPECT_EQ(csr.read(offset), expected_read(model, offset, 12345, status)) << "offset " << offset;
  }
  csr.settle();
  check_outputs(csr, model);
}

TEST(Csr, random_writes_and_reads_are_as_the_reference_has_them) {
  Csr csr(test_seed());
  Rng& rng = csr.rng;
  reference::Engine engine(kSizes);
  reference::RegisterBlock model(engine);
  for (int step = 0; step < 40'000; ++step) {
    const std::uint32_t offset = random_offset(rng), value = random_value(rng, offset), time_ms = rng.u32();
    SCOPED_TRACE("step " + std::to_string(step) + ", offset " + std::to_string(offset) + ", value " +
                 std::to_string(value));
    const Status status = random_status(rng, time_ms);
    csr.set(time_ms, status);
    if (rng.bit()) {
      ASSERT_EQ(csr.read(offset), expected_read(model, offset, time_ms, status));
      continue;
    }
    // Half of the writes come right behind another, whose effect would be in the way of a look at theirs.
    const bool look = rng.bit();
    if (look) csr.settle();
    csr.snapshots = csr.service_writes = csr.cookie_changes = 0;
    csr.table_clears = csr.table_changes = csr.pops = csr.pause_ends = csr.list_firsts = csr.list_nexts = 0;
    csr.mail_pops = csr.mail_sends = csr.mail_writes = 0;
    for (const std::uint32_t at : offsets_of_step(rng, offset)) {
      model.write(at, value);
      csr.write(at, value);
    }
    if (!look) continue;
    csr.settle();
    check_outputs(csr, model);
    EXPECT_EQ(csr.snapshots, offset == reg::kSnapshot ? 1 : 0);
    EXPECT_LE(csr.cookie_changes, 1) << "a secret and its parity changed in different clocks";
    EXPECT_EQ(csr.pops, offset == reg::kEventPop ? 1 : 0);
    EXPECT_EQ(csr.pause_ends, offset == reg::kTableControl && value == 2 ? 1 : 0);
    EXPECT_EQ(csr.list_firsts, offset == reg::kListControl && value == 1 ? 1 : 0);
    EXPECT_EQ(csr.list_nexts, offset == reg::kListControl && value == 2 ? 1 : 0);
    EXPECT_EQ(csr.mail_pops, offset == reg::kMailControl && (value & 0xff) == 1 ? 1 : 0);
    const bool mails = offset == reg::kMailControl && (value & 0xff) == 2;
    EXPECT_EQ(csr.mail_sends, mails ? 1 : 0);
    if (mails) {
      EXPECT_EQ(csr.mail_length, value >> 16 & 0x1ff);
    }
    const bool mail_out = in_array(offset, reg::kMailOut, 64);
    EXPECT_EQ(csr.mail_writes, mail_out ? 1 : 0);
    if (mail_out) {
      EXPECT_EQ(csr.mail_at, (offset - reg::kMailOut) / 4);
      EXPECT_EQ(csr.mail_data, value);
    }
    const bool clears =
        (offset == reg::kTableControl && value == 1) ||
        (offset == reg::kSecretCommit && value == static_cast<std::uint32_t>(reg::SecretCommit::table_key) &&
         model.read(reg::kSecretStatus, time_ms) >> 31 == 0);
    EXPECT_EQ(csr.table_clears, clears ? 1 : 0);
    EXPECT_LE(csr.table_changes, 1);
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
