// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "synward/sim/random.hpp"
#include "synward/sim/scenario.hpp"
#include "synward/sim/send_stream.hpp"
#include "synward/sim/syn_options.hpp"
#include "synward/sim/tcp_frame.hpp"

namespace synward::sim {

/// One legitimate connection as its client sees it: SYN, checked SYN-ACK, ACK and request, whole response, FIN.
/// Times are clocks at the client.
class Client {
 public:
  enum class State : std::uint8_t { idle, syn_sent, waiting, requested, succeeded, reset, lost };

  /// `spec` must outlive the client.
  Client(const ClientsSpec& spec, const Flow& flow, Random& random);

  void start(std::uint64_t now, Outbox& out);
  /// A frame for this client's flow arrived.
  void receive(const TcpView& segment, std::uint64_t now, Outbox& out);
  /// The timer that was set last has run out.
  void timeout(std::uint64_t now, Outbox& out);

  State state() const { return state_; }
  bool resolved() const { return state_ == State::succeeded || state_ == State::reset || state_ == State::lost; }
  /// True where the scenario lets it vanish behind its SYN.
  bool vanishes() const { return spec_.lost; }
  /// True where a frame may make the client send something at once.
  bool listens() const { return state_ == State::syn_sent || state_ == State::requested; }
  const Flow& flow() const { return flow_; }
  std::optional<std::uint64_t> connect_cycles() const { return connect_cycles_; }
  std::optional<std::uint64_t> request_cycles() const { return request_cycles_; }
  std::uint32_t bad_syn_acks() const { return bad_syn_acks_; }
  std::uint32_t retransmissions() const { return retransmissions_; }

 private:
  bool acceptable_syn_ack(const TcpView& segment) const;
  void on_syn_ack(const TcpView& segment, std::uint64_t now, Outbox& out);
  void answer(std::uint64_t now, Outbox& out);
  void on_data(const TcpView& segment, std::uint64_t now, Outbox& out);
  void send(std::uint8_t flags, std::uint32_t seq, Bytes payload, std::uint64_t now, Outbox& out);
  void send_syn(std::uint64_t now, Outbox& out);
  void send_request(std::uint64_t now, Outbox& out);
  std::uint32_t timestamp(std::uint64_t now) const;

  const ClientsSpec& spec_;
  Flow flow_;
  std::uint32_t irs_;
  std::uint32_t ts_base_;
  OptionBytes syn_options_;
  State state_ = State::idle;
  SendStream request_;
  std::size_t mss_ = 536;
  bool timestamps_ = false;
  std::uint32_t ts_recent_ = 0;
  std::uint32_t received_next_ = 0;
  std::size_t received_ = 0;
  std::uint64_t started_ = 0, requested_ = 0;
  std::uint64_t rto_ = 0;
  std::optional<std::uint64_t> connect_cycles_, request_cycles_;
  std::uint32_t bad_syn_acks_ = 0, retransmissions_ = 0;
};

}  // namespace synward::sim
