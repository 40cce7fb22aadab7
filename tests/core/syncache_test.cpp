// SPDX-License-Identifier: BSD-2-Clause
// Section 4 of the theory of operation through frames: the syncache, its timers, challenge ACKs, RSTs, the pause, the
// flow table and the events.
#include <gtest/gtest.h>

#include <algorithm>

#include "common/connection_test.hpp"
#include "common/events.hpp"
#include "common/icmp.hpp"

namespace synward::test {
namespace {

using reg::Counter;
using reg::Drop;
using reg::Event;
using sim::InPort;
using sim::OutPort;

constexpr std::uint32_t kTsval = 0x11223344;
/// What a card may take from the moment when something is due until it is done, ms.
constexpr unsigned kSlack = 5;

class Syncache : public ConnectionTest {
 protected:
  /// The ACK that completes the handshake of `syn`.
  static FrameSpec ack(const FrameSpec& syn, std::uint32_t iss) {
    FrameSpec spec = syn;
    spec.flags = kAck;
    spec.seq = syn.seq + 1;
    spec.ack = iss + 1;
    spec.options = concat({opt_nop(2), opt_ts(kTsval + 1, 7)});
    return spec;
  }
  static FrameSpec rst(const FrameSpec& syn, std::uint32_t offset) {
    FrameSpec spec = syn;
    spec.flags = kRst;
    spec.seq = syn.seq + offset;
    spec.options.clear();
    return spec;
  }
  FrameSpec unreach(const FrameSpec& syn, std::uint32_t iss) const {
    IcmpSpec spec;
    spec.quoted = from_server(syn, kSyn | kAck);
    spec.quoted.seq = iss;
    spec.type = v6() ? 1 : 3;
    return icmp_error(spec);
  }
  ServiceEntry service() const { return default_services()[v6() ? 1 : 0]; }

