// SPDX-License-Identifier: BSD-2-Clause
#include "log_writer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <sstream>

#include "synward/log_parser.hpp"
#include "temporary_folder.hpp"

namespace synward {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

LogSettings file_settings(const std::string& path) { return {LogSettings::Target::file, path}; }

TEST(LogFile, lines_have_the_time_and_are_read_back) {
  constexpr std::string_view kText =
      "TCP: [119.254.12.34]:38931 to [203.0.113.101]:22 tcpflags 0x10<ACK>; syncache_expand: Segment failed SYNCOOKIE "
      "authentication, segment rejected (probably spoofed)";
  const auto line = file_line({1'798'761'599.9996, LogLevel::debug, std::string(kText)});
  EXPECT_EQ(line, fmt::format("2027-01-01T00:00:00.000Z synwardd: {}", kText));
  EXPECT_EQ(file_line({0.25, LogLevel::info, "x"}), "1970-01-01T00:00:00.250Z synwardd: x");
  const auto events = parse_log(line + '\n');
  ASSERT_EQ(events.size(), 1U);
  EXPECT_TRUE(events[0].is(reg::Event::cookie_failed));
  EXPECT_EQ(events[0].fport, 38931);
  EXPECT_TRUE(events[0].time);
}

TEST(LogFile, is_appended_to_and_others_cannot_write_it) {
  const TemporaryFolder folder;
  const auto path = folder.write("log", "before\n");
  std::filesystem::remove(path);
  LogBook book;
  {
    const LogWriter writer(book, std::move(*open_log_sink(file_settings(path))));
    for (int i = 1; i <= 600; ++i) {
      book.add({static_cast<double>(i), LogLevel::notice, fmt::format("line {}", i)});
    }
  }
  {
    // A writer begins with what the book holds.
    const LogWriter writer(book, std::move(*open_log_sink(file_settings(path))));
  }
  std::istringstream lines(read_file(path));
  std::string line;
  for (int i = 0; i < 1200; ++i) {
    ASSERT_TRUE(std::getline(lines, line)) << i;
    EXPECT_TRUE(line.ends_with(fmt::format("synwardd: line {}", i % 600 + 1))) << line;
  }
  EXPECT_FALSE(std::getline(lines, line));
  EXPECT_EQ(std::filesystem::status(path).permissions() & std::filesystem::perms(022), std::filesystem::perms::none);
}

TEST(LogFile, links_and_missing_folders_are_errors) {
  const TemporaryFolder folder;
  ASSERT_EQ(symlink("/dev/null", (folder / "link").c_str()), 0);
  EXPECT_FALSE(open_log_sink(file_settings(folder / "link")));
  const auto none = open_log_sink(file_settings(folder / "none/log"));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().text, (folder / "none/log") + ": No such file or directory");
}

TEST(LogFile, a_pipe_or_a_device_is_an_error_and_not_waited_for) {
  const TemporaryFolder folder;
  const auto pipe = folder / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const auto& path : {pipe, std::string("/dev/zero")}) {
    const auto refused = open_log_sink(file_settings(path));
    ASSERT_FALSE(refused) << path;
    EXPECT_EQ(refused.error().text, path + ": is not a regular file");
  }
  // Neither one that somebody reads.
  const int reader = open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  EXPECT_FALSE(open_log_sink(file_settings(pipe)));
  close(reader);
}

TEST(LogFile, a_link_is_refused_in_words_that_say_so) {
  const TemporaryFolder folder;
  const auto link = folder / "link";
  ASSERT_EQ(symlink("elsewhere", link.c_str()), 0);
  EXPECT_EQ(open_log_sink(file_settings(link)).error().text, link + ": is a symbolic link");
}

TEST(LogBook, a_line_stays_one_and_shows_no_escapes) {
  LogBook book;
  book.add({1, LogLevel::notice,
            "a\nforged: b\x1b[31m\x07\xc2\x9b"
            "0m"});
  EXPECT_EQ(book.tail(1).at(0).value.text, R"(a\x0aforged: b\x1b[31m\x07\xc2\x9b0m)");
}

TEST(LogWriter, goes_on_in_the_new_file_once_the_old_one_was_moved) {
  const TemporaryFolder folder;
  LogBook book;
  {
    LogWriter writer(book, std::move(*open_log_sink(file_settings(folder / "log"))));
    book.add({1, LogLevel::notice, "old"});
    while (read_file(folder / "log").empty()) {
      usleep(1000);
    }
    std::filesystem::rename(folder / "log", folder / "log.1");
    writer.replace_sink(std::move(*open_log_sink(file_settings(folder / "log"))));
    book.add({2, LogLevel::notice, "new"});
  }
  EXPECT_TRUE(read_file(folder / "log.1").ends_with("old\n"));
  EXPECT_TRUE(read_file(folder / "log").ends_with("new\n"));
}

TEST(LogWriter, what_a_full_disk_cannot_take_is_counted_and_told_of) {
  const TemporaryFolder folder;
  LogBook book;
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  {
    LogWriter writer(book, std::move(*open_log_sink(file_settings(folder / "log"))));
    book.add({1, LogLevel::notice, "first"});
    while (read_file(folder / "log").empty()) {
      usleep(1000);
    }
    // Room for a part of the next line.
    const rlimit full{read_file(folder / "log").size() + 10, before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &full), 0);
    book.add({2, LogLevel::notice, "torn"});
    book.add({2, LogLevel::notice, "lost"});
    while (writer.lost() != 2) {
      usleep(1000);
    }
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &before), 0);
    book.add({3, LogLevel::notice, "again"});
  }
  std::signal(SIGXFSZ, handler);
  const auto text = read_file(folder / "log");
  EXPECT_TRUE(
      text.ends_with("\n1970-01-01T00:00:03.000Z synwardd: 2 lines of the log were lost\n"
                     "1970-01-01T00:00:03.000Z synwardd: again\n"))
      << text;
}

/// A sink that stands still until it is let go.
class SlowSink : public LogSink {
 public:
  struct Shared {
    std::mutex mutex;
    std::condition_variable changed;
    bool blocked = true, reached = false;
    std::vector<std::string> lines;
  };
  explicit SlowSink(Shared& shared) : shared_(shared) {}
  bool write(const LogLine& line) override {
    std::unique_lock lock(shared_.mutex);
    shared_.reached = true;
    shared_.changed.notify_all();
    shared_.changed.wait(lock, [this] { return !shared_.blocked; });
    shared_.lines.push_back(line.text);
    return true;
  }

 private:
  Shared& shared_;
};

TEST(LogWriter, who_logs_never_waits_and_what_was_lost_is_said) {
  SlowSink::Shared sink;
  LogBook book;
  {
    const LogWriter writer(book, std::make_unique<SlowSink>(sink));
    book.add({1, LogLevel::notice, "first"});
    {
      std::unique_lock lock(sink.mutex);
      sink.changed.wait(lock, [&sink] { return sink.reached; });
    }
    for (std::size_t i = 0; i < LogBook::kLines + 7; ++i) {
      book.add({2, LogLevel::notice, fmt::format("{}", i)});
    }
    const std::lock_guard lock(sink.mutex);
    sink.blocked = false;
    sink.changed.notify_all();
  }
  ASSERT_EQ(sink.lines.size(), LogBook::kLines + 2);
  EXPECT_EQ(sink.lines[0], "first");
  EXPECT_EQ(sink.lines[1], "7 lines of the log were lost");
  EXPECT_EQ(sink.lines[2], "7");
  EXPECT_EQ(sink.lines.back(), fmt::format("{}", LogBook::kLines + 6));
}

}  // namespace
}  // namespace synward
