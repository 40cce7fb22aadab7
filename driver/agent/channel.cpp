// SPDX-License-Identifier: BSD-2-Clause
#include "channel.hpp"

#include <openssl/rand.h>

#include <cstdint>
#include <utility>

#include "synward/driver/server.hpp"

namespace synward::driver {

namespace {

constexpr int kFramesAtOnce = 32;

std::uint64_t drawn() {
  std::uint64_t word = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&word), sizeof word);
  return word;
}

}  // namespace

Expected<std::unique_ptr<Channel>> Channel::open(const std::string& interface, unsigned ifindex) {
  auto link = ControlLink::open(interface);
  if (!link) return link.error();
  auto reader = ListenerReader::open();
  if (!reader) return reader.error();
  return std::unique_ptr<Channel>(new Channel(interface, ifindex, std::move(*link), std::move(*reader)));
}

Channel::Channel(std::string interface, unsigned ifindex, ControlLink link, ListenerReader reader)
    : interface_(std::move(interface)),
      ifindex_(ifindex),
      link_(std::move(link)),
      reader_(std::move(reader)),
      announcer_(agent_id(interface_, link_.mac()), drawn(), link_.mac(), [this] { return read(); }) {}

std::chrono::milliseconds Channel::now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

void Channel::serve() {
  for (int i = 0; i < kFramesAtOnce; ++i) {
    const auto frame = link_.receive();
    if (frame.empty()) return;
    send(announcer_.hear(frame, now()));
  }
}

std::string Channel::tick() {
  send(announcer_.tick(now()));
  // The same again is no news.
  std::string trouble = std::exchange(trouble_, {});
  const bool news = trouble != said_;
  said_ = trouble;
  return news ? trouble : std::string();
}

void Channel::send(const Announcer::Frames& frames) {
  for (const auto& frame : frames) {
    if (!link_.send(frame)) trouble_ = interface_ + ": does not take heartbeats";
  }
}

/// What cannot be read is not there for the card: it passes then.
Announcement Channel::read() {
  const auto listeners = reader_.list();
  const auto settings = read_server_settings(interface_);
  const auto addresses = local_addresses(interface_);
  if (!listeners || !settings || !addresses) {
    trouble_ = (!listeners ? listeners.error() : !settings ? settings.error() : addresses.error()).text;
    return {};
  }
  return announcement(*listeners, *settings, *addresses, kernel_takes_marks(), ifindex_);
}

}  // namespace synward::driver
