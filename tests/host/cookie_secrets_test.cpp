// SPDX-License-Identifier: BSD-2-Clause
#include "synward/cookie_secrets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "mock_device.hpp"

namespace synward {
namespace {

/// Keys 00.. and 10.. as in the published vectors.
SecretSet vector_keys() {
  SecretSet set;
  std::iota(set.key0.bytes().begin(), set.key0.bytes().end(), std::uint8_t{0});
  std::iota(set.key1.bytes().begin(), set.key1.bytes().end(), std::uint8_t{0x10});
  return set;
}

/// The ACK of a client whose SYN had sequence number `irs`, to a SYN-ACK with `iss`.
LogEvent refused_ack(bool v6, std::uint32_t irs, std::uint32_t iss, double time) {
  LogEvent event;
  event.code = static_cast<unsigned>(reg::Event::cookie_failed);
  event.time = time;
  event.foreign = parse_address(v6 ? "2001:db8::1" : "192.0.2.1");
  event.local = parse_address(v6 ? "2001:db8:100::7" : "198.51.100.7");
  event.fport = 40000;
  event.lport = 443;
  event.args = {irs + 1, iss + 1, 0};
  return event;
}

// Vectors A, B, G and H: both families under both keys.
constexpr std::uint32_t kA = 0xb27cc348, kB = 0x62514799, kG = 0xdd808167, kH = 0x6e898fd5;

Key fresh(std::uint8_t seed) {
  Key key;
  std::ranges::fill(key.bytes(), seed);
  return key;
}

TEST(CookieSecrets, knows_the_published_cookies_of_the_keys_in_use) {
  const CookieSecrets secrets(vector_keys());
  for (const auto& [v6, iss] : {std::pair{false, kA}, std::pair{false, kB}, std::pair{true, kG}, std::pair{true, kH}}) {
    auto event = refused_ack(v6, 0, iss, 1);
    secrets.explain(event);
    EXPECT_EQ(event.cookie, CookieOrigin::current) << std::hex << iss;
    for (const auto& wrong : {refused_ack(v6, 1, iss, 1), refused_ack(v6, 0, iss + 0x100, 1)}) {
      auto other = wrong;
      secrets.explain(other);
      EXPECT_EQ(other.cookie, CookieOrigin::none);
    }
  }
}

TEST(CookieSecrets, says_by_how_much_a_cookie_is_late) {
  MockDevice device;
  CookieSecrets secrets(vector_keys());
  ASSERT_TRUE(secrets.rotate(device, fresh(1), 15));  // key 1 goes, as the idle one
  EXPECT_EQ(device.writes.back(), (std::pair<std::uint32_t, std::uint32_t>{reg::kSecretCommit, 0}));
  auto event = refused_ack(false, 0, kB, 18.5);
  secrets.explain(event);
  EXPECT_EQ(event.cookie, CookieOrigin::retired);
  EXPECT_DOUBLE_EQ(event.late_s, 3.5);
  event = refused_ack(false, 0, kA, 18.5);
  secrets.explain(event);
  EXPECT_EQ(event.cookie, CookieOrigin::current);
  ASSERT_TRUE(secrets.rotate(device, fresh(2), 30));
  event = refused_ack(false, 0, kA, 31);
  secrets.explain(event);
  EXPECT_EQ(event.cookie, CookieOrigin::retired);
  EXPECT_DOUBLE_EQ(event.late_s, 1);
}

TEST(CookieSecrets, what_the_card_refuses_retires_nothing) {
  MockDevice device;
  device.words[reg::kSecretStatus] = 1U << 31;
  CookieSecrets secrets(vector_keys());
  EXPECT_FALSE(secrets.rotate(device, fresh(1), 15));
  EXPECT_FALSE(secrets.put(device, 0, fresh(2), 16));
  EXPECT_FALSE(secrets.put(device, 1, fresh(3), 17));
  for (const auto key : {kA, kB}) {
    auto event = refused_ack(false, 0, key, 18);
    secrets.explain(event);
    EXPECT_EQ(event.cookie, CookieOrigin::current);
  }
}

TEST(CookieSecrets, remembers_forty_and_no_more) {
  MockDevice device;
  CookieSecrets secrets(vector_keys());
  for (std::size_t i = 1; i <= CookieSecrets::kRemembered; ++i) {
    ASSERT_TRUE(secrets.rotate(device, fresh(static_cast<std::uint8_t>(100 + i)), static_cast<double>(15 * i)));
  }
  auto event = refused_ack(true, 0, kH, 700);
  secrets.explain(event);
  EXPECT_EQ(event.cookie, CookieOrigin::retired);
  EXPECT_DOUBLE_EQ(event.late_s, 685);
  ASSERT_TRUE(secrets.rotate(device, fresh(99), 615));
  event = refused_ack(true, 0, kH, 700);
  secrets.explain(event);
  EXPECT_EQ(event.cookie, CookieOrigin::none);
}

TEST(CookieSecrets, other_events_stay_as_they_are) {
  const CookieSecrets secrets(vector_keys());
  auto event = refused_ack(false, 0, kA, 1);
  event.code = static_cast<unsigned>(reg::Event::ack_invalid);
  secrets.explain(event);
  EXPECT_EQ(event.cookie, CookieOrigin::unknown);
}

}  // namespace
}  // namespace synward
