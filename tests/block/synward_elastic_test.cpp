// SPDX-License-Identifier: BSD-2-Clause
// Proves that, whatever time an engine takes and however it is held up, each frame gets the verdict of its own request,
// with its own context, in order; that what finds no room is dropped once and counted; that the engine never has more
// questions than it was told of room for, nor the shell more decisions than it has places; that the host's requests,
// settings, loads and what time asks come through, the latter when nothing else waits or behind Turn others; that each
// answer shows its sight, and none from before a load as one from behind it; that a reset forgets everything, and no
// more; and that an engine which stops, answers what it was not asked or forgets its tables is reset, told everything
// anew and asked again, that meanwhile what asks is lost and counted and other frames go their way, and that no answer
// from before is taken for one from behind, of an engine too that the reset does not reach.
#include <Vsynward_elastic.h>
#include <gtest/gtest.h>

#include <deque>
#include <optional>

#include "block/bench.hpp"
#include "synward/record_codes.hpp"

namespace synward::test {
namespace {

constexpr unsigned kMostFrames = (1U << PARAM_LOGFRAMES) - 8;  // that the shell's buffer would hold
constexpr unsigned kEventAt = SightRecord::kWidth, kRecordAt = kEventAt + 1,
                   kCountsAt = kRecordAt + EventRecord::kWidth, kMacAt = kCountsAt + CountsRecord::kWidth,
                   kVerdictAt = kMacAt + 32;

/// A record inside a wider one: its lowest bit is bit `at` of the port.
template <typename Record, std::size_t Words>
Record unpack_at(const VlWide<Words>& port, unsigned at) {
  VlWide<(Record::kWidth + 31) / 32> bits{};
  for (unsigned i = 0; i < Record::kWidth; i += 32) {
    const unsigned width = std::min(32U, Record::kWidth - i);
    set_bits(bits, i, width, get_bits(port, at + i, width));
  }
  return unpack<Record>(bits);
}
template <typename Record, std::size_t Words>
void pack_at(const Record& record, VlWide<Words>& port, unsigned at) {
  VlWide<(Record::kWidth + 31) / 32> bits{};
  pack(record, bits);
  for (unsigned i = 0; i < Record::kWidth; i += 32) {
    const unsigned width = std::min(32U, Record::kWidth - i);
    set_bits(port, at + i, width, get_bits(bits, i, width));
  }
}

/// How busy a phase of the test is; chances in percent.
struct Phase {
  unsigned frames = 50, asks = 70, unstored = 3, watches = 5, settings = 1;
  unsigned takes = 50, latency = 20, answers = 80;  ///< the engine
  unsigned own = 3;                                 ///< what time asks
  unsigned leaves = 80;                             ///< decisions
};

/// What is wrong with an engine.
struct Fault {
  bool deaf = false;       ///< takes no question
  bool mute = false;       ///< does not answer
  bool unset = false;      ///< takes no setting
  bool other = false;      ///< the next answer is of another operation
  bool extra = false;      ///< answers what nobody asked, once
  bool babbles = false;    ///< answers what nobody can ask, again and again
  bool forgets = false;    ///< its tables are not cleared any more
  bool unreached = false;  ///< the socket's reset does not reach it
};
constexpr std::uint8_t kOpNobodys = 15;
constexpr std::uint64_t kPatience = std::uint64_t{1} << PARAM_LOGPATIENCE;

/// A frame of the line that has its place.
struct Frame {
  RequestRecord request;
  std::string text, context;
  std::uint64_t came;     ///< clock
  std::uint32_t waiting;  ///< synward_waiting_t but for its last two bits
  bool asked = false;
};
/// What the engine says, and when.
struct Answer {
  VerdictRecord verdict;
  CountsRecord counts;
  EventRecord event;
  SightRecord sight;
  std::uint32_t mac;
  bool event_valid;
  std::uint64_t ripe;
  std::uint64_t put;    ///< clock in which the question was put
  std::uint64_t taken;  ///< and taken
  bool counts_for_nothing = false;
};
struct Watched {
  std::string text;
  std::uint64_t came;
};
struct Sums {
  std::uint64_t frames = 0, asks = 0, unstored = 0, unstored_asks = 0;  ///< that came
  std::uint64_t dropped = 0, lost = 0, verdicts = 0, answered = 0;      ///< that went
  std::uint64_t watches = 0, watches_lost = 0, watches_answered = 0;
  std::uint64_t own = 0, own_answered = 0, late_sights = 0;               ///< what time asks
  std::uint64_t cut = 0;                                                  ///< asked, and lost with the engine
  std::uint64_t asked = 0, watches_asked = 0, loads = 0, end_pauses = 0;  ///< the engine
};

bool of_host(std::uint8_t op) { return op == kOpServer || op == kOpStatus; }
constexpr std::array kTimeOps{kOpTimeout, kOpTick, kOpVisit, kOpPeek};
bool of_time(std::uint8_t op) { return std::find(kTimeOps.begin(), kTimeOps.end(), op) != kTimeOps.end(); }

class Elastic {
 public:
  explicit Elastic(std::uint64_t seed) : rng(seed), block_(seed) {
    rest();
    change_settings();
    block_.reset();
  }

