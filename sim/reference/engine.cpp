// SPDX-License-Identifier: BSD-2-Clause
#include "reference/engine.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace synward::reference {

namespace {

/// log2 of the milliseconds in which all flow buckets are visited once.
constexpr unsigned kLogLap = 17;

RequestRecord request_of(std::uint8_t op, std::uint32_t now) {
  RequestRecord request{};
  request.op = op;
  request.time_ms = now;
  return request;
}

RequestRecord timeout_of(const Endpoints& ends, std::uint32_t now) {
  RequestRecord request = request_of(kOpTimeout, now);
  request.v6 = ends.v6;
  request.faddr = ends.faddr;
  request.laddr = ends.laddr;
  request.fport = ends.fport;
  request.lport = ends.lport;
  return request;
}

/// Collects the fields of records.
struct Fields {
  std::vector<std::uint64_t> numbers;
  void operator()(const Wide128& value, unsigned) {
    numbers.push_back(value.hi);
    numbers.push_back(value.lo);
  }
  template <typename T>
  void operator()(const T& value, unsigned) {
    numbers.push_back(static_cast<std::uint64_t>(value));
  }
};

std::vector<std::uint64_t> numbers_of(EngineAnswer answer) {
  Fields fields;
  answer.verdict.each(fields);
  answer.counts.each(fields);
  answer.record.each(fields);
  fields.numbers.push_back(answer.mark_mac);
  fields.numbers.push_back(answer.event ? 1 : 0);
  return fields.numbers;
}

bool same_answer(const EngineAnswer& a, const EngineAnswer& b) { return numbers_of(a) == numbers_of(b); }

}  // namespace

Engine::Engine(sim::TableSizes sizes, std::shared_ptr<OtherEngine> other)
    : sizes_(sizes),
      other_(std::move(other)),
      syncache_(std::size_t{1} << sizes.log_buckets),
      flows_(std::size_t{1} << sizes.log_flows),
      due_(syncache_.size()) {
  if (other_) other_->reset();
  clear(0);
}

void Engine::end_pause() {
  state_.pause.end = true;
  if (other_) other_->end_pause();
}

void Engine::clear(std::uint8_t flow_learn) {
  if (other_) other_->clear(flow_learn);
  for (SyncacheBucket& bucket : syncache_) bucket_clear(bucket);
  for (FlowBucket& flows : flows_) flows_clear(flows, flow_learn);
  state_.count = 0;
  state_.flows = 0;
  due_.clear();
  all_due_ = false;
  open_buckets_ = flow_learn != 0 ? 1u << sizes_.log_flows : 0;
  // Whatever the clock had stepped back from, nothing waits for it in an empty table.
  next_visit_ = (swept_ms_ >> log_pace()) + 1;
}

EngineAnswer Engine::ask(const EngineConfig& config, const RequestRecord& request, const Room& room) {
  const EngineAddress address = engine_address(config, request, sizes_.log_buckets, sizes_.log_flows);
  SyncacheBucket& bucket = syncache_[address.bucket];
  FlowBucket& flows = flows_[address.flows];
  const bool was_open = flows.open_laps != 0;
  const EngineAnswer answer = engine_decide(config, request, room, address.fingerprint, bucket, flows, state_);
  if (other_ && !same_answer(other_->ask(config, request, room), answer)) {
    throw std::logic_error("the engine and the step functions differ in an answer to operation " +
                           std::to_string(request.op));
  }
  note_change(address.flows, was_open);
  if (answer.verdict.send == kSendSynAck && !answer.counts.stateless) {
    expect(config.rexmit, address.bucket, bucket.way[bucket_find(bucket, request_ends(request))].entry);
  }
  return answer;
}

void Engine::note_change(std::uint32_t flows, bool was_open) {
  const bool is_open = flows_[flows].open_laps != 0;
  if (is_open && !was_open) ++open_buckets_;
  if (!is_open && was_open) --open_buckets_;
}

/// Keeps due_ right for an entry that was armed.
void Engine::expect(const RexmitConfig& rexmit, std::uint32_t bucket, const EntryRecord& entry) {
  const std::uint32_t passed = (swept_ms_ - entry.armed) & kArmedMask;
  due_.expect(bucket, swept_ - passed + entry_interval(rexmit, entry));
}

void Engine::expect_all(const RexmitConfig& rexmit, std::uint32_t index) {
  const SyncacheBucket& bucket = syncache_[index];
  for (unsigned way = 0; way < kWays; ++way) {
    if (way_valid(bucket, way)) expect(rexmit, index, bucket.way[way].entry);
  }
}

