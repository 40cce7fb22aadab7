// SPDX-License-Identifier: BSD-2-Clause
#include "hls/clocked_engine.hpp"

#include "hls/hls_engine.hpp"
#include "synward/engine.hpp"

namespace synward::sim {
namespace {

/// Items that the kernel's pipeline holds: while nobody takes its answers it takes no more.
constexpr std::size_t kHeld = ClockedEngine::kLatency / kHlsInterval + 2;

/// Milliseconds that no card leaps over while anything is in its tables.
constexpr std::uint32_t kStep = 1u << 17;

}  // namespace

ClockedEngine::ClockedEngine(TableSizes sizes, std::uint64_t kernel_clock)
    : sizes_(sizes), kernel_clock_(kernel_clock) {
  reset(0);
}

void ClockedEngine::reset(std::uint32_t time_ms) {
  lister_.reset();
  if (!kernel_) kernel_ = make_hls_engine(sizes_);
  engine_.emplace(sizes_, kernel_);
  lister_.emplace(*engine_);
  engine_->set_time(time_ms);
  config_.reset();
  line_.clear();
  occupy(0);
  time_ms_ = time_ms;
  takes_setting_ = takes_question_ = offered_ = false;
}

void ClockedEngine::set(const EngineConfig& config, bool load, bool end_pause) {
  config_ = config;
  config_->tables_ready = true;
  if (load) {
    engine_->clear(config.flow_learn);
    lister_->clear();
  }
  if (end_pause) engine_->end_pause();
  engine_->expect_earlier();
  // It stands alone.
  RequestRecord alone{};
  alone.op = kOpTick;
  occupy(kernel_->clocks_of(alone));
}

void ClockedEngine::ask(const RequestRecord& request, const Room& room) {
  take(request, room);
  ++since_timer_;
}

void ClockedEngine::take(const RequestRecord& request, const Room& room) {
  occupy(kernel_->clocks_of(request));
  line_.push_back({engine_->ask(config_.value(), request, room), free_ / kSameClock - kHlsInterval + kLatency});
}

void ClockedEngine::pop() {
  line_.pop_front();
  offered_ = false;
}

void ClockedEngine::tick(const Shown& shown) {
  ++now_;
  if (shown.time_ms != time_ms_) {
    // A step back, or over more than a lap of the flow table: as to the card's sweeper, it is nobody's age.
    if (shown.time_ms - time_ms_ >= kStep) engine_->set_time(shown.time_ms - 1);
    time_ms_ = shown.time_ms;
  }
  offered_ = offered_ || (!line_.empty() && line_.front().due <= now_);
  bool free = this->free() && line_.size() < kHeld;
  if (free && config_ && !shown.setting_waits && (!shown.question_waits || since_timer_ >= kTimerTurn) &&
      engine_->behind(time_ms_)) {
    since_timer_ = 0;
    if (const auto due = engine_->next_due(*config_, time_ms_, shown.line_half)) {
      take(*due, {shown.room_line, shown.room_host});
      free = false;
    }
  }
  takes_setting_ = free && shown.setting_waits;
  takes_question_ = free && config_ && !shown.setting_waits;
}

bool ClockedEngine::idle() const { return line_.empty() && free() && !(config_ && engine_->behind(time_ms_)); }

}  // namespace synward::sim
