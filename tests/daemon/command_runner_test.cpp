// SPDX-License-Identifier: BSD-2-Clause
// Programs that the daemon runs for the operator, well and badly behaved.
#include "command_runner.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "temporary_folder.hpp"

namespace synward {
namespace {

using std::chrono::milliseconds;

constexpr std::chrono::seconds kLong{60};  ///< what a busy machine may need for anything

class CommandRunnerTest : public testing::Test {
 protected:
  struct Line {
    LogLevel level;
    std::string text, for_others;
  };

  CommandRunnerTest() {
    runner = std::make_unique<CommandRunner>("hook", [this](LogLevel level, std::string text, std::string others) {
      const std::lock_guard lock(mutex);
      lines.push_back({level, std::move(text), std::move(others)});
    });
  }
  void run(const std::string& script, const std::string& input = {}, milliseconds timeout = kLong) {
    runner->run({{"/bin/sh", "-c", script, "name", "an argument"}, timeout, input});
  }
  template <typename There>
  static bool eventually(There there) {
    const auto end = std::chrono::steady_clock::now() + kLong;
    while (!there() && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(milliseconds(5));
    }
    return there();
  }
  std::string log() {
    const std::lock_guard lock(mutex);
    std::string text;
    for (const auto& line : lines) {
      text += line.text + '\n';
    }
    return text;
  }
  bool says(const std::string& text) {
    return eventually([&] { return log().find(text) != std::string::npos; });
  }
  static std::string read(const std::string& path) {
    std::ifstream in(path);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
  std::string file(const std::string& name) const { return folder / name; }
  /// Script that leaves a process's number in the file "pid".
  std::string write_pid(const std::string& pid) const {
    return "echo " + pid + " > " + file("new") + "; mv " + file("new") + " " + file("pid");
  }
  /// A script's file, whole: it was moved there.
  bool comes(const std::string& name) const {
    return eventually([&] { return std::ifstream(file(name)).good(); });
  }
  static bool gone(const std::string& pid) {
    return eventually([&] {
      // One that init has not yet reaped is gone too.
      const auto status = read("/proc/" + pid + "/stat");
      return status.empty() || status.find(") Z ") != std::string::npos;
    });
  }

  TemporaryFolder folder;
  std::mutex mutex;
  std::vector<Line> lines;
  std::unique_ptr<CommandRunner> runner;
};

TEST_F(CommandRunnerTest, gives_input_and_arguments_and_little_else) {
  setenv("SYNWARD_TEST_SECRET", "1", 1);
  std::ofstream held(file("held"));  // a descriptor that is none of its business
  run("cat > " + file("input") + "; { echo \"$1\"; pwd; env; ls /proc/$$/fd; trap; } > " + file("new") + "; mv " +
          file("new") + " " + file("told"),
      "{\"event\": \"begin\"}\n");
  ASSERT_TRUE(comes("told"));
  EXPECT_EQ(read(file("input")), "{\"event\": \"begin\"}\n");
  const auto told = read(file("told"));
  EXPECT_TRUE(told.starts_with("an argument\n/\n")) << told;
  EXPECT_NE(told.find("PATH=/usr/local/sbin:"), std::string::npos);
  EXPECT_EQ(told.find("SYNWARD"), std::string::npos) << told;
  EXPECT_EQ(told.find("HOME"), std::string::npos) << told;
  std::istringstream words(told);
  std::string word;
  while (words >> word) {
    if (word.find_first_not_of("0123456789") == std::string::npos) {
      // 10 is the shell's own.
      EXPECT_TRUE(std::stoi(word) <= 2 || std::stoi(word) == 10) << "descriptor " << word;
    }
  }
}

TEST_F(CommandRunnerTest, what_cannot_be_run_is_said) {
  runner->run({{"/nonexistent/program"}, kLong, ""});
  EXPECT_TRUE(says("hook: /nonexistent/program: No such file or directory"));
  runner->run({{folder.write("plain", "#!/bin/sh\n")}, kLong, ""});
  EXPECT_TRUE(says("plain: Permission denied"));
  runner->run({{"/"}, kLong, ""});
  EXPECT_TRUE(says("hook: /: Permission denied"));
}

TEST_F(CommandRunnerTest, how_it_ended_is_said_where_that_was_not_well) {
  run("exit 0");
  run("exit 3");
  EXPECT_TRUE(says("hook: /bin/sh: exit status 3"));
  run("kill -9 $$");
  EXPECT_TRUE(says("hook: /bin/sh: ended by signal 9"));
  const std::lock_guard lock(mutex);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].level, LogLevel::warning);
}

TEST_F(CommandRunnerTest, what_hangs_is_ended_with_all_that_it_has_begun) {
  // Neither heeds SIGTERM.
  run("trap '' TERM; sleep 1000 & " + write_pid("$!") + "; sleep 1000", "", milliseconds(500));
  ASSERT_TRUE(says("hook: /bin/sh: took longer than 0.5 s, and was ended"));
  ASSERT_TRUE(comes("pid"));
  auto pid = read(file("pid"));
  pid.pop_back();
  EXPECT_TRUE(gone(pid));
  // The next one has its turn.
  run("exit 4");
  EXPECT_TRUE(says("exit status 4"));
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a zombie";
}

TEST_F(CommandRunnerTest, what_it_leaves_behind_is_ended) {
  run("sleep 1000 & " + write_pid("$!") + "; exit 5");
  ASSERT_TRUE(says("exit status 5"));
  auto pid = read(file("pid"));
  pid.pop_back();
  EXPECT_TRUE(gone(pid));
}

TEST_F(CommandRunnerTest, output_is_logged_up_to_a_bound_and_by_itself_alone) {
  run("echo 198.51.100.7; echo oops >&2; head -c 20000000 /dev/zero | tr '\\0' x; exit 6");
  ASSERT_TRUE(says("exit status 6"));
  const std::lock_guard lock(mutex);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[0].text, "hook: says: 198.51.100.7");
  EXPECT_EQ(lines[0].level, LogLevel::debug);
  EXPECT_EQ(lines[0].for_others, "hook: says something");
  EXPECT_EQ(lines[1].text, "hook: says: oops");
  EXPECT_LE(lines[2].text.size(), CommandRunner::kMostOutput + 20);
}