  /// What is under way is gone.
  void reset() {
    rest();
    block_.reset();
    frames_.clear();
    watches_.clear();
    inside_.clear();
    held_.clear();
    macs_.clear();
    times_.clear();
    under_way_ = questions_ = 0;
    others_ = 0;
    load_taken_.reset();
    waited_ = false;
    unstored_ = offered_ = load_due_ = end_pause_due_ = hears_ = false;
    loads_wanted_ = end_pauses_wanted_ = 0;
    latest_ = 0;
    sums = {};
    fault = {};
    in_reset_ = true;
    bad_ = was_ready_ = false;
    resets_ = 0;
  }

  void clock(const Phase& phase) {
    drive_frame(phase);
    drive_watch(phase);
    drive_settings(phase);
    drive_time(phase);
    drive_engine(phase);
    block_->room_line_i = rng.bit();
    block_->room_host_i = rng.bit();
    block_->done_i = under_way_ != 0 && rng.percent(phase.leaves);
    block_.settle();
    watch_engine_reset();
    sums.dropped += block_->dropped_o;
    sums.watches_lost += block_->watch_lost_o;
    take_setting();
    take_verdict();
    take_question(phase);
    take_time();
    take_answer();
    under_way_ -= block_->done_i;
    block_.edge();
    ++clock_;
  }

  /// Nothing comes any more; everything must leave.
  void drain() {
    for (int i = 0; i < 3'000; ++i) {
      clock({.frames = 0, .watches = 0, .settings = 0, .takes = 100, .latency = 5, .own = 0, .leaves = 100});
      ASSERT_FALSE(testing::Test::HasFatalFailure());
    }
    ASSERT_TRUE(frames_.empty());
    ASSERT_TRUE(inside_.empty());
    ASSERT_EQ(block_->busy_o, 0);
    ASSERT_EQ(block_->loading_o, 0);
    ASSERT_EQ(sums.frames, sums.verdicts + sums.unstored);
    ASSERT_EQ(sums.asks, sums.asked + sums.lost + sums.unstored_asks);
    ASSERT_EQ(sums.asked, sums.answered + sums.cut);
    ASSERT_EQ(sums.dropped, sums.lost + sums.unstored + sums.cut);
    ASSERT_EQ(sums.watches, sums.watches_answered + sums.watches_lost);
    ASSERT_TRUE(times_.empty());
    // One that is heard out may be reset again for the same fault.
    ASSERT_LE(resets(), resets_);
    if (resets_ == 0) {
      ASSERT_EQ(sums.watches_asked, sums.watches_answered);
      ASSERT_EQ(sums.own, sums.own_answered);
    }
    ASSERT_EQ(told_, settings_) << "the engine knows other settings";
    ASSERT_FALSE(load_due_) << "a load is lost";
    ASSERT_FALSE(end_pause_due_) << "the end of a pause is lost";
  }

  // ---- what the socket says of the engine
  unsigned resets() { return block_->faults_o >> 4 & 0xffff; }
  unsigned cause() { return block_->faults_o >> 2 & 3; }
  bool down() { return (block_->faults_o & 2) != 0; }
  bool engine_in_reset() const { return in_reset_; }

  Rng rng;
  Sums sums;
  Fault fault;
  bool tellable = false;  ///< no wrong answer looks like a right one
  std::size_t most_questions = 0, most_under_way = 0;

 private:
  void rest() {
    block_->valid_i = block_->watch_valid_i = block_->unstored_i = block_->time_valid_i = 0;
    block_->load_i = block_->end_pause_i = 0;
    block_->setting_ready_i = block_->question_ready_i = block_->answer_valid_i = block_->done_i = 0;
  }
  void change_settings() {
    const auto settings = random_record<SettingsRecord>(rng);
    pack(settings, block_->settings_i);
    settings_ = fields_text(settings);
  }

