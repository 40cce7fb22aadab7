// SPDX-License-Identifier: BSD-2-Clause
#include "synward/unix_socket.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <optional>

#include "files.hpp"

namespace synward {
namespace {

using sim::TemporaryFolder;

std::string error_of(const Expected<UnixListener>& listener) {
  return listener ? std::string("listens") : listener.error().text;
}

TEST(UnixListener, removes_its_path_and_takes_that_of_one_that_died) {
  const TemporaryFolder folder;
  const auto path = folder.file("s");
  {
    auto first = UnixListener::listen(path, 0600);
    ASSERT_TRUE(first) << first.error().text;
    struct stat info {};
    ASSERT_EQ(stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600U);
    EXPECT_EQ(error_of(UnixListener::listen(path, 0600)), path + ": somebody listens there already");
  }
  EXPECT_FALSE(std::filesystem::exists(path));
  // A link to the socket keeps it when its listener removes the path: nobody listens behind it.
  {
    auto dying = UnixListener::listen(path, 0600);
    ASSERT_TRUE(dying);
    std::filesystem::create_hard_link(path, folder.file("left"));
  }
  EXPECT_TRUE(UnixListener::listen(folder.file("left"), 0600));
}

TEST(UnixListener, leaves_the_path_to_who_took_it_over) {
  const TemporaryFolder folder;
  const auto path = folder.file("s");
  auto first = UnixListener::listen(path, 0600);
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->in_place());
  std::filesystem::remove(path);
  EXPECT_FALSE(first->in_place());
  std::optional<UnixListener> old(std::move(*first));
  auto second = UnixListener::listen(path, 0600);
  ASSERT_TRUE(second);
  EXPECT_FALSE(old->in_place());
  old.reset();
  EXPECT_TRUE(second->in_place());
}

TEST(UnixListener, refuses_paths_that_cannot_be) {
  const TemporaryFolder folder;
  sim::write_text(folder.file("file"), "mine");
  EXPECT_EQ(error_of(UnixListener::listen(folder.file("file"), 0600)),
            folder.file("file") + ": exists and is not a socket");
  EXPECT_EQ(sim::read_text(folder.file("file")), "mine");
  EXPECT_EQ(error_of(UnixListener::listen("", 0600)), ": a socket's path has 1 to 107 bytes");
  const std::string longest(107, 'a');
  EXPECT_NE(error_of(UnixListener::listen("/" + longest, 0600)).find("has 1 to 107 bytes"), std::string::npos);
  EXPECT_NE(error_of(UnixListener::listen(folder.file("no/s"), 0600)).find("No such file"), std::string::npos);
}

TEST(UnixSocket, carries_bytes_until_the_deadline) {
  const TemporaryFolder folder;
  const auto listener = UnixListener::listen(folder.file("s"), 0600);
  ASSERT_TRUE(listener);
  EXPECT_FALSE(listener->accept());
  const auto client = connect_unix(folder.file("s"));
  ASSERT_TRUE(client);
  const auto server = listener->accept();
  ASSERT_TRUE(server);

  const auto later = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  const std::array<std::uint8_t, 3> sent{1, 2, 3};
  ASSERT_TRUE(send_all(*client, sent, later));
  std::array<std::uint8_t, 3> received{};
  ASSERT_TRUE(receive_all(server, received, later));
  EXPECT_EQ(received, sent);

  const auto now = std::chrono::steady_clock::now();
  EXPECT_EQ(receive_all(server, received, now).error().text, "no answer in time");
  // More than the buffers hold, and nobody reads.
  const std::vector<std::uint8_t> much(16 << 20);
  EXPECT_EQ(send_all(*client, much, now).error().text, "no answer in time");
}

TEST(UnixSocket, a_peer_that_left_is_an_error_and_no_signal) {
  const TemporaryFolder folder;
  const auto listener = UnixListener::listen(folder.file("s"), 0600);
  ASSERT_TRUE(listener);
  const auto client = connect_unix(folder.file("s"));
  ASSERT_TRUE(client);
  listener->accept().close();
  const auto later = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  std::array<std::uint8_t, 3> bytes{};
  EXPECT_EQ(receive_all(*client, bytes, later).error().text, "the connection was closed");
  EXPECT_EQ(send_all(*client, bytes, later).error().text, "Broken pipe");
}

}  // namespace
}  // namespace synward
