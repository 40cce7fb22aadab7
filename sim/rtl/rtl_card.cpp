// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <functional>
#include <stdexcept>
#include <vector>

#include "synward/registers.hpp"
#include "synward/sim/card.hpp"
#include "synward/sim/ms_clock.hpp"
#include "verilated_core.hpp"

namespace synward::sim {
namespace {

constexpr std::size_t kBeat = 64;
/// Clocks after the last beat in or out when nothing can be in flight any more: more than the pipeline and its buffers
/// need.
constexpr std::uint64_t kQuiet = 200;
/// Clocks in which the engine looks through all that time may have brought about.
constexpr std::uint64_t kCatchUp = 1500;
/// The longest leap over idle time while there are flows, ms: half a lap.
constexpr std::uint64_t kHalfLapMs = 1U << 16;
constexpr unsigned kResetClocks = 16;
constexpr std::uint64_t kBusTimeout = 10'000;
/// Clocks until the sweeper knows the time that the pins show: where it stands is not to be moved before, or it takes
/// the old time for a step back and asks for a visit that is not due.
constexpr std::uint64_t kTimeSeen = 8;
/// Of a core whose sweeper nobody moves.
constexpr std::uint64_t kVisitClocks = 8;
/// Visits that are left to the sweeper at the end of a leap: it may have chosen one already.
constexpr std::uint32_t kLastVisits = 8;
/// Laps after which nothing is left in the flow table if nobody touches it (net.synward.flow_idle is at most 62).
constexpr std::uint64_t kMostLaps = 64;
/// Time that is leapt over at once: the core compares times by signed differences of 32 bits.
constexpr std::uint64_t kLongestLeapMs = 1U << 30;
/// Clocks between two questions whether to stop.
constexpr std::uint64_t kStopGrain = 1024;

/// Frames that wait for an input port, and the one that is going in.
class Source {
 public:
  void offer(std::span<const std::uint8_t> frame, std::uint64_t cycle, bool damaged) {
    queue_.push_back({cycle, bytes_.size(), frame.size(), damaged});
    bytes_.insert(bytes_.end(), frame.begin(), frame.end());
  }
  bool empty() const { return next_ == queue_.size(); }
  /// Only the frame that is going in goes on.
  void drop_waiting() { queue_.resize(next_ + (sent_ > 0 ? 1 : 0)); }
  /// Clock at which the next beat can go in; only if not empty.
  std::uint64_t due() const { return sent_ > 0 ? 0 : queue_[next_].cycle; }

  /// Puts the beat of clock `cycle` on the pins. True if there is one.
  bool drive(CorePins::StreamIn& pins, std::uint64_t cycle) {
    if (empty() || due() > cycle) {
      pins.valid = 0;
      return false;
    }
    const Waiting& f = queue_[next_];
    const std::size_t n = std::min(kBeat, f.size - sent_);
    if (n < kBeat) {
      std::memset(pins.data.data(), 0, kBeat);
    }
    std::memcpy(pins.data.data(), bytes_.data() + f.offset + sent_, n);
    pins.keep = n == kBeat ? ~0ULL : (1ULL << n) - 1;
    pins.valid = 1;
    sent_ += n;
    pins.last = sent_ == f.size;
    pins.error = pins.last != 0 && f.damaged;
    if (sent_ == f.size) {
      sent_ = 0;
      ++next_;
      if (empty()) {
        queue_.clear();
        bytes_.clear();
        next_ = 0;
      } else if (next_ >= 4096 && 2 * next_ >= queue_.size()) {
        compact();
      }
    }
    return true;
  }

 private:
  struct Waiting {
    std::uint64_t cycle;
    std::size_t offset, size;
    bool damaged;
  };
  void compact() {
    const std::size_t base = queue_[next_].offset;
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(base));
    queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(next_));
    for (Waiting& w : queue_) {
      w.offset -= base;
    }
    next_ = 0;
  }
  std::vector<Waiting> queue_;
  std::vector<std::uint8_t> bytes_;
  std::size_t next_ = 0, sent_ = 0;
};

/// Puts the beats of an output port together again.
class Assembler {
 public:
  explicit Assembler(OutPort port) : port_(port) {}
  /// Takes the beat on the pins, if there is one. True if there is.
  bool take(const CorePins::StreamOut& pins, std::uint64_t cycle, const Card::Sink& sink) {
    if (pins.valid == 0) {
      return false;
    }
    if (frame_.empty()) {
      first_ = cycle;
    }
    const std::size_t n = static_cast<std::size_t>(__builtin_popcountll(pins.keep));
    const auto* data = reinterpret_cast<const std::uint8_t*>(pins.data.data());
    frame_.insert(frame_.end(), data, data + n);
    if (pins.last != 0) {
      // A frame that a reset has cut leaves the MAC with a bad FCS: nobody takes it.
      if (sink && pins.error == 0) {
        sink({port_, first_, cycle, frame_});
      }
      frame_.clear();
    }
    return true;
  }

