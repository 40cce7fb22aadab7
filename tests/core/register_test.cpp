// SPDX-License-Identifier: BSD-2-Clause
#include <gtest/gtest.h>

#include "common/card_under_test.hpp"
#include "common/contract.hpp"

namespace synward::test {
namespace {

using reg::Counter;
using reg::SecretCommit;

std::uint32_t word(SecretCommit commit) { return static_cast<std::uint32_t>(commit); }

class Registers : public testing::Test {
 protected:
  std::uint32_t read(std::uint32_t offset) { return under_test_.card().read32(offset); }
  void write(std::uint32_t offset, std::uint32_t value) { under_test_.card().write32(offset, value); }
  sim::Card& card() { return under_test_.card(); }

  /// Sends one frame; what became of it.
  Outcome fate(const FrameSpec& spec) {
    const std::vector<Sent> sent = under_test_.exchange(build(spec).bytes);
    if (sent.empty()) return Outcome::drop;
    if (sent.size() == 2) return Outcome::mark;
    return sent[0].port == sim::OutPort::line_tx ? Outcome::answer : Outcome::pass;
  }
  /// SEQ of the answer to a SYN.
  std::uint32_t iss(const FrameSpec& syn) {
    const std::vector<Sent> sent = under_test_.exchange(build(syn).bytes);
    if (sent.size() != 1) return 0;
    const ByteView seq = ByteView(sent[0].bytes).subspan(14 + 20 + 4, 4);
    return std::uint32_t{seq[0]} << 24 | std::uint32_t{seq[1]} << 16 | std::uint32_t{seq[2]} << 8 | seq[3];
  }