  void drive_frame(const Phase& phase) {
    block_->unstored_i = unstored_;
    block_->number_i = static_cast<std::uint8_t>(unstored_ ? rng.u32() & 0x7f : number_);
    unstored_ = false;
    block_->valid_i = frames_.size() < kMostFrames && rng.percent(phase.frames);
    scramble(block_->request_i, rng);
    scramble(block_->context_i, rng);
    if (block_->valid_i == 0) return;
    Frame frame;
    frame.request = random_record<RequestRecord>(rng);
    constexpr std::array kOps{kOpSyn, kOpAck, kOpRst, kOpUnreach, kOpNote, kOpStray};
    frame.request.op = rng.percent(phase.asks) ? rng.pick(kOps) : kOpNone;
    pack(frame.request, block_->request_i);
    frame.text = fields_text(frame.request);
    frame.came = clock_;
    const auto context = random_record<ContextRecord>(rng);
    pack(context, block_->context_i);
    frame.context = fields_text(context);
    frame.waiting = rng.u32() & 0xffff;
    number_ = frame.waiting >> 9;
    block_->waiting_i = (frame.waiting & 0x1ff) << 2 | (rng.u32() & 0x3f803);
    unstored_ = rng.percent(phase.unstored);
    const bool asks = frame.request.op != kOpNone;
    ++sums.frames;
    sums.asks += asks;
    sums.unstored += unstored_;
    sums.unstored_asks += unstored_ && asks;
    if (!unstored_) frames_.push_back(frame);
  }
  void drive_watch(const Phase& phase) {
    block_->watch_valid_i = rng.percent(phase.watches);
    scramble(block_->watch_i, rng);
    if (block_->watch_valid_i == 0) return;
    auto request = random_record<RequestRecord>(rng);
    request.op = rng.bit() ? kOpServer : kOpStatus;
    pack(request, block_->watch_i);
    watches_.push_back({fields_text(request), clock_});
    ++sums.watches;
  }
  void drive_settings(const Phase& phase) {
    if (rng.percent(phase.settings)) change_settings();
    block_->load_i = rng.percent(phase.settings);
    block_->end_pause_i = rng.percent(phase.settings);
    block_->setting_ready_i = rng.percent(phase.takes);
  }
  void take_setting() {
    // What comes in the clock before it is on offer, or later, goes with the next one.
    if (block_->setting_valid_o == 0) setting_offered_ = clock_ + 1;
    if (!in_reset_ && block_->setting_valid_o != 0 && block_->setting_ready_i != 0) {
      told_ = fields_text(unpack_at<SettingsRecord>(block_->setting_o, 2));
      if (get_bits(block_->setting_o, 1, 1) != 0) {
        ++sums.loads;
        load_taken_ = clock_;
        ASSERT_LE(sums.loads, loads_wanted_) << "a load that nobody wanted";
        load_due_ = load_due_ && load_came_ + 1 >= setting_offered_;
      }
      if (get_bits(block_->setting_o, 0, 1) != 0) {
        ++sums.end_pauses;
        ASSERT_LE(sums.end_pauses, end_pauses_wanted_);
        end_pause_due_ = end_pause_due_ && end_pause_came_ + 1 >= setting_offered_;
      }
    }
    loads_wanted_ += block_->load_i;
    end_pauses_wanted_ += block_->end_pause_i;
    if (block_->load_i != 0) load_came_ = clock_;
    if (block_->end_pause_i != 0) end_pause_came_ = clock_;
    load_due_ = load_due_ || block_->load_i != 0;
    end_pause_due_ = end_pause_due_ || block_->end_pause_i != 0;
  }

  // ---- what time asks: another every clock, until one is taken
  void drive_time(const Phase& phase) {
    block_->time_valid_i = rng.percent(phase.own);
    auto request = random_record<RequestRecord>(rng);
    request.op = rng.pick(kTimeOps);
    pack(request, block_->time_i);
    offers_ = fields_text(request);
  }
  void take_time() {
    if (block_->time_taken_o == 0) {
      if (block_->time_valid_i == 0) others_ = 0;
      return;
    }
    ASSERT_NE(block_->time_valid_i, 0) << "what is not on offer is taken";
    if (in_reset_) return;  // time is in reset as well
    times_.push_back(offers_);
    others_ = 0;
    ++sums.own;
  }

