// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "synward/sim/mark.hpp"
#include "synward/sim/scenario.hpp"
#include "synward/sim/send_stream.hpp"
#include "synward/sim/tcp_frame.hpp"

namespace synward::sim {

/// The server behind the card. It makes connections from marked ACKs only, answers requests, and refuses what it does
/// not know. A request says in its first eight bytes how long it and its response are. Times are clocks.
class Server {
 public:
  struct Tally {
    std::uint64_t connections = 0;       ///< made from a mark
    std::uint64_t repeated_marks = 0;    ///< for a connection that exists
    std::uint64_t wrong_marks = 0;       ///< MAC does not fit
    std::uint64_t requests = 0;          ///< answered
    std::uint64_t unknown_segments = 0;  ///< of no connection
    std::uint64_t resets_sent = 0;
    std::uint64_t bad_checksums = 0;
    std::uint64_t not_tcp = 0;
    std::uint64_t retransmissions = 0;
  };

  /// `mark_key` must outlive the server; null: it believes every mark.
  Server(const ServerSpec& spec, const Key* mark_key);

  /// A frame arrived. Returns the flow (as the client sends it) whose timer the outbox sets, if it sets one.
  std::optional<Flow> receive(Bytes frame, std::uint64_t now, Outbox& out);
  /// The timer of a flow has run out.
  void timeout(const Flow& flow, std::uint64_t now, Outbox& out);

  const Tally& tally() const { return tally_; }

 private:
  struct Connection {
    SendStream data;
    std::uint32_t received_next = 0;
    std::size_t mss = 536;
    bool timestamps = false;
    std::uint32_t ts_base = 0, ts_recent = 0;
    std::uint64_t made = 0, rto = 0;
    std::vector<std::uint8_t> request;
    bool answered = false;
  };

  void accept(const TcpView& segment, Bytes mark, const TcpOptions& options, std::uint64_t now);
  void refuse(const TcpView& segment, std::uint64_t now, Outbox& out);
  void on_segment(const TcpView& segment, const TcpOptions& options, Connection& connection, std::uint64_t now,
                  Outbox& out);
  void take_payload(const TcpView& segment, Connection& connection);
  void send(const Flow& client, const Connection& connection, std::uint8_t flags, std::uint32_t seq, Bytes payload,
            std::uint64_t now, Outbox& out) const;
  void send_data(const Flow& client, Connection& connection, std::uint64_t now, Outbox& out) const;

  ServerSpec spec_;
  std::optional<MarkVerifier> verifier_;
  Tally tally_;
  std::uint64_t reset_second_ = 0;
  std::uint32_t resets_in_second_ = 0;
  std::unordered_map<Flow, Connection, FlowHash> connections_;  ///< by the flow as the client sends it
};

}  // namespace synward::sim
