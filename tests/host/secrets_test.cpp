// SPDX-License-Identifier: BSD-2-Clause
#include "synward/secrets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <type_traits>
#include <utility>

#include "synward/config.hpp"

namespace synward {
namespace {

static_assert(!std::is_copy_constructible_v<Key> && !std::is_copy_assignable_v<Key>);
static_assert(!std::is_copy_constructible_v<SecretSet>);

std::string hex(const Key& key) {
  std::string text;
  for (const auto byte : key.bytes()) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

TEST(Key, moving_leaves_nothing_behind) {
  Key from;
  std::ranges::fill(from.bytes(), std::uint8_t{0xaa});
  const Key to = std::move(from);
  EXPECT_TRUE(std::ranges::all_of(to.bytes(), [](auto byte) { return byte == 0xaa; }));
  EXPECT_TRUE(std::ranges::all_of(from.bytes(), [](auto byte) { return byte == 0; }));  // NOLINT: looks on purpose
}

/// The flags of the mapping that holds an address (smaps: VmFlags).
std::string flags_of(const void* address) {
  std::ifstream maps("/proc/self/smaps");
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  bool inside = false;
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx ", &begin, &end) == 2) {  // NOLINT(cert-err34-c)
      inside = wanted >= begin && wanted < end;
    } else if (inside && line.starts_with("VmFlags:")) {
      return line + ' ';
    }
  }
  return {};
}

TEST(Key, is_never_dumped_and_locked_where_that_is_said) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "the sanitizer does without the secure heap";
#endif
  const SecretSet set = std::move(*random_secrets());
  for (const Key* key : {&set.key0, &set.key1, &set.ts_secret, &set.mark_key, &set.table_key}) {
    const auto flags = flags_of(key->bytes().data());
    EXPECT_NE(flags.find(" dd "), std::string::npos) << flags;
    EXPECT_EQ(flags.find(" lo ") != std::string::npos, SecretBytes::locked()) << flags;
  }
}

// RFC 5869 A.3: no salt, no info; the first 16 of its 42 bytes.
TEST(DeriveKey, is_hkdf_sha256) {
  std::array<std::uint8_t, 22> input{};
  input.fill(0x0b);
  Key out;
  ASSERT_TRUE(derive_key(input, "", out));
  EXPECT_EQ(hex(out), "8da4e775a563c18f715f802a063c5a31");
}

TEST(Secrets, absent_keys_are_derived_with_their_own_info) {
  const auto config = parse_config(R"([[service]]
address = "any"
port = 80
[secrets]
mode = "fixed"
key0 = "000102030405060708090a0b0c0d0e0f"
key1 = "101112131415161718191a1b1c1d1e1f"
)",
                                   "c.toml");
  ASSERT_TRUE(config);
  std::array<std::uint8_t, 32> both{};
  for (std::size_t i = 0; i < both.size(); ++i) {
    both[i] = static_cast<std::uint8_t>(i);
  }
  Key ts;
  Key mark;
  ASSERT_TRUE(derive_key(both, "synward ts_secret", ts));
  ASSERT_TRUE(derive_key(both, "synward mark_key", mark));
  EXPECT_EQ(hex(config->secrets->ts_secret), hex(ts));
  EXPECT_EQ(hex(config->secrets->mark_key), hex(mark));
  EXPECT_NE(hex(ts), hex(mark));
}

}  // namespace
}  // namespace synward
