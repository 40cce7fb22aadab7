// SPDX-License-Identifier: BSD-2-Clause
// Hand-worked cases of whole requests; property_test.cpp holds the engine to every row.
#include "synward/engine.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "common/oracle.hpp"
#include "common/requests.hpp"
#include "common/same_record.hpp"

namespace synward::test {
namespace {

constexpr std::uint32_t kIrs = 0x12345678;
constexpr std::uint32_t kTime = 5'000;

class Engine : public testing::Test {
 protected:
  Engine() { engine_reset(tables_); }

  RequestRecord request(std::uint8_t op, std::uint32_t now = kTime) const {
    RequestRecord request{};
    request.op = op;
    request.time_ms = now;
    request.faddr = {0, 0xc0000201};
    request.laddr = {0, 0xc6336407};
    request.fport = port_;
    request.lport = 443;
    request.window = 65535;
    request.wscale = 6;
    return request;
  }
  RequestRecord syn(std::uint32_t now = kTime) const {
    RequestRecord request = this->request(kOpSyn, now);
    request.seq = kIrs;
    request.has_mss = true;
    request.mss = 1401;
    request.ws_ok = true;
    request.ws = 3;
    request.sack_ok = true;
    request.ts_ok = true;
    request.tsval = 900;
    request.ecn_ok = true;
    request.len = 74;
    request.service = 9;
    request.mac_dst = 1;
    request.mac_src = 2;
    request.tags = 1;
    request.tag1 = 0x81000005;
    return request;
  }
  RequestRecord ack(std::uint32_t iss, std::uint32_t now = kTime) const {
    RequestRecord request = this->request(kOpAck, now);
    request.flags = 0x10;
    request.seq = kIrs + 1;
    request.ack = iss + 1;
    request.ts_ok = true;
    request.tsval = 901;
    return request;
  }
  EngineAnswer ask(const RequestRecord& request, Room room = {true, true}) {
    return engine_step(tables_, config_, request, room);
  }
  std::uint32_t fingerprint() const { return engine_address(config_, request(kOpNone), 0, 0).fingerprint; }
  EngineAnswer tick(std::uint32_t now) {
    RequestRecord request{};
    request.op = kOpTick;
    request.time_ms = now;
    return ask(request);
  }

