// SPDX-License-Identifier: BSD-2-Clause
// Proves, for every frame of the hostile generator, that the flow table hears of those, and only those, that the
// reference can read as far as TCP, whatever their checksums, with the tuple as the engine has it, in order and at the
// promised clock.
#include <Vsynward_watch.h>
#include <gtest/gtest.h>

#include <deque>
#include <optional>

#include "block/bench.hpp"
#include "block/service_write.hpp"
#include "block/stream.hpp"
#include "common/control.hpp"
#include "common/generator.hpp"
#include "reference/classify.hpp"
#include "reference/control.hpp"
#include "reference/mailbox.hpp"
#include "reference/parse.hpp"
#include "synward/codes.hpp"

namespace synward::test {
namespace {

constexpr std::uint64_t kLatency = 19;  ///< clocks from the last beat, for three beats and more

RequestRecord server_request(const reference::ParsedFrame& parsed, std::uint32_t time_ms, bool protect) {
  RequestRecord request{};
  request.op = kOpServer;
  request.time_ms = time_ms;
  request.v6 = parsed.v6;
  request.faddr = parsed.dst;
  request.laddr = parsed.src;
  request.fport = parsed.dport;
  request.lport = parsed.sport;
  request.flags = parsed.flags;
  request.protect = protect;
  return request;
}

class Watch {
 public:
  explicit Watch(std::uint64_t seed) : rng(seed), block_(seed) {
    block_->valid_i = 0;
    pack(ServiceWriteRecord{}, block_->service_i);
    block_->control_keys_i = 3;
    block_->secrets_loaded_i = 1;
    settings_.secrets_loaded = true;
    const Secrets secrets = default_secrets();
    set_bytes(block_->control_key0_i, 0, secrets.control);
    set_bytes(block_->control_key1_i, 0, kFormer);
    block_.reset();
    const std::vector<ServiceEntry> services = default_services();
    for (std::size_t i = 0; i < services.size(); ++i) write(i, services[i]);
  }

  void send(const Bytes& frame, unsigned gap_chance) {
    const std::uint32_t time_ms = time_.value_or(rng.u32());
    const std::size_t beats = beats_of(frame.size());
    for (std::size_t beat = 0; beat < beats; ++beat) {
      while (rng.percent(gap_chance)) idle();
      const std::size_t at = beat * kBeat;
      const std::size_t bytes = std::min(kBeat, frame.size() - at);
      block_->valid_i = 1;
      block_->first_i = beat == 0;
      block_->last_i = beat + 1 == beats;
      block_->top_i = static_cast<std::uint8_t>(bytes - 1);
      block_->data_i = {};
      set_bytes(block_->data_i, 0, ByteView(frame).subspan(at, bytes));
      block_->time_ms_i = time_ms;
      // Before the last beat it means nothing.
      block_->error_i = beat + 1 == beats ? rng.percent(damaged_percent) : rng.bit();
      if (beat + 1 == beats && block_->error_i != 0) ++damaged;
      if (beat + 1 == beats && block_->error_i == 0) expect(frame, time_ms, beats);
      clock();
      if (testing::Test::HasFatalFailure()) return;
    }
  }

  void drain() {
    for (int i = 0; i < 5000; ++i) idle();
    EXPECT_TRUE(expected_.empty());
    EXPECT_TRUE(statuses_.empty());
    EXPECT_EQ(refused_, refusals);
  }
  /// One frame many times, back to back; any of them may be refused.
  void burst(const Bytes& frame, unsigned times) {
    time_ = rng.u32();
    for (unsigned i = 0; i < times; ++i) {
      send(frame, 0);
      if (!statuses_.empty()) any_ = statuses_.back();
      statuses_.clear();
    }
    wait(8000);
    any_.reset();
    time_.reset();
  }
  void wait(unsigned clocks) {
    for (unsigned i = 0; i < clocks; ++i) idle();
  }

  static constexpr Key kFormer{9, 8, 7};

  Rng rng;
  unsigned damaged_percent = 10;
  std::size_t heard = 0, unheard = 0, damaged = 0, checked = 0, refused_ = 0, learnt = 0, refusals = 0, mails = 0;

