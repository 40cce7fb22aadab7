// SPDX-License-Identifier: BSD-2-Clause
#include "cookie_probe.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

#include "synward/card.hpp"
#include "synward/cookie_secrets.hpp"
#include "synward/file_descriptor.hpp"
#include "synward/secrets.hpp"

namespace synward::tool {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Bytes = std::vector<std::uint8_t>;

constexpr auto kPatience = 5s;
constexpr std::uint16_t kPort = 443;
constexpr int kProbes = 16;  ///< each fits a wrong key by chance once in 16.7 million
constexpr std::size_t kIpAt = 14, kTcpAt = 34;

void put16(Bytes& out, std::size_t at, unsigned value) {
  out[at] = static_cast<std::uint8_t>(value >> 8);
  out[at + 1] = static_cast<std::uint8_t>(value);
}
void put32(Bytes& out, std::size_t at, std::uint32_t value) {
  put16(out, at, value >> 16);
  put16(out, at + 2, value & 0xffff);
}
std::uint32_t get32(std::span<const std::uint8_t> in, std::size_t at) {
  return std::uint32_t{in[at]} << 24 | std::uint32_t{in[at + 1]} << 16 | std::uint32_t{in[at + 2]} << 8 | in[at + 3];
}
unsigned get16(std::span<const std::uint8_t> in, std::size_t at) { return unsigned{in[at]} << 8 | in[at + 1]; }

/// RFC 1071, of what stands in `bytes` and of `sum`.
unsigned checksum(std::span<const std::uint8_t> bytes, unsigned sum) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    sum += i % 2 == 0 ? unsigned{bytes[i]} << 8 : bytes[i];
  }
  while (sum >> 16 != 0) {
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return ~sum & 0xffff;
}

/// A SYN with an MSS option, as a frame of 60 bytes.
struct Syn {
  IpAddress from, to;
  std::uint16_t port;
  std::uint32_t sequence;

  Bytes frame() const {
    constexpr unsigned kTcpSize = 24;
    constexpr unsigned kSynFlag = 2;
    Bytes out(60);
    const std::array<std::uint8_t, kIpAt> ethernet{0x02, 0, 0, 0, 0, 0x01, 0x02, 0, 0, 0, 0, 0x02, 0x08, 0x00};
    std::ranges::copy(ethernet, out.begin());
    out[kIpAt] = 0x45;
    put16(out, kIpAt + 2, kTcpAt - kIpAt + kTcpSize);
    out[kIpAt + 8] = 64;
    out[kIpAt + 9] = IPPROTO_TCP;
    std::ranges::copy(from.wire(), out.begin() + kIpAt + 12);
    std::ranges::copy(to.wire(), out.begin() + kIpAt + 16);
    put16(out, kIpAt + 10, checksum(std::span(out).subspan(kIpAt, kTcpAt - kIpAt), 0));
    put16(out, kTcpAt, port);
    put16(out, kTcpAt + 2, kPort);
    put32(out, kTcpAt + 4, sequence);
    put16(out, kTcpAt + 12, kTcpSize / 4 << 12 | kSynFlag);
    put16(out, kTcpAt + 14, 64240);
    put32(out, kTcpAt + 20, 0x020405b4);  // MSS 1460
    const unsigned addresses = ~checksum(std::span(out).subspan(kIpAt + 12, 8), IPPROTO_TCP + kTcpSize) & 0xffff;
    put16(out, kTcpAt + 16, checksum(std::span(out).subspan(kTcpAt, kTcpSize), addresses));
    return out;
  }
  /// The sequence number of the SYN-ACK to this SYN; nothing where the frame is something else.
  std::optional<std::uint32_t> answered_by(std::span<const std::uint8_t> in) const {
    constexpr unsigned kSynAck = 0x12;
    const bool ours = in.size() >= kTcpAt + 20 && get16(in, 12) == ETH_P_IP && in[kIpAt] == 0x45 &&
                      in[kIpAt + 9] == IPPROTO_TCP && get16(in, kTcpAt) == kPort && get16(in, kTcpAt + 2) == port &&
                      (in[kTcpAt + 13] & 0x3f) == kSynAck && get32(in, kTcpAt + 8) == sequence + 1;
    return ours ? std::optional(get32(in, kTcpAt + 4)) : std::nullopt;
  }
};