  // ---- the engine
  void answer(std::uint8_t op, const Phase& phase) {
    Answer answer{random_record<VerdictRecord>(rng),
                  random_record<CountsRecord>(rng),
                  random_record<EventRecord>(rng),
                  random_record<SightRecord>(rng),
                  rng.u32(),
                  rng.bit(),
                  clock_ + rng.below(phase.latency + 1),
                  put_,
                  clock_};
    answer.verdict.op = op;
    inside_.push_back(answer);
  }
  void drive_engine(const Phase& phase) {
    block_->question_ready_i = !fault.deaf && rng.percent(phase.takes);
    if (fault.unset) block_->setting_ready_i = 0;
    if (fault.extra && inside_.empty() && (tellable || frames_.empty())) {
      answer(tellable ? kOpNobodys : kOpSyn, phase);
      inside_.back().counts_for_nothing = true;
      fault.extra = false;
    }
    if (fault.babbles && !offered_ && rng.bit()) {
      answer(kOpNobodys, phase);
      inside_.push_front(inside_.back());
      inside_.pop_back();
      inside_.front().counts_for_nothing = true;
      inside_.front().ripe = clock_;
    }
    if (fault.other && !inside_.empty() && !offered_ && !inside_.front().counts_for_nothing) {
      inside_.front().verdict.op = inside_.front().verdict.op == kOpSyn ? kOpAck : kOpSyn;
      inside_.front().counts_for_nothing = true;
      fault.other = false;
    }
    // What is on offer stays.
    if (!offered_ && !inside_.empty()) inside_.front().sight.state.ready = !fault.forgets;
    offered_ =
        offered_ || (!fault.mute && !inside_.empty() && inside_.front().ripe <= clock_ && rng.percent(phase.answers));
    block_->answer_valid_i = 0;
    scramble(block_->answer_i, rng);
    if (offered_) offer();
  }
  void offer() {
    offered_ = true;
    block_->answer_valid_i = 1;
    const Answer& next = inside_.front();
    block_->answer_i = {};
    pack_at(next.sight, block_->answer_i, 0);
    set_bits(block_->answer_i, kEventAt, 1, next.event_valid);
    pack_at(next.event, block_->answer_i, kRecordAt);
    pack_at(next.counts, block_->answer_i, kCountsAt);
    set_bits(block_->answer_i, kMacAt, 32, next.mac);
    pack_at(next.verdict, block_->answer_i, kVerdictAt);
  }
  /// With it goes what it was asked, and what it answered but for the oldest that the socket holds. Of one that is
  /// not reached all answers that are to come count for nothing.
  void watch_engine_reset() {
    const bool now = block_->engine_rst_no == 0;
    if (now && !in_reset_) {
      ++resets_;
      bad_ = waited_ = false;
      hears_ = true;
      const std::size_t given = shows_answer() ? 1 : 0;
      if (held_.size() > given + 1) held_.resize(given + 1);
      questions_ = held_.size();
      times_.clear();
      others_ = 0;
      load_taken_.reset();
      load_due_ = true;
      load_came_ = clock_;
      ++loads_wanted_;
      if (!fault.unreached) {
        inside_.clear();
        offered_ = false;
        block_->answer_valid_i = 0;
        block_.settle();
      }
      for (Answer& old : inside_) {
        old.counts_for_nothing = true;
        // What is behind the hearing may look like the answer that is due: only here it is told apart for sure.
        if (tellable && (!offered_ || &old != &inside_.front())) old.verdict.op = kOpNobodys;
      }
    }
    in_reset_ = now;
    // It is told everything as soon as it has been heard out.
    if (!now && block_->setting_valid_o != 0) hears_ = false;
  }
  void take_question(const Phase& phase) {
    if (in_reset_) {
      // The last one, on its way back.
      if (tellable && fault.unreached && block_->question_valid_o != 0 && block_->question_ready_i != 0) {
        answer(kOpNobodys, phase);
        inside_.back().counts_for_nothing = true;
      }
      return;
    }
    if (block_->question_valid_o != 0 && !waited_) put_ = clock_;
    waited_ = block_->question_valid_o != 0 && block_->question_ready_i == 0;
    if (block_->question_valid_o == 0 || block_->question_ready_i == 0) return;
    const auto request = unpack_at<RequestRecord>(block_->question_o, 2);
    const std::string text = fields_text(request);
    std::uint64_t came = latest_;
    if (of_time(request.op)) {
      ASSERT_FALSE(times_.empty()) << "a question that time did not ask";
      ASSERT_EQ(times_.front(), text);
      times_.pop_front();
    } else if (of_host(request.op)) {
      // Those that found no room are passed over.
      while (!watches_.empty() && watches_.front().text != text) watches_.pop_front();
      ASSERT_FALSE(watches_.empty()) << "a question that the host did not ask, or out of order";
      came = watches_.front().came;
      watches_.pop_front();
      ++sums.watches_asked;
    } else {
      const auto last = std::find_if(frames_.rbegin(), frames_.rend(), [](const Frame& f) { return f.asked; });
      const auto frame = std::find_if(last.base(), frames_.end(), [&](const Frame& f) { return f.text == text; });
      ASSERT_NE(frame, frames_.end()) << "a question that no frame asked, or out of order";
      frame->asked = true;
      came = frame->came;
      ++sums.asked;
    }
    if (!of_time(request.op)) {
      // Some clocks from the turn's being due to its being taken.
      ASSERT_LE(++others_, PARAM_TURN + 4U) << "time has starved";
    }
    // Line and host in the order in which they came, but for the clocks of their registers.
    ASSERT_GE(came + 3, latest_);
    latest_ = std::max(latest_, came);
    ++questions_;
    most_questions = std::max(most_questions, questions_);
    ASSERT_LE(questions_, PARAM_INSIDE);
    answer(request.op, phase);
  }
  void take_answer() {
    const bool taken = offered_ && block_->answer_ready_o != 0;
    if (taken) {
      const Answer& answer = inside_.front();
      // Behind a wrong one nothing counts until the reset, and one that has no tables any more is wrong.
      const bool forgot = was_ready_ && !answer.sight.state.ready;
      bad_ = bad_ || ((answer.counts_for_nothing || forgot) && !hears_);
      if (!bad_ && !hears_ && !answer.counts_for_nothing) held_.push_back(answer);
      if (!answer.counts_for_nothing) was_ready_ = answer.sight.state.ready;
      inside_.pop_front();
      offered_ = false;
    }
    if (hears_ || block_->loading_o != 0) was_ready_ = false;
  }