 private:
  OutPort port_;
  std::uint64_t first_ = 0;
  std::vector<std::uint8_t> frame_;
};

class RtlCard final : public Card {
 public:
  using MakeCore = std::function<std::unique_ptr<VerilatedCore>(VerilatedContext&)>;
  RtlCard(std::string_view name, const MakeCore& make, TableSizes sizes)
      : name_(name),
        core_(start(context_, make)),
        pins_(core_->pins()),
        laps_(core_->flow_laps()),
        log_flows_(sizes.log_flows) {
    // What is not driven begins with anything, as registers without reset do: a register could be written by itself.
    pins_.time_given = 1;
    pins_.time_ms = 0;
    pins_.line_rx.valid = 0;
    pins_.host_rx.valid = 0;
    pins_.awvalid = 0;
    pins_.wvalid = 0;
    pins_.arvalid = 0;
    pins_.line_tx.ready = 1;
    pins_.host_tx.ready = 1;
    pins_.bready = 1;
    pins_.rready = 1;
    reset();
    // Clocks count from when frames are taken, and what registers without a reset showed before was no frame.
    now_ = quiet_since_ = evaluated_ = 0;
    out_line_ = Assembler(OutPort::line_tx);
    out_host_ = Assembler(OutPort::host_tx);
  }

  std::string_view core() const override { return name_; }
  bool timed() const override { return true; }
  /// A model's scopes are taken out of the thread's context, which another card may have left behind, and gone with.
  ~RtlCard() override {
    Verilated::threadContextp(&context_);
    core_.reset();
  }
  RtlCard(const RtlCard&) = delete;
  RtlCard& operator=(const RtlCard&) = delete;
  RtlCard(RtlCard&&) = delete;
  RtlCard& operator=(RtlCard&&) = delete;

  void set_sink(Sink sink) override { sink_ = std::move(sink); }
  void offer(InPort port, std::span<const std::uint8_t> frame, std::uint64_t cycle) override {
    offer(port, frame, cycle, false);
  }
  void offer_damaged(InPort port, std::span<const std::uint8_t> frame, std::uint64_t cycle) override {
    offer(port, frame, cycle, true);
  }
  void offer(InPort port, std::span<const std::uint8_t> frame, std::uint64_t cycle, bool damaged) {
    if (frame.empty() || frame.size() > 65535) {
      throw std::invalid_argument("Card::offer: a frame has 1 to 65535 bytes");
    }
    source(port).offer(frame, cycle, damaged);
  }
  std::uint64_t now() const override { return now_; }
  void run_until(std::uint64_t cycle) override {
    while (now_ < cycle && !stopped()) {
      if (asleep()) {
        skip_to(std::min({cycle, next_due(), wake_cycle()}));
        if (now_ == cycle) {
          return;
        }
      }
      tick();
    }
  }
  bool drain(std::uint64_t limit) override {
    std::uint64_t left = limit;
    while (!(line_.empty() && host_.empty() && quiet())) {
      if (asleep()) {
        skip_to(std::min(next_due(), wake_cycle()));
      }
      if (left-- == 0 || stopped()) {
        return false;
      }
      tick();
    }
    return true;
  }
  std::uint64_t quiet_until() const override { return asleep() ? std::min(next_due(), wake_cycle()) : now_; }
  void set_stop(std::function<bool()> stop) override { stop_ = std::move(stop); }
  void reset() override {
    line_.drop_waiting();
    host_.drop_waiting();
    pins_.rst_n = 0;
    for (unsigned i = 0; i < kResetClocks; ++i) {
      tick();
    }
    pins_.rst_n = 1;
    for (unsigned i = 0; i < kReleaseClocks; ++i) {
      tick();
    }
    wake_up();
  }
  void set_time_origin(std::uint32_t ms) override {
    origin_ms_ = ms;
    wake_up();
  }
  std::uint64_t clocks_evaluated() const override { return evaluated_; }

  std::uint32_t read32(std::uint32_t offset) override {
    pins_.araddr = static_cast<std::uint16_t>(offset);
    pins_.arvalid = 1;
    wait_for([&] { return pins_.arready != 0; });
    tick();
    pins_.arvalid = 0;
    wait_for([&] { return pins_.rvalid != 0; });
    const std::uint32_t value = pins_.rdata;
    tick();
    return value;
  }
  void write32(std::uint32_t offset, std::uint32_t value) override {
    pins_.awaddr = static_cast<std::uint16_t>(offset);
    pins_.awvalid = 1;
    pins_.wdata = value;
    pins_.wvalid = 1;
    wait_for([&] { return pins_.awready != 0 && pins_.wready != 0; });
    tick();
    pins_.awvalid = 0;
    pins_.wvalid = 0;
    wait_for([&] { return pins_.bvalid != 0; });
    tick();
    // A frame may be on its way that nobody offered to a port.
    if (offset == reg::kMailControl) {
      quiet_since_ = now_;
    }
  }

