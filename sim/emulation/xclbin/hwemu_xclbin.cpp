// SPDX-License-Identifier: BSD-2-Clause
// synward-xclbin SIMULATE_SH FILE: makes the xclbin of the emulated card, whose simulator the script starts.
#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <iterator>
#include <span>

#include "axlf.hpp"
#include "synward/device.hpp"
#include "synward/sim/hwemu_layout.hpp"
#include "zip.hpp"

namespace {

using namespace synward::sim;
using Bytes = std::vector<std::uint8_t>;

constexpr const char* kPlatform = "xilinx_u55c_gen3x16_xdma_3_202210_1";

/// The head of a table up to its first entry, then its entries.
template <typename Table, typename Entry>
Bytes table_of(const Table& table, std::span<const Entry> entries, std::size_t first_entry) {
  Bytes bytes(first_entry + entries.size_bytes());
  std::memcpy(bytes.data(), &table, first_entry);
  std::memcpy(bytes.data() + first_entry, entries.data(), entries.size_bytes());
  return bytes;
}
template <typename Table, typename Entry>
Bytes table_of(const Table& table, const Entry& entry, std::size_t first_entry) {
  return table_of(table, std::span(&entry, 1), first_entry);
}

Bytes make_ip_layout() {
  ip_layout table{};
  table.m_count = hwemu::kKernels.size();
  std::array<ip_data, hwemu::kKernels.size()> ips{};
  for (std::size_t i = 0; i < ips.size(); ++i) {
    const auto& kernel = hwemu::kKernels.at(i);
    ip_data& ip = ips.at(i);
    ip.m_type = IP_KERNEL;
    ip.properties = AP_CTRL_NONE << IP_CONTROL_SHIFT;  // registers alone: nobody starts it
    ip.m_base_address = kernel.base;
    const auto name = fmt::format("{}:{}", kernel.name, kernel.instance);
    std::memcpy(ip.m_name, name.data(), name.size());
  }
  return table_of(table, std::span<const ip_data>(ips), offsetof(ip_layout, m_ip_data));
}

// XRT wants memory, a connection to it and clocks of every xclbin; a Synward card has none of the first two.
Bytes make_mem_topology() {
  mem_topology table{};
  table.m_count = 1;
  mem_data bank{};
  bank.m_type = MEM_DDR4;
  bank.m_used = 1;
  bank.m_size = 16 * 1024;
  std::memcpy(bank.m_tag, "DDR[0]", 6);
  return table_of(table, bank, offsetof(mem_topology, m_mem_data));
}

Bytes make_connectivity() {
  connectivity table{};
  table.m_count = 1;
  return table_of(table, connection{}, offsetof(connectivity, m_connection));
}

Bytes make_clocks() {
  clock_freq_topology table{};
  table.m_count = 1;
  clock_freq clock{};
  clock.m_freq_Mhz = 322;
  clock.m_type = CT_DATA;
  std::memcpy(clock.m_name, "DATA_CLK", 8);
  return table_of(table, clock, offsetof(clock_freq_topology, m_clock_freq));
}

Bytes make_metadata() {
  std::string kernels;
  for (const auto& kernel : hwemu::kKernels) {
    kernels += fmt::format(
        R"(        <kernel name="{0}" language="ip_c" hwControlProtocol="user_managed">
          <port name="S_AXI_CONTROL" mode="slave" range="{2:#x}" dataWidth="32" portType="addressable" base="0x0"/>
          <instance name="{1}"><addrRemap base="{3:#x}" range="{2:#x}" port="S_AXI_CONTROL"/></instance>
        </kernel>
)",
        kernel.name, kernel.instance, synward::kRegisterSpace, kernel.base);
  }
  const auto text = fmt::format(
      R"(<?xml version="1.0" encoding="UTF-8"?>
<project name="synward">
  <platform vendor="xilinx" boardid="u55c" name="gen3x16_xdma_3">
    <device name="fpga0" fpgaDevice="virtexuplusHBM:xcu55c:fsvh2892:-2L:e">
      <core name="OCL_REGION_0" target="hw_em" type="clc_region">
{}      </core>
    </device>
  </platform>
</project>
)",
      kernels);
  return {text.begin(), text.end()};
}

Bytes make_xclbin(const Bytes& simulate_sh) {
  // Any UUID does, as long as another xclbin has another.
  const AxlfHead head{
      XCLBIN_HW_EMU, kPlatform, {'S', 'Y', 'N', 'W', 'A', 'R', 'D', '-', 'h', 'w', '_', 'e', 'm', 'u', 0, 1}};
  return make_axlf(head, {{EMBEDDED_METADATA, "EMBEDDED", make_metadata()},
                          {IP_LAYOUT, "ip_layout", make_ip_layout()},
                          {MEM_TOPOLOGY, "mem_topology", make_mem_topology()},
                          {CONNECTIVITY, "connectivity", make_connectivity()},
                          {CLOCK_FREQ_TOPOLOGY, "clock", make_clocks()},
                          {BITSTREAM, "bitstream", zip_of("behav_waveform/xsim/simulate.sh", simulate_sh)}});
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: synward-xclbin SIMULATE_SH FILE\n");
    return 2;
  }
  std::ifstream in(argv[1], std::ios::binary);
  const Bytes script((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const auto xclbin = make_xclbin(script);
  std::ofstream out(argv[2], std::ios::binary);
  out.write(reinterpret_cast<const char*>(xclbin.data()), static_cast<std::streamsize>(xclbin.size()));
  out.close();
  if (!in || !out) {
    fmt::print(stderr, "synward-xclbin: cannot {} {}\n", in ? "write" : "read", in ? argv[2] : argv[1]);
    return 1;
  }
  return 0;
}
