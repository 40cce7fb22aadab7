// SPDX-License-Identifier: BSD-2-Clause
#include <bzlib.h>
#include <fmt/format.h>
#include <lzma.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

#include "synward/log_text.hpp"
#include "synward/printable.hpp"

namespace synward {

namespace {

constexpr std::size_t kPart = 65'536;
constexpr std::uint64_t kMostMemory = 128 * 1024 * 1024;  ///< of a decoder of xz

enum class Step : std::uint8_t { more, ended, broken };

/// Feeds a decoder with all of the input, and takes what comes out of it. A Decoder has begin(), feed(input, size),
/// step(output, room, got), left() and ends with its life.
template <typename Decoder>
Expected<std::string> unpack(std::string_view input, const std::string& name, std::size_t most) {
  std::string text;
  std::array<char, kPart> part;
  while (!input.empty()) {
    // Several that were written one behind the other are one file.
    Decoder decoder(input);
    auto step = decoder.good() ? Step::more : Step::broken;
    while (step == Step::more) {
      std::size_t got = 0;
      step = decoder.step(part, got);
      text.append(part.data(), got);
      if (text.size() > most) {
        return Error{fmt::format("{}: is larger than {} MiB once it is unpacked", one_line(name), most >> 20)};
      }
    }
    if (step == Step::broken) {
      return Error{fmt::format("{}: is compressed, and broken or cut off", one_line(name))};
    }
    input.remove_prefix(input.size() - std::min(input.size(), decoder.left()));
    // What a tape or a disk padded a file with.
    input.remove_prefix(std::min(input.find_first_not_of('\0'), input.size()));
  }
  return text;
}

class Gzip {
 public:
  explicit Gzip(std::string_view input) : size_(input.size()) {
    // zlib does not write there.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));  // NOLINT
    stream_.avail_in = static_cast<uInt>(std::min<std::size_t>(size_, std::numeric_limits<uInt>::max()));
    constexpr int kGzipAlone = 15 + 16;
    good_ = inflateInit2(&stream_, kGzipAlone) == Z_OK;
  }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;
  ~Gzip() { inflateEnd(&stream_); }

  bool good() const { return good_; }
  std::size_t left() const { return size_ - stream_.total_in; }
  Step step(std::array<char, kPart>& part, std::size_t& got) {
    stream_.next_out = reinterpret_cast<Bytef*>(part.data());  // NOLINT
    stream_.avail_out = kPart;
    const int result = inflate(&stream_, Z_NO_FLUSH);
    got = kPart - stream_.avail_out;
    // Z_BUF_ERROR: there is no more input, and the end has not come.
    return result == Z_STREAM_END ? Step::ended : result == Z_OK ? Step::more : Step::broken;
  }

 private:
  z_stream stream_{};
  std::size_t size_;
  bool good_ = false;
};

class Bzip2 {
 public:
  explicit Bzip2(std::string_view input) : size_(input.size()) {
    stream_.next_in = const_cast<char*>(input.data());  // NOLINT: the library does not write there
    stream_.avail_in = static_cast<unsigned>(std::min<std::size_t>(size_, std::numeric_limits<unsigned>::max()));
    good_ = BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK;
  }
  Bzip2(const Bzip2&) = delete;
  Bzip2& operator=(const Bzip2&) = delete;
  ~Bzip2() { BZ2_bzDecompressEnd(&stream_); }

  bool good() const { return good_; }
  std::size_t left() const { return stream_.avail_in; }
  Step step(std::array<char, kPart>& part, std::size_t& got) {
    stream_.next_out = part.data();
    stream_.avail_out = kPart;
    const int result = BZ2_bzDecompress(&stream_);
    got = kPart - stream_.avail_out;
    const bool starved = result == BZ_OK && got == 0 && stream_.avail_in == 0;
    return result == BZ_STREAM_END ? Step::ended : result == BZ_OK && !starved ? Step::more : Step::broken;
  }

 private:
  bz_stream stream_{};
  std::size_t size_;
  bool good_ = false;
};

class Xz {
 public:
  explicit Xz(std::string_view input) {
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(input.data());  // NOLINT
    stream_.avail_in = input.size();
    good_ = lzma_stream_decoder(&stream_, kMostMemory, 0) == LZMA_OK;
  }
  Xz(const Xz&) = delete;
  Xz& operator=(const Xz&) = delete;
  ~Xz() { lzma_end(&stream_); }

  bool good() const { return good_; }
  std::size_t left() const { return stream_.avail_in; }
  Step step(std::array<char, kPart>& part, std::size_t& got) {
    stream_.next_out = reinterpret_cast<std::uint8_t*>(part.data());  // NOLINT
    stream_.avail_out = kPart;
    const auto result = lzma_code(&stream_, LZMA_RUN);
    got = kPart - stream_.avail_out;
    return result == LZMA_STREAM_END ? Step::ended : result == LZMA_OK ? Step::more : Step::broken;
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
  bool good_ = false;
};

struct Refused {
  std::string_view magic, what;
};
/// What can be made a text by another program.
constexpr std::array<Refused, 6> kRefused{{
    {"\x28\xb5\x2f\xfd", "is compressed: zstdcat FILE | synward explain -"},
    {"\x04\x22\x4d\x18", "is compressed: lz4cat FILE | synward explain -"},
    {"PK\x03\x04", "is compressed: unzip -p FILE | synward explain -"},
    {"\x1f\x9d", "is compressed: zcat FILE | synward explain -"},
    {"LPKSHHRH", "is a journal: journalctl -k -o short-iso --file FILE | synward explain -"},
    {"\xd4\xc3\xb2\xa1", "is a capture of frames, not a log"},
}};

}  // namespace

Expected<std::string> unpacked(std::string bytes, const std::string& name, std::size_t most) {
  constexpr std::string_view kXz{"\xfd\x37zXZ\0", 6};
  if (bytes.starts_with("\x1f\x8b")) {
    return unpack<Gzip>(bytes, name, most);
  }
  if (bytes.starts_with(kXz)) {
    return unpack<Xz>(bytes, name, most);
  }
  if (bytes.starts_with("BZh")) {
    return unpack<Bzip2>(bytes, name, most);
  }
  for (const auto& [magic, what] : kRefused) {
    if (bytes.starts_with(magic)) {
      return Error{fmt::format("{}: {}", one_line(name), what)};
    }
  }
  return bytes;
}

}  // namespace synward
