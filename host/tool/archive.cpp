// SPDX-License-Identifier: BSD-2-Clause
#include "archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <memory>

#include "synward/file_descriptor.hpp"

namespace synward::tool {

namespace {

struct FreeArchive {
  void operator()(archive* one) const { archive_write_free(one); }
};
struct FreeEntry {
  void operator()(archive_entry* one) const { archive_entry_free(one); }
};

bool add(archive* to, const std::string& name, const std::string& content) {
  const std::unique_ptr<archive_entry, FreeEntry> entry(archive_entry_new());
  archive_entry_set_pathname(entry.get(), name.c_str());
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0600);
  archive_entry_set_mtime(entry.get(), std::time(nullptr), 0);
  return archive_write_header(to, entry.get()) == ARCHIVE_OK &&
         archive_write_data(to, content.data(), content.size()) == static_cast<la_ssize_t>(content.size());
}

bool write(archive* to, int fd, const std::string& folder, const std::vector<ArchivedFile>& files) {
  if (archive_write_set_format_pax_restricted(to) != ARCHIVE_OK || archive_write_add_filter_gzip(to) != ARCHIVE_OK ||
      archive_write_open_fd(to, fd) != ARCHIVE_OK) {
    return false;
  }
  for (const auto& file : files) {
    if (!add(to, folder + "/" + file.name, file.content)) {
      return false;
    }
  }
  return archive_write_close(to) == ARCHIVE_OK;
}

}  // namespace

Expected<void> write_archive(const std::string& path, const std::string& folder,
                             const std::vector<ArchivedFile>& files) {
  const FileDescriptor place(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!place) {
    return Error{fmt::format("{}: {}", path, std::strerror(errno))};
  }
  const std::unique_ptr<archive, FreeArchive> to(archive_write_new());
  if (!write(to.get(), place.get(), folder, files)) {
    const auto* why = archive_error_string(to.get());
    ::unlink(path.c_str());
    return Error{fmt::format("{}: {}", path, why != nullptr ? why : "cannot be written")};
  }
  return {};
}

}  // namespace synward::tool