  // ---- the shell
  bool shows_answer() { return fields_text(unpack<VerdictRecord>(block_->verdict_o)) != fields_text(VerdictRecord{}); }
  void take_verdict() {
    const auto verdict = unpack<VerdictRecord>(block_->verdict_o);
    const bool answered = shows_answer();
    macs_.push_back(std::nullopt);
    if (block_->verdict_valid_o != 0) take_frame(answered);
    if (answered) {
      take_answered(verdict);
    } else {
      ASSERT_EQ(block_->sight_valid_o, 0U) << "a sight of no answer";
      ASSERT_EQ(block_->counts_o, 0U) << "counts of no answer";
      ASSERT_EQ(block_->event_valid_o, 0U);
    }
    if (macs_.size() > PARAM_MARKLATENCY) {
      const std::optional<std::uint32_t> mac = macs_.front();
      macs_.pop_front();
      if (mac) {
        ASSERT_EQ(block_->mark_mac_o, *mac);
      }
    }
  }
  void take_frame(bool answered) {
    ASSERT_FALSE(frames_.empty()) << "a verdict for nobody";
    const Frame& frame = frames_.front();
    const bool asks = frame.request.op != kOpNone;
    const bool cut = frame.asked && !answered && down();
    ASSERT_EQ(block_->waiting_o >> 2, frame.waiting);
    ASSERT_EQ((block_->waiting_o & 2) != 0, frame.asked && !cut) << "a frame that is not its verdict's";
    ASSERT_EQ((block_->waiting_o & 1) != 0, asks && (!frame.asked || cut));
    ASSERT_EQ(answered, frame.asked && !cut);
    sums.cut += cut;
    if (answered) {
      ASSERT_EQ(fields_text(unpack<ContextRecord>(block_->context_o)), frame.context);
      ASSERT_EQ(held_.front().verdict.op, frame.request.op);
      ++sums.answered;
    }
    ++sums.verdicts;
    sums.lost += asks && !frame.asked;
    frames_.pop_front();
    ++under_way_;
    most_under_way = std::max(most_under_way, under_way_);
    ASSERT_LE(under_way_, PARAM_PLACES);
  }
  void take_answered(const VerdictRecord& verdict) {
    ASSERT_FALSE(held_.empty());
    const Answer& due = held_.front();
    ASSERT_EQ(fields_text(verdict), fields_text(due.verdict)) << "answers out of order";
    const VlWide<2> counts{static_cast<std::uint32_t>(block_->counts_o),
                           static_cast<std::uint32_t>(std::uint64_t{block_->counts_o} >> 32)};
    ASSERT_EQ(fields_text(unpack<CountsRecord>(counts)), fields_text(due.counts));
    ASSERT_EQ(block_->event_valid_o != 0, due.event_valid);
    if (due.event_valid) {
      ASSERT_EQ(fields_text(unpack<EventRecord>(block_->event_o)), fields_text(due.event));
    }
    ASSERT_NE(block_->sight_valid_o, 0U);
    ASSERT_EQ(fields_text(unpack<SightRecord>(block_->sight_o)), fields_text(due.sight));
    if (load_taken_ && !load_due_) {
      const bool old = due.taken <= *load_taken_;
      sums.late_sights += old;
      // The clocks behind a load in which nobody can tell.
      if (old) {
        ASSERT_NE(block_->loading_o, 0U) << "a sight from before a load";
      } else if (due.put > *load_taken_ + 20) {
        ASSERT_EQ(block_->loading_o, 0U) << "a sight from behind a load";
      }
    }
    macs_.back() = due.mac;
    const bool frame = block_->verdict_valid_o != 0;
    ASSERT_FALSE(frame && (of_host(verdict.op) || of_time(verdict.op)));
    sums.watches_answered += of_host(verdict.op);
    sums.own_answered += of_time(verdict.op);
    --questions_;
    held_.pop_front();
  }

