// SPDX-License-Identifier: BSD-2-Clause
// Proves that each field of the elastic socket's records is where the HLS kernels' structs have it, as Vitis HLS packs
// them bit by bit: held against the structs themselves, member by member with the bits of its type.
#include <Vsynward_kernel_ports.h>
#include <gtest/gtest.h>

#include "block/bench.hpp"
#include "kernels/fields.hpp"
#include "rtl/socket_records.hpp"

namespace synward::test {
namespace {

constexpr int kRecords = 2'000;

/// Members of a struct from bit 0 of a port on.
template <std::size_t Words>
class Layout {
 public:
  explicit Layout(VlWide<Words>& port) : port_(port) {}
  template <typename T>
  void put(const T& value) {
    const unsigned width = std::is_same_v<T, bool> ? 1 : 8 * sizeof(T);
    set_bits(port_, at_, width, static_cast<std::uint64_t>(value));
    at_ += width;
  }
  void put(const Wide128& value) {
    put(value.hi);
    put(value.lo);
  }
  template <typename T>
  void operator()(const T& value, unsigned) {
    put(value);
  }
  /// What was put, in whole bytes: what the stream's TDATA has.
  unsigned stream_bits() const { return (at_ + 7) / 8 * 8; }

 private:
  VlWide<Words>& port_;
  unsigned at_ = 0;
};

template <std::size_t Words>
bool same(const VlWide<Words>& a, const VlWide<Words>& b) {
  return std::equal(a.data(), a.data() + Words, b.data());
}

/// Puts a record on a port from bit `at` on, and returns it.
template <typename Record, std::size_t Words>
Record put_random(Rng& rng, VlWide<Words>& port, unsigned at) {
  const auto record = random_record<Record>(rng);
  VlWide<(Record::kWidth + 31) / 32> bits{};
  pack(record, bits);
  for (unsigned i = 0; i < Record::kWidth; i += 32) {
    const unsigned width = std::min(32U, Record::kWidth - i);
    set_bits(port, at + i, width, get_bits(bits, i, width));
  }
  return record;
}

TEST(KernelPorts, a_question_is_the_kernels) {
  Rng rng(test_seed());
  Vsynward_kernel_ports ports;
  for (int i = 0; i < kRecords; ++i) {
    ports.question_i = {};
    const auto request = put_random<RequestRecord>(rng, ports.question_i, 2);
    EngineQuestion question{request, {rng.bit(), rng.bit()}};
    set_bits(ports.question_i, 1, 1, question.room.line);
    set_bits(ports.question_i, 0, 1, question.room.host);
    ports.eval();
    std::remove_reference_t<decltype(ports.question_o)> want{};
    Layout layout(want);
    each_field(question, layout);
    ASSERT_EQ(layout.stream_bits(), kKernelQuestionBits);
    ASSERT_TRUE(same(ports.question_o, want)) << "record " << i;
  }
}

TEST(KernelPorts, a_setting_is_the_kernels) {
  Rng rng(test_seed());
  Vsynward_kernel_ports ports;
  for (int i = 0; i < kRecords; ++i) {
    ports.setting_i = {};
    const auto settings = put_random<SettingsRecord>(rng, ports.setting_i, 2);
    EngineSetting setting{sim::config_of(settings), rng.bit(), rng.bit()};
    set_bits(ports.setting_i, 1, 1, setting.load);
    set_bits(ports.setting_i, 0, 1, setting.end_pause);
    ports.eval();
    std::remove_reference_t<decltype(ports.setting_o)> want{};
    Layout layout(want);
    // tables_ready stands behind the keys, and is no field that anybody gives.
    constexpr int kKeyMembers = 11;
    int members = 0;
    each_field(setting, [&](const auto& value, unsigned) {
      if (members++ == kKeyMembers) layout.put(false);
      layout.put(value);
    });
    ASSERT_EQ(layout.stream_bits(), kKernelSettingBits);
    ASSERT_TRUE(same(ports.setting_o, want)) << "record " << i;
  }
}

TEST(KernelPorts, an_answer_is_the_sockets) {
  Rng rng(test_seed());
  Vsynward_kernel_ports ports;
  for (int i = 0; i < kRecords; ++i) {
    std::remove_reference_t<decltype(ports.answer_o)> want{};
    EngineReply reply{};
    EngineAnswer& answer = reply.answer;
    reply.sight = put_random<SightRecord>(rng, want, 0);
    unsigned at = SightRecord::kWidth;
    answer.event = rng.bit();
    set_bits(want, at, 1, answer.event);
    answer.record = put_random<EventRecord>(rng, want, at + 1);
    at += 1 + EventRecord::kWidth;
    answer.counts = put_random<CountsRecord>(rng, want, at);
    at += CountsRecord::kWidth;
    answer.mark_mac = rng.u32();
    set_bits(want, at, 32, answer.mark_mac);
    answer.verdict = put_random<VerdictRecord>(rng, want, at + 32);
    ports.answer_i = {};
    Layout layout(ports.answer_i);
    each_field(reply, layout);
    ASSERT_EQ(layout.stream_bits(), kKernelAnswerBits);
    ports.eval();
    ASSERT_TRUE(same(ports.answer_o, want)) << "record " << i;
  }
}

}  // namespace
}  // namespace synward::test
