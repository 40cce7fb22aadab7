// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "synward/expected.hpp"
#include "synward/sim/output_file.hpp"

struct pcap;
struct pcap_dumper;

namespace synward::sim {

/// A frame of a capture file. `bytes` is valid until the next one is read.
struct Packet {
  std::uint64_t ns = 0;  ///< since 1970
  std::span<const std::uint8_t> bytes;
};

/// Reads pcap and pcapng files, with micro- or nanoseconds, of Ethernet frames.
class PcapReader {
 public:
  /// Fails where the file cannot be read, is no capture file, or is not Ethernet.
  static Expected<PcapReader> open(const std::string& path);

  /// The next frame; nothing at the end of the file. Fails, naming file and packet (from 1), where the file is cut off
  /// or damaged, or where the packet was not captured whole, has no length that a card can take (1..65535), or a time
  /// before 1970, after February 2106 or with a second's part of a second or more.
  Expected<std::optional<Packet>> next();

  /// An error that names file and packet, of the one that next() gave last.
  Error error(std::string_view what) const;

 private:
  struct Closer {
    void operator()(pcap* handle) const;
  };
  PcapReader(std::string path, pcap* handle) : path_(std::move(path)), handle_(handle) {}

  std::string path_;
  std::unique_ptr<pcap, Closer> handle_;
  std::uint64_t packets_ = 0;
};

/// Writes a nanosecond pcap file of Ethernet frames. The file appears under its name only on commit().
class PcapWriter {
 public:
  /// Fails at once where `path` cannot be written.
  static Expected<PcapWriter> create(const std::string& path);

  /// Appends a frame. Errors of the disk show in commit().
  void write(std::uint64_t ns, std::span<const std::uint8_t> frame);
  /// Completes the file.
  Expected<void> commit();

 private:
  struct Closer {
    void operator()(pcap* handle) const;
    void operator()(pcap_dumper* dumper) const;
  };
  PcapWriter(std::string path, OutputFile file, std::unique_ptr<pcap, Closer> handle,
             std::unique_ptr<pcap_dumper, Closer> dumper);

  std::string path_;
  OutputFile file_;
  std::unique_ptr<pcap, Closer> handle_;
  std::unique_ptr<pcap_dumper, Closer> dumper_;
};

}  // namespace synward::sim
