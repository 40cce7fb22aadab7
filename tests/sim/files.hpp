// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "synward/sim/pcap.hpp"
#include "synward/sim/tcp_frame.hpp"

namespace synward::sim {

/// A folder of its own for each test, removed behind it.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "synward-test-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }

  std::string file(std::string_view name) const { return (path_ / name).string(); }
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) {
      found.push_back(entry.path().filename().string());
    }
    std::sort(found.begin(), found.end());
    return found;
  }

 private:
  std::filesystem::path path_;
};

inline std::string read_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline void write_text(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

struct TimedFrame {
  std::uint64_t ns;
  std::vector<std::uint8_t> bytes;
  bool operator==(const TimedFrame&) const = default;
};

inline void write_pcap(const std::string& path, const std::vector<TimedFrame>& frames) {
  auto writer = PcapWriter::create(path);
  ASSERT_TRUE(writer) << writer.error().text;
  for (const auto& frame : frames) {
    writer->write(frame.ns, frame.bytes);
  }
  ASSERT_TRUE(writer->commit());
}

/// All frames of a file; an error of the reader ends up in `error`.
inline std::vector<TimedFrame> read_pcap(const std::string& path, std::string* error = nullptr) {
  std::vector<TimedFrame> frames;
  auto reader = PcapReader::open(path);
  while (reader) {
    const auto packet = reader->next();
    if (!packet) {
      if (error != nullptr) {
        *error = packet.error().text;
      }
      return frames;
    }
    if (!*packet) {
      return frames;
    }
    frames.push_back({(*packet)->ns, {(*packet)->bytes.begin(), (*packet)->bytes.end()}});
  }
  if (error != nullptr) {
    *error = reader.error().text;
  }
  return frames;
}

struct ToolResult {
  int status;
  std::string out, err;
};

/// Runs `synward` with `arguments` (shell syntax).
inline ToolResult run_tool(const std::string& arguments) {
  const TemporaryFolder folder;
  const auto command =
      fmt::format("</dev/null '{}' {} >'{}' 2>'{}'", SYNWARD_TOOL, arguments, folder.file("out"), folder.file("err"));
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_text(folder.file("out")), read_text(folder.file("err"))};
}

}  // namespace synward::sim
