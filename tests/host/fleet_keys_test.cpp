// SPDX-License-Identifier: BSD-2-Clause
#include "synward/fleet_keys.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <numeric>

#include "temporary_folder.hpp"

namespace synward {
namespace {

using std::chrono::milliseconds;

std::string bytes_0_to_31() {
  std::string key(MasterKey::kSize, '\0');
  std::iota(key.begin(), key.end(), '\0');
  return key;
}
constexpr std::string_view kHex = "000102030405060708090a0b0c0d0e0f101112131415161718191A1B1C1D1E1F";

std::string hex(const Key& key) {
  std::string text;
  for (const auto byte : key.bytes()) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string refusal(const std::string& path) {
  const auto read = MasterKey::read(path);
  return read ? std::string("read") : read.error().text;
}

TEST(MasterKey, is_32_bytes_or_64_hex_digits) {
  const TemporaryFolder folder;
  for (const auto& text : {bytes_0_to_31(), std::string(kHex), std::string(kHex) + "\n"}) {
    const auto key = MasterKey::read(folder.write("fleet.key", text));
    ASSERT_TRUE(key);
    const std::string wanted = bytes_0_to_31();
    EXPECT_TRUE(std::equal(wanted.begin(), wanted.end(), key->bytes().begin(),
                           [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; }));
  }
}

TEST(MasterKey, anything_else_is_refused_and_not_repeated) {
  const TemporaryFolder folder;
  const std::string secret = "5ec7e7";
  for (const auto& text : {std::string(), secret, bytes_0_to_31() + "\n", std::string(kHex).substr(1),
                           std::string(kHex) + "\n\n", std::string(kHex) + "0", "x" + std::string(kHex).substr(1),
                           "\n" + std::string(kHex), "0x" + std::string(kHex), std::string(100'000, 'a')}) {
    const auto path = folder.write("fleet.key", text);
    EXPECT_EQ(refusal(path), path + ": must hold 32 bytes or 64 hex digits");
  }
}

TEST(MasterKey, files_that_others_can_get_at_are_refused) {
  const TemporaryFolder folder;
  const auto path = folder.write("fleet.key", std::string(kHex));
  for (const unsigned bit : {040U, 020U, 010U, 04U, 02U, 01U}) {
    ASSERT_EQ(chmod(path.c_str(), 0600 | bit), 0);
    EXPECT_NE(refusal(path).find("must give group and others nothing"), std::string::npos) << bit;
  }
  ASSERT_EQ(chmod(path.c_str(), 0400), 0);
  EXPECT_EQ(refusal(path), "read");
  ASSERT_EQ(symlink(path.c_str(), (folder / "link").c_str()), 0);
  EXPECT_EQ(refusal(folder / "link"), (folder / "link") + ": is a symbolic link");
  ASSERT_EQ(mkfifo((folder / "fifo").c_str(), 0600), 0);
  EXPECT_EQ(refusal(folder / "fifo"), (folder / "fifo") + ": is not a regular file");
  EXPECT_EQ(refusal(folder / "none"), (folder / "none") + ": No such file or directory");
  if (geteuid() == 0) {
    ASSERT_EQ(chown(path.c_str(), 4711, 0), 0);
    EXPECT_EQ(refusal(path), path + ": belongs to user 4711, must be root's or the daemon's own");
  }
}

TEST(MasterKey, compares) {
  const TemporaryFolder folder;
  const auto one = MasterKey::read(folder.write("a", bytes_0_to_31()));
  const auto same = MasterKey::read(folder.write("b", std::string(kHex)));
  const auto other = MasterKey::read(folder.write("c", std::string(64, '0')));
  ASSERT_TRUE(one && same && other);
  EXPECT_TRUE(*one == *same);
  EXPECT_FALSE(*one == *other);
}

FleetKeys keys_of(const TemporaryFolder& folder) {
  return {std::move(*MasterKey::read(folder.write("fleet.key", bytes_0_to_31()))), milliseconds(20'000),
          milliseconds(2'500)};
}

// By an implementation of RFC 5869 that is not ours.
TEST(FleetKeys, are_hkdf_of_the_master_key) {
  const TemporaryFolder folder;
  const auto keys = keys_of(folder);
  Key key;
  ASSERT_TRUE(keys.cookie_key(0, key));
  EXPECT_EQ(hex(key), "89cfb5c3c6af3f833ff58e3c5a2b05dc");
  ASSERT_TRUE(keys.cookie_key(88888888, key));
  EXPECT_EQ(hex(key), "fe8cae8ef0281332c26c027f506468f8");
  ASSERT_TRUE(keys.ts_secret(key));
  EXPECT_EQ(hex(key), "e3ca092e0b5a9b2a346c09f24cd26cb1");
  ASSERT_TRUE(keys.mark_key(key));
  EXPECT_EQ(hex(key), "3cab487f5617c56efbb6cbd1ffce68c6");
}

TEST(FleetKeys, the_next_key_comes_skew_before_its_epoch) {
  const TemporaryFolder folder;
  const auto keys = keys_of(folder);
  struct Case {
    std::int64_t unix_ms;
    FleetKeys::Epoch current, other;
    std::int64_t change_ms;
  };
  for (const auto& [unix_ms, current, other, change_ms] :
       {Case{0, 0, -1, 17'500}, Case{17'499, 0, -1, 17'500}, Case{17'500, 0, 1, 20'000}, Case{19'999, 0, 1, 20'000},
        Case{20'000, 1, 0, 37'500}, Case{37'500, 1, 2, 40'000}, Case{-1, -1, 0, 0}, Case{-20'000, -1, -2, -2'500},
        Case{1'800'000'000'000, 90'000'000, 89'999'999, 1'800'000'017'500}}) {
    const auto at = keys.at(milliseconds(unix_ms));
    EXPECT_EQ(at.current, current) << unix_ms;
    EXPECT_EQ(at.other, other) << unix_ms;
    EXPECT_EQ(at.change, milliseconds(change_ms)) << unix_ms;
    EXPECT_NE(FleetKeys::slot(at.current), FleetKeys::slot(at.other));
  }
}

}  // namespace
}  // namespace synward
