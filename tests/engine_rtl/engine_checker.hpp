// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <deque>

#include "block/bench.hpp"
#include "synward/engine.hpp"

namespace synward::test {

/// Clocks from a request's to its verdict's, and from there to the mark's MAC.
inline constexpr unsigned kEngineLatency = 46;
inline constexpr unsigned kMarkLatency = 23;
/// Clocks from a request's to the one in which room is looked at.
inline constexpr unsigned kRoomAt = 43;

/// What is to come out for one clock's request, or for none (op 0).
struct ExpectedAnswer {
  RequestRecord request;
  EngineAnswer answer;
  bool frame;  ///< asked by a frame: the verdict is valid
};

/// Holds the outputs of a Verilated engine against what is expected, clock by clock. Only the first difference fails.
template <typename Model>
class EngineChecker {
 public:
  /// `now`: what is expected of this clock's verdict and counts; the event comes a clock, the MAC some clocks later.
  void check(const Model& model, const ExpectedAnswer& now) {
    compare("verdict", model.verdict_o, now.answer.verdict, now);
    VlWide<2> counts;
    set_bits(counts, 0, 64, model.counts_o);
    compare("counts", counts, now.answer.counts, now);
    check_that(model.valid_o == now.frame, "a verdict, or none,", now);
    check_that(model.event_valid_o == last_.answer.event, "an event, or none,", last_);
    if (last_.answer.event) compare("event", model.event_o, last_.answer.record, last_);
    marks_.push_back(now);
    if (marks_.size() > kMarkLatency) {
      const ExpectedAnswer& mark = marks_.front();
      if (mark.answer.verdict.send == kSendMark)
        check_that(model.mark_mac_o == mark.answer.mark_mac, "the mark's MAC", mark);
      marks_.pop_front();
    }
    last_ = now;
    ++clocks_;
  }

  std::uint64_t clocks() const { return clocks_; }
  bool failed() const { return failed_; }

 private:
  template <std::size_t Words, typename Record>
  void compare(const char* what, const VlWide<Words>& got, const Record& want, const ExpectedAnswer& about) {
    VlWide<Words> packed{};
    pack(want, packed);
    if (failed_ || std::memcmp(got.data(), packed.data(), sizeof(packed)) == 0) return;
    failed_ = true;
    ADD_FAILURE() << what << " at clock " << clocks_ << "\n got  " << fields_text(unpack<Record>(got)) << "\n want "
                  << fields_text(want) << "\n request " << fields_text(about.request);
  }
  void check_that(bool holds, const char* what, const ExpectedAnswer& about) {
    if (holds || failed_) return;
    failed_ = true;
    ADD_FAILURE() << what << " is not right at clock " << clocks_ << "\n request " << fields_text(about.request);
  }

  std::deque<ExpectedAnswer> marks_;
  ExpectedAnswer last_{};
  std::uint64_t clocks_ = 0;
  bool failed_ = false;
};

}  // namespace synward::test