 private:
  static std::unique_ptr<VerilatedCore> start(VerilatedContext& context, const MakeCore& make) {
    Verilated::threadContextp(&context);
    context.randReset(2);  // memories and registers without reset begin with anything
    context.randSeed(1);
    return make(context);
  }
  Source& source(InPort port) { return port == InPort::line_rx ? line_ : host_; }
  bool quiet() const { return now_ >= quiet_since_ + kQuiet; }
  /// Nothing happens until a frame comes or time has passed.
  bool asleep() const { return quiet() && pins_.idle != 0; }
  /// What the core said of its next deed is about another time.
  void wake_up() {
    quiet_since_ = now_;
    next_leap_ = kNever;
  }
  bool stopped() const { return evaluated_ % kStopGrain == 0 && stop_ && stop_(); }
  /// First clock of the millisecond in which the engine has something to do by itself.
  std::uint64_t wake_cycle() const {
    if (pins_.wake == 0) {
      return kNever;
    }
    const auto ahead = static_cast<std::int32_t>(pins_.wake_ms - origin_ms_ - static_cast<std::uint32_t>(ms_));
    return ahead <= 0 ? now_ : first_cycle_of_ms(ms_ + static_cast<std::uint64_t>(ahead));
  }
  /// Leaps to clock `cycle`, or to shortly before it where the engine has to catch up with the time that has passed.
  ///
  /// Why that changes nothing: the core is asleep, so no request is under way and no entry is due before wake_cycle();
  /// TICK compares with the time that it is given, so the last of many gives what all of them would (no leap is so long
  /// that a signed difference turns); a VISIT bears the time at which it was due, however late it comes, and touches
  /// its bucket alone. What is left are the visits, one each 131 s / buckets: those of buckets that hold nothing
  /// change nothing, and leap_laps() takes the sweeper past them.
  void skip_to(std::uint64_t cycle) {
    cycle = std::min(cycle, first_cycle_of_ms(ms_ + kLongestLeapMs));
    if (cycle <= now_) {
      return;
    }
    // What has flows is visited in its time, and the sweeper makes up for no more than a lap. The look at all buckets
    // is dear: only where it can matter.
    const std::uint64_t half_lap = first_cycle_of_ms(ms_ + kHalfLapMs);
    if (cycle > half_lap && (laps_ == nullptr || !laps_->all_empty())) {
      cycle = half_lap;
    }
    const std::uint64_t passed = ms_of_cycle(cycle) - ms_;
    const std::uint64_t lead = passed == 0 ? 0 : kCatchUp + visit_clocks(passed);
    if (cycle - now_ > lead) {
      now_ = cycle - lead;
      // The engine sees the new time only as the clock runs on.
      if (passed != 0) {
        quiet_since_ = now_;
        next_leap_ = laps_ != nullptr ? now_ + kTimeSeen : kNever;
      }
    }
  }
  unsigned visit_shift() const { return 17 - log_flows_; }
  std::uint32_t visit_mask() const { return ~0U >> visit_shift(); }
  std::size_t flow_bucket(std::uint32_t visit) const { return visit & ((std::size_t{1} << log_flows_) - 1); }
  /// Clocks that the visits of `passed` milliseconds take at most.
  std::uint64_t visit_clocks(std::uint64_t passed) const {
    const std::uint64_t visits = (passed >> visit_shift()) + 1;
    if (laps_ == nullptr) {
      return kVisitClocks * visits;
    }
    if (laps_->visit_clocks() * visits <= laps_->stride()) {
      return laps_->visit_clocks() * visits;
    }
    const std::uint64_t lap = std::uint64_t{1} << log_flows_;
    const std::uint32_t visited = laps_->visited();
    std::uint64_t full = 0;
    for (std::uint32_t i = 1; i <= std::min(visits, lap); ++i) {
      full += laps_->empty(flow_bucket(visited + i)) ? 0 : 1;
    }
    const std::uint64_t leaps = full * std::min(visits / lap + 1, kMostLaps) + kMostLaps;
    return std::min(laps_->visit_clocks() * visits, laps_->stride() * leaps);
  }
  /// Takes the sweeper, which is behind the time, to the visit before the next bucket that holds anything.
  void leap_laps() {
    const std::uint32_t visited = laps_->visited();
    const std::uint32_t behind = ((shown_ms_ >> visit_shift()) - visited) & visit_mask();
    if (behind <= kLastVisits || behind > visit_mask() / 2) {
      next_leap_ = kNever;
      return;
    }
    const auto lap = std::uint32_t{1} << log_flows_;
    const std::uint32_t most = behind - kLastVisits;
    std::uint32_t leap = 0;
    while (leap < most && leap < lap && laps_->empty(flow_bucket(visited + leap + 1))) {
      ++leap;
    }
    // All buckets of a lap are empty: so are those of the next.
    leap = leap == lap ? most : leap;
    laps_->set_visited((visited + leap) & visit_mask());
    next_leap_ = now_ + laps_->stride();
  }
  std::uint64_t next_due() const {
    std::uint64_t due = kNever;
    if (!line_.empty()) {
      due = std::min(due, line_.due());
    }
    if (!host_.empty()) {
      due = std::min(due, host_.due());
    }
    return due;
  }

