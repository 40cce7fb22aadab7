// SPDX-License-Identifier: BSD-2-Clause
#include "process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace synward::sim {

namespace {

bool wait_until(const std::function<bool()>& condition, int seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

}  // namespace

Process::Process(const std::vector<std::string>& arguments) {
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (const auto& argument : arguments) {
    argv.push_back(const_cast<char*>(argument.c_str()));
  }
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files{};
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 1, folder_.file("output").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  posix_spawn_file_actions_adddup2(&files, 1, 2);
  // Whoever runs the tests in the background has SIGINT ignored, and a program inherits that.
  sigset_t signals{};
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGPIPE}) sigaddset(&signals, signal);
  posix_spawnattr_t attributes{};
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  const int failed = posix_spawnp(&pid_, argv[0], &files, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (failed != 0) {
    throw std::runtime_error("cannot run " + arguments.front());
  }
}

Process::~Process() {
  for (const int signal : {SIGTERM, SIGKILL}) {
    if (!ended()) {
      kill(pid_, signal);
      wait_until([this] { return ended(); }, 10);
    }
  }
}

bool Process::ended() {
  int status = 0;
  if (!status_ && waitpid(pid_, &status, WNOHANG) == pid_) {
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  return status_.has_value();
}

bool Process::says(std::string_view text) {
  bool said = false;
  wait_until(
      [&] {
        const bool over = ended();  // before its last words are looked at
        said = output().find(text) != std::string::npos;
        return said || over;
      },
      kPatience);
  return said;
}

std::optional<int> Process::wait() {
  wait_until([this] { return ended(); }, kPatience);
  return status_;
}

}  // namespace synward::sim