 private:
  struct Expected {
    RequestRecord request;
    std::uint64_t clock;
  };

  void expect(const Bytes& frame, std::uint32_t time_ms, std::size_t beats) {
    const reference::ParsedFrame parsed = reference::parse(frame, false);
    if (reference::Mailbox::takes(frame)) {
      ++mails;
      return;
    }
    if (reference::is_control(frame)) {
      expect_status(frame, parsed, time_ms);
      return;
    }
    if (parsed.reading != reference::Reading::tcp) {
      ++unheard;
      return;
    }
    ++heard;
    const reference::Service* service = reference::find_service(parsed.v6, parsed.src, parsed.sport, settings_);
    const bool protect = service != nullptr && service->answer.mode == reference::kModeProtect;
    expected_.push_back({server_request(parsed, time_ms, protect), now_ + kLatency + (beats < 3 ? 3 - beats : 0)});
  }

  void expect_status(const Bytes& frame, const reference::ParsedFrame& parsed, std::uint32_t time_ms) {
    const auto sip = [](const Key& key) {
      SipKey out{};
      for (unsigned i = 0; i < 8; ++i) {
        out.k0 |= std::uint64_t{key[i]} << (8 * i);
        out.k1 |= std::uint64_t{key[8 + i]} << (8 * i);
      }
      return out;
    };
    const std::array keys{sip(default_secrets().control), sip(kFormer)};
    const auto status = reference::read_status(frame, parsed, keys);
    if (!status) {
      ++refusals;
      return;
    }
    ++checked;
    const reference::ParsedFrame& mark = status->mark;
    RequestRecord request{};
    request.op = kOpStatus;
    request.time_ms = time_ms;
    request.v6 = mark.v6;
    request.faddr = mark.src;
    request.laddr = mark.dst;
    request.fport = mark.sport;
    request.lport = mark.dport;
    request.seq = mark.seq;
    request.ack = mark.ack;
    request.flags = 0x10;
    request.note = status->status;
    const reference::Service* service = reference::find_service(mark.v6, mark.dst, mark.dport, settings_);
    if (service != nullptr) request.service = static_cast<std::uint8_t>(service - settings_.services.data());
    request.mac_dst = mark.mac_src;
    request.mac_src = mark.mac_dst;
    request.tags = mark.tags;
    request.tag1 = mark.tag[0];
    request.tag2 = mark.tag[1];
    statuses_.push_back({request, service != nullptr});
  }

  void write(std::size_t index, const ServiceEntry& entry) {
    reference::Service& service = settings_.services[index];
    service.valid = true;
    service.v4 = entry.v4;
    service.v6 = entry.v6;
    service.any = entry.any;
    service.port = entry.port;
    const ByteView bytes = entry.address.view();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      std::uint64_t& half = bytes.size() - i > 8 ? service.address.hi : service.address.lo;
      half = half << 8 | bytes[i];
    }
    service.answer.mode = static_cast<std::uint8_t>(entry.mode);
    pack(service_write(index, service), block_->service_i);
    idle();
    pack(ServiceWriteRecord{}, block_->service_i);
  }

  void idle() {
    block_->valid_i = 0;
    block_->first_i = rng.bit();
    block_->last_i = rng.bit();
    block_->error_i = rng.bit();
    block_->top_i = static_cast<std::uint8_t>(rng.below(kBeat));
    block_->time_ms_i = rng.u32();
    scramble(block_->data_i, rng);
    clock();
  }

  void clock() {
    block_.settle();
    const bool due = !expected_.empty() && expected_.front().clock == now_;
    const bool status = block_->status_o != 0;
    ASSERT_EQ(block_->valid_o != 0, due || status) << "clock " << now_;
    ASSERT_FALSE(due && status);
    refused_ += block_->control_refused_o;
    ASSERT_FALSE(block_->learn_agent_o && !status);
    if (status) {
      if (statuses_.empty() && any_) statuses_.push_back(*any_);
      ASSERT_FALSE(statuses_.empty());
      RequestRecord got = unpack<RequestRecord>(block_->request_o);
      if (got.tags < 1) got.tag1 = 0;
      if (got.tags < 2) got.tag2 = 0;
      ASSERT_EQ(fields_text(got), fields_text(statuses_.front().request));
      ASSERT_EQ(block_->learn_agent_o != 0, statuses_.front().learn);
      learnt += block_->learn_agent_o;
      statuses_.pop_front();
    }
    if (due) {
      ASSERT_EQ(fields_text(unpack<RequestRecord>(block_->request_o)), fields_text(expected_.front().request));
      expected_.pop_front();
    }
    block_.edge();
    ++now_;
  }