TEST_F(CommandRunnerTest, output_of_many_lines_is_cut_too) {
  run("yes | head -n 1000; exit 7");
  ASSERT_TRUE(says("exit status 7"));
  const std::lock_guard lock(mutex);
  EXPECT_EQ(lines.size(), 21U);
}

TEST_F(CommandRunnerTest, input_that_nobody_reads_is_no_trouble) {
  run("exit 8", std::string(10'000'000, 'x'));
  EXPECT_TRUE(says("exit status 8"));
  run("exec <&-; sleep 0.2; exit 9", std::string(10'000'000, 'x'));
  EXPECT_TRUE(says("exit status 9"));
  // A large input that is read arrives whole.
  run("test $(wc -c) = 10000000 && exit 11", std::string(10'000'000, 'x'));
  EXPECT_TRUE(says("exit status 11"));
}

TEST_F(CommandRunnerTest, one_at_a_time_in_order_and_not_without_end) {
  run("touch " + file("begun") + "; while ! test -e " + file("go") + "; do sleep 0.02; done");
  ASSERT_TRUE(comes("begun"));
  for (std::size_t i = 0; i < CommandRunner::kWaiting + 3; ++i) {
    run("echo " + std::to_string(i) + " >> " + file("order"));
  }
  EXPECT_TRUE(says("hook: left out, 16 wait already\nhook: left out, 16 wait already\nhook: left out, 16"));
  std::ofstream(file("go")).close();
  EXPECT_TRUE(eventually([&] { return read(file("order")).find("15\n") != std::string::npos; }));
  std::string wanted;
  for (int i = 0; i < 16; ++i) {
    wanted += std::to_string(i) + '\n';
  }
  EXPECT_EQ(read(file("order")), wanted);
}

TEST_F(CommandRunnerTest, its_end_ends_what_runs_at_once_and_begins_no_more) {
  run("trap '' TERM; " + write_pid("$$") + "; sleep 1000; sleep 1000");
  run("touch " + file("second"));
  ASSERT_TRUE(comes("pid"));
  auto pid = read(file("pid"));
  pid.pop_back();
  runner.reset();
  EXPECT_TRUE(gone(pid));
  EXPECT_FALSE(std::ifstream(file("second")).good());
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "a zombie";
}

}  // namespace
}  // namespace synward
