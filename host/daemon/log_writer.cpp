// SPDX-License-Identifier: BSD-2-Clause
#include "log_writer.hpp"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <syslog.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstring>
#include <utility>

#include "synward/unix_socket.hpp"

namespace synward {

namespace {

constexpr std::chrono::milliseconds kLookAround{200};  ///< how long the end of the daemon may go unseen
constexpr std::size_t kLinesAtOnce = 256;

/// A file, or standard error.
class FileSink : public LogSink {
 public:
  explicit FileSink(FileDescriptor file) : file_(std::move(file)) {}

  bool write(const LogLine& line) override {
    // A line of which a part was written before the disk was full is no part of the next one.
    const auto text = fmt::format("{}{}\n", torn_ ? "\n" : "", file_line(line));
    std::size_t done = 0;
    while (done < text.size()) {
      const auto wrote = ::write(file_.get(), text.data() + done, text.size() - done);
      if (wrote < 0 && errno != EINTR) {
        torn_ = torn_ || done > 0;
        return false;
      }
      done += wrote > 0 ? static_cast<std::size_t>(wrote) : 0;
    }
    torn_ = false;
    return true;
  }

 private:
  FileDescriptor file_;
  bool torn_ = false;
};

class JournalSink : public LogSink {
 public:
  bool write(const LogLine& line) override {
    // Where no journal runs, sd_journal_send() says that all is well.
    return access("/run/systemd/journal/socket", W_OK) == 0 &&
           sd_journal_send("MESSAGE=%s", line.text.c_str(), "PRIORITY=%d", static_cast<int>(line.level),
                           "SYSLOG_IDENTIFIER=synwardd", nullptr) >= 0;
  }
};

class SyslogSink : public LogSink {
 public:
  SyslogSink() { openlog("synwardd", LOG_PID, LOG_DAEMON); }
  SyslogSink(const SyslogSink&) = delete;
  SyslogSink& operator=(const SyslogSink&) = delete;
  SyslogSink(SyslogSink&&) = delete;
  SyslogSink& operator=(SyslogSink&&) = delete;
  ~SyslogSink() override { closelog(); }

  bool write(const LogLine& line) override {
    ::syslog(static_cast<int>(line.level), "%s", line.text.c_str());
    return true;  // it tells nobody otherwise
  }
};

/// A pipe would be waited for, and a device is nothing that keeps lines.
Expected<FileDescriptor> open_file(const std::string& path) {
  constexpr int kFlags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  FileDescriptor place(open(path.c_str(), kFlags, 0640));
  struct stat status {};
  if ((place && fstat(place.get(), &status) == 0 && !S_ISREG(status.st_mode)) || (!place && errno == ENXIO)) {
    return Error{path + ": is not a regular file"};
  }
  if (!place) {
    // By O_NOFOLLOW: whoever may write to the folder must not turn the log elsewhere.
    return Error{fmt::format("{}: {}", path, errno == ELOOP ? "is a symbolic link" : std::strerror(errno))};
  }
  return place;
}

Expected<FileDescriptor> standard_error_again() {
  FileDescriptor place(dup(STDERR_FILENO));
  return place ? Expected<FileDescriptor>(std::move(place))
               : Error{fmt::format("standard error: {}", std::strerror(errno))};
}

}  // namespace

std::string file_line(const LogLine& line) {
  const auto ms = std::llround(line.time * 1000);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z synwardd: {}", fmt::gmtime(static_cast<std::time_t>(ms / 1000)),
                     ms % 1000, line.text);
}

Expected<std::unique_ptr<LogSink>> open_log_sink(const LogSettings& settings) {
  using enum LogSettings::Target;
  switch (settings.target) {
    case journal:
      return std::unique_ptr<LogSink>(std::make_unique<JournalSink>());
    case syslog:
      return std::unique_ptr<LogSink>(std::make_unique<SyslogSink>());
    case standard_error:
    case file:
      break;
  }
  auto place = settings.target == file ? open_file(settings.path) : standard_error_again();
  if (!place) {
    return place.error();
  }
  return std::unique_ptr<LogSink>(std::make_unique<FileSink>(std::move(*place)));
}

LogWriter::LogWriter(LogBook& book, std::unique_ptr<LogSink> sink)
    : book_(book), sink_(std::move(sink)), thread_([this] { run(); }) {}

LogWriter::~LogWriter() {
  ending_ = true;
  thread_.join();
}

void LogWriter::replace_sink(std::unique_ptr<LogSink> sink) {
  const std::lock_guard lock(mutex_);
  sink_ = std::move(sink);
}

void LogWriter::run() {
  try {
    bool last = false;
    while (!last) {
      last = ending_;
      for (auto lines = book_.behind(written_, kLinesAtOnce, last ? std::chrono::milliseconds(0) : kLookAround);
           !lines.empty(); lines = book_.behind(written_, kLinesAtOnce)) {
        write(lines);
      }
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "synwardd: the log has ended: {}\n", error.what());
  }
}

void LogWriter::write(const std::vector<LogBook::Line>& lines) {
  const std::lock_guard lock(mutex_);
  const auto left = lines.front().number - written_ - 1;
  lost_ += left;
  untold_ += left;
  for (const auto& line : lines) {
    write(line.value);
  }
  written_ = lines.back().number;
}

void LogWriter::write(const LogLine& line) {
  const bool told =
      untold_ == 0 ||
      sink_->write({line.time, LogLevel::warning, fmt::format("{} lines of the log were lost", untold_), {}});
  untold_ = told ? 0 : untold_;
  if (!told || !sink_->write(line)) {
    ++untold_;
    ++lost_;
  }
}

}  // namespace synward
