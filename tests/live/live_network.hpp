// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <netinet/tcp.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "device/process.hpp"
#include "sim/files.hpp"
#include "synward/counters.hpp"
#include "synward/file_descriptor.hpp"

namespace synward::test {

/// A network namespace that lasts as long as this, and whatever runs in it.
class Namespace {
 public:
  Namespace();
  /// Runs something in it; sockets and processes that it makes stay there.
  void run(const std::function<void()>& what) const;
  /// A shell command in it; throws std::runtime_error where that fails.
  void shell(const std::string& command) const;

  int fd() const { return fd_.get(); }

 private:
  FileDescriptor fd_;
};

/// A bpf file system of this process' own, for pins; it goes with the process. Throws std::system_error.
const std::string& own_bpf_folder();

/// Client - card - server: a namespace each, the simulated card between two interfaces, the agent at the server. Both
/// ends have their interface eth0, with IPv4 10.99.0.1 and .2, IPv6 fd00:99::1 and ::2.
class LiveNetwork {
 public:
  /// Why there can be none here; empty where there can.
  static std::string missing();

  /// `core`: ref, rtl, or bridge: a bridge of the kernel in the card's place. `config`: of the card, beside its service
  /// (any address, port 80, protected) and the hand-off key. GRO is on at the server or off.
  explicit LiveNetwork(const std::string& core = "ref", const std::string& config = {}, bool gro = true);
  LiveNetwork(const LiveNetwork&) = delete;
  LiveNetwork& operator=(const LiveNetwork&) = delete;
  /// Of a test that has failed it says what card, agent and both kernels have counted.
  ~LiveNetwork();

  void start_card();  // nothing for a bridge
  void stop_card() { card_process_.reset(); }
  /// The card again, with other services (TOML) in the place of its own, and another configuration beside them.
  void restart_card(const std::string& services, const std::string& config = {});
  /// What `synward-agent listeners` says at the server: TOML for the card.
  std::string listeners() const;
  /// Of the card's registers.
  Counters card_counters() const;
  /// What the card has written so far.
  std::string card_output() const { return card_process_ ? card_process_->output() : std::string(); }
  pid_t card_pid() const { return card_process_ ? card_process_->pid() : -1; }
  /// With the right keys, or with others: every mark is lost then.
  void start_agent(bool right_keys = true);
  /// With the next keys, while the card has the former ones.
  void start_agent_ahead();
  /// An agent more, with the right keys, at an interface of a namespace behind the server.
  void start_agent_at(const Namespace& where, const std::string& interface);
  void stop_agent() { agent_.reset(); }
  void reload_agent(bool right_keys);
  /// Of the agent's program, by name (handoff.h).
  std::uint64_t fate(const std::string& name) const;
  /// Of the program of an agent more, the first is 0.
  std::uint64_t fate_at(std::size_t agent, const std::string& name) const;

  /// Deletes the link between client and card, and makes another of the same names: to `way` with its interfaces
  /// "client" and "card", where there is one. Returns when the card has noticed.
  void replace_line(const Namespace* way = nullptr);

  Namespace client, card, server;

 private:
  struct Other {
    const Namespace* where;
    std::string interface, pins;
    std::unique_ptr<sim::Process> process;
  };

  void link_client(const Namespace* way) const;
  void run_agent(const std::vector<std::string>& more);
  void write_card_config(const std::string& services, const std::string& config) const;

  sim::TemporaryFolder folder_;
  std::string core_, card_config_, pins_;
  std::unique_ptr<sim::Process> card_process_, agent_;
  std::vector<Other> others_;
};

/// How somebody listens. 0: as the kernel would have it.
struct Listening {
  int backlog = 256;
  int protocol = 0;  ///< 262: MPTCP
  bool v6_only = false;
  bool reuse_port = false;
  int receive_buffer = 0;  ///< SO_RCVBUF, bytes
  int window_clamp = 0;    ///< TCP_WINDOW_CLAMP, bytes
  int mss = 0;             ///< TCP_MAXSEG, bytes
  int defer_s = 0;         ///< TCP_DEFER_ACCEPT, s
  int fast_open = 0;       ///< TCP_FASTOPEN, its queue
};
/// How long what a test waits for may take, ms: on a busy machine, and until a client's timer has been through five
/// retransmissions that the card need not mark (the mark slot of docs/theory-of-operation.md).
inline constexpr int kLivePatience = 1000 * sim::kPatience;

/// A listening socket at port 80 of both families.
FileDescriptor listen_in(const Namespace& where, const Listening& how);
/// The same in the server's namespace.
FileDescriptor listen_live(const LiveNetwork& network, int backlog = 256);
/// The next connection, or none after `ms`.
FileDescriptor accept_live(const FileDescriptor& listener, int ms = kLivePatience);

/// A connection of the client's to port 80, or none where there is none after `ms`. `port`: the client's, 0: any.
FileDescriptor connect_live(const LiveNetwork& network, bool v6, int ms = kLivePatience, std::uint16_t port = 0);

/// Sends all, or fails after `ms` without progress.
bool send_all(const FileDescriptor& socket, const std::string& bytes, int ms = kLivePatience);
/// Receives `size` bytes, or what came before the end or `ms` without any.
std::string receive(const FileDescriptor& socket, std::size_t size, int ms = kLivePatience);
tcp_info info_of(const FileDescriptor& socket);
/// Makes it vanish without a word to its peer.
void vanish(FileDescriptor socket);

}  // namespace synward::test