  /// Buckets and entries that overflow at once.
  void load(std::uint32_t hashsize, std::uint32_t bucketlimit, std::uint32_t cachelimit) {
    set(reg::kSysctlHashsize, hashsize);
    set(reg::kSysctlBucketlimit, bucketlimit);
    set(reg::kSysctlCachelimit, cachelimit);
    load_tables(card());
  }
  /// Codes of the events that wait, which are taken.
  std::vector<Event> event_codes() {
    std::vector<Event> out;
    for (const EventRecord& event : take_events(card())) out.push_back(static_cast<Event>(event.code));
    return out;
  }
};

INSTANTIATE_TEST_SUITE_P(Family, Syncache, testing::Bool(),
                         [](const auto& param) { return param.param ? "v6" : "v4"; });

TEST_P(Syncache, ACachelimitOfZeroIsOne) {
  load(8, 8, 0);
  for (std::uint16_t port = 1000; port < 1200; ++port) {
    FrameSpec spec = syn();
    spec.sport = port;
    answer(spec);
    EXPECT_EQ(get(reg::kSyncacheCount), 1u);
  }
  expect_conserved();
}

TEST_P(Syncache, HandshakeKeepsWhatTheSynOffered) {
  FrameSpec spec = syn();
  spec.options = concat({opt_mss(1401), opt_sack(), opt_ts(kTsval, 0), opt_nop(), opt_ws(3)});
  const ReplyView reply = answer(spec);
  EXPECT_EQ(get(reg::kSyncacheCount), 1u);
  const Bytes frame = build(ack(spec, reply.seq)).bytes;
  const std::vector<Sent> sent = under_test_.exchange(frame);
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[1].bytes, frame);
  const ReplyView mark = read_reply(sent[0].bytes);
  ASSERT_EQ(mark.options.size(), 24u);
  EXPECT_EQ(mark.options[16], 7);  // SACK, timestamps, window scale
  EXPECT_EQ(mark.options[17], 0x30 | service().wscale);
  EXPECT_EQ(mark.options[18] << 8 | mark.options[19], 1401);
  const std::uint32_t mac = oracle_mark_mac(default_secrets().mark, {spec.src, spec.dst, spec.sport, spec.dport},
                                            mark.seq, mark.ack, 7, mark.options[17], 1401);
  EXPECT_EQ(to_hex(ByteView(mark.options).subspan(20, 4)), to_hex(concat({Bytes{
                                                               static_cast<std::uint8_t>(mac >> 24),
                                                               static_cast<std::uint8_t>(mac >> 16),
                                                               static_cast<std::uint8_t>(mac >> 8),
                                                               static_cast<std::uint8_t>(mac),
                                                           }})));
  EXPECT_EQ(get(reg::kSyncacheCount), 0u);
  EXPECT_EQ(get(reg::kFlowCount), 1u);
  EXPECT_EQ(count(Counter::completed), 1u);
  EXPECT_EQ(count(Counter::flows_added), 1u);
  expect_conserved();
}

TEST_P(Syncache, DuplicateSynIsAnsweredFromTheEntry) {
  FrameSpec spec = syn();
  spec.flags = kSyn | kEce | kCwr;
  const ReplyView first = answer(spec);
  EXPECT_EQ(first.flags, kSyn | kAck | kEce);
  FrameSpec again = spec;
  again.seq += 1000;
  again.options = concat({opt_mss(536), opt_ts(kTsval + 50, 0), opt_nop(2)});
  ReplyView reply = answer(again);
  EXPECT_EQ(reply.seq, first.seq);
  EXPECT_EQ(reply.ack, spec.seq + 1);
  EXPECT_EQ(reply.flags, kSyn | kAck | kEce);
  EXPECT_EQ(reply.tsecr, kTsval + 50);
  EXPECT_EQ(reply.options.size(), first.options.size());
  again.options = opt_mss(1460);
  again.flags = kSyn;
  reply = answer(again);
  EXPECT_EQ(reply.flags, kSyn | kAck);
  EXPECT_FALSE(reply.tsval.has_value());
  // Timestamps and ECN do not come back.
  again.flags = kSyn | kEce | kCwr;
  again.options = spec.options;
  reply = answer(again);
  EXPECT_EQ(reply.flags, kSyn | kAck);
  EXPECT_FALSE(reply.tsval.has_value());
  EXPECT_EQ(count(Counter::dupsyn), 3u);
  EXPECT_EQ(count(Counter::sendcookie), 1u);
  EXPECT_EQ(get(reg::kSyncacheCount), 1u);
  EXPECT_EQ(event_codes(), (std::vector<Event>(3, Event::dup_syn)));
  expect_conserved();
}

TEST_P(Syncache, SynAckIsRepeatedAndGivenUpAsInFreeBsd) {
  FrameSpec spec = syn();
  spec.flags = kSyn | kEce | kCwr;
  spec.tags = {{0x88a8, 7}, {0x8100, 9}};
  const std::vector<Sent> first = send(spec);
  ASSERT_EQ(first.size(), 1u);
  const ReplyView want = read_reply(first[0].bytes);
  // SYN-ACKs leave at 0, 1, 3.2 and 7.4 s, and the entry dies at 15.6 s.
  unsigned repeated = 0;
  for (const unsigned interval : {1000u, 2200u, 4200u}) {
    EXPECT_TRUE(run_ms(interval - kSlack - 2).empty());
    const std::vector<Sent> sent = run_ms(kSlack + 2);
    ASSERT_EQ(sent.size(), 1u) << interval;
    ASSERT_EQ(sent[0].port, OutPort::line_tx);
    EXPECT_EQ(sent[0].bytes.size(), first[0].bytes.size());
    EXPECT_TRUE(std::equal(sent[0].bytes.begin(), sent[0].bytes.begin() + 22, first[0].bytes.begin()));  // MACs, tags
    const ReplyView reply = read_reply(sent[0].bytes);
    EXPECT_EQ(reply.seq, want.seq);
    EXPECT_EQ(reply.ack, want.ack);
    EXPECT_EQ(reply.window, want.window);
    EXPECT_EQ(reply.ttl, want.ttl);
    EXPECT_EQ(reply.tos, want.tos);
    EXPECT_EQ(reply.flowlabel, want.flowlabel);
    EXPECT_EQ(reply.df, want.df);
    EXPECT_EQ(reply.tsecr, want.tsecr);
    EXPECT_GE(*reply.tsval - *want.tsval, 1000u);
    EXPECT_EQ(reply.flags, kSyn | kAck | (repeated == 0 ? kEce : 0));  // net.inet.tcp.ecn.maxretries 1
    ++repeated;
  }
  EXPECT_EQ(get(reg::kSyncacheCount), 1u);
  EXPECT_TRUE(run_ms(8200 + 10).empty());
  EXPECT_EQ(get(reg::kSyncacheCount), 0u);
  EXPECT_EQ(count(Counter::retransmitted), 3u);
  EXPECT_EQ(count(Counter::stale), 1u);
  const std::vector<EventRecord> events = take_events(card());
  ASSERT_EQ(events.size(), 4u);
  for (std::uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(events[i].code, static_cast<std::uint8_t>(Event::rexmt));
    EXPECT_EQ(events[i].arg0, i + 1);
    EXPECT_EQ(events[i].fport, 40000);
  }
  EXPECT_EQ(events[3].code, static_cast<std::uint8_t>(Event::rexmt_exhausted));
  // The cookie in it is still good: an ACK finds the gate closed all the same, for it was never asked.
  EXPECT_EQ(send(ack(spec, want.seq)).size(), 1u);
  EXPECT_EQ(count(Counter::spurcookie), 1u);
  expect_conserved();
}

TEST_P(Syncache, DuplicateSynRestartsTheTimer) {
  answer(syn());
  EXPECT_TRUE(run_ms(900).empty());
  answer(syn());
  EXPECT_TRUE(run_ms(900).empty());
  EXPECT_EQ(run_ms(200).size(), 1u);
}

TEST_P(Syncache, SysctlsOfTheTimerApplyToWhatIsArmedNextAndTheLimitAtOnce) {
  set(reg::kSysctlRexmitInitial, 200);
  set(reg::kSysctlRexmitSlop, 0);
  set(reg::kSysctlRexmitMax, 250);
  answer(syn());
  EXPECT_TRUE(run_ms(150).empty());
  EXPECT_EQ(run_ms(100).size(), 1u);
  EXPECT_TRUE(run_ms(150).empty());
  EXPECT_EQ(run_ms(100).size(), 1u);
  set(reg::kSysctlRexmtlimit, 0);
  EXPECT_TRUE(run_ms(300).empty());
  EXPECT_EQ(count(Counter::stale), 1u);
}

TEST_P(Syncache, WrongSeqIsChallengedWithinItsBudget) {
  const FrameSpec spec = syn();
  const ReplyView reply = answer(spec);
  FrameSpec wrong = ack(spec, reply.seq);
  wrong.seq = spec.seq;
  for (int i = 0; i < 5; ++i) {
    const std::vector<Sent> sent = send(wrong);
    ASSERT_EQ(sent.size(), 1u) << i;
    ASSERT_EQ(sent[0].port, OutPort::line_tx);
    const ReplyView challenge = read_reply(sent[0].bytes);
    EXPECT_EQ(challenge.seq, reply.seq + 1);
    EXPECT_EQ(challenge.ack, spec.seq + 1);
    EXPECT_EQ(challenge.flags, kAck);
    EXPECT_EQ(challenge.window, service().window);
    EXPECT_EQ(challenge.flowlabel, reply.flowlabel);
    EXPECT_EQ(challenge.tos, reply.tos);
    EXPECT_EQ(challenge.options.size(), 12u);
    EXPECT_EQ(challenge.tsecr, kTsval);
  }
  EXPECT_TRUE(send(wrong).empty());
  wrong.seq = spec.seq + 1 + service().window;
  EXPECT_TRUE(send(wrong).empty());
  EXPECT_EQ(count(Counter::challenge_acks), 5u);
  EXPECT_EQ(count(Drop::seq_invalid), 7u);
  static_cast<void>(run_ms(1000 + kSlack));
  EXPECT_EQ(send(wrong).size(), 1u);
  // The entry has stayed: the last SEQ of the window completes it.
  FrameSpec right = ack(spec, reply.seq);
  right.seq = spec.seq + service().window;
  EXPECT_EQ(send(right).size(), 2u);
  EXPECT_EQ(count(Counter::completed), 1u);
  const std::vector<EventRecord> events = take_events(card());
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(events[0].code, static_cast<std::uint8_t>(Event::seq_challenge));
  EXPECT_EQ(events[0].arg0, spec.seq);
  EXPECT_EQ(events[0].arg1, spec.seq + 1);
  EXPECT_EQ(events[0].flags, kAck);
  expect_conserved();
}

TEST_P(Syncache, WrongAckIsResetAndTheEntryStays) {
  set(reg::kSysctlUnknownAck, 2);
  const FrameSpec spec = syn();
  const ReplyView reply = answer(spec);
  FrameSpec wrong = ack(spec, reply.seq);
  wrong.ack += 77;
  const std::vector<Sent> sent = send(wrong);
  ASSERT_EQ(sent.size(), 1u);
  ASSERT_EQ(sent[0].port, OutPort::line_tx);
  FrameSpec want;
  want.mac_dst = spec.mac_src;
  want.mac_src = spec.mac_dst;
  want.src = spec.dst;
  want.dst = spec.src;
  want.sport = spec.dport;
  want.dport = spec.sport;
  want.ttl = service().ttl;
  want.seq = wrong.ack;
  want.flags = kRst;
  want.window = 0;
  EXPECT_EQ(to_hex(sent[0].bytes), to_hex(build(want).bytes));
  EXPECT_EQ(count(Counter::resets_sent), 1u);
  EXPECT_EQ(count(Drop::ack_invalid), 1u);
  set(reg::kSysctlBlackhole, 3);
  EXPECT_TRUE(send(wrong).empty());
  EXPECT_EQ(send(ack(spec, reply.seq)).size(), 2u);
  EXPECT_EQ(event_codes(), (std::vector<Event>(2, Event::ack_invalid)));
  expect_conserved();
}

// The table forgets after a load, a new key, a long silence: whoever then forges a SYN must not harm what goes on.
TEST_P(Syncache, AForgedSynHarmsNoConnectionThatTheFlowTableDoesNotKnow) {
  const FrameSpec forged = syn(40001);
  const ReplyView reply = answer(forged);
  FrameSpec data = ack(forged, reply.seq + 4'711);
  data.payload = Bytes(500, 0x41);
  for (const std::uint32_t seq : {forged.seq + 1, forged.seq - 100'000}) {
    data.seq = seq;
    data.options = concat({opt_nop(2), opt_ts(kTsval - 1'000, 7)});
    const std::vector<Sent> sent = send(data);
    ASSERT_EQ(sent.size(), 1u);
    EXPECT_EQ(sent[0].port, OutPort::host_tx);
    EXPECT_EQ(to_hex(sent[0].bytes), to_hex(build(data).bytes));
  }
  const std::vector<Sent> gone = send(rst(forged, 0xf0000000));
  ASSERT_EQ(gone.size(), 1u);
  EXPECT_EQ(gone[0].port, OutPort::host_tx);
  EXPECT_EQ(count(Counter::resets_sent), 0u);
  EXPECT_EQ(count(Counter::challenge_acks), 0u);
  EXPECT_EQ(count(Counter::spurcookie), 2u);
  EXPECT_EQ(get(reg::kSyncacheCount), 1u);
  // Nor does it spoil a handshake under way that has a cookie, of another card or of a pause.
  set(reg::kSysctlCookieGate, 1);
  const FrameSpec cookie = plain_ack(v6());
  FrameSpec entry = cookie;
  entry.flags = kSyn;
  entry.seq += 77;
  entry.options = opt_mss(1460);
  static_cast<void>(answer(entry));
  EXPECT_EQ(send(cookie).size(), 2u);
  EXPECT_EQ(count(Counter::recvcookie), 1u);
  expect_conserved();
}

TEST_P(Syncache, TimestampsOfAnAck) {
  const FrameSpec spec = syn();
  const ReplyView reply = answer(spec);
  FrameSpec old = ack(spec, reply.seq);
  old.options = concat({opt_nop(2), opt_ts(kTsval - 1, 7)});
  EXPECT_TRUE(send(old).empty());
  EXPECT_EQ(count(Drop::paws), 1u);
  set(reg::kSysctlTolerateMissingTs, 0);
  FrameSpec without = ack(spec, reply.seq);
  without.options.clear();
  EXPECT_TRUE(send(without).empty());
  EXPECT_EQ(count(Drop::ts_missing), 1u);
  set(reg::kSysctlTolerateMissingTs, 1);
  const std::vector<Sent> sent = send(without);
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(read_reply(sent[0].bytes).options[4], 5);  // SACK and window scale, no timestamps

  FrameSpec plain = syn(40001);
  plain.options = opt_mss(1460);
  EXPECT_EQ(send(ack(plain, answer(plain).seq)).size(), 2u);
  const std::vector<EventRecord> events = take_events(card());
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(events[0].code, static_cast<std::uint8_t>(Event::paws));
  EXPECT_EQ(events[0].arg0, kTsval - 1);
  EXPECT_EQ(events[0].arg1, kTsval);
  EXPECT_EQ(events[1].code, static_cast<std::uint8_t>(Event::ts_missing));
  EXPECT_EQ(events[2].code, 0);
  EXPECT_EQ(events[2].note, 2);  // ts_tolerated
  EXPECT_EQ(events[3].code, 0);
  EXPECT_EQ(events[3].note, 1);  // ts_unexpected
  expect_conserved();
}

TEST_P(Syncache, Resets) {
  set(reg::kSysctlUnknownAck, 1);
  const FrameSpec spec = syn();
  const ReplyView reply = answer(spec);
  EXPECT_TRUE(send(rst(spec, 0)).empty());
  const std::vector<Sent> sent = send(rst(spec, 2));
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(read_reply(sent[0].bytes).seq, reply.seq + 1);
  EXPECT_EQ(read_reply(sent[0].bytes).flags, kAck);
  EXPECT_EQ(send(rst(spec, service().window)).size(), 1u);
  EXPECT_TRUE(send(rst(spec, service().window + 1u)).empty());
  EXPECT_EQ(count(Drop::rst_invalid), 4u);
  EXPECT_EQ(get(reg::kSyncacheCount), 1u);
  EXPECT_TRUE(send(rst(spec, 1)).empty());
  EXPECT_EQ(get(reg::kSyncacheCount), 0u);
  EXPECT_EQ(count(Counter::reset), 1u);
  EXPECT_EQ(count(Drop::rst_half_open), 1u);
  set(reg::kSysctlInsecureRst, 1);
  answer(spec);
  EXPECT_TRUE(send(rst(spec, 1000)).empty());
  EXPECT_EQ(count(Counter::reset), 2u);
  // Now it belongs to nothing.
  EXPECT_TRUE(send(rst(spec, 1)).empty());
  EXPECT_EQ(count(Drop::unknown_rst), 1u);
  EXPECT_EQ(count(Counter::badrst), 5u);
  EXPECT_EQ(event_codes(),
            (std::vector<Event>{Event::rst_invalid, Event::rst_challenge, Event::rst_challenge, Event::rst_invalid,
                                Event::rst_rejected, Event::rst_rejected, Event::rst_spurious}));
  expect_conserved();
}

TEST_P(Syncache, AfterANewIsnTheClientsRstMakesRoom) {
  // What FreeBSD's rule for duplicates relies on.
  const FrameSpec old = syn();
  answer(old);
  FrameSpec fresh = old;
  fresh.seq += 100'000;
  const ReplyView reply = answer(fresh);
  EXPECT_EQ(reply.ack, old.seq + 1);
  FrameSpec reset = rst(fresh, 0);
  reset.seq = reply.ack;
  EXPECT_TRUE(send(reset).empty());
  EXPECT_EQ(answer(fresh).ack, fresh.seq + 1);
}

TEST_P(Syncache, UnknownAcksAreResetWithinTheLimit) {
  set(reg::kSysctlUnknownAck, 2);
  set(reg::kSysctlIcmplim, 3);
  FrameSpec stray = ack(syn(), 5);
  for (int i = 0; i < 5; ++i) {
    const std::vector<Sent> sent = send(stray);
    ASSERT_EQ(sent.size(), i < 3 ? 1u : 0u) << i;
    if (i < 3) {
      EXPECT_EQ(read_reply(sent[0].bytes).flags, kRst);
      EXPECT_EQ(read_reply(sent[0].bytes).seq, stray.ack);
    }
  }
  EXPECT_EQ(count(Counter::resets_sent), 3u);
  EXPECT_EQ(count(Counter::resets_limited), 2u);
  EXPECT_EQ(count(Drop::unknown_ack), 5u);
  static_cast<void>(event_codes());
  static_cast<void>(run_ms(1000 + kSlack));
  const std::vector<EventRecord> events = take_events(card());
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].code, static_cast<std::uint8_t>(Event::limiting));
  EXPECT_EQ(events[0].arg0, 5u);
  EXPECT_EQ(events[0].arg1, 3u);
  EXPECT_EQ(send(stray).size(), 1u);
  expect_conserved();
}

TEST_P(Syncache, FullBucketEvictsTheOldestAndPauses) {
  load(1, 2, 100);
  const FrameSpec first = syn(1), second = syn(2), third = syn(3);
  answer(first);
  const ReplyView reply2 = answer(second);
  answer(first);  // a duplicate does not make it newer
  answer(third);
  EXPECT_EQ(count(Counter::evicted), 1u);
  EXPECT_EQ(count(Counter::bucketoverflow), 1u);
  EXPECT_EQ(get(reg::kSyncacheCount), 2u);
  EXPECT_EQ(get(reg::kTableStatus) & 2, 2u);
  EXPECT_GT(get(reg::kPauseLeft), 14'000u);
  EXPECT_LE(get(reg::kPauseLeft), 15'000u);
  const std::vector<EventRecord> events = take_events(card());
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[1].code, static_cast<std::uint8_t>(Event::overflow));
  EXPECT_EQ(events[1].arg0, 15u);
  // Paused: stateless, without ECE; the entries are not looked at, and go with their timer.
  FrameSpec fourth = syn(4);
  fourth.flags = kSyn | kEce | kCwr;
  const ReplyView reply4 = answer(fourth);
  EXPECT_EQ(reply4.flags, kSyn | kAck);
  EXPECT_EQ(count(Counter::stateless), 1u);
  EXPECT_EQ(send(ack(second, reply2.seq)).size(), 2u);
  EXPECT_EQ(count(Counter::recvcookie), 1u);
  EXPECT_EQ(get(reg::kSyncacheCount), 2u);
  EXPECT_TRUE(run_ms(1000 + kSlack).empty());
  EXPECT_EQ(get(reg::kSyncacheCount), 0u);
  EXPECT_EQ(count(Counter::flushed), 2u);
  // It ends after 15 s. A cookie that was sent just before is still taken, by the gate that it opened.
  static_cast<void>(run_ms(13'500));
  EXPECT_EQ(get(reg::kTableStatus) & 2, 2u);
  const ReplyView reply5 = answer(syn(5));
  static_cast<void>(run_ms(1000));
  EXPECT_EQ(get(reg::kTableStatus) & 2, 0u);
  EXPECT_EQ(get(reg::kPauseLeft), 0u);
  EXPECT_EQ(send(ack(syn(5), reply5.seq)).size(), 2u);
  EXPECT_EQ(count(Counter::recvcookie), 2u);
  static_cast<void>(run_ms(16'000));
  EXPECT_EQ(send(ack(fourth, reply4.seq)).size(), 1u);
  EXPECT_EQ(count(Counter::spurcookie), 1u);
  expect_conserved();
}

TEST_P(Syncache, PauseIsDoubledWhenRenewedAndCanBeEnded) {
  load(1, 1, 100);
  answer(syn(1));
  answer(syn(2));
  static_cast<void>(run_ms(15'000 + kSlack));
  EXPECT_EQ(get(reg::kSyncacheCount), 0u);
  answer(syn(3));
  answer(syn(4));
  EXPECT_EQ(get(reg::kTableStatus) >> 1 & 15, 0b0011u);  // paused, back-off 1
  EXPECT_GT(get(reg::kPauseLeft), 29'000u);
  card().write32(reg::kTableControl, 2);
  static_cast<void>(run_ms(kSlack));
  EXPECT_EQ(get(reg::kTableStatus) & 2, 0u);
}

TEST_P(Syncache, FullCacheTakesFromTheBucketOfTheSyn) {
  load(64, 8, 3);
  for (std::uint16_t port = 1; port <= 3; ++port) answer(syn(port));
  EXPECT_EQ(get(reg::kSyncacheCount), 3u);
  set(reg::kSysctlSyncookies, 0);
  // Without cookies there is no pause; a SYN whose bucket is empty is dropped, another takes the place of the oldest.
  std::uint64_t dropped = 0;
  for (std::uint16_t port = 100; port < 300; ++port) dropped += send(syn(port)).empty() ? 1u : 0u;
  EXPECT_EQ(get(reg::kSyncacheCount), 3u);
  EXPECT_EQ(count(Counter::zonefail), 200u);
  EXPECT_EQ(count(Drop::syncache_full), dropped);
  EXPECT_EQ(count(Counter::evicted), 200u - dropped);
  EXPECT_EQ(count(Counter::bucketoverflow), 200u - dropped);
  EXPECT_GT(dropped, 150u);
  EXPECT_LT(dropped, 200u);
  EXPECT_EQ(get(reg::kTableStatus) & 2, 0u);
  EXPECT_EQ(count(Counter::sendcookie), 3u);
  // With cookies it is answered all the same.
  set(reg::kSysctlSyncookies, 1);
  answer(syn(400));
  EXPECT_EQ(count(Counter::zonefail), 201u);
  EXPECT_EQ(count(Counter::stateless) + count(Counter::evicted), 200u - dropped + 1u);
  expect_conserved();
}

TEST_P(Syncache, WithoutCookiesTheIssGoesWithTheClock) {
  set(reg::kSysctlSyncookies, 0);
  FrameSpec spec = syn();
  const std::uint32_t first = answer(spec).seq;
  EXPECT_TRUE(send(rst(spec, 1)).empty());
  static_cast<void>(run_ms(100));
  const std::uint32_t second = answer(spec).seq;
  EXPECT_GE(second - first, 99u << 8);
  EXPECT_LE(second - first, 105u << 8);
  EXPECT_EQ((second - first) & 0xff, 0u);
  EXPECT_EQ(send(ack(spec, second)).size(), 2u);
  // Such an ISS is no cookie.
  set(reg::kSysctlSyncookiesOnly, 1);
  EXPECT_EQ(send(ack(syn(2), first)).size(), 1u);
  EXPECT_EQ(count(Counter::failcookie), 1u);
  expect_conserved();
}

TEST_P(Syncache, IcmpErrors) {
  const FrameSpec spec = syn();
  const ReplyView reply = answer(spec);
  const auto forwarded = [this](const FrameSpec& error) {
    const Bytes frame = build(error).bytes;
    const std::vector<Sent> sent = under_test_.exchange(frame);
    return sent.size() == 1 && sent[0].port == OutPort::host_tx && sent[0].bytes == frame;
  };
  EXPECT_TRUE(forwarded(unreach(spec, reply.seq + 1)));
  EXPECT_EQ(answer(spec).df, !v6());
  EXPECT_TRUE(forwarded(unreach(spec, reply.seq)));
  EXPECT_FALSE(answer(spec).df);
  // Another one ends it only once three retransmissions have been sent.
  EXPECT_TRUE(forwarded(unreach(spec, reply.seq)));
  EXPECT_EQ(run_ms(7400 + kSlack).size(), 3u);
  EXPECT_EQ(get(reg::kSyncacheCount), 1u);
  EXPECT_TRUE(forwarded(unreach(spec, reply.seq)));
  EXPECT_EQ(get(reg::kSyncacheCount), 0u);
  EXPECT_EQ(count(Counter::unreach), 1u);
  expect_conserved();
}

TEST_P(Syncache, IcmpErrorsThatDoNotCount) {
  const FrameSpec spec = syn();
  const ReplyView reply = answer(spec);
  IcmpSpec good;
  good.quoted = from_server(spec, kSyn | kAck);
  good.quoted.seq = reply.seq;
  good.type = v6() ? 1 : 3;
  std::vector<IcmpSpec> bad(6, good);
  bad[0].bad_checksum = true;
  bad[1].type = v6() ? 0 : 4;
  bad[2].type = v6() ? 5 : 13;
  bad[3].bytes = (v6() ? 40 : 20) + 7;
  bad[4].quoted.protocol = 17;
  bad[5].quoted.sport ^= 1;
  if (!v6()) {
    bad.push_back(good);
    bad.back().quoted.fragment = 1;
  }
  for (std::size_t i = 0; i < bad.size(); ++i) {
    EXPECT_EQ(send(icmp_error(bad[i])).size(), 1u) << i;
    // DF tells, for IPv4; for IPv6 that no later one ends the connection.
    if (!v6()) {
      EXPECT_TRUE(answer(spec).df) << i;
    }
  }
  EXPECT_EQ(run_ms(7400 + kSlack).size(), 3u);
  for (std::size_t i = 0; i < bad.size(); ++i) EXPECT_EQ(send(icmp_error(bad[i])).size(), 1u) << i;
  EXPECT_EQ(get(reg::kSyncacheCount), 1u);
  // The first that counts only leaves its mark, the second ends it: as short as it may be, of every type.
  good.bytes = (v6() ? 40 : 20) + 8;
  EXPECT_EQ(send(icmp_error(good)).size(), 1u);
  EXPECT_EQ(get(reg::kSyncacheCount), 1u);
  good.type = v6() ? 4 : 12;
  EXPECT_EQ(send(icmp_error(good)).size(), 1u);
  EXPECT_EQ(get(reg::kSyncacheCount), 0u);
}

class FlowTable : public Syncache {
 protected:
  /// Completes a handshake; the SYN it began with.
  FrameSpec connect(std::uint16_t port) {
    FrameSpec spec = syn(port);
    iss_ = answer(spec).seq;
    EXPECT_EQ(send(ack(spec, iss_)).size(), 2u);
    return spec;
  }
  /// A segment in the middle of a connection.
  static FrameSpec data(const FrameSpec& syn, std::uint8_t flags = kAck | kPsh) {
    FrameSpec spec = ack(syn, 99);
    spec.seq += 5000;
    spec.flags = flags;
    return spec;
  }
  /// All buckets are visited once in this time.
  static constexpr unsigned kLap = 1u << 17;

  std::uint32_t iss_ = 0;
};

INSTANTIATE_TEST_SUITE_P(Family, FlowTable, testing::Bool(),
                         [](const auto& param) { return param.param ? "v6" : "v4"; });

TEST_P(FlowTable, KnownFlowsPassWhateverTheySay) {
  set(reg::kSysctlUnknownAck, 1);
  const FrameSpec spec = connect(1);
  EXPECT_EQ(send(data(spec)).size(), 1u);
  EXPECT_EQ(send(spec).size(), 1u);
  EXPECT_EQ(send(rst(spec, 99)).size(), 1u);
  EXPECT_EQ(count(Counter::established), 3u);
  EXPECT_EQ(count(Counter::dupsyn), 0u);
  EXPECT_TRUE(send(data(syn(2))).empty());
  expect_conserved();
}

TEST_P(FlowTable, MarkIsRepeatedUntilTheServerSpeaks) {
  const FrameSpec spec = connect(1);
  const FrameSpec again = ack(spec, iss_);
  EXPECT_EQ(send(again).size(), 1u);  // too soon
  static_cast<void>(run_ms(20));
  EXPECT_EQ(send(again).size(), 2u);
  EXPECT_EQ(send(again).size(), 1u);
  EXPECT_EQ(count(Counter::remarked), 1u);
  static_cast<void>(run_ms(20));
  EXPECT_EQ(send_from_host(from_server(spec, kAck)).size(), 1u);
  EXPECT_EQ(send(again).size(), 1u);
  EXPECT_EQ(count(Counter::remarked), 1u);
  expect_conserved();
}

TEST_P(FlowTable, NoMarkIsRepeatedWithoutCookies) {
  set(reg::kSysctlSyncookies, 0);
  const FrameSpec spec = connect(1);
  static_cast<void>(run_ms(20));
  EXPECT_EQ(send(ack(spec, iss_)).size(), 1u);
  EXPECT_EQ(count(Counter::remarked), 0u);
}

TEST_P(FlowTable, ClosedFlowsGoSoonAndIdleOnesLate) {
  set(reg::kSysctlFlowIdle, 10);
  const FrameSpec fin = connect(1), from_host = connect(2), open = connect(3), reopened = connect(4);
  static_cast<void>(run_ms(2 * kLap));
  EXPECT_EQ(get(reg::kFlowCount), 4u);
  EXPECT_EQ(send_from_host(from_server(fin, kAck | kFin)).size(), 1u);
  EXPECT_EQ(send_from_host(from_server(from_host, kRst)).size(), 1u);
  EXPECT_EQ(send_from_host(from_server(reopened, kAck | kFin)).size(), 1u);
  EXPECT_EQ(send(reopened).size(), 1u);
  EXPECT_EQ(send_from_host(from_server(reopened, kSyn | kAck)).size(), 1u);
  EXPECT_EQ(send_from_host(from_server(reopened, kAck)).size(), 1u);
  static_cast<void>(run_ms(4 * kLap));
  EXPECT_EQ(get(reg::kFlowCount), 4u);
  static_cast<void>(run_ms(2 * kLap));
  EXPECT_EQ(get(reg::kFlowCount), 2u);
  EXPECT_EQ(count(Counter::flows_aged), 2u);
  // Traffic keeps one of the others.
  for (int lap = 0; lap < 12; ++lap) {
    EXPECT_EQ(send(data(open)).size(), 1u);
    static_cast<void>(run_ms(kLap));
  }
  EXPECT_EQ(get(reg::kFlowCount), 1u);
  static_cast<void>(run_ms(12 * kLap));
  EXPECT_EQ(get(reg::kFlowCount), 0u);
  EXPECT_EQ(count(Counter::flows_aged), 4u);
}

// Else whoever has once had a connection could send SYNs past the card for ever.
TEST_P(FlowTable, TheLineDoesNotKeepWhatTheServerHasClosed) {
  set(reg::kSysctlUnknownAck, 1);
  const FrameSpec spec = connect(1);
  EXPECT_EQ(send_from_host(from_server(spec, kAck | kFin)).size(), 1u);
  for (int lap = 0; lap < 4; ++lap) {
    EXPECT_EQ(send(spec).at(0).port, OutPort::host_tx);
    EXPECT_EQ(send_from_host(from_server(spec, kSyn | kAck)).size(), 1u);
    EXPECT_EQ(send(data(spec)).size(), 1u);
    EXPECT_EQ(send_from_host(from_server(spec, kRst)).size(), 1u);
    static_cast<void>(run_ms(kLap));
  }
  static_cast<void>(run_ms(2 * kLap));
  EXPECT_EQ(get(reg::kFlowCount), 0u);
  EXPECT_EQ(send(spec).at(0).port, OutPort::line_tx);  // a SYN-ACK again
  EXPECT_TRUE(send(data(spec)).empty());
  expect_conserved();
}

// A RST or FIN with any SEQ can be sent by whoever guesses the tuple.
TEST_P(FlowTable, WhatTheLineSaysEndsNoConnection) {
  set(reg::kSysctlUnknownAck, 1);
  const FrameSpec reset = connect(1), half_closed = connect(2);
  EXPECT_EQ(send_from_host(from_server(reset, kAck)).size(), 1u);
  EXPECT_EQ(send_from_host(from_server(half_closed, kAck)).size(), 1u);
  EXPECT_EQ(send(rst(reset, 12345)).size(), 1u);
  EXPECT_EQ(send(data(half_closed, kAck | kFin)).size(), 1u);
  static_cast<void>(run_ms(3'600'000));  // an hour
  EXPECT_EQ(send(data(reset)).size(), 1u);
  EXPECT_EQ(send(data(half_closed)).size(), 1u);
  expect_conserved();
}

TEST_P(FlowTable, AHalfClosedConnectionGoesOnFor500Seconds) {
  set(reg::kSysctlUnknownAck, 1);
  const FrameSpec spec = connect(1);
  EXPECT_EQ(send_from_host(from_server(spec, kAck | kFin)).size(), 1u);
  static_cast<void>(run_ms(500'000));
  EXPECT_EQ(send(data(spec)).size(), 1u);
}

TEST_P(FlowTable, FullBucketsFailOpen) {
  set(reg::kSysctlUnknownAck, 1);
  // 64 buckets of 16: with 1200 connections some are full.
  for (std::uint16_t port = 1; port <= 1200; ++port) connect(port);
  const std::uint64_t full = count(Counter::flows_full);
  EXPECT_GT(full, 100u);
  EXPECT_EQ(get(reg::kFlowCount), 1200u - full);
  for (std::uint16_t port = 1; port <= 1200; ++port) {
    ASSERT_EQ(send(data(syn(port))).size(), 1u) << port;  // none of them is hurt
  }
  EXPECT_EQ(count(Drop::unknown_ack), 0u);
  expect_conserved();
}

TEST_P(FlowTable, LoadForgetsEverything) {
  set(reg::kSysctlUnknownAck, 1);
  const FrameSpec spec = connect(1);
  answer(syn(2));
  EXPECT_EQ(send(data(spec)).size(), 1u);
  load_tables(card());
  EXPECT_EQ(get(reg::kFlowCount), 0u);
  EXPECT_EQ(get(reg::kSyncacheCount), 0u);
  EXPECT_TRUE(send(data(spec)).empty());
}

// A new table key while everything goes on: no connection in use and no handshake under way is lost.
TEST_P(FlowTable, ANewKeyLosesNothingThatIsInUse) {
  set(reg::kSysctlUnknownAck, 1);
  set(reg::kSysctlFlowLearn, 2);
  const FrameSpec in_use = connect(1), half_open = syn(2);
  EXPECT_EQ(send_from_host(from_server(in_use, kAck)).size(), 1u);
  const std::uint32_t iss = answer(half_open).seq;
  EXPECT_TRUE(send(data(syn(3))).empty());
  load_secret(card(), Key{0x5a}, reg::SecretCommit::table_key);
  while ((get(reg::kTableStatus) & 1u) == 0) static_cast<void>(run_ms(1));
  EXPECT_EQ(get(reg::kFlowCount), 0u);
  EXPECT_EQ(send(data(in_use)).size(), 1u);
  EXPECT_EQ(send(ack(half_open, iss)).size(), 2u);  // with a mark
  EXPECT_EQ(count(Counter::recvcookie), 1u);
  EXPECT_EQ(send_from_host(from_server(in_use, kAck)).size(), 1u);
  EXPECT_EQ(get(reg::kFlowCount), 2u);
  static_cast<void>(run_ms(2 * kLap));
  EXPECT_EQ(send(data(in_use)).size(), 1u);
  EXPECT_EQ(send(data(half_open)).size(), 1u);
  EXPECT_TRUE(send(data(syn(3))).empty());
  const std::uint64_t spurious = count(Counter::spurcookie);
  EXPECT_TRUE(send(ack(syn(4), 1)).empty());
  EXPECT_EQ(count(Counter::spurcookie), spurious + 1);
}

using Events = Syncache;

INSTANTIATE_TEST_SUITE_P(V4, Events, testing::Values(false));

TEST_P(Events, AreLimitedByCode) {
  set(reg::kSysctlEventLimit, 4);
  FrameSpec null_flags = syn();
  null_flags.flags = 0;
  // A window of 1.024 s begins with a multiple of that.
  static_cast<void>(run_ms(1024 - get(reg::kTimeMs) % 1024 + 1));
  for (int i = 0; i < 10; ++i) send(null_flags);
  send(rst(syn(), 1));
  EXPECT_EQ(get(reg::kEventCount), 5u);
  EXPECT_EQ(get(reg::kEventLost + 4 * static_cast<std::uint32_t>(Event::syn_missing)), 6u);
  EXPECT_EQ(event_codes(), (std::vector<Event>{Event::syn_missing, Event::syn_missing, Event::syn_missing,
                                               Event::syn_missing, Event::rst_spurious}));
  static_cast<void>(run_ms(1025));
  send(null_flags);
  EXPECT_EQ(get(reg::kEventCount), 1u);
}

TEST_P(Events, RingRefusesWhatItCannotHold) {
  set(reg::kSysctlEventLimit, 0);
  FrameSpec null_flags = syn();
  null_flags.flags = 0;
  const std::uint32_t depth = 1u << (get(reg::kTableStatus) >> 24 & 15);
  EXPECT_EQ(depth, 512u);
  for (std::uint32_t i = 0; i < depth + 5; ++i) send(null_flags);
  EXPECT_EQ(get(reg::kEventCount), depth);
  EXPECT_EQ(get(reg::kEventLost + 4 * static_cast<std::uint32_t>(Event::syn_missing)), 5u);
  EXPECT_EQ(take_events(card()).size(), depth);
  EXPECT_EQ(get(reg::kEventCount), 0u);
}

TEST_P(Events, TellTheConnection) {
  static_cast<void>(run_ms(3));
  FrameSpec spec = syn(4711);
  spec.flags = kFin | kPsh | kUrg;
  send(spec);
  const std::vector<EventRecord> events = take_events(card());
  ASSERT_EQ(events.size(), 1u);
  EXPECT_FALSE(events[0].v6);
  EXPECT_EQ(events[0].faddr.lo, 0xc0000201u);
  EXPECT_EQ(events[0].faddr.hi, 0u);
  EXPECT_EQ(events[0].laddr.lo, 0xc6336407u);
  EXPECT_EQ(events[0].fport, 4711);
  EXPECT_EQ(events[0].lport, 443);
  EXPECT_EQ(events[0].flags, kFin | kPsh | kUrg);
  EXPECT_GE(events[0].time_ms, 3u);
}

}  // namespace
}  // namespace synward::test
