// SPDX-License-Identifier: BSD-2-Clause
#include "state_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "synward/file_descriptor.hpp"
#include "synward/secret_file.hpp"

namespace synward {

namespace {

Error error_at(const std::string& path) { return Error{fmt::format("{}: {}", path, std::strerror(errno))}; }

Expected<void> write_all(int fd, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const auto wrote = ::write(fd, text.data(), text.size());
    if (wrote < 0 && errno != EINTR) {
      return error_at(path);
    }
    text.remove_prefix(wrote > 0 ? static_cast<std::size_t>(wrote) : 0);
  }
  return {};
}

}  // namespace

Expected<void> write_state_file(const std::string& folder, const std::string& name, std::string_view text,
                                bool for_good) {
  if (folder.empty()) {
    return Error{"there is no state folder: say [state] folder in the configuration"};
  }
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return error_at(folder);
  }
  if (auto safe = check_folder(folder); !safe) {
    return safe;
  }
  const auto path = folder + "/" + name;
  const auto fresh = path + ".new";
  const FileDescriptor file(open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file) {
    return error_at(fresh);
  }
  if (auto written = write_all(file.get(), text, fresh); !written) {
    unlink(fresh.c_str());
    return written;
  }
  if ((for_good && fsync(file.get()) != 0) || std::rename(fresh.c_str(), path.c_str()) != 0) {
    const auto why = error_at(path);
    unlink(fresh.c_str());
    return why;
  }
  if (for_good) {
    const FileDescriptor place(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    fsync(place.get());
  }
  return {};
}

}  // namespace synward