void Engine::set_time(std::uint32_t time_ms) {
  swept_ms_ = time_ms;
  all_due_ = true;
  const std::int32_t lap = std::int32_t{1} << sizes_.log_flows;
  const std::int32_t behind = visits_behind(time_ms);
  if (behind >= -lap && behind < lap) return;
  next_visit_ = (time_ms >> log_pace()) + 1 - (behind > 0 ? 1u << sizes_.log_flows : 0);
}

std::uint32_t state_quiet_ms(const EngineState& state, std::uint32_t now) {
  std::uint32_t quiet = Engine::kNever;
  const auto at = [now, &quiet](std::uint32_t time) { quiet = std::min(quiet, before(now, time) ? time - now : 1u); };
  if (state.pause.end) at(now);
  if (state.pause.paused) at(state.pause.until);
  if (state.pause.ever) at(state.pause.until + (kPauseTime << state.pause.backoff));
  if (state.gate.open) at(state.gate.stamp + kGateTime);
  if (state.limiter.count != 0) at(state.limiter.start + kLimiterWindow);
  return quiet;
}

std::uint32_t Engine::quiet_ms() const {
  std::uint32_t quiet = kNever;
  const auto at = [this, &quiet](std::uint32_t time) {
    quiet = std::min(quiet, before(swept_ms_, time) ? time - swept_ms_ : 1u);
  };
  if (state_.count != 0 && all_due_) at(swept_ms_);
  if (const auto due = state_.count != 0 ? due_.next() : std::nullopt) {
    // An entry's time is never so far away as that.
    const std::uint64_t ahead = *due > swept_ ? *due - swept_ : 0;
    at(swept_ms_ + static_cast<std::uint32_t>(std::min<std::uint64_t>(ahead, kArmedMask)));
  }
  return std::min(quiet, state_quiet_ms(state_, swept_ms_));
}

void Engine::sweep_until(const EngineConfig& config, std::uint32_t time_ms, const Sink& sink) {
  while (swept_ms_ != time_ms) {
    const std::uint32_t now = swept_ms_ + std::min(quiet_ms(), time_ms - swept_ms_);
    visit_until(config, now - 1, sink);
    swept_ += now - swept_ms_;
    swept_ms_ = now;
    sink(ask(config, request_of(kOpTick, now)));
    sweep_entries(config, now, sink);
    visit_until(config, now, sink);
  }
}

/// Brings due_ up to date.
void Engine::expect_due(const RexmitConfig& rexmit) {
  if (!std::exchange(all_due_, false)) return;
  for (std::uint32_t index = 0; index < syncache_.size(); ++index) expect_all(rexmit, index);
}

void Engine::sweep_entries(const EngineConfig& config, std::uint32_t now, const Sink& sink) {
  if (state_.count == 0) return;
  expect_due(config.rexmit);
  for (const std::uint32_t index : due_.take(swept_)) {
    ++looked_;
    const SyncacheBucket& bucket = syncache_[index];
    for (unsigned way = 0; way < kWays; ++way) {
      if (!way_valid(bucket, way) || !entry_due(config.rexmit, bucket.way[way].entry, now)) continue;
      sink(ask(config, timeout_of(bucket.way[way].ends, now)));
    }
    expect_all(config.rexmit, index);
  }
}

/// log2 of the milliseconds between two visits: all flow buckets are visited, one after the other, in a lap.
unsigned Engine::log_pace() const { return kLogLap - sizes_.log_flows; }

/// Visits whose time has come before `now`'s, negative if the clock has stepped back behind one that was made.
std::int32_t Engine::visits_behind(std::uint32_t now) const {
  // The difference has as many bits as a visit's number; its sign is taken along.
  const std::uint32_t difference = ((now >> log_pace()) - next_visit_) << log_pace();
  return static_cast<std::int32_t>(difference) >> log_pace();
}

void Engine::visit_until(const EngineConfig& config, std::uint32_t now, const Sink& sink) {
  while (visits_behind(now) >= 0) {
    if (state_.flows == 0 && open_buckets_ == 0) {
      // Where nothing ages, a visit changes nothing.
      next_visit_ = (now >> log_pace()) + 1;
      continue;
    }
    sink(ask(config, next_visit()));
  }
}

RequestRecord Engine::next_visit() {
  RequestRecord request = request_of(kOpVisit, next_visit_ << log_pace());
  request.seq = next_visit_++ & ((1u << sizes_.log_flows) - 1);
  return request;
}

}  // namespace synward::reference