  CardUnderTest under_test_;
};

TEST_F(Registers, Identity) {
  EXPECT_EQ(read(reg::kId), 0x53594e57u);
  EXPECT_EQ(read(reg::kVersion), 0x00000401u);
  EXPECT_EQ(read(reg::kSizes), 32u | reg::kCounters << 8 | reg::kDrops << 16 | reg::kEvents.size() << 24);
  EXPECT_EQ(read(reg::kClockHz), 322265625u);
}

TEST_F(Registers, ScratchKeepsAndTheRestReadsZero) {
  write(reg::kScratch, 0xdeadbeef);
  EXPECT_EQ(read(reg::kScratch), 0xdeadbeefu);
  for (const std::uint32_t offset : {0x01cu, 0x0ccu, 0x13cu, 0x178u, 0x3f8u, 0x7fcu, 0xffcu}) {
    write(offset, 0xffffffff);
    EXPECT_EQ(read(offset), 0u) << offset;
  }
  for (const std::uint32_t offset : {reg::kId, reg::kVersion, reg::kSizes, reg::kSecretStatus}) {
    const std::uint32_t before = read(offset);
    write(offset, ~before);
    EXPECT_EQ(read(offset), before) << offset;
  }
}

TEST_F(Registers, SysctlsHaveTheirDefaultsAndWidths) {
  for (const reg::SysctlInfo& sysctl : reg::kSysctls) {
    // The syncache is as large as the card's tables.
    std::uint32_t def = sysctl.def;
    if (sysctl.offset == reg::kSysctlHashsize) def = 1u << kSmallTables.log_buckets;
    if (sysctl.offset == reg::kSysctlCachelimit) def = 8u << kSmallTables.log_buckets;
    EXPECT_EQ(read(sysctl.offset), def) << sysctl.name;
    for (const std::uint32_t value : {sysctl.max, sysctl.min}) {
      write(sysctl.offset, value);
      EXPECT_EQ(read(sysctl.offset), value) << sysctl.name;
    }
  }
}

TEST_F(Registers, ClockHzIsWhatTheHostSays) {
  for (const std::uint32_t hz : {300'000'000u, 1u << 20, (1u << 31) - 1}) {
    write(reg::kClockHz, hz);
    EXPECT_EQ(read(reg::kClockHz), hz);
    // No time stands still or races because somebody wrote nonsense.
    for (const std::uint32_t wrong : {0u, 1u, (1u << 20) - 1, 1u << 31, 0xffffffffu}) {
      write(reg::kClockHz, wrong);
      EXPECT_EQ(read(reg::kClockHz), hz);
    }
  }
}

TEST_F(Registers, MillisecondClock) {
  card().set_time_origin(0xffffffff);
  EXPECT_EQ(read(reg::kTimeMs), 0xffffffffu);
  card().run_until(322200);  // a read takes some clocks
  EXPECT_EQ(read(reg::kTimeMs), 0xffffffffu);
  card().run_until(322266);
  EXPECT_EQ(read(reg::kTimeMs), 0u);
  card().run_until(322265625u * 10ull);
  EXPECT_EQ(read(reg::kTimeMs), 9999u);
}

TEST_F(Registers, SecretsAreNotReadable) {
  load_secrets(card(), default_secrets());
  for (std::uint32_t i = 0; i < 4; ++i) write(reg::kSecretData + 4 * i, 0xabadcafe + i);
  for (std::uint32_t offset = 0; offset < 0x1000; offset += 4) {
    const std::uint32_t value = read(offset);
    for (std::uint32_t i = 0; i < 4; ++i) EXPECT_NE(value, 0xabadcafe + i) << offset;
  }
  for (std::uint32_t offset = reg::kSecretData; offset <= reg::kSecretCommit; offset += 4) EXPECT_EQ(read(offset), 0u);
}

TEST_F(Registers, StatusShowsWhatIsLoaded) {
  const Key key{1};
  EXPECT_EQ(read(reg::kSecretStatus), 0u);
  load_secret(card(), key, SecretCommit::ts_secret);
  EXPECT_EQ(read(reg::kSecretStatus), 0x08u);
  load_secret(card(), key, SecretCommit::cookie_slot1);
  EXPECT_EQ(read(reg::kSecretStatus), 0x0cu);
  load_secret(card(), key, SecretCommit::mark_key);
  EXPECT_EQ(read(reg::kSecretStatus), 0x1cu);
  write(reg::kSecretCommit, 11);
  write(reg::kSecretCommit, 0x100);
  EXPECT_EQ(read(reg::kSecretStatus), 0x1cu);
  load_secret(card(), key, SecretCommit::cookie_slot0);
  EXPECT_EQ(read(reg::kSecretStatus), 0x1eu);
  load_secret(card(), key, SecretCommit::table_key);
  EXPECT_EQ(read(reg::kSecretStatus), 0x7eu);
  write(reg::kSecretCommit, word(SecretCommit::parity1));
  EXPECT_EQ(read(reg::kSecretStatus), 0x7fu);
  // Parity 1: rotation fills slot 0 and goes to parity 0.
  load_secret(card(), key, SecretCommit::cookie_rotate);
  EXPECT_EQ(read(reg::kSecretStatus), 0x017eu);
  for (int i = 0; i < 255; ++i) load_secret(card(), key, SecretCommit::cookie_rotate);
  EXPECT_EQ(read(reg::kSecretStatus), 0x007fu);
}

TEST_F(Registers, RotationLoadsTheIdleSlot) {
  load_secret(card(), {1}, SecretCommit::cookie_rotate);
  EXPECT_EQ(read(reg::kSecretStatus), 0x0105u);
  load_secret(card(), {2}, SecretCommit::cookie_rotate);
  EXPECT_EQ(read(reg::kSecretStatus), 0x0206u);
}

TEST_F(Registers, RotationChangesKeyAndParityAtOnce) {
  const Secrets secrets = default_secrets();
  program(card(), default_services(), secrets);
  write(reg::kSysctlSyncookiesOnly, 1);
  const FrameSpec syn = plain_syn(false);
  const Tuple tuple{syn.src, syn.dst, syn.sport, syn.dport};
  const std::uint32_t first = iss(syn);
  EXPECT_EQ(first, oracle_iss(secrets.cookie[0], tuple, syn.seq, oracle_cookie_byte(1460, 7, true, false)));

  const Key fresh{0xf0, 0x0f};
  for (std::uint32_t i = 0; i < 4; ++i) write(reg::kSecretData + 4 * i, i == 0 ? 0x0ff0u : 0u);
  EXPECT_EQ(iss(syn), first);
  write(reg::kSecretCommit, word(SecretCommit::cookie_rotate));
  const std::uint32_t second = iss(syn);
  EXPECT_EQ(second, oracle_iss(fresh, tuple, syn.seq, oracle_cookie_byte(1460, 7, true, true)));

  // Cookies of the secret before are still good; after one more rotation they are not.
  FrameSpec ack = plain_ack(false);
  const auto accepts = [this, &ack](std::uint32_t iss_of_syn) {
    load_tables(card());  // forgets the flow that the last ACK made
    ack.ack = iss_of_syn + 1;
    return fate(ack) == Outcome::mark;
  };
  EXPECT_TRUE(accepts(first));
  EXPECT_TRUE(accepts(second));
  load_secret(card(), {3}, SecretCommit::cookie_rotate);
  EXPECT_TRUE(accepts(second));
  EXPECT_FALSE(accepts(first));
}

TEST_F(Registers, AKeyIsTakenWholeOrNotAtAll) {
  constexpr std::uint32_t kRefused = 1u << 31;
  load_secrets(card(), default_secrets());
  const std::uint32_t before = read(reg::kSecretStatus);
  for (const std::uint32_t commit : {0u, 1u, 2u, 3u, 4u, 7u}) {
    for (unsigned words = 0; words < 15; ++words) {
      for (std::uint32_t i = 0; i < 4; ++i) {
        if ((words >> i & 1) != 0) write(reg::kSecretData + 4 * i, 0xabadcafe);
      }
      write(reg::kSecretCommit, commit);
      // No rotation, no parity, and what is loaded stays.
      EXPECT_EQ(read(reg::kSecretStatus), before | kRefused) << commit << ' ' << words;
    }
  }
  // What is no key does not touch the bit; the next whole key clears it.
  write(reg::kSecretCommit, word(SecretCommit::parity0));
  EXPECT_EQ(read(reg::kSecretStatus) & kRefused, kRefused);
  write(reg::kSecretCommit, 8);
  EXPECT_EQ(read(reg::kSecretStatus) & kRefused, kRefused);
  load_secret(card(), {5}, SecretCommit::ts_secret);
  EXPECT_EQ(read(reg::kSecretStatus) & kRefused, 0u);
  // A word may be written twice, in any order: a key needs all four.
  for (const std::uint32_t i : {3u, 0u, 0u, 2u}) write(reg::kSecretData + 4 * i, 1);
  write(reg::kSecretCommit, word(SecretCommit::ts_secret));
  EXPECT_EQ(read(reg::kSecretStatus) & kRefused, kRefused);
}

TEST_F(Registers, ACardWithoutKeysStaysWithoutThem) {
  for (const std::uint32_t commit : {1u, 2u, 3u, 4u, 7u}) write(reg::kSecretCommit, commit);
  EXPECT_EQ(read(reg::kSecretStatus) & 0xffffu, 0u);
}

TEST_F(Registers, CommitUsesTheDataUp) {
  program(card(), default_services(), default_secrets());
  write(reg::kSysctlSyncookiesOnly, 1);
  const FrameSpec syn = plain_syn(false);
  const Tuple tuple{syn.src, syn.dst, syn.sport, syn.dport};
  const std::uint8_t byte = oracle_cookie_byte(1460, 7, true, false);
  // Whatever the value: what is committed next without new words is refused, and the key before stays.
  for (const std::uint32_t first : {1u, 3u, 5u, 7u, 8u, 0xffffffffu}) {
    load_secret(card(), {8}, SecretCommit::cookie_slot0);
    EXPECT_EQ(iss(syn), oracle_iss({8}, tuple, syn.seq, byte));
    load_secret(card(), {9}, static_cast<SecretCommit>(first));
    write(reg::kSecretCommit, word(SecretCommit::cookie_slot0));
    const Key& kept = first == word(SecretCommit::cookie_slot0) ? Key{9} : Key{8};
    EXPECT_EQ(iss(syn), oracle_iss(kept, tuple, syn.seq, byte)) << first;
    write(reg::kSecretCommit, word(SecretCommit::parity0));
  }
}

TEST_F(Registers, ServicesWaitForAllSecrets) {
  program_service(card(), 0, service("198.51.100.7", 443));
  const SecretCommit order[] = {SecretCommit::mark_key, SecretCommit::cookie_slot0, SecretCommit::ts_secret,
                                SecretCommit::table_key, SecretCommit::cookie_slot1};
  for (const SecretCommit commit : order) {
    EXPECT_EQ(fate(plain_syn(false)), Outcome::pass);
    load_secret(card(), {1}, commit);
  }
  EXPECT_EQ(fate(plain_syn(false)), Outcome::answer);
}

TEST_F(Registers, ServiceWordsAreStagedUntilCommit) {
  load_secrets(card(), default_secrets());
  program_service(card(), 31, service("198.51.100.7", 443));
  EXPECT_EQ(fate(plain_syn(false)), Outcome::answer);
  for (std::uint32_t offset = reg::kServiceAddr; offset <= reg::kServiceOptions; offset += 4) {
    write(offset, 0x11110000 + offset);
    EXPECT_EQ(read(offset), 0x11110000 + offset);
  }
  EXPECT_EQ(read(reg::kServiceCommit), 0u);
  EXPECT_EQ(fate(plain_syn(false)), Outcome::answer);
  write(reg::kServiceCommit, 32 | 1u << 8);  // no such entry
  EXPECT_EQ(fate(plain_syn(false)), Outcome::answer);
  remove_service(card(), 30);
  EXPECT_EQ(fate(plain_syn(false)), Outcome::answer);
  remove_service(card(), 31);
  EXPECT_EQ(fate(plain_syn(false)), Outcome::pass);
}

TEST_F(Registers, FirstMatchingServiceWins) {
  load_secrets(card(), default_secrets());
  program_service(card(), 3, service("198.51.100.7", 0, Mode::drop));
  EXPECT_EQ(fate(plain_syn(false)), Outcome::drop);
  program_service(card(), 2, service("198.51.100.7", 443, Mode::pass));
  EXPECT_EQ(fate(plain_syn(false)), Outcome::pass);
  program_service(card(), 1, service("198.51.100.7", 443));
  EXPECT_EQ(fate(plain_syn(false)), Outcome::answer);
  ServiceEntry any;
  any.any = any.v6 = true;
  any.v4 = false;
  any.mode = Mode::drop;
  program_service(card(), 0, any);
  EXPECT_EQ(fate(plain_syn(false)), Outcome::answer);
  EXPECT_EQ(fate(plain_syn(true)), Outcome::drop);
  any.v4 = true;
  program_service(card(), 0, any);
  EXPECT_EQ(fate(plain_syn(false)), Outcome::drop);
}

TEST_F(Registers, CountersReadTheSnapshot) {
  const auto passed = [this] { return read(reg::kCounter + 8 * static_cast<std::uint32_t>(Counter::passed)); };
  const FrameSpec spec = plain_syn(false);
  EXPECT_EQ(fate(spec), Outcome::pass);
  EXPECT_EQ(passed(), 0u);
  write(reg::kSnapshot, 0);
  EXPECT_EQ(passed(), 1u);
  EXPECT_EQ(fate(spec), Outcome::pass);
  EXPECT_EQ(passed(), 1u);
  write(reg::kSnapshot, 0);
  EXPECT_EQ(passed(), 2u);
}

}  // namespace
}  // namespace synward::test
