// SPDX-License-Identifier: BSD-2-Clause
#include "besiegers.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>

#include "common/rng.hpp"
#include "mutator.hpp"
#include "plain_http.hpp"
#include "synward/unix_socket.hpp"

namespace synward::test {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Somebody's way to the daemon.
using Connect = std::function<FileDescriptor()>;

std::string get(const std::string& path, const std::string& fields = {}) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{}\r\n", path, fields);
}

const std::array<const char*, 4> kLargest{"/v1/events?limit=16384", "/v1/log?limit=10000", "/v1/history?last=3600",
                                          "/metrics"};

/// Who holds connections comes from where Prometheus comes from: by more than a hundred new ones a second it would push
/// itself out, and others of its address with it.
void pause_a_little() { std::this_thread::sleep_for(milliseconds(10)); }

}  // namespace

struct Besiegers::Besieger {
  std::string kind;
  std::atomic<std::uint64_t> deeds = 0;
  std::thread thread;
};

namespace {

/// What one of a kind does, again and again. `held` are the connections that it keeps.
using Deed = std::function<void(const Connect& connect, std::vector<FileDescriptor>& held, Rng& rng)>;

void ask_for_ranges(const Connect& connect, std::vector<FileDescriptor>&, Rng& rng) {
  std::string ranges = "Range: bytes=0-";
  for (int i = 0; i < 2'000; ++i) {
    ranges += ",0-";
  }
  const auto fd = connect();
  say(fd, get(rng.pick(kLargest), ranges + "\r\n"));
  listen_to(fd, milliseconds(2'000));
}

void ask_for_compression(const Connect& connect, std::vector<FileDescriptor>&, Rng& rng) {
  const auto fd = connect();
  say(fd, get(rng.pick(kLargest), "Accept-Encoding: br, gzip\r\n"));
  listen_to(fd, milliseconds(2'000));
}

constexpr std::size_t kHeld = 300;

/// Holds connections, and takes new ones for those that ended.
void be_idle(const Connect& connect, std::vector<FileDescriptor>& held, Rng&) {
  if (held.size() >= kHeld) {
    held.erase(held.begin());
  }
  held.push_back(connect());
  pause_a_little();
}

void be_slow(const Connect& connect, std::vector<FileDescriptor>& held, Rng& rng) {
  if (held.size() >= kHeld) {
    held.erase(held.begin());
  }
  held.push_back(connect());
  say(held.back(), "GET /v1/status HTTP/1.1\r\nX-Slow: ");
  say(held[rng.below(held.size())], "a");
  pause_a_little();
}

void reconnect(const Connect& connect, std::vector<FileDescriptor>&, Rng&) { connect(); }

void wait_for_the_log(const Connect& connect, std::vector<FileDescriptor>& held, Rng&) {
  constexpr std::size_t kWaiting = 8;
  if (held.size() >= kWaiting) {
    held.erase(held.begin());
  }
  held.push_back(connect());
  say(held.back(), get("/v1/log?after=999999999&wait_s=60"));
  std::this_thread::sleep_for(milliseconds(50));
}

void list(const Connect& connect, std::vector<FileDescriptor>&, Rng&) {
  const auto fd = connect();
  say(fd, get("/v1/syncache?limit=16384"));
  listen_to(fd, milliseconds(5'000));
}

void explain(const Connect& connect, std::vector<FileDescriptor>&, Rng&) {
  const auto fd = connect();
  say(fd, get("/v1/explain"));
  listen_to(fd, milliseconds(5'000));
}

void take_no_answer(const Connect& connect, std::vector<FileDescriptor>& held, Rng& rng) {
  constexpr std::size_t kUntaken = 60;
  if (held.size() >= kUntaken) {
    held.erase(held.begin());
  }
  held.push_back(connect());
  const int small = 4'096;
  setsockopt(held.back().get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  say(held.back(), get(rng.pick(kLargest)));
  std::this_thread::sleep_for(milliseconds(10));
}

void speak_nonsense(const Connect& connect, std::vector<FileDescriptor>&, Rng& rng) {
  Mutator mutator(rng,
                  {get("/v1/status"), get("/v1/sysctl", "Content-Length: 4\r\n") + "abcd",
                   "PUT /v1/sysctl/net.inet.tcp.syncookies HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n0"},
                  {"\r\n", "Content-Length: 1abc\r\n", "Transfer-Encoding : chunked\r\n", "\r\n folded", "%00"});
  for (int i = 0; i < 10; ++i) {
    const auto fd = connect();
    say(fd, mutator.next());
    shutdown(fd.get(), SHUT_WR);
    listen_to(fd, milliseconds(200));
  }
}

struct Kind {
  const char* name;
  Deed deed;
};
const std::array<Kind, 10> kKinds{{{"ranges", ask_for_ranges},
                                   {"compression", ask_for_compression},
                                   {"idle", be_idle},
                                   {"slow", be_slow},
                                   {"reconnecting", reconnect},
                                   {"waiting", wait_for_the_log},
                                   {"listing", list},
                                   {"explaining", explain},
                                   {"untaken answers", take_no_answer},
                                   {"malformed", speak_nonsense}}};

/// Only this thread becomes another user: the process goes on as it is.
void become(uid_t user) {
  if (syscall(SYS_setresuid, user, user, user) != 0) {
    throw std::runtime_error("cannot become another user");
  }
}

}  // namespace

Besiegers::Besiegers(const Siege& siege) {
  const auto add = [&](const std::string& who, const Kind& kind, const Connect& connect, std::optional<uid_t> user) {
    auto& one = *besiegers_.emplace_back(std::make_unique<Besieger>());
    one.kind = fmt::format("{}: {}", who, kind.name);
    one.thread = std::thread([this, &one, &kind, connect, user, seed = siege.seed + besiegers_.size()] {
      if (user) {
        become(*user);
      }
      Rng rng(seed);
      std::vector<FileDescriptor> held;
      while (!ending_) {
        kind.deed(connect, held, rng);
        ++one.deeds;
      }
    });
  };
  const Connect by_socket = [path = siege.socket] {
    auto fd = connect_unix(path);
    return fd ? std::move(*fd) : FileDescriptor();
  };
  for (std::size_t i = 0; i < 2; ++i) {
    const auto user = siege.users.empty() ? std::nullopt : std::optional(siege.users[i % siege.users.size()]);
    for (const auto& kind : kKinds) {
      add(fmt::format("user {}", i + 1), kind, by_socket, user);
    }
  }
  for (const auto& kind : kKinds) {
    // Those who only hold connections come from where Prometheus comes from, too.
    const auto* from = kind.name == std::string_view("reconnecting") ? "127.0.0.2" : "127.0.0.1";
    add(
        "TCP", kind, [port = siege.port, from] { return connect_tcp(port, from); }, std::nullopt);
  }
}

Besiegers::~Besiegers() {
  ending_ = true;
  for (auto& one : besiegers_) {
    one->thread.join();
  }
}

std::map<std::string, std::uint64_t> Besiegers::deeds() const {
  std::map<std::string, std::uint64_t> all;
  for (const auto& one : besiegers_) {
    all[one->kind] += one->deeds;
  }
  return all;
}

}  // namespace synward::test