  /// A status whose tag is right: it comes when it is checked, in order.
  struct ExpectedStatus {
    RequestRecord request;
    bool learn;
  };

  Bench<Vsynward_watch> block_;
  reference::Settings settings_;
  std::deque<Expected> expected_;
  std::deque<ExpectedStatus> statuses_;
  std::optional<std::uint32_t> time_;  ///< of all frames; otherwise each its own
  std::optional<ExpectedStatus> any_;  ///< what may come any number of times
  std::uint64_t now_ = 0;
};

TEST(Watch, hears_of_every_readable_segment) {
  const std::uint64_t seed = test_seed();
  Watch watch(seed);
  FrameGenerator frames(seed);
  unsigned gaps = 0;
  for (int i = 0; i < 60'000; ++i) {
    if (i % 1000 == 0) gaps = watch.rng.pick(std::array{0U, 0U, 20U, 60U});
    watch.send(frames.next(), gaps);
    if (HasFatalFailure()) FAIL() << "frame " << i << ", " << frames.kind();
  }
  watch.drain();
  EXPECT_GT(watch.heard, 10'000U);
  EXPECT_GT(watch.unheard, 5'000U);
  EXPECT_GT(watch.damaged, 1'000U);
}

TEST(Watch, checks_the_tags_of_statuses) {
  const std::uint64_t seed = test_seed();
  Watch watch(seed);
  FrameGenerator frames(seed);
  for (int i = 0; i < 200; ++i) frames.next();
  Rng& rng = watch.rng;
  for (int i = 0; i < 20'000; ++i) {
    if (rng.percent(60)) {
      watch.send(frames.next_from_host(), 0);
    } else {
      watch.send(frames.next_status(), rng.percent(20) ? 30 : 0);
      // Two keys may have to be tried: 16 wait, each for no more than 120 clocks.
      watch.wait(130);
    }
    if (rng.percent(5)) frames.next();
    if (HasFatalFailure()) FAIL() << "frame " << i << ", " << frames.kind();
  }
  watch.drain();
  EXPECT_GT(watch.checked, 2'000U);
  EXPECT_GT(watch.refused_, 500U);
  EXPECT_GT(watch.mails, 100U);
  EXPECT_GT(watch.learnt, 500U);
}

TEST(Watch, takes_the_former_key_too_and_bounds_what_waits) {
  Watch watch(test_seed());
  watch.damaged_percent = 0;
  StatusSpec spec;
  spec.mark.src = address("192.0.2.1");
  spec.mark.dst = address("198.51.100.7");
  spec.mark.sport = 4000;
  spec.mark.dport = 443;
  watch.send(status_frame(spec, Watch::kFormer), 0);
  watch.wait(200);
  EXPECT_EQ(watch.learnt, 1U);
  // Of a hundred that come at once, as many are taken as fit, and the rest is counted.
  std::size_t taken = 0;
  const Bytes frame = status_frame(spec, default_secrets().control);
  watch.burst(frame, 100);
  taken = watch.learnt - 1;
  EXPECT_GE(taken, 16U);
  EXPECT_EQ(taken + watch.refused_, 100U);
}

// Its segment ends before the frame is too long.
TEST(Watch, does_not_hear_of_an_oversize_frame) {
  Watch watch(test_seed());
  watch.damaged_percent = 0;
  FrameSpec spec;
  spec.src = address("192.0.2.1");
  spec.dst = address("198.51.100.7");
  for (const std::size_t size : {reference::kMaxFrame, reference::kMaxFrame + 1, reference::kMaxFrame + 1000}) {
    Bytes frame = build(spec).bytes;
    frame.resize(size);
    watch.send(frame, 0);
  }
  watch.drain();
  EXPECT_EQ(watch.heard, 1U);
}

}  // namespace
}  // namespace synward::test
