// SPDX-License-Identifier: BSD-2-Clause
#include "common/mail.hpp"

#include "synward/registers.hpp"

namespace synward::test {

Bytes mail_frame(const MailSpec& spec) {
  Bytes out{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};
  for (std::size_t i = 0; i < spec.tags; ++i) {
    put16(out, i == 0 ? 0x88a8 : 0x8100);
    put16(out, static_cast<std::uint32_t>(100 + i));
  }
  put16(out, spec.ethertype);
  out.push_back(spec.version);
  out.push_back(spec.type);
  while (out.size() < spec.size) out.push_back(static_cast<std::uint8_t>(out.size() + spec.type));
  out.resize(spec.size);
  return out;
}

Bytes read_mail(Device& device) {
  const std::size_t size = device.read32(reg::kMailStatus) >> 8 & 0x1ff;
  Bytes out(size);
  std::uint32_t value = 0;
  for (std::uint32_t i = 0; i < size; ++i) {
    value = i % 4 == 0 ? device.read32(reg::kMailData + i) : value >> 8;
    out[i] = static_cast<std::uint8_t>(value);
  }
  return out;
}

void pop_mail(Device& device) { device.write32(reg::kMailControl, 1); }

void write_mail(Device& device, ByteView frame) {
  for (std::uint32_t at = 0; at < frame.size(); at += 4) {
    std::uint32_t value = 0;
    for (std::uint32_t i = 0; i < 4 && at + i < frame.size(); ++i) value |= std::uint32_t{frame[at + i]} << 8 * i;
    device.write32(reg::kMailOut + at, value);
  }
}

void send_mail(Device& device, std::size_t length) {
  device.write32(reg::kMailControl, 2 | static_cast<std::uint32_t>(length << 16));
}

}  // namespace synward::test
