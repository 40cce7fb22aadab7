// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/pcap.hpp"

#include <gtest/gtest.h>

#include "files.hpp"

namespace synward::sim {
namespace {

/// Little-endian bytes of capture file headers.
class Raw {
 public:
  Raw& u16(std::uint16_t value) { return put(value, 2); }
  Raw& u32(std::uint32_t value) { return put(value, 4); }
  Raw& bytes(std::size_t count, char value) {
    text_.append(count, value);
    return *this;
  }
  const std::string& text() const { return text_; }

 private:
  Raw& put(std::uint32_t value, int size) {
    for (int i = 0; i < size; ++i) {
      text_ += static_cast<char>(value >> (8 * i));
    }
    return *this;
  }
  std::string text_;
};

Raw pcap_header(std::uint32_t magic, std::uint32_t link_type = 1) {
  return Raw().u32(magic).u16(2).u16(4).u32(0).u32(0).u32(65535).u32(link_type);
}
constexpr std::uint32_t kMicro = 0xa1b2c3d4;
constexpr std::uint32_t kNano = 0xa1b23c4d;

std::string error_of(const std::string& path) {
  std::string error;
  read_pcap(path, &error);
  return error;
}

TEST(Pcap, round_trip_keeps_nanoseconds_and_bytes) {
  const TemporaryFolder folder;
  const std::vector<TimedFrame> frames{{1'700'000'000'123'456'789, std::vector<std::uint8_t>(60, 1)},
                                       {1'700'000'001'000'000'000, std::vector<std::uint8_t>(1, 2)},
                                       {1'700'000'001'000'000'001, std::vector<std::uint8_t>(65535, 3)}};
  write_pcap(folder.file("a.pcap"), frames);
  EXPECT_EQ(read_pcap(folder.file("a.pcap")), frames);
  EXPECT_EQ(folder.names(), std::vector<std::string>{"a.pcap"});
}

TEST(Pcap, reads_microseconds) {
  const TemporaryFolder folder;
  write_text(folder.file("a.pcap"), pcap_header(kMicro).u32(5).u32(7).u32(60).u32(60).bytes(60, 'x').text());
  EXPECT_EQ(read_pcap(folder.file("a.pcap")),
            (std::vector<TimedFrame>{{5'000'007'000, std::vector<std::uint8_t>(60, 'x')}}));
}

TEST(Pcap, reads_pcapng_with_nanoseconds) {
  const TemporaryFolder folder;
  Raw raw;
  raw.u32(0x0a0d0d0a).u32(28).u32(0x1a2b3c4d).u16(1).u16(0).u32(0xffffffff).u32(0xffffffff).u32(28);
  raw.u32(1).u32(32).u16(1).u16(0).u32(0).u16(9).u16(1).u32(9).u16(0).u16(0).u32(32);  // if_tsresol 10^-9
  const std::uint64_t ns = 3'000'000'005;
  raw.u32(6).u32(32 + 16).u32(0).u32(static_cast<std::uint32_t>(ns >> 32)).u32(static_cast<std::uint32_t>(ns));
  raw.u32(16).u32(16).bytes(16, 'y').u32(32 + 16);
  write_text(folder.file("a.pcapng"), raw.text());
  std::string error;
  EXPECT_EQ(read_pcap(folder.file("a.pcapng"), &error),
            (std::vector<TimedFrame>{{ns, std::vector<std::uint8_t>(16, 'y')}}));
  EXPECT_EQ(error, "");
}

TEST(Pcap, a_file_cut_off_names_the_packet) {
  const TemporaryFolder folder;
  const auto path = folder.file("x.pcap");
  std::vector<TimedFrame> frames(17, {1, std::vector<std::uint8_t>(60, 9)});
  write_pcap(path, frames);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 7);
  std::string error;
  EXPECT_EQ(read_pcap(path, &error).size(), 16U);
  EXPECT_TRUE(error.starts_with(path + ": packet 17: truncated dump file")) << error;
}

TEST(Pcap, a_packet_cut_by_the_snaplen_is_refused) {
  const TemporaryFolder folder;
  const auto path = folder.file("x.pcap");
  write_text(path, pcap_header(kNano).u32(0).u32(0).u32(64).u32(1514).bytes(64, 0).text());
  EXPECT_EQ(error_of(path), path + ": packet 1: only 64 of its 1514 bytes were captured; capture with snaplen 0");
}

TEST(Pcap, frames_that_no_card_can_take_are_refused) {
  const TemporaryFolder folder;
  const auto path = folder.file("x.pcap");
  write_text(path, pcap_header(kNano).u32(0).u32(0).u32(0).u32(0).text());
  EXPECT_EQ(error_of(path), path + ": packet 1: has 0 bytes, allowed 1..65535");
}

TEST(Pcap, seconds_have_no_sign) {
  const TemporaryFolder folder;
  write_text(folder.file("a.pcap"), pcap_header(kNano).u32(3'700'000'000).u32(5).u32(60).u32(60).bytes(60, 'x').text());
  EXPECT_EQ(read_pcap(folder.file("a.pcap")),
            (std::vector<TimedFrame>{{3'700'000'000'000'000'005, std::vector<std::uint8_t>(60, 'x')}}));
}

TEST(Pcap, times_that_no_clock_shows_are_refused) {
  const TemporaryFolder folder;
  const auto path = folder.file("x.pcap");
  const auto error = path + ": packet 1: has a time that no clock shows";
  for (const auto magic : {kMicro, kNano}) {
    write_text(path, pcap_header(magic).u32(5).u32(0xffffffff).u32(60).u32(60).bytes(60, 'x').text());
    EXPECT_EQ(error_of(path), error);
  }
  write_text(path, pcap_header(kMicro).u32(5).u32(1'000'000).u32(60).u32(60).bytes(60, 'x').text());
  EXPECT_EQ(error_of(path), error);
  Raw raw;  // pcapng with an if_tsoffset of -10 s, and a packet of 5 s
  raw.u32(0x0a0d0d0a).u32(28).u32(0x1a2b3c4d).u16(1).u16(0).u32(0xffffffff).u32(0xffffffff).u32(28);
  raw.u32(1).u32(36).u16(1).u16(0).u32(0).u16(14).u16(8).u32(0xfffffff6).u32(0xffffffff).u16(0).u16(0).u32(36);
  raw.u32(6).u32(48).u32(0).u32(0).u32(5'000'000).u32(16).u32(16).bytes(16, 'y').u32(48);
  write_text(path, raw.text());
  EXPECT_EQ(error_of(path), error);
}

TEST(Pcap, other_files_are_refused_in_one_line) {
  const TemporaryFolder folder;
  const auto path = folder.file("x.pcap");
  write_text(path, "[[service]]\naddress = \"any\"\nport = 80\n# long enough for a header\n");
  EXPECT_EQ(error_of(path), path + ": unknown file format");
  write_text(path, "");
  EXPECT_TRUE(error_of(path).starts_with(path + ": truncated dump file")) << error_of(path);
  write_text(path, pcap_header(kNano, 101).text());
  EXPECT_EQ(error_of(path), path + ": link type is RAW, not Ethernet");
  EXPECT_EQ(error_of(folder.file("none")), folder.file("none") + ": No such file or directory");
}

TEST(Pcap, nothing_is_left_without_commit) {
  const TemporaryFolder folder;
  {
    auto writer = PcapWriter::create(folder.file("a.pcap"));
    ASSERT_TRUE(writer);
    writer->write(0, std::vector<std::uint8_t>(60));
  }
  EXPECT_TRUE(folder.names().empty());
}

}  // namespace
}  // namespace synward::sim
