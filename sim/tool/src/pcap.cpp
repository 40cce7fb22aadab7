// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/pcap.hpp"

#include <fmt/format.h>
#include <pcap/pcap.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace synward::sim {

namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
constexpr std::size_t kMaxFrame = 65535;
constexpr std::int64_t kLastSecond = 0xffff'ffff;  // in 2106: what a pcap file can say

/// libpcap sometimes names the file in its message; the user should read the name once.
std::string with_path(const std::string& path, std::string_view message) {
  const std::string prefix = path + ": ";
  return message.starts_with(prefix) ? std::string(message) : prefix + std::string(message);
}

}  // namespace

void PcapReader::Closer::operator()(pcap* handle) const { pcap_close(handle); }

Expected<PcapReader> PcapReader::open(const std::string& path) {
  std::array<char, PCAP_ERRBUF_SIZE> message{};
  auto* handle = pcap_open_offline_with_tstamp_precision(path.c_str(), PCAP_TSTAMP_PRECISION_NANO, message.data());
  if (handle == nullptr) {
    return Error{with_path(path, message.data())};
  }
  PcapReader reader(path, handle);
  if (const int type = pcap_datalink(handle); type != DLT_EN10MB) {
    const char* name = pcap_datalink_val_to_name(type);
    return Error{fmt::format("{}: link type is {}, not Ethernet", path, name != nullptr ? name : std::to_string(type))};
  }
  return reader;
}

Expected<std::optional<Packet>> PcapReader::next() {
  pcap_pkthdr* header = nullptr;
  const u_char* data = nullptr;
  const int status = pcap_next_ex(handle_.get(), &header, &data);
  if (status == PCAP_ERROR_BREAK) {
    return std::optional<Packet>{};
  }
  ++packets_;
  if (status != 1) {
    return error(pcap_geterr(handle_.get()));
  }
  if (header->caplen < header->len) {
    return error(
        fmt::format("only {} of its {} bytes were captured; capture with snaplen 0", header->caplen, header->len));
  }
  if (header->caplen == 0 || header->caplen > kMaxFrame) {
    return error(fmt::format("has {} bytes, allowed 1..{}", header->caplen, kMaxFrame));
  }
  // A pcap file's seconds have no sign (pcap-savefile(5)), but libpcap gives them one. With nanosecond precision the
  // microsecond field holds nanoseconds.
  const bool pcapng = pcap_major_version(handle_.get()) == 1;
  const std::int64_t seconds = pcapng ? header->ts.tv_sec : static_cast<std::uint32_t>(header->ts.tv_sec);
  const std::int64_t ns = header->ts.tv_usec;
  if (seconds < 0 || seconds > kLastSecond || ns < 0 || ns >= static_cast<std::int64_t>(kNsPerSecond)) {
    return error("has a time that no clock shows");
  }
  return std::optional(Packet{static_cast<std::uint64_t>(seconds) * kNsPerSecond + static_cast<std::uint64_t>(ns),
                              {data, header->caplen}});
}

Error PcapReader::error(std::string_view what) const {
  return Error{fmt::format("{}: packet {}: {}", path_, packets_, what)};
}

void PcapWriter::Closer::operator()(pcap* handle) const { pcap_close(handle); }
void PcapWriter::Closer::operator()(pcap_dumper* dumper) const { pcap_dump_close(dumper); }

PcapWriter::PcapWriter(std::string path, OutputFile file, std::unique_ptr<pcap, Closer> handle,
                       std::unique_ptr<pcap_dumper, Closer> dumper)
    : path_(std::move(path)), file_(std::move(file)), handle_(std::move(handle)), dumper_(std::move(dumper)) {}

Expected<PcapWriter> PcapWriter::create(const std::string& path) {
  auto file = OutputFile::create(path);
  if (!file) {
    return file.error();
  }
  std::unique_ptr<pcap, Closer> handle(
      pcap_open_dead_with_tstamp_precision(DLT_EN10MB, static_cast<int>(kMaxFrame), PCAP_TSTAMP_PRECISION_NANO));
  auto stream = file->release_stream();
  std::unique_ptr<pcap_dumper, Closer> dumper(pcap_dump_fopen(handle.get(), stream.get()));
  if (!dumper) {
    return Error{fmt::format("{}: {}", path, pcap_geterr(handle.get()))};
  }
  static_cast<void>(stream.release());  // the dumper closes it
  return PcapWriter(path, std::move(*file), std::move(handle), std::move(dumper));
}

void PcapWriter::write(std::uint64_t ns, std::span<const std::uint8_t> frame) {
  pcap_pkthdr header{};
  header.ts.tv_sec = static_cast<time_t>(ns / kNsPerSecond);
  header.ts.tv_usec = static_cast<suseconds_t>(ns % kNsPerSecond);
  header.caplen = header.len = static_cast<bpf_u_int32>(frame.size());
  pcap_dump(reinterpret_cast<u_char*>(dumper_.get()), &header, frame.data());
}

Expected<void> PcapWriter::commit() {
  const bool failed = pcap_dump_flush(dumper_.get()) != 0 || std::ferror(pcap_dump_file(dumper_.get())) != 0;
  const int reason = errno;
  dumper_.reset();
  if (failed) {
    return Error{fmt::format("{}: cannot write: {}", path_, std::strerror(reason))};
  }
  return file_.commit();
}

}  // namespace synward::sim