  /// One clock: what the pins show belongs to clock now_; then the rising edge that ends it.
  void tick() {
    bool busy = line_.drive(pins_.line_rx, now_);
    busy |= host_.drive(pins_.host_rx, now_);
    // The millisecond changes rarely: no division in the loop.
    if (now_ >= next_ms_cycle_ || now_ < ms_cycle_) {
      ms_ = ms_of_cycle(now_);
      ms_cycle_ = now_;
      next_ms_cycle_ = first_cycle_of_ms(ms_ + 1);
    }
    show_time(origin_ms_ + static_cast<std::uint32_t>(ms_));
    if (now_ >= next_leap_) {
      leap_laps();
    }
    busy |= out_line_.take(pins_.line_tx, now_, sink_);
    busy |= out_host_.take(pins_.host_tx, now_, sink_);
    edge();
    if (busy || core_->busy()) {
      quiet_since_ = now_;
    }
    ++now_;
    ++evaluated_;
  }
  /// The core's millisecond clock: the one place that knows how the core learns of the time.
  void show_time(std::uint32_t ms) {
    shown_ms_ = ms;
    pins_.time_ms = ms;
  }
  void edge() {
    pins_.clk = 0;
    core_->eval();
    context_.timeInc(1);
    pins_.clk = 1;
    core_->eval();
    context_.timeInc(1);
  }
  template <typename Condition>
  void wait_for(Condition&& condition) {
    for (std::uint64_t i = 0; i < kBusTimeout; ++i) {
      pins_.clk = 0;
      core_->eval();
      if (condition()) {
        return;
      }
      tick();
    }
    throw std::runtime_error("the card does not answer on its register port");
  }

  std::string_view name_;
  VerilatedContext context_;
  std::unique_ptr<VerilatedCore> core_;
  CorePins pins_;
  FlowLaps* laps_;
  Sink sink_;
  std::function<bool()> stop_;
  Source line_, host_;
  Assembler out_line_{OutPort::line_tx}, out_host_{OutPort::host_tx};
  std::uint64_t now_ = 0, quiet_since_ = 0, evaluated_ = 0;
  std::uint64_t ms_ = 0, ms_cycle_ = 0, next_ms_cycle_ = 0;
  std::uint64_t next_leap_ = kNever;  ///< clock of the next leap_laps()
  std::uint32_t origin_ms_ = 0, shown_ms_ = 0;
  unsigned log_flows_;
};

}  // namespace

std::unique_ptr<Card> make_rtl_card(const std::string& trace_file, TableSizes sizes) {
  const bool small = sizes.log_buckets == 6 && sizes.log_flows == 6;
  if (!small && (sizes.log_buckets != 14 || sizes.log_flows != 16)) {
    throw std::invalid_argument("make_rtl_card: the core exists with tables of {14, 16} and of {6, 6} only");
  }
  if (small && !trace_file.empty()) {
    throw std::invalid_argument("make_rtl_card: waves are written by the core of full size only");
  }
  const auto make = [&](VerilatedContext& context) {
    if (!trace_file.empty()) return make_trace_core(context, trace_file);
    return small ? make_small_core(context) : make_plain_core(context);
  };
  return std::make_unique<RtlCard>("rtl", make, sizes);
}

std::unique_ptr<Card> make_kernel_card(TableSizes sizes, const KernelTrouble* trouble) {
  const bool small = sizes.log_buckets == 6 && sizes.log_flows == 6;
  if (!small && (sizes.log_buckets != 14 || sizes.log_flows != 16)) {
    throw std::invalid_argument("make_kernel_card: it exists with tables of {14, 16} and of {6, 6} only");
  }
  const auto make = [=](VerilatedContext& context) {
    return small ? make_small_kernel_core(context, trouble) : make_kernel_core(context, trouble);
  };
  return std::make_unique<RtlCard>("rtl-hls", make, sizes);
}

std::unique_ptr<Card> make_socket_card() {
  return std::make_unique<RtlCard>("shell", make_socket_core, TableSizes{6, 6});
}

}  // namespace synward::sim