  Bench<Vsynward_elastic> block_;
  std::uint64_t clock_ = 0;
  std::uint64_t latest_ = 0;  ///< arrival of what has been asked
  std::deque<Frame> frames_;
  std::deque<Watched> watches_;
  std::deque<std::string> times_;  ///< taken from time, not yet put
  std::string offers_;             ///< what time offers
  std::uint64_t others_ = 0;       ///< questions since time waits
  std::uint64_t put_ = 0;
  std::optional<std::uint64_t> load_taken_;
  bool waited_ = false;               ///< a question, a clock ago
  std::deque<Answer> inside_, held_;  ///< in the engine; taken from it, and not yet given on
  std::deque<std::optional<std::uint32_t>> macs_;
  std::string settings_, told_;
  std::size_t questions_ = 0, under_way_ = 0;
  std::uint64_t setting_offered_ = 0, load_came_ = 0, end_pause_came_ = 0;  ///< clocks
  std::uint64_t loads_wanted_ = 0, end_pauses_wanted_ = 0;
  std::uint32_t number_ = 0;  ///< of the last frame
  bool unstored_ = false, offered_ = false, load_due_ = false, end_pause_due_ = false;
  bool in_reset_ = true;    ///< the engine is
  bool hears_ = false;      ///< and behind that is heard out
  bool was_ready_ = false;  ///< its tables have been cleared since the last load
  bool bad_ = false;        ///< a wrong answer has been given since the last reset
  std::uint64_t resets_ = 0;
};

Phase random_phase(Rng& rng) {
  return {.frames = rng.pick(std::array{0U, 20U, 60U, 100U}),
          .asks = rng.pick(std::array{0U, 70U, 100U}),
          .unstored = rng.pick(std::array{0U, 5U, 100U}),
          .watches = rng.pick(std::array{0U, 5U, 100U}),
          .settings = rng.pick(std::array{0U, 0U, 5U}),
          .takes = rng.pick(std::array{0U, 5U, 50U, 100U}),
          .latency = rng.pick(std::array{0U, 10U, 60U, 300U}),
          .answers = rng.pick(std::array{5U, 50U, 100U}),
          .own = rng.pick(std::array{0U, 3U, 100U}),
          .leaves = rng.pick(std::array{5U, 50U, 100U})};
}

TEST(Elastic, every_frame_gets_its_own_verdict_whatever_time_the_engine_takes) {
  Elastic elastic(test_seed());
  Phase phase;
  for (int round = 0; round < 20; ++round) {
    for (int clock = 0; clock < 10'000; ++clock) {
      if (elastic.rng.percent(1)) phase = random_phase(elastic.rng);
      elastic.clock(phase);
      if (HasFatalFailure()) FAIL() << "round " << round << ", clock " << clock;
    }
    ASSERT_NO_FATAL_FAILURE(elastic.drain()) << "round " << round;
  }
  const Sums& all = elastic.sums;
  EXPECT_GT(all.answered, 5'000U);
  EXPECT_GT(all.lost, 1'000U);
  EXPECT_GT(all.unstored, 1'000U);
  EXPECT_GT(all.watches_asked, 1'000U);
  EXPECT_GT(all.watches_lost, 1'000U);
  EXPECT_GT(all.own, 1'000U);
  EXPECT_GT(all.loads, 100U);
  EXPECT_GT(all.late_sights, 100U);
  EXPECT_GT(all.end_pauses, 100U);
  EXPECT_GE(elastic.most_questions, PARAM_INSIDE - 3);
  EXPECT_GE(elastic.most_under_way, PARAM_PLACES - 3);
}

TEST(Elastic, a_reset_forgets_what_is_under_way) {
  Elastic elastic(test_seed());
  for (int round = 0; round < 40; ++round) {
    Phase phase;
    for (int clock = 0; clock < 500; ++clock) {
      if (elastic.rng.percent(2)) phase = random_phase(elastic.rng);
      elastic.clock(phase);
      if (HasFatalFailure()) FAIL() << "round " << round << ", clock " << clock;
    }
    elastic.reset();
    for (int clock = 0; clock < 500; ++clock) {
      elastic.clock({});
      if (HasFatalFailure()) FAIL() << "behind reset " << round << ", clock " << clock;
    }
    ASSERT_NO_FATAL_FAILURE(elastic.drain()) << "round " << round;
  }
}

// An engine that takes a question every other clock loses nothing where one comes every other clock, and is kept busy
// where more come.
TEST(Elastic, the_engine_has_a_question_whenever_it_takes_one) {
  for (const bool twice : {false, true}) {
    Elastic elastic(test_seed());
    constexpr int kClocks = 20'000;
    for (int clock = 0; clock < kClocks; ++clock) {
      const bool turn = clock % 2 == 0;
      elastic.clock({.frames = twice || turn ? 100U : 0U,
                     .asks = 100,
                     .unstored = 0,
                     .watches = 0,
                     .settings = 0,
                     .takes = turn ? 100U : 0U,
                     .latency = 3,
                     .answers = 100,
                     .own = twice ? 100U : 0U,
                     .leaves = 100});
      if (HasFatalFailure()) FAIL() << "clock " << clock;
    }
    // A frame in every clock leaves none for what is held up once, here with few places.
    EXPECT_GT(elastic.sums.asked, kClocks / 2 * (twice ? 0.9 : 0.995));
    EXPECT_EQ(elastic.sums.lost != 0, twice);
    // Time has its turn, and no more than that, where others wait always.
    const double turns = static_cast<double>(elastic.sums.asked) / PARAM_TURN;
    EXPECT_GT(elastic.sums.own, twice ? 0.8 * turns : -1.0);
    EXPECT_LT(elastic.sums.own, twice ? 1.2 * turns : 1.0);
    ASSERT_NO_FATAL_FAILURE(elastic.drain());
  }
}

/// A busy, healthy while.
void work(Elastic& elastic, int clocks, const Phase& phase = {}) {
  for (int clock = 0; clock < clocks; ++clock) {
    elastic.clock(phase);
    if (testing::Test::HasFatalFailure()) FAIL() << "clock " << clock;
  }
}
/// Until the engine is in reset for the `resets`th time; after how many clocks.
void until_reset(Elastic& elastic, unsigned resets, const Phase& phase, std::uint64_t& clocks) {
  for (clocks = 0; elastic.resets() != resets || !elastic.engine_in_reset(); ++clocks) {
    ASSERT_LT(clocks, 4 * kPatience) << "it is not noticed";
    ASSERT_NO_FATAL_FAILURE(elastic.clock(phase));
  }
}
void until_up(Elastic& elastic, const Phase& phase = {}) {
  for (std::uint64_t clock = 0; elastic.down() || clock < 5; ++clock) {
    ASSERT_LT(clock, 2 * kPatience) << "it is not asked again";
    ASSERT_NO_FATAL_FAILURE(elastic.clock(phase));
  }
}

/// Until it is asked and does as it should, whatever it has done before.
void until_good(Elastic& elastic) {
  const Phase phase{.settings = 0, .own = 50};
  for (std::uint64_t well = 0, clock = 0; well < 2'000; ++clock) {
    // One that has failed often is waited for the longer.
    ASSERT_LT(clock, 100 * kPatience) << "it is not asked again";
    ASSERT_NO_FATAL_FAILURE(elastic.clock(phase));
    well = elastic.down() ? 0 : well + 1;
  }
}

struct Ill {
  const char* name;
  Fault fault;
  unsigned cause;
};
const std::array kIll{
    Ill{"deaf", {.deaf = true}, kFaultSilent},
    Ill{"mute", {.mute = true}, kFaultSilent},
    Ill{"unset", {.unset = true}, kFaultSilent},
    Ill{"dead", {.deaf = true, .mute = true, .unset = true}, kFaultSilent},
    Ill{"other", {.other = true}, kFaultWrong},
    Ill{"extra", {.extra = true}, kFaultWrong},
    Ill{"forgets", {.forgets = true}, kFaultForgot},
};

TEST(Elastic, an_engine_that_does_not_as_it_should_is_reset_and_asked_again) {
  Rng seeds(test_seed());
  std::uint64_t cut = 0;
  for (int round = 0; round < 5; ++round) {
    for (const Ill& ill : kIll) {
      Elastic elastic(seeds.next());
      SCOPED_TRACE("round " + std::to_string(round) + ", " + ill.name);
      Phase phase{.frames = elastic.rng.pick(std::array{20U, 60U, 100U}),
                  .watches = elastic.rng.pick(std::array{0U, 5U, 100U}),
                  .own = elastic.rng.pick(std::array{3U, 100U})};
      ASSERT_NO_FATAL_FAILURE(work(elastic, 2'000, phase));
      // While the tables are cleared at a load, they need not be ready.
      phase.settings = ill.fault.unset ? 1 : 0;
      ASSERT_NO_FATAL_FAILURE(work(elastic, 500, phase));
      ASSERT_EQ(elastic.resets(), 0U) << "for nothing";
      elastic.fault = ill.fault;
      std::uint64_t clocks = 0;
      // The answer that nobody asked comes when nothing is asked.
      const Phase until = ill.fault.extra ? Phase{.frames = 0, .watches = 0, .own = 0} : phase;
      ASSERT_NO_FATAL_FAILURE(until_reset(elastic, 1, until, clocks));
      EXPECT_EQ(elastic.cause(), ill.cause);
      if (ill.cause == kFaultSilent) {
        EXPECT_GE(clocks, kPatience * 3 / 4 - 2);
      }
      // A setting is on offer when one has changed; questions that wait when the engine stops have their own patience.
      EXPECT_LE(clocks, (ill.fault.mute ? 2 : 1) * kPatience + (ill.fault.unset ? 2'000 : 200));
      elastic.fault = {};
      ASSERT_NO_FATAL_FAILURE(until_up(elastic, phase));
      ASSERT_EQ(elastic.resets(), 1U) << "twice";
      const std::uint64_t answered = elastic.sums.answered;
      ASSERT_NO_FATAL_FAILURE(work(elastic, 500, phase));
      EXPECT_GT(elastic.sums.answered, answered) << "nothing is asked";
      ASSERT_NO_FATAL_FAILURE(elastic.drain());
      cut += elastic.sums.cut;
    }
  }
  EXPECT_GT(cut, 100U);
}

// Beside an engine that is dead for good, what needs none goes its way; what does is lost at once.
TEST(Elastic, a_dead_engine_holds_up_nobody_for_long) {
  Elastic elastic(test_seed());
  ASSERT_NO_FATAL_FAILURE(work(elastic, 1'000));
  elastic.fault = {.deaf = true, .mute = true, .unset = true};
  std::uint64_t clocks = 0;
  ASSERT_NO_FATAL_FAILURE(until_reset(elastic, 1, {}, clocks));
  ASSERT_NO_FATAL_FAILURE(work(elastic, 500));
  for (unsigned resets = 2; resets < 5; ++resets) {
    const Sums before = elastic.sums;
    ASSERT_NO_FATAL_FAILURE(until_reset(elastic, resets, {}, clocks));
    // But for the few that are on their way.
    const std::uint64_t frames = elastic.sums.frames - before.frames - (elastic.sums.unstored - before.unstored);
    EXPECT_NEAR(static_cast<double>(elastic.sums.verdicts - before.verdicts), static_cast<double>(frames), 40.0);
    EXPECT_EQ(elastic.sums.answered, before.answered);
    EXPECT_TRUE(elastic.down());
    ASSERT_NO_FATAL_FAILURE(work(elastic, 100));
  }
  elastic.fault = {};
  ASSERT_NO_FATAL_FAILURE(until_up(elastic));
  ASSERT_NO_FATAL_FAILURE(work(elastic, 2'000));
  ASSERT_NO_FATAL_FAILURE(elastic.drain());
}

// One that is not reset with the socket, as where nobody connects engine_rst_no, goes on where it stopped: what it
// says to that counts for nothing, as long as it comes before it has been heard out.
TEST(Elastic, old_answers_of_an_engine_that_no_reset_reaches_count_for_nothing) {
  for (const unsigned pace : {50U, 10U}) {
    SCOPED_TRACE("pace " + std::to_string(pace));
    Elastic elastic(test_seed());
    const Phase quiet_time{.own = 0};
    ASSERT_NO_FATAL_FAILURE(work(elastic, 1'000, quiet_time));
    elastic.fault = {.mute = true, .unreached = true};
    std::uint64_t clocks = 0;
    ASSERT_NO_FATAL_FAILURE(until_reset(elastic, 1, quiet_time, clocks));
    ASSERT_NO_FATAL_FAILURE(work(elastic, 100, quiet_time));
    elastic.fault = {.unreached = true};
    ASSERT_NO_FATAL_FAILURE(work(elastic, 20'000, {.answers = pace, .own = 50}));
    ASSERT_NO_FATAL_FAILURE(until_up(elastic));
    elastic.fault = {};
    const std::uint64_t answered = elastic.sums.answered;
    ASSERT_NO_FATAL_FAILURE(work(elastic, 2'000));
    EXPECT_GT(elastic.sums.answered, answered + 100);
    ASSERT_NO_FATAL_FAILURE(elastic.drain());
  }
}

// Faults of all kinds at all times: in the midst of others, while the engine is reset, heard out and tried, and with
// resets of the card among them. Nothing is lost without being counted, nothing is given to another, and as soon as the
// engine does as it should everything goes on.
TEST(Elastic, faults_at_any_time_cost_only_what_is_counted) {
  Elastic elastic(test_seed());
  elastic.tellable = true;
  Rng& rng = elastic.rng;
  unsigned resets = 0;
  Phase phase;
  for (int round = 0; round < 30; ++round) {
    const unsigned before = elastic.resets();
    const bool brief = rng.percent(85);  // nobody is silent for long
    std::uint64_t until = 0;
    for (std::uint64_t left = brief ? rng.below(4'000) : 3 * kPatience, clock = 0; left != 0; --left, ++clock) {
      if (rng.percent(1)) phase = random_phase(rng);
      if (clock >= until) {
        elastic.fault = {.deaf = rng.percent(10),
                         .mute = rng.percent(15),
                         .unset = rng.percent(10),
                         .other = rng.percent(15),
                         .extra = rng.percent(15),
                         .babbles = rng.percent(5),
                         .forgets = rng.percent(10),
                         .unreached = rng.percent(30)};
        if (rng.percent(40)) elastic.fault = {};
        until = clock + 1 + rng.below(brief || rng.percent(80) ? 200 : 2 * kPatience);
      }
      elastic.clock(phase);
      if (HasFatalFailure()) FAIL() << "round " << round << ", clock " << clock;
    }
    resets += elastic.resets() - before;
    if (rng.percent(40)) {
      elastic.reset();
      continue;
    }
    elastic.fault = {};
    ASSERT_NO_FATAL_FAILURE(until_good(elastic)) << "round " << round;
    ASSERT_NO_FATAL_FAILURE(elastic.drain()) << "round " << round;
  }
  EXPECT_GT(resets, 30U);
}

}  // namespace
}  // namespace synward::test
