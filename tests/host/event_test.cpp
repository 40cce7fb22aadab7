// SPDX-License-Identifier: BSD-2-Clause
#include "synward/event.hpp"

#include <gtest/gtest.h>

#include <deque>

#include "mock_device.hpp"
#include "synward/event_json.hpp"

namespace synward {
namespace {

/// A record, most significant field first, as words.
class Record {
 public:
  Record& add(std::uint64_t value, unsigned width) {
    for (unsigned bit = width; bit-- > 0;) {
      bits_.push_back((value >> bit & 1) != 0);
    }
    return *this;
  }
  std::array<std::uint32_t, 14> words() const {
    EXPECT_EQ(bits_.size(), 13U * 32 + 16);
    std::array<std::uint32_t, 14> made{};
    for (std::size_t i = 0; i < bits_.size(); ++i) {
      const auto bit = bits_.size() - 1 - i;
      made[bit / 32] |= static_cast<std::uint32_t>(bits_[i]) << bit % 32;
    }
    return made;
  }

 private:
  std::vector<bool> bits_;
};

/// A device with an event ring.
class RingDevice : public MockDevice {
 public:
  std::uint32_t read32(std::uint32_t offset) override {
    if (offset == reg::kEventCount) {
      return static_cast<std::uint32_t>(ring.size());
    }
    if (offset >= reg::kEventData && offset < reg::kEventData + 14 * 4) {
      return ring.empty() ? 0 : ring.front()[(offset - reg::kEventData) / 4];
    }
    return MockDevice::read32(offset);
  }
  void write32(std::uint32_t offset, std::uint32_t value) override {
    if (offset == reg::kEventPop) {
      ring.pop_front();
    }
    MockDevice::write32(offset, value);
  }
  std::deque<std::array<std::uint32_t, 14>> ring;
};

std::array<std::uint32_t, 14> record(unsigned code, std::uint32_t time_ms) {
  return Record()
      .add(code, 5)
      .add(2, 2)
      .add(0, 1)
      .add(0, 64)
      .add(0xc0000201, 64)
      .add(0, 64)
      .add(0xcb007107, 64)
      .add(40000, 16)
      .add(443, 16)
      .add(0x18, 8)
      .add(time_ms, 32)
      .add(0x11111111, 32)
      .add(0x22222222, 32)
      .add(0x33333333, 32)
      .words();
}

TEST(EventReader, unpacks_every_field) {
  RingDevice device;
  device.ring.push_back(record(9, 1234));
  std::vector<LogEvent> events;
  EventReader().read(device, 10, events);
  ASSERT_EQ(events.size(), 1U);
  const auto& event = events[0];
  EXPECT_TRUE(event.is(reg::Event::cookie_failed));
  EXPECT_EQ(event.note, 2U);
  EXPECT_EQ(to_string(*event.foreign), "192.0.2.1");
  EXPECT_EQ(to_string(*event.local), "203.0.113.7");
  EXPECT_EQ(event.fport, 40000);
  EXPECT_EQ(event.lport, 443);
  EXPECT_EQ(event.flags, 0x18);
  EXPECT_EQ(event.time, 1.234);
  EXPECT_EQ(event.args, (std::array<std::uint32_t, 3>{0x11111111, 0x22222222, 0x33333333}));
  EXPECT_TRUE(device.ring.empty());
}

TEST(EventReader, timers_have_no_flags_and_the_limiter_no_connection) {
  RingDevice device;
  device.ring.push_back(record(2, 5));
  device.ring.push_back(record(22, 6));
  std::vector<LogEvent> events;
  EventReader().read(device, 10, events);
  ASSERT_EQ(events.size(), 2U);
  EXPECT_FALSE(events[0].flags);
  EXPECT_TRUE(events[0].foreign);
  EXPECT_FALSE(events[1].foreign || events[1].local);
}

TEST(EventReader, takes_no_more_than_asked_and_times_cross_the_wrap) {
  RingDevice device;
  for (const std::uint32_t ms : {0xfffffff0U, 0xfffffff8U, 8U, 4U}) {
    device.ring.push_back(record(1, ms));
  }
  EventReader reader;
  std::vector<LogEvent> events;
  reader.read(device, 3, events);
  EXPECT_EQ(events.size(), 3U);
  EXPECT_EQ(device.ring.size(), 1U);
  reader.read(device, 3, events);
  ASSERT_EQ(events.size(), 4U);
  EXPECT_NEAR(*events[2].time - *events[1].time, 0.016, 1e-9);
  EXPECT_NEAR(*events[3].time - *events[2].time, -0.004, 1e-9);
}

TEST(EventReader, losses_by_code) {
  RingDevice device;
  device.words[reg::kEventLost + 4 * 9] = 77;
  const auto lost = read_lost_events(device);
  EXPECT_EQ(lost[9], 77U);
  EXPECT_EQ(lost[8], 0U);
}

TEST(EventName, every_code_has_one_and_is_found_by_it) {
  for (const unsigned code : {1U, 9U, 22U, 23U, 24U, 32U, 33U, 34U, 35U, 36U, 37U, 41U}) {
    EXPECT_FALSE(event_name(code).empty()) << code;
    EXPECT_EQ(event_code(event_name(code)), code);
  }
  for (const unsigned code : {0U, 25U, 31U, 42U}) {
    EXPECT_TRUE(event_name(code).empty()) << code;
  }
  EXPECT_FALSE(event_code("nothing"));
}

TEST(EventJson, is_read_as_it_was_written) {
  LogEvent full;
  full.code = 9;
  full.note = 1;
  full.time = 1.25;
  full.foreign = parse_address("2001:db8::1");
  full.local = parse_address("2001:db8::7");
  full.fport = 1;
  full.lport = 443;
  full.flags = 0x18;
  full.args = {1, 0, 0xffffffff};
  full.cookie = CookieOrigin::retired;
  full.late_s = 3.5;
  LogEvent bare;
  bare.code = static_cast<unsigned>(ForeignEvent::flood_cookies);
  LogEvent note;
  note.note = 2;
  const auto text = to_json_line(full) + "\n" + to_json_line(bare) + "\n\n" + to_json_line(note);
  EXPECT_EQ(to_json_line(bare), R"({"event":"flood_cookies"})");
  const auto events = parse_json_lines(text, "e.jsonl");
  ASSERT_TRUE(events) << events.error().text;
  ASSERT_EQ(events->size(), 3U);
  const auto& read = events->at(0);
  EXPECT_EQ(read.code, full.code);
  EXPECT_EQ(read.note, full.note);
  EXPECT_EQ(read.time, full.time);
  EXPECT_EQ(read.foreign, full.foreign);
  EXPECT_EQ(read.local, full.local);
  EXPECT_EQ(read.fport, full.fport);
  EXPECT_EQ(read.lport, full.lport);
  EXPECT_EQ(read.flags, full.flags);
  EXPECT_EQ(read.args, full.args);
  EXPECT_EQ(read.cookie, full.cookie);
  EXPECT_EQ(read.late_s, full.late_s);
  EXPECT_EQ(events->at(1).code, bare.code);
  EXPECT_FALSE(events->at(1).time || events->at(1).foreign || events->at(1).flags);
  EXPECT_EQ(events->at(2).note, 2U);
}

TEST(EventJson, errors_name_the_line) {
  const auto error = [](std::string_view text) {
    const auto events = parse_json_lines(text, "e");
    return events ? std::string("none") : events.error().text;
  };
  EXPECT_EQ(error("{\"event\":\"rexmt\"}\n{"), "e:2: not an object of JSON");
  EXPECT_EQ(error("[]"), "e:1: not an object of JSON");
  EXPECT_EQ(error("{}"), "e:1: neither event nor note");
  EXPECT_EQ(error("{\"event\":\"x\"}"), "e:1: event: \"x\" is not known");
  EXPECT_EQ(error("{\"event\":\"rexmt\",\"local_port\":65536}"), "e:1: local_port: must be 0..65535");
  EXPECT_EQ(error("{\"event\":\"rexmt\",\"foreign\":\"x\"}"), "e:1: foreign: \"x\" is no address");
  EXPECT_EQ(error("{\"event\":\"rexmt\",\"time_s\":\"x\"}"), "e:1: time_s: must be a number");
}

}  // namespace
}  // namespace synward
