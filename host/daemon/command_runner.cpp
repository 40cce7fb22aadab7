// SPDX-License-Identifier: BSD-2-Clause
#include "command_runner.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "synward/expected.hpp"

namespace synward {

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLookAround{50};  ///< at a program that runs, whether it has ended
/// From SIGTERM to SIGKILL: of a program that takes too long, and where the daemon itself is to end.
constexpr std::chrono::milliseconds kGrace{2'000}, kGraceAtEnd{500};
constexpr std::size_t kMostLines = 20;

Error error_of(int number) { return Error{std::strerror(number)}; }

struct Pipe {
  FileDescriptor from, to;
};
Expected<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return error_of(errno);
  }
  return Pipe{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

/// posix_spawn's attributes and actions, which have to be freed.
class SpawnSettings {
 public:
  SpawnSettings(int input, int output) {
    posix_spawnattr_init(&attributes_);
    posix_spawn_file_actions_init(&actions_);
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigemptyset(&none);
    // The daemon's threads block signals and ignore SIGPIPE; a program expects neither.
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    posix_spawn_file_actions_addchdir_np(&actions_, "/");
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  SpawnSettings(SpawnSettings&&) = delete;
  SpawnSettings& operator=(SpawnSettings&&) = delete;
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  Expected<pid_t> spawn(const std::vector<std::string>& command) const {
    static constexpr std::array kEnvironment{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                                             "LANG=C.UTF-8"};
    std::vector<std::string> words(command);
    std::vector<std::string> settings(kEnvironment.begin(), kEnvironment.end());
    const auto pointers = [](std::vector<std::string>& texts) {
      std::vector<char*> list;
      list.reserve(texts.size() + 1);
      for (auto& text : texts) {
        list.push_back(text.data());
      }
      list.push_back(nullptr);
      return list;
    };
    pid_t pid = -1;
    const int failed = posix_spawn(&pid, words.front().c_str(), &actions_, &attributes_, pointers(words).data(),
                                   pointers(settings).data());
    return failed == 0 ? Expected<pid_t>(pid) : error_of(failed);
  }

 private:
  posix_spawnattr_t attributes_{};
  posix_spawn_file_actions_t actions_{};
};

/// A program that runs, with its whole process group.
class Child {
 public:
  static Expected<Child> start(const CommandRunner::Job& job) {
    auto input = make_pipe();
    auto output = make_pipe();
    if (!input || !output) {
      return input ? output.error() : input.error();
    }
    const auto pid = SpawnSettings(input->from.get(), output->to.get()).spawn(job.command);
    if (!pid) {
      return pid.error();
    }
    for (const int fd : {input->to.get(), output->from.get()}) {
      fcntl(fd, F_SETFL, O_NONBLOCK);
    }
    return Child(*pid, std::move(input->to), std::move(output->from), job.input);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  Child(Child&& other) noexcept
      : pid_(std::exchange(other.pid_, -1)),
        input_(std::move(other.input_)),
        output_(std::move(other.output_)),
        unwritten_(other.unwritten_) {}
  Child& operator=(Child&&) = delete;
  ~Child() {
    if (pid_ > 0) {
      reap();
    }
  }

  void signal(int number) const { kill(-pid_, number); }
  bool ended() const {
    siginfo_t info{};
    return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == pid_;
  }
  /// Feeds it and takes its output, until one of that can be done, `wake` is readable, or some time has passed.
  void attend(int wake, std::string& output) {
    std::array<pollfd, 3> waits{
        {{wake, POLLIN, 0}, {output_.get(), POLLIN, 0}, {unwritten_.empty() ? -1 : input_.get(), POLLOUT, 0}}};
    poll(waits.data(), waits.size(), static_cast<int>(kLookAround.count()));
    write();
    read(output);
  }
  /// Ends what is left of its group, and gives what waitid() tells of it.
  siginfo_t reap() {
    siginfo_t info{};
    // While nobody has waited for it, its number is nobody else's.
    signal(SIGKILL);
    while (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED) != 0 && errno == EINTR) {
    }
    pid_ = -1;
    return info;
  }
  void read(std::string& output) {
    std::array<char, 4096> part;
    while (output_) {
      const auto got = ::read(output_.get(), part.data(), part.size());
      if (got > 0) {
        const auto left = CommandRunner::kMostOutput - output.size();
        output.append(part.data(), std::min(static_cast<std::size_t>(got), left));
      } else if (got == 0) {
        output_.close();
      } else if (errno != EINTR) {
        return;
      }
    }
  }

 private:
  Child(pid_t pid, FileDescriptor input, FileDescriptor output, std::string_view text)
      : pid_(pid), input_(std::move(input)), output_(std::move(output)), unwritten_(text) {}

  void write() {
    while (!unwritten_.empty()) {
      const auto wrote = ::write(input_.get(), unwritten_.data(), unwritten_.size());
      if (wrote < 0 && errno == EAGAIN) {
        return;
      }
      if (wrote < 0 && errno != EINTR) {
        unwritten_ = {};  // it does not want to know
      }
      unwritten_.remove_prefix(wrote > 0 ? static_cast<std::size_t>(wrote) : 0);
    }
    input_.close();
  }

  pid_t pid_;
  FileDescriptor input_, output_;
  std::string_view unwritten_;
};

/// How it ended, where that was not well.
std::string ending(const siginfo_t& info) {
  return info.si_code == CLD_EXITED
             ? info.si_status == 0 ? std::string() : fmt::format("exit status {}", info.si_status)
             : fmt::format("ended by signal {}", info.si_status);
}

}  // namespace

CommandRunner::CommandRunner(std::string name, Say say)
    : name_(std::move(name)),
      say_(std::move(say)),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      thread_([this] { serve(); }) {}

CommandRunner::~CommandRunner() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  posted_.notify_all();
  eventfd_write(wake_.get(), 1);
  thread_.join();
}

void CommandRunner::run(Job job) {
  bool room = false;
  {
    const std::lock_guard lock(mutex_);
    room = jobs_.size() < kWaiting;
    if (room) {
      jobs_.push_back(std::move(job));
    }
  }
  if (room) {
    posted_.notify_all();
  } else {
    say(LogLevel::warning, fmt::format("left out, {} wait already", kWaiting));
  }
}

void CommandRunner::serve() {
  // A program may end before it has read its input.
  sigset_t pipe_signal;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, nullptr);
  while (true) {
    std::unique_lock lock(mutex_);
    posted_.wait(lock, [this] { return ending_ || !jobs_.empty(); });
    if (ending_) {
      return;
    }
    const auto job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    execute(job);
  }
}

