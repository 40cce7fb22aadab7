// SPDX-License-Identifier: BSD-2-Clause
#include "hls/clocked_engine.hpp"

#include <stdexcept>
#include <string>
#include <vector>

#include "reference/sight.hpp"
#include "synward/engine.hpp"

namespace synward::sim {
namespace {

/// Items that the kernel's pipeline holds: while nobody takes its answers it takes no more.
constexpr std::size_t kHeld = ClockedEngine::kLatency / kHlsInterval + 2;

std::vector<std::uint64_t> numbers_of(SightRecord sight) {
  std::vector<std::uint64_t> numbers;
  sight.each([&](const auto& value, unsigned) {
    if constexpr (std::is_same_v<std::decay_t<decltype(value)>, Wide128>) {
      numbers.push_back(value.hi);
      numbers.push_back(value.lo);
    } else {
      numbers.push_back(value);
    }
  });
  return numbers;
}

}  // namespace

ClockedEngine::ClockedEngine(TableSizes sizes, std::uint64_t kernel_clock)
    : sizes_(sizes), kernel_clock_(kernel_clock), kernel_(make_hls_engine(sizes, false)) {
  reset();
}

void ClockedEngine::reset() {
  engine_.emplace(sizes_, kernel_);
  config_.reset();
  line_.clear();
  occupy(0);
  clearing_ = true;  // the first setting begins it
  takes_setting_ = takes_question_ = offered_ = false;
}

/// The kernel clears its tables: a bucket of each in an iteration, and the last of them lands.
void ClockedEngine::clear() {
  clearing_ = true;
  cleared_ = from() + kHlsInterval * (kernel_->clear_steps() + kDistance) * kernel_clock_;
}

bool ClockedEngine::held_up() const { return line_.size() >= kHeld; }

void ClockedEngine::set(const EngineConfig& config, bool load, bool end_pause) {
  const bool first = !config_;
  config_ = config;
  if (load)
    engine_->clear(config.flow_learn);
  else if (first)
    kernel_->clear(0);
  if (end_pause) engine_->end_pause();
  // It stands alone.
  RequestRecord alone{};
  alone.op = kOpTick;
  occupy(kernel_->clocks_of(alone));
  if (load || first) clear();
}

void ClockedEngine::ask(const RequestRecord& request, const Room& room) {
  // Before the first setting it knows nothing.
  EngineConfig config = config_.value_or(EngineConfig{});
  config.tables_ready = !clearing_;
  occupy(kernel_->clocks_of(request));
  const EngineAnswer answer = engine_->ask(config, request, room);
  const std::uint32_t index = request.op == kOpPeek
                                  ? request.seq & ((1U << sizes_.log_buckets) - 1)
                                  : engine_address(config, request, sizes_.log_buckets, sizes_.log_flows).bucket;
  const SightRecord want =
      reference::sight_of(config, request, answer, index, engine_->bucket(index), engine_->state());
  if (numbers_of(kernel_->sight()) != numbers_of(want)) {
    throw std::logic_error("the engine and the step functions differ in what operation " + std::to_string(request.op) +
                           " shows");
  }
  line_.push_back({{answer, want}, free_ / kSameClock - kHlsInterval + kLatency});
}

void ClockedEngine::pop() {
  line_.pop_front();
  offered_ = false;
}

void ClockedEngine::tick(bool setting_waits, bool question_waits) {
  ++now_;
  if (clearing_ && held_up()) cleared_ += kSameClock;
  if (config_ && clearing_ && now_ * kSameClock >= cleared_) {
    kernel_->finish_clearing();
    clearing_ = false;
  }
  offered_ = offered_ || (!line_.empty() && line_.front().due <= now_);
  const bool takes = free() && !held_up();
  takes_setting_ = takes && setting_waits;
  takes_question_ = takes && question_waits && !setting_waits;
}

}  // namespace synward::sim
