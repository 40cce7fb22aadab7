// SPDX-License-Identifier: BSD-2-Clause
#include "zip.hpp"

#include <zlib.h>

namespace synward::sim {

namespace {

/// Numbers of a zip archive: least significant byte first.
class Writer {
 public:
  Writer& u16(std::uint32_t value) { return append(value, 2); }
  Writer& u32(std::uint32_t value) { return append(value, 4); }
  template <typename Bytes>
  Writer& bytes(const Bytes& value) {
    out_.insert(out_.end(), value.begin(), value.end());
    return *this;
  }
  std::uint32_t size() const { return static_cast<std::uint32_t>(out_.size()); }
  std::vector<std::uint8_t> take() { return std::move(out_); }

 private:
  Writer& append(std::uint32_t value, unsigned bytes) {
    for (unsigned i = 0; i < bytes; ++i) {
      out_.push_back(static_cast<std::uint8_t>(value >> 8 * i));
    }
    return *this;
  }

  std::vector<std::uint8_t> out_;
};

constexpr std::uint32_t kVersion = 20;           // 2.0: folders are known
constexpr std::uint32_t kUnix = 3 << 8;          // who made it: Unix permissions follow
constexpr std::uint32_t kMode = 0100755U << 16;  // a file, rwxr-xr-x
constexpr std::uint32_t kDate = 1 << 5 | 1;      // 1 January 1980: the same bytes each time
constexpr std::uint32_t kStored = 0, kFlags = 0, kTime = 0;

}  // namespace

std::vector<std::uint8_t> zip_of(std::string_view name, std::span<const std::uint8_t> content) {
  const auto crc = static_cast<std::uint32_t>(crc32(0, content.data(), static_cast<uInt>(content.size())));
  const auto size = static_cast<std::uint32_t>(content.size());
  const auto name_size = static_cast<std::uint32_t>(name.size());
  // What the header of the file and its line in the directory have in common.
  const auto facts = [&](Writer& out) {
    out.u16(kVersion).u16(kFlags).u16(kStored).u16(kTime).u16(kDate);
    out.u32(crc).u32(size).u32(size).u16(name_size).u16(0);
  };
  Writer out;
  out.u32(0x04034b50);
  facts(out);
  out.bytes(name).bytes(content);

  const auto directory = out.size();
  out.u32(0x02014b50).u16(kUnix | kVersion);
  facts(out);
  out.u16(0).u16(0).u16(0).u32(kMode).u32(0).bytes(name);
  const auto directory_size = out.size() - directory;

  out.u32(0x06054b50).u16(0).u16(0).u16(1).u16(1).u32(directory_size).u32(directory).u16(0);
  return out.take();
}

}  // namespace synward::sim
