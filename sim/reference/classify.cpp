// SPDX-License-Identifier: BSD-2-Clause
#include "reference/classify.hpp"

namespace synward::reference {

namespace {

using reg::Drop;
using reg::Event;

bool same(const Wide128& a, const Wide128& b) { return a.hi == b.hi && a.lo == b.lo; }

/// An address that no packet on the wire has as its source: unspecified, loopback, IPv4-mapped (RFC 1122 section
/// 3.2.1.3, RFC 4291 section 2.5).
bool is_martian(bool v6, const Wide128& address) {
  if (address.hi == 0 && address.lo == 0) return true;
  if (!v6) return address.lo >> 24 == 127;
  return address.hi == 0 && (address.lo == 1 || address.lo >> 32 == 0xffff);
}

/// 224.0.0.0/4 or ff00::/8.
bool is_multicast(bool v6, const Wide128& address) {
  return v6 ? address.hi >> 56 == 0xff : (address.lo >> 28 & 15) == 14;
}

/// 255.255.255.255. A subnet's broadcast address cannot be told without its mask.
bool is_broadcast(bool v6, const Wide128& address) { return !v6 && address.lo == 0xffffffff; }

bool is_group_mac(std::uint64_t mac) { return (mac >> 40 & 1) != 0; }

Classified pass() { return {}; }

Classified drop(Drop reason) { return {.action = Action::drop, .reason = reason}; }

/// Row 23.
Classified bad_syn(Drop reason, Event event) {
  return {.action = Action::drop, .reason = reason, .badsyn = true, .event = event};
}

/// Rows 24 to 26.
Classified bad_ends(Drop reason, Event event) { return {.action = Action::drop, .reason = reason, .event = event}; }

bool to_service_address(const ParsedFrame& parsed, const Settings& settings) {
  for (const Service& service : settings.services) {
    if (service.matches_address(parsed.v6, parsed.dst)) return true;
  }
  return false;
}

/// Rows 1 to 12: frames that could not be read as far as a TCP header.
Classified classify_unread(const ParsedFrame& parsed, const Settings& settings) {
  switch (parsed.reading) {
    case Reading::oversize:
      return drop(Drop::oversize);
    case Reading::short_frame:
      return drop(Drop::short_frame);
    case Reading::vlan_depth:
      return settings.unclassified_drop ? drop(Drop::unclassified) : pass();
    case Reading::control:
      return drop(Drop::control_frame);
    case Reading::bad_ip_header:
      return drop(Drop::bad_ip_header);
    case Reading::truncated:
      return drop(Drop::truncated);
    case Reading::bad_ip_checksum:
      return drop(Drop::bad_ip_checksum);
    case Reading::fragment:
      if (settings.fragments_drop && parsed.maybe_tcp && to_service_address(parsed, settings)) {
        return drop(Drop::fragment);
      }
      return pass();
    case Reading::chain_end:
      if (settings.unclassified_drop && to_service_address(parsed, settings)) return drop(Drop::unclassified);
      return pass();
    case Reading::bad_tcp_header:
      return to_service_address(parsed, settings) ? drop(Drop::bad_tcp_header) : pass();
    case Reading::not_ip:
    case Reading::not_tcp:
    case Reading::tcp:
      return pass();
  }
  return pass();
}

bool with_group_mac(const ParsedFrame& parsed) { return is_group_mac(parsed.mac_dst) || is_group_mac(parsed.mac_src); }

bool between_groups(const ParsedFrame& parsed) {
  const auto group = [&parsed](const Wide128& address) {
    return is_multicast(parsed.v6, address) || is_broadcast(parsed.v6, address);
  };
  return group(parsed.src) || group(parsed.dst);
}

/// Rows 20 to 27: segments to a protected service that are not plain ACKs.
Classified classify_syn(const ParsedFrame& parsed, const Settings& settings, const Service& service) {
  if ((parsed.flags & kRst) != 0) return {.action = Action::rst, .service = &service};
  if ((parsed.flags & kSyn) == 0) return {.action = Action::stray, .event = Event::syn_missing, .service = &service};
  if ((parsed.flags & kAck) != 0) {
    return {.action = Action::stray, .event = Event::syn_ack_invalid, .service = &service};
  }
  if ((parsed.flags & kFin) != 0 && settings.drop_synfin) return bad_syn(Drop::syn_fin, Event::syn_fin);
  if (with_group_mac(parsed)) return bad_ends(Drop::link_multicast, Event::link_multicast);
  if (same(parsed.src, parsed.dst) && parsed.sport == parsed.dport) {
    return bad_ends(Drop::self_connect, Event::self_connect);
  }
  if (between_groups(parsed)) return bad_ends(Drop::bad_address, Event::bad_address);
  if (same(parsed.src, parsed.dst)) return drop(Drop::bad_source);
  return {.action = Action::syn, .service = &service};
}

}  // namespace

const Service* find_service(bool v6, const Wide128& address, std::uint16_t port, const Settings& settings) {
  if (!settings.secrets_loaded) return nullptr;
  for (const Service& service : settings.services) {
    if (service.matches(v6, address, port)) return &service;
  }
  return nullptr;
}

bool Service::matches_address(bool is_v6, const Wide128& dst) const {
  return valid && (is_v6 ? v6 : v4) && (any || same(address, dst));
}

bool Service::matches(bool is_v6, const Wide128& dst, std::uint16_t dport) const {
  return matches_address(is_v6, dst) && (port == 0 || port == dport);
}

Classified classify(ByteView frame, const ParsedFrame& parsed, const Settings& settings) {
  if (parsed.reading != Reading::tcp) return classify_unread(parsed, settings);
  if (parsed.options.mark) return drop(Drop::forged_mark);
  const Service* service = find_service(parsed.v6, parsed.dst, parsed.dport, settings);
  if (service == nullptr || service->answer.mode == kModePass) return pass();
  if (service->answer.mode == kModeDrop) return drop(Drop::service_drop);
  if (!tcp_checksum_valid(frame, parsed)) return drop(Drop::bad_tcp_checksum);
  if (is_martian(parsed.v6, parsed.src)) return drop(Drop::bad_source);
  if (parsed.options.is_signed) {
    if (settings.signed_drop) return drop(Drop::signed_segment);
    return {.service = nullptr, .is_signed = true};
  }
  if (parsed.options_discard) return drop(Drop::ipv6_option);
  const std::uint8_t kind = parsed.flags & (kAck | kSyn | kRst);
  if (kind != kSyn && (with_group_mac(parsed) || between_groups(parsed) || same(parsed.src, parsed.dst))) {
    return drop(Drop::bad_address);
  }
  if (kind == kAck) return {.action = Action::ack, .service = service};
  return classify_syn(parsed, settings, *service);
}

}  // namespace synward::reference