void CommandRunner::execute(const Job& job) {
  auto child = Child::start(job);
  if (!child) {
    say(LogLevel::warning, fmt::format("{}: {}", job.command.front(), child.error().text));
    return;
  }
  std::string output;
  auto deadline = SteadyClock::now() + job.timeout;
  bool late = false;
  bool told = false;  // to end
  const auto is_ending = [this] {
    const std::lock_guard lock(mutex_);
    return ending_;
  };
  while (!child->ended()) {
    child->attend(told ? -1 : wake_.get(), output);
    const bool stop = is_ending();
    if (told && SteadyClock::now() >= deadline) {
      child->signal(SIGKILL);
    } else if (!told && (stop || SteadyClock::now() >= deadline)) {
      child->signal(SIGTERM);
      told = true;
      late = !stop;
      deadline = SteadyClock::now() + (stop ? kGraceAtEnd : kGrace);
    }
  }
  child->read(output);
  const auto how = ending(child->reap());
  tell_output(output);
  if (late) {
    say(LogLevel::warning, fmt::format("{}: took longer than {} s, and was ended", job.command.front(),
                                       static_cast<double>(job.timeout.count()) / 1000));
  } else if (!how.empty() && !told) {
    say(LogLevel::warning, fmt::format("{}: {}", job.command.front(), how));
  }
}

void CommandRunner::tell_output(const std::string& output) {
  std::string_view rest = output;
  for (std::size_t i = 0; i < kMostLines && !rest.empty(); ++i) {
    const auto end = std::min(rest.find('\n'), rest.size());
    // It may repeat the addresses that it was given.
    say_(LogLevel::debug, fmt::format("{}: says: {}", name_, rest.substr(0, end)), name_ + ": says something");
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

}  // namespace synward
