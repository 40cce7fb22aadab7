// SPDX-License-Identifier: BSD-2-Clause
#include "live/answer.hpp"

#include <optional>
#include <unordered_map>
#include <vector>

#include "common/frame.hpp"
#include "synward/sim/pcap.hpp"
#include "synward/sim/tcp_frame.hpp"

namespace synward::test {

using sim::Flow;
using sim::load32;
using sim::PcapReader;
using sim::store32;
using sim::TcpView;

namespace {

/// What the client sends back of a server: its next sequence number and its clock.
struct Echo {
  std::uint32_t ack = 0, tsecr = 0;
};

using Echoes = std::unordered_map<Flow, Echo, sim::FlowHash>;

/// The TSecr field inside a frame's options; nothing where there are no timestamps.
std::uint8_t* find_tsecr(std::uint8_t* options, std::size_t size) {
  for (std::size_t at = 0; at + 1 < size;) {
    if (options[at] == 0) return nullptr;
    if (options[at] == 1) {
      ++at;
      continue;
    }
    if (options[at] == 8 && at + 10 <= size) return options + at + 6;
    if (options[at + 1] < 2) return nullptr;
    at += options[at + 1];
  }
  return nullptr;
}

/// What the card told each client.
Expected<Echoes> read_syn_acks(const std::string& path) {
  auto reader = PcapReader::open(path);
  if (!reader) return reader.error();
  Echoes echoes;
  while (true) {
    const auto packet = reader->next();
    if (!packet) return packet.error();
    if (!*packet) return echoes;
    const auto view = sim::parse_tcp((*packet)->bytes);
    if (!view || !view->is_syn_ack()) continue;
    const auto timestamps = sim::parse_options(view->options).timestamps;
    echoes[view->flow.reversed()] = {view->seq + 1, timestamps ? timestamps->value : 0};
  }
}

/// Moves the numbers of one segment by what lies between the two servers.
void move(Frame& frame, const TcpView& view, const Echo& from, const Echo& to) {
  store32(&frame.bytes[frame.l4 + 8], view.ack - from.ack + to.ack);
  if (std::uint8_t* tsecr = find_tsecr(&frame.bytes[frame.l4 + 20], view.options.size()))
    store32(tsecr, load32(tsecr) - from.tsecr + to.tsecr);
  fix_checksums(frame);
}

Frame as_frame(sim::Bytes bytes, const TcpView& view) {
  Frame frame;
  frame.bytes.assign(bytes.begin(), bytes.end());
  frame.v6 = view.flow.source.v6;
  frame.tcp = true;
  frame.l3 = static_cast<std::size_t>(view.ip.data() - bytes.data());
  frame.l4 = static_cast<std::size_t>(view.segment.data() - bytes.data());
  frame.end = frame.l3 + view.ip.size();
  return frame;
}

}  // namespace

Expected<void> answer_to_card(const std::string& recorded, const std::string& syn_acks, const std::string& out) {
  const auto card = read_syn_acks(syn_acks);
  if (!card) return card.error();
  auto reader = PcapReader::open(recorded);
  if (!reader) return reader.error();
  auto writer = sim::PcapWriter::create(out);
  if (!writer) return writer.error();
  Echoes servers;  // as each client's first ACK tells
  while (true) {
    const auto packet = reader->next();
    if (!packet) return packet.error();
    if (!*packet) return writer->commit();
    const auto view = sim::parse_tcp((*packet)->bytes);
    if (!view || view->is_syn()) continue;
    const auto answer = card->find(view->flow);
    if (answer == card->end()) return Error{recorded + ": a connection that the card has not answered"};
    const auto timestamps = sim::parse_options(view->options).timestamps;
    const auto server = servers.try_emplace(view->flow, Echo{view->ack, timestamps ? timestamps->echo : 0}).first;
    Frame frame = as_frame((*packet)->bytes, *view);
    move(frame, *view, server->second, answer->second);
    writer->write((*packet)->ns, frame.bytes);
  }
}

}  // namespace synward::test
