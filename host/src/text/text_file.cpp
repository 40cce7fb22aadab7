// SPDX-License-Identifier: BSD-2-Clause
#include "synward/text_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "synward/printable.hpp"

namespace synward {

namespace {

Error refused(const std::string& path, std::string_view why) {
  return Error{fmt::format("{}: {}", one_line(path), why)};
}

std::string size_text(std::size_t bytes) {
  constexpr std::size_t kMiB = 1024 * 1024;
  return bytes >= kMiB ? fmt::format("{} MiB", bytes / kMiB) : fmt::format("{} KiB", bytes / 1024);
}

}  // namespace

Expected<std::string> read_text_file(const std::string& path, std::size_t most, bool pipes) {
  // To open a pipe that nobody writes to must not wait; to read one that somebody will write to may.
  const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | (pipes ? 0 : O_NONBLOCK)));
  return file ? read_text_file(file, path, most, pipes) : refused(path, std::strerror(errno));
}

Expected<std::string> read_text_file(const FileDescriptor& file, const std::string& name, std::size_t most,
                                     bool pipes) {
  struct stat status {};
  if (fstat(file.get(), &status) != 0) {
    return refused(name, std::strerror(errno));
  }
  if (S_ISDIR(status.st_mode)) {
    return refused(name, std::strerror(EISDIR));
  }
  // Nothing is what somebody may have to say; Linux numbers its device so.
  const bool null = S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3);
  const bool pipe = S_ISFIFO(status.st_mode) || null || isatty(file.get()) == 1;
  if (!S_ISREG(status.st_mode) && !(pipes && pipe)) {
    return refused(name, "is not a regular file");
  }
  std::string text;
  std::array<char, 65'536> part{};
  while (true) {
    const auto got = read(file.get(), part.data(), part.size());
    if (got == 0) {
      return text;
    }
    if (got < 0 && errno != EINTR) {
      return refused(name, std::strerror(errno));
    }
    text.append(part.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    if (text.size() > most) {
      return refused(name, fmt::format("is larger than {}", size_text(most)));
    }
  }
}

}  // namespace synward
