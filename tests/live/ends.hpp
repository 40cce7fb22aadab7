// SPDX-License-Identifier: BSD-2-Clause
// Both ends of a connection through a card, for tests.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string>

#include "live/live_network.hpp"

namespace synward::test {

#define NEEDS_LIVE_NETWORK() \
  if (const std::string why = LiveNetwork::missing(); !why.empty()) GTEST_SKIP() << why

/// For the card: no entry is stored, each SYN is answered with a cookie.
inline constexpr const char* kCookies = "[sysctl]\n\"net.inet.tcp.syncookies_only\" = 1";

std::string random_bytes(std::size_t size, std::uint64_t seed);

struct Ends {
  FileDescriptor client, server;
};

/// A connection and both its ends; the client speaks first.
Ends connect_both(const LiveNetwork& network, const FileDescriptor& listener, bool v6);

/// What has just been sent is acknowledged, and the mark no news any more.
void settle();
bool within_ten_seconds(const std::function<bool()>& done);

void expect_whole(const FileDescriptor& from, const FileDescriptor& to, const std::string& bytes);

/// A connection, and so many bytes each way.
void expect_served(const LiveNetwork& network, const FileDescriptor& listener, bool v6 = false,
                   std::size_t size = 200'000);
/// Somebody connects, or does not, and nobody ever hears of it at the server.
void expect_not_served(const LiveNetwork& network, const FileDescriptor& listener);

}  // namespace synward::test
