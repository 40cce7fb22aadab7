// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>

#include "common/frame.hpp"
#include "synward/device.hpp"

namespace synward::test {

/// A control frame that is no status, before it is a frame.
struct MailSpec {
  std::size_t tags = 0;
  std::uint16_t ethertype = 0x88b5;
  std::uint8_t version = 1, type = 2;
  std::size_t size = 60;  ///< of the whole frame, bytes
};

/// The rest of it counts up.
Bytes mail_frame(const MailSpec& spec);

/// The oldest frame in a card's mailbox; empty if there is none.
Bytes read_mail(Device& device);
void pop_mail(Device& device);
/// Writes the words of a frame that is to be sent.
void write_mail(Device& device, ByteView frame);
void send_mail(Device& device, std::size_t length);

}  // namespace synward::test