  std::uint16_t port_ = 40000;
  Rng rng_{1};
  EngineConfig config_ = default_engine_config(rng_, 0);
  EngineTables<0, 0> tables_;
};

TEST_F(Engine, HandshakeThroughAnEntryKeepsWhatTheSynOffered) {
  const EngineAnswer answer = ask(syn());
  EXPECT_EQ(answer.verdict.fate, kFateConsumed);
  EXPECT_EQ(answer.verdict.send, kSendSynAck);
  EXPECT_EQ(answer.verdict.ack, kIrs + 1);
  EXPECT_TRUE(answer.verdict.ece);
  EXPECT_TRUE(answer.verdict.df);
  EXPECT_EQ(answer.verdict.tsecr, 900u);
  EXPECT_TRUE(answer.counts.added);
  EXPECT_FALSE(answer.event);
  EXPECT_EQ(tables_.state.count, 1u);

  const EngineAnswer done = ask(ack(answer.verdict.seq));
  EXPECT_EQ(done.verdict.fate, kFateForward);
  EXPECT_EQ(done.verdict.send, kSendMark);
  EXPECT_EQ(done.verdict.mark_flags, 15);
  EXPECT_EQ(done.verdict.mark_wscale, 0x36);  // a cookie would say 2
  EXPECT_EQ(done.verdict.mark_mss, 1401);     // and 1400
  EXPECT_TRUE(done.counts.completed);
  EXPECT_TRUE(done.counts.flows_added);
  EXPECT_EQ(tables_.state.count, 0u);
  EXPECT_EQ(tables_.state.flows, 1u);
  EXPECT_TRUE(ask(ack(answer.verdict.seq)).counts.established);
}

TEST_F(Engine, NothingIsAnsweredToNothing) {
  for (const std::uint8_t op : {kOpNone, kOpPeek}) {
    RequestRecord request = syn();
    request.op = op;
    EngineAnswer want{};
    want.verdict.op = op;
    const EngineAnswer answer = ask(request);
    EXPECT_EQ(fields_of(answer.verdict), fields_of(want.verdict));
    EXPECT_EQ(fields_of(answer.counts), fields_of(want.counts));
    EXPECT_FALSE(answer.event);
  }
}

TEST_F(Engine, TimersSendAndGiveUpAsInFreeBsd) {
  const std::uint32_t iss = ask(syn()).verdict.seq;
  // SYN-ACKs leave at 0, 1, 3.2 and 7.4 s, and the entry dies at 15.6 s.
  unsigned rxmits = 1;
  for (const std::uint32_t at : {1000u, 3200u, 7400u}) {
    EXPECT_EQ(ask(request(kOpTimeout, kTime + at - 1)).verdict.send, kSendNothing);
    const EngineAnswer answer = ask(request(kOpTimeout, kTime + at));
    EXPECT_EQ(answer.verdict.send, kSendSynAck);
    EXPECT_TRUE(answer.verdict.own);
    EXPECT_EQ(answer.verdict.seq, iss);
    EXPECT_EQ(answer.verdict.ece, rxmits == 1);  // ecn.maxretries 1
    EXPECT_EQ(answer.verdict.time_ms, kTime + at);
    EXPECT_EQ(answer.verdict.service, 9);
    EXPECT_EQ(answer.verdict.len, 74);
    EXPECT_EQ(answer.verdict.tag1, 0x81000005u);
    EXPECT_EQ(answer.record.code, kEventRexmt);
    EXPECT_EQ(answer.record.arg0, rxmits++);
  }
  EXPECT_FALSE(ask(request(kOpTimeout, kTime + 15'599)).counts.stale);
  const EngineAnswer last = ask(request(kOpTimeout, kTime + 15'600));
  EXPECT_TRUE(last.counts.stale);
  EXPECT_EQ(last.record.code, kEventRexmtExhausted);
  EXPECT_EQ(tables_.state.count, 0u);
}

TEST_F(Engine, FullBucketEvictsPausesAndFlushes) {
  config_.bucketlimit = 2;
  for (port_ = 1; port_ <= 2; ++port_) EXPECT_FALSE(ask(syn()).counts.evicted);
  const EngineAnswer third = ask(syn());
  EXPECT_TRUE(third.counts.added);
  EXPECT_TRUE(third.counts.evicted);
  EXPECT_TRUE(third.counts.bucketoverflow);
  EXPECT_EQ(third.record.code, kEventOverflow);
  EXPECT_EQ(third.record.arg0, 15u);
  EXPECT_EQ(tables_.state.count, 2u);
  // Paused: stateless, without ECE.
  port_ = 4;
  const EngineAnswer fourth = ask(syn());
  EXPECT_TRUE(fourth.counts.stateless);
  EXPECT_FALSE(fourth.verdict.ece);
  // The first timer flushes the bucket.
  port_ = 3;
  EXPECT_EQ(ask(request(kOpTimeout, kTime + 1000)).counts.flushed, 2);
  EXPECT_EQ(tables_.state.count, 0u);
  // What was answered in the pause still completes, also just after its end.
  tick(kTime + 14'999);
  EXPECT_TRUE(tables_.state.pause.paused);
  tick(kTime + 15'000);
  EXPECT_FALSE(tables_.state.pause.paused);
  port_ = 4;
  EXPECT_TRUE(ask(ack(fourth.verdict.seq, kTime + 15'000)).counts.recvcookie);
  port_ = 5;
  EXPECT_TRUE(ask(ack(1, kTime + 15'999)).counts.failcookie);
  tick(kTime + 16'000);
  EXPECT_TRUE(ask(ack(1, kTime + 16'000)).counts.spurcookie);
}

TEST_F(Engine, IssWithoutCookiesIsAKeyedHashAndTheClock) {
  config_.syncookies = false;
  const EngineAnswer first = ask(syn(kTime));
  EXPECT_FALSE(first.counts.sendcookie);
  ask(request(kOpTimeout, kTime + 1000));
  engine_clear(tables_, 0);
  const EngineAnswer second = ask(syn(kTime + 3));
  EXPECT_EQ(second.verdict.seq - first.verdict.seq, 3u << 8);
}

TEST_F(Engine, WithoutTablesOnlyCookiesAnswer) {
  config_.tables_ready = false;
  EXPECT_TRUE(ask(syn()).counts.stateless);
  config_.syncookies = false;
  EXPECT_EQ(ask(syn()).verdict.reason, kDropSyncacheFull);
  EXPECT_TRUE(ask(syn(), {false, true}).counts.sc_dropped);
  config_.unknown_ack = kUnknownAckDrop;
  EXPECT_EQ(ask(ack(1)).verdict.fate, kFateForward);
  EXPECT_EQ(tables_.state.count, 0u);
  EXPECT_EQ(tables_.syncache[0].valid, 0);
}

TEST_F(Engine, WrongAckDoesNotEndAHalfOpenConnection) {
  config_.unknown_ack = kUnknownAckRst;
  const std::uint32_t iss = ask(syn()).verdict.seq;
  const EngineAnswer wrong = ask(ack(iss + 1));
  EXPECT_EQ(wrong.verdict.reason, kDropAckInvalid);
  EXPECT_EQ(wrong.verdict.send, kSendRst);
  EXPECT_EQ(wrong.verdict.seq, iss + 2);
  EXPECT_EQ(wrong.verdict.ack, 0u);
  EXPECT_EQ(wrong.record.arg0, iss + 2);
  EXPECT_EQ(wrong.record.arg1, iss + 1);
  EXPECT_TRUE(ask(ack(iss)).counts.completed);
}

TEST_F(Engine, AForgedSynHarmsNoConnectionThatTheFlowTableDoesNotKnow) {
  // The client's real segments: another ISS, data far from the forged IRS, timestamps of long ago, or none.
  for (const bool learning : {false, true}) {
    config_.unknown_ack = learning ? kUnknownAckDrop : kUnknownAckPass;
    if (learning) tables_.flows[0].open_laps = 1;
    const std::uint32_t iss = ask(syn()).verdict.seq;
    for (const std::uint32_t seq : {kIrs + 1, kIrs - 77'777, kIrs + 1'000'000}) {
      for (const bool stamped : {false, true}) {
        RequestRecord data = ack(iss + 5'000);
        data.seq = seq;
        data.ts_ok = stamped;
        data.tsval = 899;
        const EngineAnswer answer = ask(data);
        EXPECT_EQ(answer.verdict.fate, kFateForward);
        EXPECT_EQ(answer.verdict.send, kSendNothing);
        EXPECT_EQ(answer.record.code, kEventAckInvalid);
      }
    }
    RequestRecord rst = request(kOpRst);
    rst.seq = kIrs - 77'777;
    EXPECT_EQ(ask(rst).verdict.fate, kFateForward);
    EXPECT_EQ(tables_.state.count, 1u);
    rst.seq = kIrs + 1;
    EXPECT_EQ(ask(rst).verdict.reason, kDropRstHalfOpen);
    EXPECT_EQ(tables_.state.count, 0u);
  }
}

TEST_F(Engine, WhatWasHandedOverIsTheServersToJudge) {
  config_.unknown_ack = kUnknownAckDrop;
  RequestRecord first = ack(ask(syn()).verdict.seq);
  first.agent = true;
  EXPECT_EQ(ask(first).verdict.send, kSendMark);
  // The status is lost, and the server's answers go another way: what the client says to them passes.
  RequestRecord later = first;
  later.ack += 100'000;
  later.seq += 70'000;
  later.ts_ok = false;
  EngineAnswer answer = ask(later);
  EXPECT_EQ(answer.verdict.fate, kFateForward);
  EXPECT_EQ(answer.verdict.send, kSendNothing);
  EXPECT_FALSE(answer.event);
  // One that only sends never acknowledges more: it is marked again, whatever its window is by now.
  later.ack = first.ack;
  later.time_ms += 16;
  answer = ask(later);
  EXPECT_EQ(answer.verdict.fate, kFateForward);
  EXPECT_EQ(answer.verdict.send, kSendMark);
  EXPECT_EQ(answer.verdict.seq, kIrs + 1);
  EXPECT_FALSE(answer.event);
  // And a client that gives up is heard by the server.
  RequestRecord rst = request(kOpRst);
  rst.seq = kIrs + 70'000;
  answer = ask(rst);
  EXPECT_EQ(answer.verdict.fate, kFateForward);
  EXPECT_FALSE(answer.event);
  rst.seq = kIrs + 1;
  answer = ask(rst);
  EXPECT_EQ(answer.verdict.fate, kFateForward);
  EXPECT_TRUE(answer.counts.reset);
  EXPECT_EQ(tables_.state.count, 0u);
}

TEST_F(Engine, TheLineNeitherOpensNorKeepsWhatTheServerHasEnded) {
  RequestRecord server = request(kOpServer);
  server.flags = 0x11;
  server.protect = true;
  ask(server);
  ASSERT_EQ(tables_.flows[0].way[0].state, kFlowClosing);
  RequestRecord visit = request(kOpVisit);
  for (unsigned lap = 0; lap < 4; ++lap) {
    ask(visit);
    EXPECT_EQ(ask(syn()).verdict.fate, kFateForward);
    EXPECT_EQ(ask(ack(1)).verdict.fate, kFateForward);
    EXPECT_EQ(tables_.flows[0].way[0].state, kFlowClosing);
  }
  ask(visit);
  EXPECT_EQ(tables_.state.flows, 0u);
}

TEST_F(Engine, WhatTheServerSaysToAnybodyNeitherOpensNorKeepsWhatItHasEnded) {
  RequestRecord server = request(kOpServer);
  server.flags = 0x11;
  server.protect = true;
  ask(server);
  const RequestRecord visit = request(kOpVisit);
  for (unsigned lap = 0; lap < 4; ++lap) {
    ask(visit);
    for (const std::uint8_t flags : {std::uint8_t{0x12}, std::uint8_t{0x14}, std::uint8_t{0x04}}) {
      server.flags = flags;
      ask(server);
    }
    EXPECT_EQ(tables_.flows[0].way[0].state, kFlowClosing);
  }
  // But to whom it says something else behind its SYN-ACK, it is connected again.
  server.flags = 0x10;
  ask(server);
  EXPECT_EQ(tables_.flows[0].way[0].state, kFlowOpen);
  // Without one it goes on with what was half-closed.
  server.flags = 0x11;
  ask(server);
  ask(visit);
  server.flags = 0x10;
  ask(server);
  EXPECT_EQ(tables_.flows[0].way[0].state, kFlowClosing);
  EXPECT_EQ(tables_.flows[0].way[0].aux, 0);
  server.flags = 0x02;
  ask(server);
  EXPECT_EQ(tables_.flows[0].way[0].state, kFlowOpen);
}

TEST_F(Engine, WhatNobodyConfirmsStaysAFlow) {
  config_.unknown_ack = kUnknownAckDrop;
  const std::uint32_t iss = ask(syn()).verdict.seq;
  RequestRecord first = ack(iss);
  first.agent = true;
  ask(first);
  std::uint32_t now = kTime;
  while (tables_.state.count != 0 && now < kTime + 60'000) ask(request(kOpTimeout, now += 100));
  EXPECT_EQ(tables_.state.count, 0u);
  EXPECT_EQ(tables_.flows[0].way[0].state, kFlowOpen);
  EXPECT_EQ(ask(ack(iss + 7'000)).verdict.fate, kFateForward);
}

TEST_F(Engine, AServerThatSpeaksOfAFlowHasTakenTheEntryToo) {
  const std::uint32_t iss = ask(syn()).verdict.seq;
  RequestRecord first = ack(iss);
  first.agent = true;
  ask(first);
  tables_.flows[0].way[3] = {kFlowHanded, 0, fingerprint()};
  RequestRecord server = request(kOpServer);
  server.flags = 0x10;
  EXPECT_TRUE(ask(server).counts.completed);
  EXPECT_EQ(tables_.state.count, 0u);
  EXPECT_EQ(tables_.flows[0].way[3].state, kFlowOpen);
}

TEST_F(Engine, FullFlowBucketFailsOpen) {
  config_.syncookies_only = true;
  config_.unknown_ack = kUnknownAckDrop;
  for (unsigned i = 0; i < kFlowWays; ++i, ++port_) EXPECT_TRUE(ask(ack(ask(syn()).verdict.seq)).counts.flows_added);
  EXPECT_EQ(ask(ack(1)).verdict.reason, kDropUnknownAck);
  const EngineAnswer full = ask(ack(ask(syn()).verdict.seq));
  EXPECT_TRUE(full.counts.flows_full);
  EXPECT_EQ(full.verdict.send, kSendMark);
  EXPECT_EQ(tables_.flows[0].open_laps, config_.flow_idle);
  EXPECT_EQ(ask(ack(1)).verdict.fate, kFateForward);
}

TEST_F(Engine, EventsTellTheRequestsConnection) {
  RequestRecord note = syn(77);
  note.op = kOpNote;
  note.note = 20;
  note.flags = 0x02;
  const EngineAnswer answer = ask(note);
  ASSERT_TRUE(answer.event);
  EXPECT_EQ(answer.record.code, 20);
  EXPECT_EQ(answer.record.faddr.lo, note.faddr.lo);
  EXPECT_EQ(answer.record.laddr.lo, note.laddr.lo);
  EXPECT_EQ(answer.record.fport, note.fport);
  EXPECT_EQ(answer.record.lport, note.lport);
  EXPECT_EQ(answer.record.flags, 0x02);
  EXPECT_EQ(answer.record.time_ms, 77u);
  EXPECT_EQ(answer.verdict.fate, kFateForward);
}

}  // namespace
}  // namespace synward::test
