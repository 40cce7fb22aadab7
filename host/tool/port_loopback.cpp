// SPDX-License-Identifier: BSD-2-Clause
#include "port_loopback.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <functional>
#include <thread>
#include <vector>

#include "synward/card.hpp"
#include "synward/control_frame.hpp"

namespace synward::tool {

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint32_t kNearEnd = 2U << 4;  ///< CONTROL's loopback: PMA
constexpr std::size_t kHeader = 16;          ///< Ethernet, version, type
constexpr std::uint8_t kUnknownType = 0x7f;

/// What came to be is not asked again: it may have been done by asking.
bool eventually(const Device& device, const std::function<bool()>& there) {
  const auto end = Clock::now() + device.patience();
  while (!there()) {
    if (Clock::now() > end) {
      return false;
    }
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

/// A port in loopback for as long as this lives.
class Loopback {
 public:
  Loopback(Device& device, const PortPlace& place)
      : device_(device), control_(place.base + port_reg::kControl), before_(device.read32(control_)) {
    device.write32(control_, (before_ & ~port_reg::kControlLoopback) | kNearEnd | port_reg::kControlEnable);
  }
  Loopback(const Loopback&) = delete;
  Loopback& operator=(const Loopback&) = delete;
  ~Loopback() { device_.write32(control_, before_); }

 private:
  Device& device_;
  std::uint32_t control_, before_;
};

std::string wait_for_link(Device& device, const PortPlace& place) {
  const auto up = [&] {
    const auto port = read_port(device, place);
    return port && port->is(port_reg::Status::up);
  };
  if (eventually(device, up)) {
    return {};
  }
  const auto port = read_port(device, place);
  return port ? fmt::format("the link does not come up: {}", port_advice(*port)) : port.error().text;
}

/// A control frame of a type that no agent knows, filled with a pattern: the mailbox keeps what is of its version.
Bytes frame_of(std::size_t size, const std::function<std::uint8_t(std::size_t)>& pattern) {
  Bytes frame{0x02, 0, 0, 0, 0, 0x01, 0x02, 0, 0, 0, 0, 0x02, 0x88, 0xb5, control::kVersion, kUnknownType};
  for (std::size_t i = kHeader; i < size; ++i) {
    frame.push_back(pattern(i));
  }
  return frame;
}

std::vector<Bytes> patterns() {
  std::vector<Bytes> frames;
  for (const unsigned fill : {0x00U, 0xffU, 0x55U, 0xaaU}) {
    frames.push_back(frame_of(kLongestMail, [fill](std::size_t) { return static_cast<std::uint8_t>(fill); }));
  }
  frames.push_back(frame_of(kLongestMail, [](std::size_t i) { return static_cast<std::uint8_t>(i); }));
  frames.push_back(frame_of(kLongestMail, [](std::size_t i) { return static_cast<std::uint8_t>(1U << i % 8); }));
  frames.push_back(frame_of(kLongestMail, [](std::size_t i) { return static_cast<std::uint8_t>(~(1U << i / 8 % 8)); }));
  frames.push_back(frame_of(60, [](std::size_t i) { return static_cast<std::uint8_t>(i * 151); }));
  return frames;
}

/// What was in the mailbox before is of others.
void empty(Card& card) {
  for (int i = 0; i < 256; ++i) {
    const auto mail = card.take_mail();
    if (!mail || !*mail) {
      return;
    }
  }
}

std::string send_and_take(const Device& device, Card& card, const Bytes& frame) {
  Expected<void> sent;
  if (!eventually(device, [&] { return static_cast<bool>(sent = card.send_mail(frame)); })) {
    return sent.error().text;
  }
  Bytes back;
  const bool came = eventually(device, [&] {
    const auto mail = card.take_mail();
    if (mail && *mail) {
      back = **mail;
    }
    return !back.empty();
  });
  if (!came) {
    return fmt::format("a frame of {} bytes did not come back", frame.size());
  }
  if (back.size() != frame.size()) {
    return fmt::format("a frame of {} bytes came back with {}", frame.size(), back.size());
  }
  for (std::size_t i = 0; i < frame.size(); ++i) {
    if (back[i] != frame[i]) {
      return fmt::format("byte {} of {} came back as {:#04x}, not {:#04x}", i, frame.size(), back[i], frame[i]);
    }
  }
  return {};
}

}  // namespace

std::string link_in_loopback(Device& device, const PortPlace& place) {
  const Loopback looped(device, place);
  return wait_for_link(device, place);
}

std::string frames_in_loopback(Device& device) {
  auto card = Card::identify(device);
  if (!card) {
    return card.error().text;
  }
  // Frames are let in only while both links are up.
  const Loopback host(device, kPorts[1]);
  const Loopback line(device, kPorts[0]);
  for (const auto& place : kPorts) {
    if (auto fault = wait_for_link(device, place); !fault.empty()) {
      return fault;
    }
  }
  empty(*card);
  for (const auto& frame : patterns()) {
    if (auto fault = send_and_take(device, *card, frame); !fault.empty()) {
      return fault;
    }
  }
  return {};
}

}  // namespace synward::tool
