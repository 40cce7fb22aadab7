// SPDX-License-Identifier: BSD-2-Clause
#include "common/contract.hpp"

#include <initializer_list>
#include <ostream>

namespace synward::test {

namespace {

using reg::Counter;
using reg::Drop;
using reg::Event;

constexpr std::uint32_t kIrs = 0x12345678;

/// Collects the cases; the functions below add to it row by row.
class Cases {
 public:
  ContractCase& pass(int row, std::string name, Bytes frame) { return add(row, std::move(name), std::move(frame)); }
  ContractCase& pass(int row, std::string name, const FrameSpec& spec) {
    return add(row, std::move(name), build(spec).bytes);
  }
  ContractCase& drop(int row, std::string name, Bytes frame, Drop reason) {
    ContractCase& made = add(row, std::move(name), std::move(frame));
    made.outcome = Outcome::drop;
    made.reason = reason;
    return made;
  }
  ContractCase& drop(int row, std::string name, const FrameSpec& spec, Drop reason) {
    return drop(row, std::move(name), build(spec).bytes, reason);
  }
  ContractCase& bad_syn(int row, std::string name, const FrameSpec& spec, Drop reason, Event event) {
    ContractCase& made = bad_ends(row, std::move(name), spec, reason, event);
    made.counts = {Counter::badsyn};
    return made;
  }
  ContractCase& bad_ends(int row, std::string name, const FrameSpec& spec, Drop reason, Event event) {
    ContractCase& made = drop(row, std::move(name), spec, reason);
    made.event = event;
    return made;
  }
  ContractCase& answer(int row, std::string name, const FrameSpec& spec) {
    ContractCase& made = pass(row, std::move(name), spec);
    made.outcome = Outcome::answer;
    made.counts = {Counter::sendcookie, Counter::added};
    return made;
  }
  ContractCase& mark(int row, std::string name, const FrameSpec& spec) {
    ContractCase& made = pass(row, std::move(name), spec);
    made.outcome = Outcome::mark;
    made.counts = {Counter::recvcookie, Counter::flows_added};
    made.sysctls = {{reg::kSysctlSyncookiesOnly, 1}};  // the card has not sent it: without, the gate is closed
    return made;
  }

  std::vector<ContractCase> take() { return std::move(cases_); }

 private:
  ContractCase& add(int row, std::string name, Bytes frame) {
    ContractCase made;
    made.row = row;
    made.name = std::move(name);
    made.frame = std::move(frame);
    cases_.push_back(std::move(made));
    return cases_.back();
  }

