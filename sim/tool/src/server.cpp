// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/server.hpp"

#include "synward/sim/attack.hpp"
#include "synward/sim/clock.hpp"
#include "synward/sim/syn_options.hpp"

namespace synward::sim {

namespace {

constexpr std::size_t kTimestampsSize = 12;
constexpr std::size_t kRequestHead = 8;

}  // namespace

Server::Server(const ServerSpec& spec, const Key* mark_key) : spec_(spec) {
  if (mark_key != nullptr) {
    verifier_.emplace(*mark_key);
  }
}

std::optional<Flow> Server::receive(Bytes frame, std::uint64_t now, Outbox& out) {
  const auto segment = parse_tcp(frame);
  if (!segment) {
    ++tally_.not_tcp;
    return std::nullopt;
  }
  if (!checksums_right(*segment)) {
    ++tally_.bad_checksums;
    return std::nullopt;
  }
  const auto options = parse_options(segment->options);
  if (!options.mark.empty()) {
    if (!verifier_ || verifier_->right(*segment, options.mark)) {
      accept(*segment, options.mark, options, now);
    } else {
      ++tally_.wrong_marks;
    }
    return std::nullopt;
  }
  const auto found = connections_.find(segment->flow);
  if (found == connections_.end()) {
    refuse(*segment, now, out);
    return std::nullopt;
  }
  if ((segment->flags & tcp_flag::rst) != 0) {
    connections_.erase(found);
    return std::nullopt;
  }
  on_segment(*segment, options, found->second, now, out);
  return segment->flow;
}

void Server::accept(const TcpView& segment, Bytes bytes, const TcpOptions& options, std::uint64_t now) {
  auto [entry, added] = connections_.try_emplace(segment.flow);
  if (!added) {
    ++tally_.repeated_marks;
    return;
  }
  ++tally_.connections;
  const Mark mark = read_mark(bytes);
  Connection& connection = entry->second;
  connection.data = SendStream(segment.ack);
  connection.received_next = segment.seq;
  connection.timestamps = mark.timestamps && options.timestamps;
  // What the link carries bounds what a client's MSS allows.
  // The mark says what the client said, and Linux takes 536 or 1220 at least.
  const std::size_t client = std::max<std::size_t>(mark.mss, segment.flow.source.v6 ? 1220 : 536);
  connection.mss = std::min<std::size_t>(client, segment.flow.source.v6 ? 1440 : 1460) -
                   (connection.timestamps ? kTimestampsSize : 0);
  if (connection.timestamps) {
    // The card's clock goes on where the SYN-ACK left it, as Linux does it.
    connection.ts_base = options.timestamps->echo;
    connection.ts_recent = options.timestamps->value;
  }
  connection.made = now;
  connection.rto = us_to_cycles(spec_.rto_us);
}

void Server::refuse(const TcpView& segment, std::uint64_t now, Outbox& out) {
  ++tally_.unknown_segments;
  if ((segment.flags & tcp_flag::rst) != 0) {
    return;
  }
  if (const auto second = now / static_cast<std::uint64_t>(kClockHz); second != reset_second_) {
    reset_second_ = second;
    resets_in_second_ = 0;
  }
  if (resets_in_second_ == spec_.reset_limit) {
    return;
  }
  ++resets_in_second_;
  ++tally_.resets_sent;
  TcpFields fields;
  fields.to = kRouterMac;
  fields.from = kServerMac;
  fields.flow = segment.flow.reversed();
  fields.window = 0;
  fields.flags = tcp_flag::rst;
  if ((segment.flags & tcp_flag::ack) != 0) {
    fields.seq = segment.ack;
  } else {
    const auto counted =
        ((segment.flags & tcp_flag::syn) != 0 ? 1U : 0U) + ((segment.flags & tcp_flag::fin) != 0 ? 1U : 0U);
    fields.flags = tcp_flag::rst | tcp_flag::ack;
    fields.ack = segment.seq + static_cast<std::uint32_t>(segment.payload.size()) + counted;
  }
  out.frames.push_back(build_tcp(fields));
}

void Server::on_segment(const TcpView& segment, const TcpOptions& options, Connection& connection, std::uint64_t now,
                        Outbox& out) {
  if (options.timestamps) {
    connection.ts_recent = options.timestamps->value;
  }
  connection.data.acknowledge(segment.ack);
  const bool in_order = segment.seq == connection.received_next;
  if (!segment.payload.empty()) {
    if (in_order) {
      take_payload(segment, connection);
    }
    send(segment.flow, connection, tcp_flag::ack, connection.data.seq(), {}, now, out);
  }
  if ((segment.flags & tcp_flag::fin) != 0 && in_order) {
    // The client has all it asked for: close with it.
    ++connection.received_next;
    send(segment.flow, connection, tcp_flag::ack | tcp_flag::fin, connection.data.seq(), {}, now, out);
    return;
  }
  send_data(segment.flow, connection, now, out);
}

void Server::take_payload(const TcpView& segment, Connection& connection) {
  connection.request.insert(connection.request.end(), segment.payload.begin(), segment.payload.end());
  connection.received_next += static_cast<std::uint32_t>(segment.payload.size());
  const auto& request = connection.request;
  if (connection.answered || request.size() < kRequestHead || request.size() < load32(request.data())) {
    return;
  }
  connection.answered = true;
  ++tally_.requests;
  std::vector<std::uint8_t> response(load32(request.data() + 4));
  for (std::size_t i = 0; i < response.size(); ++i) {
    response[i] = response_byte(i);
  }
  connection.data.append(response);
}

void Server::send_data(const Flow& client, Connection& connection, std::uint64_t now, Outbox& out) const {
  while (const auto segment = connection.data.next(connection.mss)) {
    send(client, connection, segment->last ? tcp_flag::ack | tcp_flag::psh : tcp_flag::ack, segment->seq,
         segment->payload, now, out);
  }
  if (!connection.data.all_acknowledged()) {
    out.timer = now + connection.rto;
  }
}

void Server::send(const Flow& client, const Connection& connection, std::uint8_t flags, std::uint32_t seq,
                  Bytes payload, std::uint64_t now, Outbox& out) const {
  TcpFields fields;
  fields.to = kRouterMac;
  fields.from = kServerMac;
  fields.flow = client.reversed();
  fields.seq = seq;
  fields.ack = connection.received_next;
  fields.flags = flags;
  fields.payload = payload;
  OptionBytes options;
  if (connection.timestamps) {
    const auto elapsed =
        static_cast<std::uint32_t>((now - connection.made) * 1000 / static_cast<std::uint64_t>(kClockHz));
    options.add({1, 1});
    options.add_timestamps(connection.ts_base + elapsed, connection.ts_recent);
  }
  fields.options = options.padded();
  out.frames.push_back(build_tcp(fields));
}

void Server::timeout(const Flow& flow, std::uint64_t now, Outbox& out) {
  const auto found = connections_.find(flow);
  if (found == connections_.end() || found->second.data.all_acknowledged()) {
    return;
  }
  ++tally_.retransmissions;
  found->second.rto *= 2;
  found->second.data.rewind();
  send_data(flow, found->second, now, out);
}

}  // namespace synward::sim
