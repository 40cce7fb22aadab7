// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "reference/bytes.hpp"
#include "reference/classify.hpp"
#include "reference/engine.hpp"
#include "reference/parse.hpp"
#include "reference/registers.hpp"
#include "synward/sim/card.hpp"

namespace synward::reference {

/// The reference: answers in the clock of a frame's last beat, and its buffers never fill. What the engine's timers
/// bring comes in the first clock of its millisecond. With an elastic engine what the engine decides comes when it has
/// answered, frames of the line in order; those that find no room in front of it are dropped.
class ReferenceCard final : public sim::Card {
 public:
  explicit ReferenceCard(sim::TableSizes sizes) : sizes_(sizes), engine_(sizes), registers_(std::in_place, engine_) {}
  ReferenceCard(sim::TableSizes sizes, const Elastic& elastic)
      : sizes_(sizes), socket_(elastic), engine_(sizes, elastic.engine), registers_(std::in_place, engine_) {}

  std::string_view core() const override { return socket_ ? "hls" : "ref"; }
  bool timed() const override { return false; }
  void set_sink(Sink sink) override { sink_ = std::move(sink); }
  void offer(sim::InPort port, std::span<const std::uint8_t> frame, std::uint64_t cycle) override;
  void offer_damaged(sim::InPort port, std::span<const std::uint8_t> frame, std::uint64_t cycle) override;
  std::uint64_t now() const override { return now_; }
  void run_until(std::uint64_t cycle) override;
  bool drain(std::uint64_t limit) override;
  std::uint64_t quiet_until() const override;
  void set_stop(std::function<bool()> stop) override { stop_ = std::move(stop); }
  void reset() override;
  void set_time_origin(std::uint32_t ms) override;
  std::uint64_t clocks_evaluated() const override { return 0; }
  std::uint32_t read32(std::uint32_t offset) override { return registers_->read(offset, time_ms(now_)); }
  void write32(std::uint32_t offset, std::uint32_t value) override;

  /// The tables, for tests.
  const Engine& engine() const { return engine_; }
  const EngineConfig& engine_config() const { return registers_->engine_config(); }

 private:
  /// A frame on a port, in or out, with the clocks of its first and last beat.
  struct Transit {
    Bytes bytes;
    std::uint64_t first, last;
    bool damaged = false;  ///< its FCS is wrong
    bool mail = false;     ///< of MAIL_OUT
  };
  /// One direction of one port: frames in order, never two at once.
  struct Port {
    std::deque<Transit> queue;
    std::uint64_t free = 0;  ///< first clock that is not taken

    void push(Bytes bytes, std::uint64_t cycle, bool damaged = false);
  };
  /// The end of a frame on an input or an output, or an effect whose time has come.
  struct Event {
    enum class Kind : std::uint8_t { effect, in, out } kind;
    std::size_t port;
    std::uint64_t cycle;
  };

  std::uint32_t time_ms(std::uint64_t cycle) const;
  std::optional<Event> next_event() const;
  std::optional<std::uint64_t> next_wake() const;
  bool stopped();
  bool step(std::uint64_t end);
  bool wake_before(std::uint64_t end);
  void sweep(std::uint64_t cycle);

  /// What an elastic engine's answer brings about.
  struct Effect {
    std::uint64_t cycle;
    std::function<void()> act;
  };

  EngineAnswer ask(const RequestRecord& request);
  void at_answer(std::function<void()> act);
  bool engine_full() const { return socket_ && socket_->full(now_); }
  void leave(sim::OutPort port, const Transit& frame);
  void send(sim::OutPort port, Bytes bytes);
  void from_host(Transit frame);
  void from_line(Transit frame);
  void mail(const Transit& frame);
  void control(const Transit& frame, const ParsedFrame& parsed);
  void pass(Bytes bytes);
  void settle(const EngineAnswer& answer, const ContextRecord& context, Bytes frame);
  void keep(const EngineAnswer& answer);
  void sent_by_timer(const EngineAnswer& answer);
  void quote(const Transit& frame, const ParsedFrame& parsed);
  void note(const Transit& frame, const ParsedFrame& parsed, reg::Event event);
  ContextRecord make_context(const Transit& frame, const ParsedFrame& parsed, const Classified& fate) const;
  RequestRecord make_request(const ContextRecord& context, const ParsedFrame& parsed, const Classified& fate) const;
  RequestRecord request_about(const ParsedFrame& parsed, std::uint8_t op, std::uint32_t time_ms) const;

  sim::TableSizes sizes_;
  std::optional<ElasticSocket> socket_;
  std::deque<Effect> effects_;
  std::uint64_t answered_ = 0;  ///< clock of the last answer of an elastic engine
  Engine engine_;
  std::optional<RegisterBlock> registers_;  ///< there always; made anew by a reset
  Sink sink_;
  std::array<Port, 2> in_, out_;
  std::uint64_t now_ = 0;
  std::uint32_t time_origin_ = 0;
  std::function<bool()> stop_;
  std::uint64_t steps_ = 0;
  std::uint64_t swept_ = 0;  ///< milliseconds since clock 0 that the engine has swept
};

}  // namespace synward::reference