  std::vector<ContractCase> cases_;
};

std::string family(bool v6) { return v6 ? "_v6" : "_v4"; }

FrameSpec to_other_host(FrameSpec spec) {
  spec.dst = address(spec.dst.v6 ? "2001:db8:100::99" : "198.51.100.99");
  return spec;
}

Bytes cut(Bytes frame, std::size_t length) {
  frame.resize(length);
  return frame;
}

/// Without padding, so that lengths are exact.
FrameSpec bare(FrameSpec spec) {
  spec.pad = false;
  return spec;
}

void rows_1_to_4(Cases& cases) {
  FrameSpec big = plain_syn(false);
  big.payload = Bytes(16383 - 14 - 20 - 40, 0x55);
  cases.answer(1, "longest", big);
  big.payload.push_back(0x55);
  cases.drop(1, "oversize", big, Drop::oversize);

  cases.drop(2, "one_byte", Bytes(1, 0xff), Drop::short_frame);
  cases.drop(2, "thirteen_bytes", Bytes(13, 0xff), Drop::short_frame);
  cases.pass(2, "fourteen_bytes", Bytes(14, 0xff));

  for (const std::uint16_t tpid : {std::uint16_t{0x8100}, std::uint16_t{0x88a8}}) {
    FrameSpec tagged = plain_syn(false);
    const std::string name = tpid == 0x8100 ? "customer" : "service";
    tagged.tags = {{tpid, 5}};
    cases.answer(3, "one_tag_" + name, tagged);
    tagged.tags.push_back({0x8100, 0xefff});
    cases.answer(3, "two_tags_" + name, tagged);
    tagged.tags.push_back({tpid, 7});
    cases.drop(3, "three_tags_" + name, tagged, Drop::unclassified);
    cases.pass(3, "three_tags_pass_" + name, tagged).sysctls = {{reg::kSysctlUnclassified, 0}};
  }
  // The bytes behind the cut read as zero, and that is no known EtherType.
  FrameSpec tagged = plain_syn(false);
  tagged.tags = {{0x8100, 5}};
  cases.pass(3, "cut_in_tag", cut(build(tagged).bytes, 15));

  FrameSpec arp = plain_syn(false);
  arp.ethertype = 0x0806;
  cases.pass(4, "arp", arp);
  arp.ethertype = 60;  // an IEEE 802.3 length
  cases.pass(4, "llc", arp);
  arp.ethertype = 0x88b5;
  cases.drop(3, "a_control", arp, Drop::control_frame);
  arp.tags = {{0x8100, 5}, {0x88a8, 6}};
  cases.drop(3, "a_control_behind_tags", arp, Drop::control_frame);
  arp.tags.clear();
  arp.ethertype = 0x88b6;
  cases.pass(4, "next_to_control", arp);
  arp.ethertype = 0x9100;  // not one of the TPIDs that are stepped over
  cases.pass(4, "tpid_9100", arp);
}

void rows_5_to_7(Cases& cases) {
  const FrameSpec v4 = bare(plain_syn(false));
  const FrameSpec v6 = bare(plain_syn(true));
  cases.drop(5, "cut_v4", cut(build(v4).bytes, 33), Drop::bad_ip_header);
  cases.drop(5, "cut_v6", cut(build(v6).bytes, 53), Drop::bad_ip_header);
  cases.drop(5, "cut_behind_type", cut(build(v4).bytes, 14), Drop::bad_ip_header);
  FrameSpec bad = v4;
  bad.ip_version = 6;
  cases.drop(5, "version_6_as_v4", bad, Drop::bad_ip_header);
  bad = v6;
  bad.ip_version = 4;
  cases.drop(5, "version_4_as_v6", bad, Drop::bad_ip_header);
  bad = v4;
  bad.ihl = 4;
  cases.drop(5, "ihl_4", bad, Drop::bad_ip_header);
  bad = v4;
  bad.ip_length = 19;
  cases.drop(5, "total_length_19", bad, Drop::bad_ip_header);
  bad.ip_options = Bytes(8, 1);
  bad.ip_length = 27;
  cases.drop(5, "total_length_below_ihl", bad, Drop::bad_ip_header);

  cases.drop(6, "cut_packet_v4", cut(build(v4).bytes, 73), Drop::truncated);
  cases.drop(6, "cut_packet_v6", cut(build(v6).bytes, 93), Drop::truncated);
  bad = v6;
  bad.ip_length = 41;
  cases.drop(6, "payload_length_v6", bad, Drop::truncated);
  bad = v4;
  bad.ip_length = 61;
  cases.drop(6, "total_length_v4", bad, Drop::truncated);
  FrameSpec options = v4;
  options.ip_options = Bytes(40, 1);
  cases.answer(6, "ihl_15", options);

  bad = v4;
  bad.ip_checksum = 0x1234;
  cases.drop(7, "wrong", bad, Drop::bad_ip_checksum);
  bad.tcp = false;
  bad.protocol = 17;
  cases.drop(7, "wrong_udp", bad, Drop::bad_ip_checksum);
  Frame changed = build(options);
  changed.bytes[changed.l3 + 59] ^= 1;
  cases.drop(7, "wrong_in_ip_options", changed.bytes, Drop::bad_ip_checksum);
}

void rows_8_to_11(Cases& cases) {
  for (const std::uint16_t bits :
       {std::uint16_t{0x2000}, std::uint16_t{0x0001}, std::uint16_t{0x1000}, std::uint16_t{0x1fff}}) {
    FrameSpec fragment = plain_syn(false);
    fragment.fragment = bits;
    const std::string name = "fragment_" + std::to_string(bits);
    cases.pass(8, name, fragment);
    cases.drop(8, name + "_drop", fragment, Drop::fragment).sysctls = {{reg::kSysctlFragments, 1}};
    cases.pass(8, name + "_other_host", to_other_host(fragment)).sysctls = {{reg::kSysctlFragments, 1}};
    fragment.protocol = 17;
    cases.pass(8, name + "_udp", fragment).sysctls = {{reg::kSysctlFragments, 1}};
  }
  FrameSpec reserved = plain_syn(false);
  reserved.fragment = 0x8000;
  cases.answer(8, "reserved_bit_only", reserved);

  for (const std::uint8_t carried : std::initializer_list<std::uint8_t>{6, 0, 43, 44, 51, 60}) {
    FrameSpec fragment = plain_syn(true);
    fragment.extensions = {{44, Bytes(8)}};
    fragment.protocol = carried;
    const std::string name = "fragment_" + std::to_string(carried);
    cases.pass(9, name, fragment);
    cases.drop(9, name + "_drop", fragment, Drop::fragment).sysctls = {{reg::kSysctlFragments, 1}};
    cases.pass(9, name + "_other_host", to_other_host(fragment)).sysctls = {{reg::kSysctlFragments, 1}};
  }
  for (const std::uint8_t carried : std::initializer_list<std::uint8_t>{17, 58, 59, 50, 135, 139, 140, 253}) {
    FrameSpec fragment = plain_syn(true);
    fragment.extensions = {{44, Bytes(8)}};
    fragment.protocol = carried;
    cases.pass(9, "fragment_of_" + std::to_string(carried), fragment).sysctls = {{reg::kSysctlFragments, 1}};
  }
  FrameSpec deep = plain_syn(true);
  const Extension walked{60, Bytes(8)};
  deep.extensions = {walked, walked, walked, {44, Bytes(8)}};
  cases.drop(9, "fragment_behind_24", deep, Drop::fragment).sysctls = {{reg::kSysctlFragments, 1}};

  const auto chain = [](std::vector<Extension> extensions) {
    FrameSpec spec = plain_syn(true);
    spec.extensions = std::move(extensions);
    return spec;
  };
  Bytes sixteen(16);
  sixteen[1] = 1;
  Bytes twenty_four(24);
  twenty_four[1] = 2;
  Bytes thirty_two(32);
  thirty_two[1] = 3;
  // An authentication header counts words of four bytes, less two (RFC 4302 section 2.2).
  const auto authentication = [](std::size_t words) {
    Bytes header(4 * words);
    header[1] = static_cast<std::uint8_t>(words - 2);
    return header;
  };
  Bytes routing_left(8);
  routing_left[3] = 1;
  cases.answer(10, "hop_by_hop", chain({{0, Bytes(8)}}));
  cases.answer(10, "destination_options_24", chain({{60, twenty_four}}));
  cases.answer(10, "three_headers", chain({{0, Bytes(8)}, {60, Bytes(8)}, {43, Bytes(8)}}));
  cases.answer(10, "sixteen_and_eight", chain({{43, sixteen}, {60, Bytes(8)}}));
  const std::vector<std::pair<std::string, FrameSpec>> unwalked{
      {"over_24", chain({{60, thirty_two}})},
      {"over_24_in_all", chain({{60, sixteen}, {60, sixteen}})},
      {"four_headers", chain({walked, walked, walked, walked})},
      {"hop_by_hop_second", chain({{60, Bytes(8)}, {0, Bytes(8)}})},
      {"hop_by_hop_twice", chain({{0, Bytes(8)}, {0, Bytes(8)}})},
      {"segments_left", chain({{43, routing_left}})},
      {"authentication", chain({{51, authentication(4)}})},
      {"authentication_24", chain({{51, authentication(6)}})},
      {"authentication_and_8", chain({{51, authentication(4)}, walked})},
      {"8_and_authentication", chain({walked, {51, authentication(4)}})},
      {"authentication_of_12_bytes", chain({{51, authentication(3)}})},
      {"authentication_of_32_bytes", chain({{51, authentication(8)}})},
  };
  // Behind an authentication header stands what it is about: OSPF, BGP's TCP, or nothing that the card answers.
  for (const std::uint8_t protocol : std::initializer_list<std::uint8_t>{89, 17, 59}) {
    FrameSpec spec = chain({{51, authentication(6)}});
    spec.protocol = protocol;
    cases.pass(11, "behind_authentication_" + std::to_string(protocol), spec);
  }
  for (const std::uint8_t type : std::initializer_list<std::uint8_t>{135, 139, 140}) {
    cases.pass(11, "final_header_" + std::to_string(type), chain({{type, Bytes(8)}}));
  }
  for (const auto& [name, spec] : unwalked) {
    cases.drop(10, name, spec, Drop::unclassified);
    cases.pass(10, name + "_pass", spec).sysctls = {{reg::kSysctlUnclassified, 0}};
    cases.pass(10, name + "_other_host", to_other_host(spec));
  }

  // The chain is read from the frame, not the packet: bytes behind the packet count, those behind the frame are zero.
  FrameSpec behind_packet = chain({walked});
  behind_packet.ip_length = 0;
  cases.drop(12, "extension_behind_packet", behind_packet, Drop::bad_tcp_header);
  FrameSpec no_payload = chain({walked});
  no_payload.ip_length = 0;
  cases.drop(10, "extension_behind_frame", cut(build(no_payload).bytes, 54), Drop::unclassified);
  no_payload.extensions[0].type = 44;
  cases.drop(9, "fragment_behind_frame", cut(build(no_payload).bytes, 54), Drop::fragment).sysctls = {
      {reg::kSysctlFragments, 1}};

  for (const bool v6 : {false, true}) {
    for (const std::uint8_t protocol : std::initializer_list<std::uint8_t>{17, 1, 58, 59, 50, 253, 255}) {
      FrameSpec other = plain_syn(v6);
      other.protocol = protocol;
      cases.pass(11, "protocol_" + std::to_string(protocol) + family(v6), other);
    }
  }
  FrameSpec behind = chain({walked});
  behind.protocol = 17;
  cases.pass(11, "udp_behind_extension", behind);
}

void row_12(Cases& cases) {
  for (const bool v6 : {false, true}) {
    std::vector<std::pair<std::string, FrameSpec>> bad;
    FrameSpec spec = plain_syn(v6);
    spec.data_offset = 4;
    bad.emplace_back("data_offset_4", spec);
    spec = plain_syn(v6);
    spec.data_offset = 11;
    bad.emplace_back("data_offset_behind_end", spec);
    spec = plain_syn(v6);
    spec.ip_length = static_cast<std::uint16_t>(v6 ? 19 : 39);
    bad.emplace_back("nineteen_bytes", spec);
    spec.ip_length = static_cast<std::uint16_t>(v6 ? 0 : 20);
    bad.emplace_back("no_bytes", spec);
    // The header would fit the frame, but not the packet.
    spec = plain_syn(v6);
    spec.ip_length = static_cast<std::uint16_t>(v6 ? 39 : 59);
    spec.trailer = Bytes(20);
    bad.emplace_back("end_inside_options", spec);
    for (const auto& [name, wrong] : bad) {
      cases.drop(12, name + family(v6), wrong, Drop::bad_tcp_header);
      cases.pass(12, name + "_other_host" + family(v6), to_other_host(wrong));
      FrameSpec other_port = wrong;
      other_port.dport = 9;
      cases.drop(12, name + "_other_port" + family(v6), other_port, Drop::bad_tcp_header);
    }
    spec = plain_syn(v6);
    spec.options.clear();
    cases.answer(12, "data_offset_5" + family(v6), spec);
  }
}

void row_13(Cases& cases) {
  const Bytes mark = opt_mark(7, 0x77, 1460, 0x01020304);
  for (const bool v6 : {false, true}) {
    FrameSpec spec = plain_syn(v6);
    for (std::size_t nops = 0; nops <= 28; ++nops) {
      spec.options = concat({opt_nop(nops), mark});
      cases.drop(13, "at_" + std::to_string(nops) + family(v6), spec, Drop::forged_mark);
    }
    spec.options = concat({opt_nop(), mark});
    cases.drop(13, "other_host" + family(v6), to_other_host(spec), Drop::forged_mark);
    FrameSpec ack = plain_ack(v6);
    ack.options = mark;
    cases.drop(13, "valid_ack" + family(v6), ack, Drop::forged_mark);
    cases.drop(13, "no_secrets" + family(v6), ack, Drop::forged_mark).secrets = false;
    spec.options = concat({opt_mss(1460), Bytes{0}, mark});
    cases.answer(13, "behind_eol" + family(v6), spec);
    spec.options = mark;
    spec.options[2] = 0x5b;
    cases.answer(13, "other_exid" + family(v6), spec);
    spec.options = concat({mark, opt_nop()});
    spec.options[1] = 13;
    cases.answer(13, "length_13" + family(v6), spec);
    spec.options = concat({Bytes{253, 1}, mark});
    cases.answer(13, "behind_length_1" + family(v6), spec);
    spec.options = concat({opt_nop(4), mark});
    spec.options[1] = 254;
    spec.options[2] = 20;
    cases.answer(13, "behind_too_long" + family(v6), spec);
    // The fields of one option may look like another.
    spec.options = concat({Bytes{254, 14}, mark});
    cases.answer(13, "inside_other_option" + family(v6), spec);
    spec.options = concat({opt_nop(2), Bytes(mark.begin(), mark.begin() + 10)});
    cases.answer(13, "past_header" + family(v6), spec);
  }
}

void rows_14_to_18(Cases& cases) {
  for (const bool v6 : {false, true}) {
    const FrameSpec syn = plain_syn(v6);
    cases.pass(14, "other_host" + family(v6), to_other_host(syn));
    FrameSpec spec = syn;
    spec.dport = 9;
    cases.pass(14, "other_port" + family(v6), spec);
    cases.pass(14, "no_secrets" + family(v6), syn).secrets = false;
    spec.dst = address(v6 ? "2001:db8:100::8" : "198.51.100.8");
    cases.answer(14, "any_port" + family(v6), spec);

    spec.dport = 80;
    spec.tcp_checksum = 0x1234;
    spec.dst = address(v6 ? "2001:db8:100::9" : "198.51.100.9");
    cases.pass(15, "mode_pass" + family(v6), spec);
    spec.dst = address(v6 ? "2001:db8:100::a" : "198.51.100.10");
    cases.drop(16, "mode_drop" + family(v6), spec, Drop::service_drop);
    cases.pass(16, "mode_drop_no_secrets" + family(v6), spec).secrets = false;

    spec = syn;
    spec.tcp_checksum = 0x1234;
    cases.drop(17, "syn" + family(v6), spec, Drop::bad_tcp_checksum);
    spec.flags = kRst;
    cases.drop(17, "rst" + family(v6), spec, Drop::bad_tcp_checksum);
    spec = syn;
    spec.payload = Bytes(1001, 0xa5);
    Frame odd = build(spec);
    cases.answer(17, "odd_length" + family(v6), spec);
    odd.bytes.back() ^= 0x10;
    cases.drop(17, "odd_length_wrong" + family(v6), odd.bytes, Drop::bad_tcp_checksum);
    spec = syn;
    spec.trailer = Bytes(33, 0x5a);
    cases.answer(17, "trailer" + family(v6), spec);

    spec = syn;
    spec.src = address(v6 ? "::" : "0.0.0.0");
    cases.drop(18, "unspecified" + family(v6), spec, Drop::bad_source);
    spec.flags = kAck;
    cases.drop(18, "unspecified_ack" + family(v6), spec, Drop::bad_source);

    for (const std::uint8_t kind : std::initializer_list<std::uint8_t>{19, 29}) {
      const std::string name = (kind == 19 ? "md5" : "ao") + family(v6);
      spec = syn;
      spec.options = concat({opt_mss(1460), Bytes(18, 0x5a)});
      spec.options[4] = kind;
      spec.options[5] = 18;
      cases.pass(18, "a_" + name, spec).counts = {Counter::signed_passed};
      cases.drop(18, "a_drop_" + name, spec, Drop::signed_segment).sysctls = {{reg::kSysctlSigned, 1}};
      spec.flags = kAck;
      ContractCase& ack = cases.pass(18, "a_ack_" + name, spec);
      ack.counts = {Counter::signed_passed};
      ack.sysctls = {{reg::kSysctlUnknownAck, 1}};
      spec.flags = kSyn;
      spec.options[5] = 1;  // no length: the reading stops
      cases.answer(18, "a_no_length_" + name, spec);
    }
  }
}

/// Row 18b: headers of options, each with what stands behind its first two bytes.
void row_18b(Cases& cases) {
  struct Options {
    std::string name;
    std::vector<Extension> headers;
    bool discard;
  };
  const auto header = [](std::uint8_t type, Bytes options) {
    Bytes bytes{0, static_cast<std::uint8_t>(options.size() / 8)};
    append(bytes, options);
    return Extension{type, bytes};
  };
  const Bytes pads(6);
  const std::vector<Options> all{
      {"hop_by_hop_unknown_01", {header(0, {0x42, 4, 0, 0, 0, 0})}, true},
      {"hop_by_hop_unknown_10", {header(0, {0x82, 4, 0, 0, 0, 0})}, true},
      {"hop_by_hop_unknown_11", {header(0, {0xc2, 4, 0, 0, 0, 0})}, true},
      {"hop_by_hop_unknown_00", {header(0, {0x02, 4, 0, 0, 0, 0})}, false},
      {"router_alert", {header(0, {5, 2, 0, 0, 1, 0})}, false},
      {"pad_1", {header(60, pads)}, false},
      {"pad_n_behind_pad_1", {header(60, {0, 0, 1, 2, 0xff, 0xff})}, false},
      {"unknown_behind_pad_1", {header(60, {0, 0, 0, 0, 0x40, 0})}, true},
      {"unknown_in_data", {header(60, {0x1e, 4, 0xff, 0xff, 0xff, 0xff})}, false},
      {"runs_over_the_header", {header(0, {5, 9, 0, 0, 0, 0})}, true},
      {"runs_over_by_one", {header(60, {1, 5, 0, 0, 0, 0})}, true},
      {"runs_over_into_the_next", {header(60, {1, 12, 0, 0, 0, 0}), header(60, pads)}, true},
      {"length_behind_the_header", {header(60, {0, 0, 0, 0, 0, 1})}, true},
      {"sixteen_bytes",
       {header(60, {1, 11, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0})},
       false},
      {"sixteen_bytes_last", {header(60, {1, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80})}, true},
      {"twenty_four_bytes", {header(0, concat({{1, 19}, Bytes(19, 0xff), {0}}))}, false},
      {"twenty_four_bytes_last", {header(0, concat({{1, 19}, Bytes(19), {0x40}}))}, true},
      {"twenty_four_bytes_long", {header(0, concat({{1, 21}, Bytes(20)}))}, true},
      {"twenty_four_bytes_longest", {header(0, concat({{1, 255}, Bytes(20)}))}, true},
      {"second_header", {header(0, pads), header(60, {0x80, 4, 0, 0, 0, 0})}, true},
      {"third_header", {header(0, pads), header(60, pads), header(60, {0, 0, 0, 0, 0x40, 0})}, true},
      {"behind_sixteen", {header(60, Bytes(14)), header(60, {0xc9, 4, 0, 0, 0, 0})}, true},
      {"routing_holds_none", {header(43, {0, 0, 0xff, 0xff, 0xff, 0xff})}, false},
      {"options_behind_routing",
       {header(43, {0, 0, 0xff, 0xff, 0xff, 0xff}), header(60, {1, 4, 0xff, 0, 0, 0})},
       false},
  };
  for (const Options& options : all) {
    FrameSpec spec = plain_syn(true);
    spec.extensions = options.headers;
    const std::string name = "b_" + options.name;
    if (!options.discard) {
      cases.answer(18, name, spec);
      continue;
    }
    cases.drop(18, name, spec, Drop::ipv6_option);
    cases.pass(18, name + "_other_host", to_other_host(spec));
    spec.flags = kAck;
    cases.drop(18, name + "_ack", spec, Drop::ipv6_option);
  }
}

/// Row 18c: what is no SYN alone, from or to whom no server speaks.
void row_18c(Cases& cases) {
  const auto each = [&cases](const std::string& name, FrameSpec spec) {
    // ACK, RST, RST and ACK, SYN and ACK, SYN and RST, FIN alone, nothing
    for (const std::uint8_t flags : std::initializer_list<std::uint8_t>{0x10, 0x04, 0x14, 0x12, 0x06, 0x01, 0x00}) {
      spec.flags = flags;
      cases.drop(18, "c_" + name + "_" + std::to_string(flags), spec, Drop::bad_address).sysctls = {
          {reg::kSysctlUnknownAck, 2}};
    }
  };
  for (const bool v6 : {false, true}) {
    FrameSpec spec = plain_ack(v6);
    spec.mac_dst[0] = 0x01;
    each("group_mac" + family(v6), spec);
    spec = plain_ack(v6);
    spec.mac_src[0] = 0x01;
    each("from_group_mac" + family(v6), spec);
    spec = plain_ack(v6);
    spec.src = address(v6 ? "ff02::1" : "224.0.0.1");
    each("from_group" + family(v6), spec);
    spec.src = spec.dst;
    each("from_itself" + family(v6), spec);
    spec = plain_ack(v6);
    spec.dst = address(v6 ? "ff02::1" : "224.0.0.5");
    each("to_group" + family(v6), spec);
  }
  FrameSpec spec = plain_ack(false);
  spec.src = address("255.255.255.255");
  each("from_all", spec);
}

void rows_19_to_23(Cases& cases) {
  for (const bool v6 : {false, true}) {
    const FrameSpec ack = plain_ack(v6);
    cases.mark(19, "valid" + family(v6), ack);
    FrameSpec spec = ack;
    spec.flags = kAck | kFin | kPsh | kUrg | kEce | kCwr;
    spec.payload = Bytes(100, 0x41);
    cases.mark(19, "valid_with_data" + family(v6), spec);
    spec = ack;
    ++spec.seq;
    for (const bool only : {false, true}) {
      const std::string how = std::string(only ? "_only" : "") + family(v6);
      for (const std::uint32_t unknown_ack : {0u, 1u}) {
        ContractCase& wrong = unknown_ack == 0 ? cases.pass(19, "wrong" + how, spec)
                                               : cases.drop(19, "wrong_drop" + how, spec, Drop::unknown_ack);
        wrong.sysctls = {{reg::kSysctlUnknownAck, unknown_ack}, {reg::kSysctlSyncookiesOnly, only ? 1 : 0}};
        wrong.counts = {only ? Counter::failcookie : Counter::spurcookie};
        wrong.event = only ? Event::cookie_failed : Event::ack_spurious;
      }
    }
    // The gate asks first whether the card has sent a cookie lately.
    ContractCase& closed = cases.pass(19, "valid_but_spurious" + family(v6), ack);
    closed.counts = {Counter::spurcookie};
    closed.event = Event::ack_spurious;
    ContractCase& off = cases.pass(19, "cookies_off" + family(v6), ack);
    off.sysctls = {{reg::kSysctlSyncookies, 0}};
    off.counts = {Counter::spurcookie};
    off.event = Event::ack_disabled;
    const FrameSpec syn = plain_syn(v6);
    for (const std::uint8_t flags : std::initializer_list<std::uint8_t>{0x04, 0x06, 0x14, 0x16, 0xff}) {
      spec = syn;
      spec.flags = flags;
      const std::string name = "rst_" + std::to_string(flags) + family(v6);
      ContractCase& passed = cases.pass(20, name, spec);
      passed.counts = {Counter::badrst};
      passed.event = Event::rst_spurious;
      for (const std::uint32_t unknown_ack : {1u, 2u}) {
        ContractCase& dropped = cases.drop(20, name + "_drop" + std::to_string(unknown_ack), spec, Drop::unknown_rst);
        dropped.counts = {Counter::badrst};
        dropped.event = Event::rst_spurious;
        dropped.sysctls = {{reg::kSysctlUnknownAck, unknown_ack}};
      }
      cases.pass(20, name + "_only", spec).sysctls = {{reg::kSysctlSyncookiesOnly, 1}};
    }
    for (const std::uint8_t flags : std::initializer_list<std::uint8_t>{0x00, 0x01, 0x08, 0x29, 0xe9}) {
      spec = syn;
      spec.flags = flags;
      // Of no connection that the server opened: the engine says so.
      cases.bad_syn(21, "flags_" + std::to_string(flags) + family(v6), spec, Drop::syn_missing, Event::syn_missing);
    }
    for (const std::uint8_t flags : std::initializer_list<std::uint8_t>{0x12, 0x13, 0xfb}) {
      spec = syn;
      spec.flags = flags;
      cases.bad_syn(22, "flags_" + std::to_string(flags) + family(v6), spec, Drop::syn_ack_invalid,
                    Event::syn_ack_invalid);
    }
    spec = syn;
    spec.flags = kSyn | kFin;
    cases.answer(23, "syn_fin" + family(v6), spec);
    cases.bad_syn(23, "syn_fin_drop" + family(v6), spec, Drop::syn_fin, Event::syn_fin).sysctls = {
        {reg::kSysctlDropSynfin, 1}};
  }
}

void rows_24_to_27(Cases& cases) {
  for (const bool v6 : {false, true}) {
    const FrameSpec syn = plain_syn(v6);
    FrameSpec spec = syn;
    spec.mac_dst = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    cases.bad_ends(24, "broadcast" + family(v6), spec, Drop::link_multicast, Event::link_multicast);
    spec.mac_dst = {0x01, 0, 0, 0, 0, 0};
    cases.bad_ends(24, "group_bit" + family(v6), spec, Drop::link_multicast, Event::link_multicast);
    spec.mac_dst = {0xfe, 0xff, 0xff, 0xff, 0xff, 0xff};
    spec.mac_src = {0x01, 0, 0x5e, 0, 0, 5};  // where the answer would go
    cases.bad_ends(24, "from_group_bit" + family(v6), spec, Drop::link_multicast, Event::link_multicast);
    spec.mac_src = syn.mac_src;
    cases.answer(24, "all_but_group_bit" + family(v6), spec);

    spec = syn;
    spec.src = spec.dst;
    cases.drop(26, "a_same_address" + family(v6), spec, Drop::bad_source);
    spec.sport = spec.dport;
    cases.bad_ends(25, "same_address_and_port" + family(v6), spec, Drop::self_connect, Event::self_connect);
    spec.src = syn.src;
    cases.answer(25, "same_port" + family(v6), spec);
  }
  const auto from = [](const std::string& text) {
    FrameSpec spec = plain_syn(text.find(':') != std::string::npos);
    spec.src = address(text);
    return spec;
  };
  const auto to = [](const std::string& text) {
    FrameSpec spec = plain_syn(text.find(':') != std::string::npos);
    spec.dst = address(text);
    return spec;
  };
  for (const char* text : {"224.0.0.1", "239.255.255.255", "255.255.255.255", "ff00::", "ffff::1"}) {
    cases.bad_ends(26, std::string("from_") + text, from(text), Drop::bad_address, Event::bad_address);
  }
  for (const char* text : {"127.0.0.1", "127.255.255.255", "::1", "::ffff:192.0.2.9", "::ffff:0.0.0.0"}) {
    cases.drop(18, std::string("from_") + text, from(text), Drop::bad_source);
  }
  for (const char* text : {"224.0.0.5", "255.255.255.255", "ff02::1"}) {
    cases.bad_ends(26, std::string("to_") + text, to(text), Drop::bad_address, Event::bad_address);
  }
  for (const char* text : {"223.255.255.255", "240.0.0.0", "255.255.255.254", "126.255.255.255", "128.0.0.0",
                           "feff::", "::2", "::fffe:c000:209", "::1:ffff:c000:209", "::1:0:1", "0:0:0:1::"}) {
    cases.answer(26, std::string("from_") + text, from(text));
  }

  for (const bool v6 : {false, true}) {
    cases.answer(27, "syn" + family(v6), plain_syn(v6));
    FrameSpec spec = plain_syn(v6);
    spec.flags = kSyn | kPsh | kUrg | kEce | kCwr;
    spec.payload = Bytes(200, 0x42);
    cases.answer(27, "syn_with_data" + family(v6), spec);
  }
}

}  // namespace

FrameSpec plain_syn(bool v6) {
  FrameSpec spec;
  spec.src = address(v6 ? "2001:db8::1" : "192.0.2.1");
  spec.dst = address(v6 ? "2001:db8:100::7" : "198.51.100.7");
  spec.sport = 40000;
  spec.dport = 443;
  spec.seq = kIrs;
  spec.flags = kSyn;
  spec.options = concat({opt_mss(1460), opt_sack(), opt_ts(0x11223344, 0), opt_nop(), opt_ws(7)});
  return spec;
}

FrameSpec plain_ack(bool v6) {
  FrameSpec spec = plain_syn(v6);
  const Tuple tuple{spec.src, spec.dst, spec.sport, spec.dport};
  const std::uint8_t byte = oracle_cookie_byte(1460, 7, true, false);
  spec.seq = kIrs + 1;
  spec.ack = oracle_iss(default_secrets().cookie[0], tuple, kIrs, byte) + 1;
  spec.flags = kAck;
  spec.options = concat({opt_nop(2), opt_ts(0x11223355, 0x55667788)});
  return spec;
}

std::ostream& operator<<(std::ostream& out, const ContractCase& test) {
  return out << "row " << test.row << " " << test.name << ": " << to_hex(test.frame);
}

std::vector<ContractCase> contract_cases() {
  Cases cases;
  rows_1_to_4(cases);
  rows_5_to_7(cases);
  rows_8_to_11(cases);
  row_12(cases);
  row_13(cases);
  rows_14_to_18(cases);
  row_18b(cases);
  row_18c(cases);
  rows_19_to_23(cases);
  rows_24_to_27(cases);
  return cases.take();
}

}  // namespace synward::test
