// SPDX-License-Identifier: BSD-2-Clause
#include "listeners.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "synward/secret_file.hpp"

namespace synward {

namespace {

constexpr unsigned kAdminMode = 0600;
constexpr unsigned kEveryoneMode = 0666;
constexpr int kBacklog = 4096;  // a flood of clients fills it later

Error error_at(const std::string& what) { return Error{fmt::format("{}: {}", what, std::strerror(errno))}; }

Expected<void> make_folder(const std::string& socket) {
  const auto folder = std::filesystem::path(socket).parent_path();
  std::error_code problem;
  if (std::filesystem::create_directories(folder, problem); problem) {
    return Error{fmt::format("{}: {}", folder.string(), problem.message())};
  }
  return check_folder(folder.string());
}

/// Two daemons that start at the same time must not take each other's sockets for stale.
Expected<FileDescriptor> lock_out_others(const std::string& admin) {
  const auto path = admin + ".lock";
  FileDescriptor lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock) {
    return error_at(path);
  }
  if (flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    return errno == EWOULDBLOCK ? Error{admin + ": another synwardd listens there"} : error_at(path);
  }
  return lock;
}

Expected<FileDescriptor> listen_tcp(const ApiSettings::Tcp& settings) {
  const auto name =
      fmt::format(fmt::runtime(settings.address.v6 ? "[{}]:{}" : "{}:{}"), to_string(settings.address), settings.port);
  sockaddr_storage address{};
  socklen_t size = sizeof(sockaddr_in);
  const auto bytes = settings.address.wire();
  if (settings.address.v6) {
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&address);
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(settings.port);
    std::memcpy(&v6->sin6_addr, bytes.data(), bytes.size());
    size = sizeof(sockaddr_in6);
  } else {
    auto* v4 = reinterpret_cast<sockaddr_in*>(&address);
    v4->sin_family = AF_INET;
    v4->sin_port = htons(settings.port);
    std::memcpy(&v4->sin_addr, bytes.data(), bytes.size());
  }
  FileDescriptor fd(socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  if (!fd || setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 || listen(fd.get(), kBacklog) != 0) {
    return error_at(name);
  }
  return fd;
}

}  // namespace

Expected<Listeners> Listeners::open(const ApiSettings& settings) {
  for (const auto& path : {settings.admin, settings.everyone}) {
    if (auto made = make_folder(path); !made) {
      return made.error();
    }
  }
  auto lock = lock_out_others(settings.admin);
  if (!lock) {
    return lock.error();
  }
  auto admin = UnixListener::listen(settings.admin, kAdminMode);
  if (!admin) {
    return admin.error();
  }
  auto everyone = UnixListener::listen(settings.everyone, kEveryoneMode);
  if (!everyone) {
    return everyone.error();
  }
  Listeners listeners{std::move(*lock), std::move(*admin), std::move(*everyone), std::nullopt};
  if (settings.tcp) {
    auto tcp = listen_tcp(*settings.tcp);
    if (!tcp) {
      return tcp.error();
    }
    listeners.tcp = std::move(*tcp);
  }
  return listeners;
}

}  // namespace synward
