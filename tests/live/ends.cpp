// SPDX-License-Identifier: BSD-2-Clause
#include "live/ends.hpp"

#include <chrono>
#include <future>
#include <thread>

#include "common/rng.hpp"

namespace synward::test {

std::string random_bytes(std::size_t size, std::uint64_t seed) {
  Rng rng(seed);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(rng.u8());
  return bytes;
}

Ends connect_both(const LiveNetwork& network, const FileDescriptor& listener, bool v6) {
  Ends ends;
  ends.client = connect_live(network, v6);
  EXPECT_TRUE(ends.client);
  EXPECT_TRUE(send_all(ends.client, "hello"));
  ends.server = accept_live(listener);
  EXPECT_TRUE(ends.server);
  EXPECT_EQ(receive(ends.server, 5), "hello");
  return ends;
}

void settle() { std::this_thread::sleep_for(std::chrono::milliseconds(100)); }

bool within_ten_seconds(const std::function<bool()>& done) {
  for (int i = 0; i < 1'000; ++i) {
    if (done()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

void expect_whole(const FileDescriptor& from, const FileDescriptor& to, const std::string& bytes) {
  auto sent = std::async(std::launch::async, [&] { return send_all(from, bytes); });
  const bool same = receive(to, bytes.size()) == bytes;
  EXPECT_TRUE(same);
  EXPECT_TRUE(sent.get());
}

void expect_served(const LiveNetwork& network, const FileDescriptor& listener, bool v6, std::size_t size) {
  const Ends ends = connect_both(network, listener, v6);
  ASSERT_TRUE(ends.client && ends.server);
  const std::string bytes = random_bytes(size, 11);
  expect_whole(ends.client, ends.server, bytes);
  expect_whole(ends.server, ends.client, bytes);
}

void expect_not_served(const LiveNetwork& network, const FileDescriptor& listener) {
  constexpr int kWaitMs = 1'500;
  const FileDescriptor client = connect_live(network, false, kWaitMs);
  if (client) send_all(client, "hello", kWaitMs);
  EXPECT_FALSE(accept_live(listener, kWaitMs));
}

}  // namespace synward::test
