// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/client.hpp"

#include "synward/sim/attack.hpp"
#include "synward/sim/clock.hpp"

namespace synward::sim {

namespace {

constexpr std::size_t kTimestampsSize = 12;

}  // namespace

Client::Client(const ClientsSpec& spec, const Flow& flow, Random& random)
    : spec_(spec),
      flow_(flow),
      irs_(static_cast<std::uint32_t>(random.bits())),
      ts_base_(static_cast<std::uint32_t>(random.bits())),
      request_(irs_ + 1) {
  write_syn_options(spec.options, flow.source.v6 ? 1440 : 1460, ts_base_, random, syn_options_);
  syn_options_.padded();
  std::vector<std::uint8_t> request(spec.request_bytes);
  store32(request.data(), spec.request_bytes);
  store32(request.data() + 4, spec.response_bytes);
  request_.append(request);
}

void Client::start(std::uint64_t now, Outbox& out) {
  started_ = now;
  rto_ = us_to_cycles(spec_.syn_rto_us);
  state_ = State::syn_sent;
  send_syn(now, out);
}

void Client::send_syn(std::uint64_t now, Outbox& out) {
  TcpFields fields;
  fields.to = kServerMac;
  fields.from = kRouterMac;
  fields.flow = flow_;
  fields.seq = irs_;
  fields.flags = tcp_flag::syn;
  fields.options = syn_options_.bytes();
  out.frames.push_back(build_tcp(fields));
  out.timer = now + rto_;
}

void Client::send(std::uint8_t flags, std::uint32_t seq, Bytes payload, std::uint64_t now, Outbox& out) {
  TcpFields fields;
  fields.to = kServerMac;
  fields.from = kRouterMac;
  fields.flow = flow_;
  fields.seq = seq;
  fields.ack = received_next_;
  fields.flags = flags;
  fields.payload = payload;
  OptionBytes options;
  if (timestamps_) {
    options.add({1, 1});
    options.add_timestamps(timestamp(now), ts_recent_);
  }
  fields.options = options.padded();
  out.frames.push_back(build_tcp(fields));
}

std::uint32_t Client::timestamp(std::uint64_t now) const {
  return ts_base_ + static_cast<std::uint32_t>((now - started_) * 1000 / static_cast<std::uint64_t>(kClockHz));
}

bool Client::acceptable_syn_ack(const TcpView& segment) const {
  constexpr std::uint8_t kEce = 0x40;
  const auto offered = parse_options(syn_options_.bytes());
  const auto answered = parse_options(segment.options);
  // No option that was not offered, the MSS apart, and no ECN that the SYN did not ask for.
  return segment.is(tcp_flag::syn | tcp_flag::ack, 0xff & ~kEce) && (segment.flags & kEce) == 0 &&
         (!answered.window_scale || (offered.window_scale && *answered.window_scale <= 14)) &&
         (!answered.sack_permitted || offered.sack_permitted) &&
         (!answered.timestamps || (offered.timestamps && answered.timestamps->echo == offered.timestamps->value)) &&
         answered.mark.empty();
}

void Client::receive(const TcpView& segment, std::uint64_t now, Outbox& out) {
  if (!checksums_right(segment)) {
    bad_syn_acks_ += segment.is_syn_ack() ? 1 : 0;
    return;
  }
  if (state_ == State::waiting || state_ == State::lost) {
    return;
  }
  if (segment.is_syn_ack()) {
    on_syn_ack(segment, now, out);
    return;
  }
  if ((segment.flags & tcp_flag::rst) != 0) {
    const bool fits = state_ == State::syn_sent ? segment.ack == irs_ + 1 : segment.seq == received_next_;
    if (fits && !resolved()) {
      state_ = State::reset;
    }
    return;
  }
  if (state_ == State::requested || state_ == State::succeeded) {
    on_data(segment, now, out);
  }
}

void Client::on_syn_ack(const TcpView& segment, std::uint64_t now, Outbox& out) {
  if (state_ != State::syn_sent) {
    // The answer to a SYN that was sent again: the handshake stands.
    if (state_ == State::requested) {
      send(tcp_flag::ack, request_.seq(), {}, now, out);
    }
    return;
  }
  if (segment.ack != irs_ + 1 || !acceptable_syn_ack(segment)) {
    ++bad_syn_acks_;
    return;
  }
  const auto options = parse_options(segment.options);
  timestamps_ = options.timestamps.has_value();
  ts_recent_ = timestamps_ ? options.timestamps->value : 0;
  mss_ = std::min<std::size_t>(options.mss.value_or(flow_.source.v6 ? 1220 : 536), flow_.source.v6 ? 1440 : 1460) -
         (timestamps_ ? kTimestampsSize : 0);
  received_next_ = segment.seq + 1;
  connect_cycles_ = now - started_;
  rto_ = us_to_cycles(spec_.rto_us);
  if (spec_.lost) {
    state_ = State::lost;
  } else if (spec_.ack_delay_us > 0) {
    state_ = State::waiting;
    out.timer = now + us_to_cycles(spec_.ack_delay_us);
  } else {
    answer(now, out);
  }
}

/// Ends the handshake and asks.
void Client::answer(std::uint64_t now, Outbox& out) {
  requested_ = now;
  state_ = State::requested;
  send(tcp_flag::ack, irs_ + 1, {}, now, out);
  send_request(now, out);
}

void Client::send_request(std::uint64_t now, Outbox& out) {
  while (const auto segment = request_.next(mss_)) {
    send(segment->last ? tcp_flag::ack | tcp_flag::psh : tcp_flag::ack, segment->seq, segment->payload, now, out);
  }
  out.timer = now + rto_;
}

void Client::on_data(const TcpView& segment, std::uint64_t now, Outbox& out) {
  if (const auto options = parse_options(segment.options); options.timestamps) {
    ts_recent_ = options.timestamps->value;
  }
  if (request_.acknowledge(segment.ack) && !request_.all_sent()) {
    send_request(now, out);
  }
  const bool fin = (segment.flags & tcp_flag::fin) != 0;
  if (segment.payload.empty() && !fin) {
    return;
  }
  if (segment.seq == received_next_) {
    for (const auto byte : segment.payload) {
      if (byte != response_byte(received_)) {
        return;  // not what the server sent: as if it had not come
      }
      ++received_;
    }
    received_next_ += static_cast<std::uint32_t>(segment.payload.size()) + (fin ? 1 : 0);
  }
  const bool complete = state_ == State::requested && received_ >= spec_.response_bytes;
  // After the client's own FIN the next sequence number is one higher.
  const auto seq = request_.seq() + (state_ == State::succeeded ? 1 : 0);
  send(complete ? tcp_flag::ack | tcp_flag::fin : tcp_flag::ack, seq, {}, now, out);
  if (complete) {
    request_cycles_ = now - requested_;
    state_ = State::succeeded;
  }
}

void Client::timeout(std::uint64_t now, Outbox& out) {
  if (state_ == State::waiting) {
    answer(now, out);
    return;
  }
  rto_ *= 2;
  if (state_ == State::syn_sent) {
    ++retransmissions_;
    send_syn(now, out);
  } else if (state_ == State::requested) {
    if (!request_.all_acknowledged()) {
      ++retransmissions_;
      request_.rewind();
      send_request(now, out);
    } else {
      out.timer = now + rto_;
    }
  }
}

}  // namespace synward::sim
