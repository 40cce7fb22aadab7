// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <deque>
#include <functional>
#include <stdexcept>
#include <vector>

#include "synward/sim/card.hpp"
#include "verilated_core.hpp"

namespace synward::sim {
namespace {

constexpr std::size_t kBeat = 64;
/// Clocks after the last beat in or out when nothing can be in flight any more: more than the pipeline and its buffers
/// need.
constexpr std::uint64_t kQuiet = 200;
/// Clocks in which the engine looks through all that time may have brought about.
constexpr std::uint64_t kCatchUp = 1500;
/// The longest leap over idle time, ms.
constexpr std::uint64_t kLongestLeap = 1u << 16;
constexpr std::uint64_t kBusTimeout = 10'000;

/// Frames that wait for an input port, and the one that is going in.
class Source {
 public:
  void offer(std::span<const std::uint8_t> frame, std::uint64_t cycle, bool damaged) {
    queue_.push_back({cycle, bytes_.size(), frame.size(), damaged});
    bytes_.insert(bytes_.end(), frame.begin(), frame.end());
  }
  bool empty() const { return next_ == queue_.size(); }
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
      if (sink) {
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
      : name_(name), core_(start(context_, make)), pins_(core_->pins()), log_flows_(sizes.log_flows) {
    pins_.time_given = 1;
    pins_.line_tx.ready = 1;
    pins_.host_tx.ready = 1;
    pins_.bready = 1;
    pins_.rready = 1;
    pins_.rst_n = 0;
    for (int i = 0; i < 16; ++i) {
      edge();
    }
    pins_.rst_n = 1;
  }

  std::string_view core() const override { return name_; }
  bool timed() const override { return true; }
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
    while (now_ < cycle) {
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
      if (left-- == 0) {
        return false;
      }
      tick();
    }
    return true;
  }
  void set_time_origin(std::uint32_t ms) override { origin_ms_ = ms; }
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
  }

 private:
  static std::unique_ptr<VerilatedCore> start(VerilatedContext& context, const MakeCore& make) {
    context.randReset(2);  // memories and registers without reset begin with anything
    context.randSeed(1);
    return make(context);
  }
  Source& source(InPort port) { return port == InPort::line_rx ? line_ : host_; }
  bool quiet() const { return now_ >= quiet_since_ + kQuiet; }
  /// Nothing happens until a frame comes or time has passed.
  bool asleep() const { return quiet() && pins_.idle != 0; }
  /// First clock of the millisecond in which the engine has something to do by itself.
  std::uint64_t wake_cycle() const {
    if (pins_.wake == 0) {
      return ~0ULL;
    }
    const auto ahead = static_cast<std::int32_t>(pins_.wake_ms - origin_ms_ - static_cast<std::uint32_t>(ms_));
    return ahead <= 0 ? now_ : cycle_of(ms_ + static_cast<std::uint64_t>(ahead));
  }
  static std::uint64_t cycle_of(std::uint64_t ms) {
    return static_cast<std::uint64_t>(std::ceil(static_cast<double>(ms) * kClockHz / 1000.0));
  }
  static std::uint64_t ms_of(std::uint64_t cycle) {
    return static_cast<std::uint64_t>(static_cast<double>(cycle) * 1000.0 / kClockHz);
  }
  /// Leaps to clock `cycle`, or to shortly before it where the engine has to catch up with the time that has passed:
  /// its visits to flow buckets, one each 131 s / buckets, take four clocks each. It makes up for no more than a lap of
  /// them, and so a leap is half of one at most.
  void skip_to(std::uint64_t cycle) {
    if (cycle <= now_) {
      return;
    }
    cycle = std::min(cycle, cycle_of(ms_ + kLongestLeap));
    const std::uint64_t passed = ms_of(cycle) - ms_;
    const std::uint64_t lead = passed == 0 ? 0 : kCatchUp + 4 * (passed >> (17 - log_flows_));
    if (cycle - now_ > lead) {
      now_ = cycle - lead;
      // The engine sees the new time only as the clock runs on.
      if (passed != 0) {
        quiet_since_ = now_;
      }
    }
  }
  std::uint64_t next_due() const {
    std::uint64_t due = ~0ULL;
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
      ms_ = ms_of(now_);
      ms_cycle_ = now_;
      next_ms_cycle_ = cycle_of(ms_ + 1);
    }
    pins_.time_ms = origin_ms_ + static_cast<std::uint32_t>(ms_);
    busy |= out_line_.take(pins_.line_tx, now_, sink_);
    busy |= out_host_.take(pins_.host_tx, now_, sink_);
    edge();
    if (busy) {
      quiet_since_ = now_;
    }
    ++now_;
    ++evaluated_;
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
  Sink sink_;
  Source line_, host_;
  Assembler out_line_{OutPort::line_tx}, out_host_{OutPort::host_tx};
  std::uint64_t now_ = 0, quiet_since_ = 0, evaluated_ = 0;
  std::uint64_t ms_ = 0, ms_cycle_ = 0, next_ms_cycle_ = 0;
  std::uint32_t origin_ms_ = 0;
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

std::unique_ptr<Card> make_socket_card() {
  return std::make_unique<RtlCard>("shell", make_socket_core, TableSizes{6, 6});
}

}  // namespace synward::sim
