// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "common/frame.hpp"
#include "common/oracle.hpp"
#include "common/rng.hpp"
#include "synward/device.hpp"
#include "verilated_core.hpp"

namespace synward::test {

/// A port of the rig, and the way of a frame that is passed: from the line to the host, or back.
enum Way : std::uint8_t { kToHost, kToLine };

/// A frame that was offered to the core.
struct Offered {
  Way way{};
  std::uint64_t serial = 0;  ///< of its way
  std::uint64_t first_clock = 0;
  Tuple tuple;
  std::uint32_t seq = 0;
  bool syn = false, handshake = false;  ///< a SYN, or the ACK that ends a handshake, to a service
  bool forged = false;                  ///< its TCP checksum is wrong
  Bytes bytes;
};

/// Clocks from power-up, or a reset's end, until every access and frame is taken.
constexpr std::uint64_t kRelease = 128;

/// Traffic of one phase; chances in percent.
struct Traffic {
  unsigned line = 60, host = 30;  ///< clocks in which a frame starts, where none is under way
  unsigned gaps = 0;              ///< clocks without a beat, inside a frame
  unsigned line_ready = 100, host_ready = 100;
  unsigned mails = 0;         ///< of the host's frames, those that are for the mailbox
  std::size_t longest = 600;  ///< bytes
};

/// The small core at its pins, every clock, between random frames that carry other whole frames as their payload. Every
/// beat that leaves is judged: by the rules of the stream, and whether it is one of the frames offered, or what the
/// card may say, in order and once. What is wrong stands in wrong().
class ResetRig final : public Device {
 public:
  explicit ResetRig(std::uint64_t seed);
  ~ResetRig() override;
  ResetRig(const ResetRig&) = delete;
  ResetRig& operator=(const ResetRig&) = delete;
  ResetRig(ResetRig&&) = delete;
  ResetRig& operator=(ResetRig&&) = delete;

  void clock();
  void clocks(std::uint64_t count) {
    for (std::uint64_t i = 0; i < count && fault_.empty(); ++i) clock();
  }
  void start(const Traffic& traffic) {
    traffic_ = traffic;
    quiet_ = false;
  }
  /// Stops the traffic at the ends of its frames, and runs until nothing moves.
  void drain();
  /// A reset in the middle of whatever goes on; 0 clocks: a pulse within one. Its copies skewed by up to `skew` clocks,
  /// as they rise and as they fall.
  void reset(std::uint64_t length, unsigned skew);
  /// Leaves an access to a register half done, as a reset may find it.
  void begin_access();
  /// One SYN to an idle card; clocks from its first beat to the first of its SYN-ACK, or 0.
  std::uint64_t syn_latency();

  std::uint32_t read32(std::uint32_t offset) override;
  void write32(std::uint32_t offset, std::uint32_t value) override;

  /// All secrets and services are there: from now on forged frames must not pass.
  void serve() { serving_since_ = now_; }

  /// What was written to MAIL_OUT: it may leave.
  Bytes mail_out;

  /// A mark's MAC may be lost, which is made behind its verdict; the server refuses such a mark.
  bool macs_lost = false;
  /// Called behind each rising edge.
  std::function<void(sim::CoreFaults&)> on_edge;

  Rng rng;
  const std::string& wrong() const { return fault_; }
  std::uint64_t now() const { return now_; }

  /// Since the last forget().
  struct Seen {
    std::uint64_t offered[2] = {}, forged = 0, syns = 0, handshakes = 0;
    std::uint64_t passed[2] = {}, answers = 0, marks = 0, wrong_marks = 0, cut = 0, mails = 0;
  } seen;
  void forget() { seen = {}; }

 private:
  struct Source {
    const Offered* frame = nullptr;  ///< under way
    std::size_t at = 0;
  };
  struct Collector {
    Bytes frame, held;
    std::uint64_t first_clock = 0;      ///< when its first beat was first on offer
    std::uint64_t last_serial[2] = {};  ///< of what passed; of what was answered or marked
    bool stalled = false;
  };

  const Offered& make(Way way);
  Bytes with_bait(FrameSpec spec, unsigned depth);
  bool drive(Way way, sim::CorePins::StreamIn& pins);
  void collect(Way way, const sim::CorePins::StreamOut& pins);
  void judge(Way way, Collector& out);
  void judge_cut(Way way, Collector& out);
  void judge_answer(Collector& out);
  void judge_mark(Collector& out);
  void fail(const std::string& what);
  void edge();
  template <typename Done>
  void wait_for(Done&& done);

  VerilatedContext context_;
  std::unique_ptr<sim::VerilatedCore> core_;
  sim::CorePins pins_;
  sim::CoreFaults& faults_;
  std::uint64_t now_ = 0, serial_[2] = {}, reset_began_ = 0, reset_ended_ = 0, moved_at_ = 0;
  std::uint64_t serving_since_ = ~std::uint64_t{0};
  Traffic traffic_;
  bool quiet_ = true;
  Source sources_[2];
  Offered mail_;
  Collector out_[2];
  std::deque<Offered> known_;  ///< references into it last: only its front is taken away
  std::unordered_map<std::string, const Offered*> by_bytes_;
  std::unordered_map<std::string, const Offered*> by_client_;
  /// Clocks for which a copy of the reset is still to stay high, and low, longer than the others.
  struct Skew {
    unsigned fall = 0, rise = 0;
    bool fell = true;
  };
  std::array<Skew, sim::CoreFaults::kShellResets + 1> skews_;
  std::string fault_;
};

}  // namespace synward::test