Expected<FileDescriptor> open_interface(const std::string& name) {
  const auto failed = [&name] { return Error{fmt::format("{}: {}", name, std::strerror(errno))}; };
  FileDescriptor socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL)));
  sockaddr_ll place{};
  place.sll_family = AF_PACKET;
  place.sll_protocol = htons(ETH_P_ALL);
  place.sll_ifindex = static_cast<int>(if_nametoindex(name.c_str()));
  if (!socket || place.sll_ifindex == 0 ||
      bind(socket.get(), reinterpret_cast<const sockaddr*>(&place), sizeof place) != 0) {
    return failed();
  }
  return Expected<FileDescriptor>(std::move(socket));
}

/// The answer's sequence number.
Expected<std::uint32_t> ask(const FileDescriptor& socket, const Syn& syn) {
  const auto frame = syn.frame();
  if (send(socket.get(), frame.data(), frame.size(), 0) < 0) {
    return Error{fmt::format("the SYN was not sent: {}", std::strerror(errno))};
  }
  for (const auto end = Clock::now() + kPatience; Clock::now() < end;) {
    pollfd watched{socket.get(), POLLIN, 0};
    std::array<std::uint8_t, 2048> in{};
    const auto size = poll(&watched, 1, 10) > 0 ? recv(socket.get(), in.data(), in.size(), MSG_DONTWAIT) : 0;
    const auto answer = syn.answered_by(std::span(in).first(size > 0 ? static_cast<std::size_t>(size) : 0));
    if (answer) {
      return *answer;
    }
  }
  return Error{"a SYN was not answered: is the interface cabled to the line port, and are both links up?"};
}

/// Puts a register back.
class Kept {
 public:
  Kept(Device& device, std::uint32_t offset, std::uint32_t value)
      : device_(device), offset_(offset), before_(device.read32(offset)) {
    device_.write32(offset_, value);
  }
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;
  ~Kept() { device_.write32(offset_, before_); }

 private:
  Device& device_;
  std::uint32_t offset_, before_;
};

std::string probe(const FileDescriptor& socket, const SecretSet& secrets, const IpAddress& service) {
  const CookieSecrets keys(secrets);
  for (int i = 0; i < kProbes; ++i) {
    Syn syn{*parse_address("198.51.100.1"), service, static_cast<std::uint16_t>(40'000 + i), 0x01020304U * (i + 1U)};
    syn.from.bytes.back() = static_cast<std::uint8_t>(i + 1);
    const auto answer = ask(socket, syn);
    if (!answer) {
      return answer.error().text;
    }
    LogEvent event;
    event.code = static_cast<std::uint8_t>(reg::Event::cookie_failed);
    event.foreign = syn.from;
    event.local = syn.to;
    event.fport = syn.port;
    event.lport = kPort;
    event.args = {syn.sequence + 1, *answer + 1, 0};
    keys.explain(event);
    if (event.cookie != CookieOrigin::current) {
      return fmt::format("answer {} of {} is no cookie of the keys that the card was given", i + 1, kProbes);
    }
  }
  return {};
}

}  // namespace

std::string cookies_are_ours(Device& device, const std::string& interface) {
  const auto socket = open_interface(interface);
  if (!socket) {
    return socket.error().text;
  }
  auto card = Card::identify(device);
  if (!card) {
    return card.error().text;
  }
  const auto secrets = random_secrets();
  if (!secrets) {
    return secrets.error().text;
  }
  Expected<void> done = card->write_key(secrets->table_key, reg::SecretCommit::table_key);
  if (done) {
    done = card->load_tables();
  }
  if (done) {
    done = card->write_secrets(*secrets);
  }
  if (!done) {
    return done.error().text;
  }
  Service service;
  service.address = parse_address("192.0.2.7");
  service.port = kPort;
  const Kept cookies_only(device, reg::kSysctlSyncookiesOnly, 1);
  card->write_service(0, service);
  auto fault = probe(*socket, *secrets, *service.address);
  card->remove_service(0);
  return fault;
}

}  // namespace synward::tool
