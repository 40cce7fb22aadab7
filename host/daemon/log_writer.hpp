// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "log_book.hpp"
#include "synward/daemon_config.hpp"
#include "synward/expected.hpp"

namespace synward {

/// Where log lines end up.
class LogSink {
 public:
  LogSink() = default;
  LogSink(const LogSink&) = delete;
  LogSink& operator=(const LogSink&) = delete;
  LogSink(LogSink&&) = delete;
  LogSink& operator=(LogSink&&) = delete;
  virtual ~LogSink() = default;

  /// False where the line is lost.
  virtual bool write(const LogLine& line) = 0;
};

/// Opens a sink. Error: the file cannot be opened, "PATH: why".
Expected<std::unique_ptr<LogSink>> open_log_sink(const LogSettings& settings);

/// A line as it stands in a file: "2026-01-31T12:00:00.123Z synwardd: TEXT".
std::string file_line(const LogLine& line);

/// Carries the lines of a book to a sink, in a thread of its own: whoever logs never waits for a disk or a pipe. Lines
/// that leave the book before they are written, or cannot be written, are counted, and told of in one line as soon as
/// that can be.
class LogWriter {
 public:
  LogWriter(LogBook& book, std::unique_ptr<LogSink> sink);
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;
  LogWriter(LogWriter&&) = delete;
  LogWriter& operator=(LogWriter&&) = delete;
  /// Writes what is there, and ends.
  ~LogWriter();

  /// Lines that could not be written, or left the book before.
  std::uint64_t lost() const { return lost_; }

  /// From the next line on.
  void replace_sink(std::unique_ptr<LogSink> sink);

 private:
  void run();
  void write(const std::vector<LogBook::Line>& lines);
  void write(const LogLine& line);

  LogBook& book_;
  std::mutex mutex_;  ///< of sink_
  std::unique_ptr<LogSink> sink_;
  std::uint64_t written_ = 0;
  std::uint64_t untold_ = 0;  ///< lines that were lost, of which the log does not tell yet
  std::atomic<std::uint64_t> lost_ = 0;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

}  // namespace synward
