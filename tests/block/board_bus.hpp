// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "block/bench.hpp"

namespace synward::test {

using BusRequest = VlWide<3>;       ///< synward_board_req_t, 73 bits
using BusResponse = std::uint64_t;  ///< synward_axil_response_t, 41 bits

struct BusAsks {
  std::uint32_t awaddr = 0, wdata = 0, wstrb = 15, araddr = 0;
  bool awvalid = false, wvalid = false, bready = false, arvalid = false, rready = false;
};
struct BusSays {
  std::uint32_t rdata = 0, bresp = 0, rresp = 0;
  bool awready = false, wready = false, bvalid = false, arready = false, rvalid = false;
};

inline void set_asks(BusRequest& port, const BusAsks& a) {
  set_bits(port, 0, 1, a.rready);
  set_bits(port, 1, 1, a.arvalid);
  set_bits(port, 2, 16, a.araddr);
  set_bits(port, 18, 1, a.bready);
  set_bits(port, 19, 1, a.wvalid);
  set_bits(port, 20, 4, a.wstrb);
  set_bits(port, 24, 32, a.wdata);
  set_bits(port, 56, 1, a.awvalid);
  set_bits(port, 57, 16, a.awaddr);
}
inline BusAsks get_asks(const BusRequest& port) {
  BusAsks a;
  a.rready = get_bits(port, 0, 1) != 0;
  a.arvalid = get_bits(port, 1, 1) != 0;
  a.araddr = static_cast<std::uint32_t>(get_bits(port, 2, 16));
  a.bready = get_bits(port, 18, 1) != 0;
  a.wvalid = get_bits(port, 19, 1) != 0;
  a.wstrb = static_cast<std::uint32_t>(get_bits(port, 20, 4));
  a.wdata = static_cast<std::uint32_t>(get_bits(port, 24, 32));
  a.awvalid = get_bits(port, 56, 1) != 0;
  a.awaddr = static_cast<std::uint32_t>(get_bits(port, 57, 16));
  return a;
}
inline BusResponse pack_says(const BusSays& s) {
  return BusResponse{s.rvalid} | BusResponse{s.rresp} << 1 | BusResponse{s.rdata} << 3 | BusResponse{s.arready} << 35 |
         BusResponse{s.bvalid} << 36 | BusResponse{s.bresp} << 37 | BusResponse{s.wready} << 39 |
         BusResponse{s.awready} << 40;
}
inline BusSays get_says(BusResponse port) {
  BusSays s;
  s.rvalid = (port & 1) != 0;
  s.rresp = static_cast<std::uint32_t>(port >> 1 & 3);
  s.rdata = static_cast<std::uint32_t>(port >> 3);
  s.arready = (port >> 35 & 1) != 0;
  s.bvalid = (port >> 36 & 1) != 0;
  s.bresp = static_cast<std::uint32_t>(port >> 37 & 3);
  s.wready = (port >> 39 & 1) != 0;
  s.awready = (port >> 40 & 1) != 0;
  return s;
}

/// A master with one transaction at a time; a clock: drive(), settle, see(), edge.
class BusMaster {
 public:
  void write(std::uint32_t address, std::uint32_t data, std::uint32_t strobes = 15) {
    asks_.awaddr = address;
    asks_.wdata = data;
    asks_.wstrb = strobes;
    address_left_ = data_left_ = busy_ = writing_ = true;
  }
  void read(std::uint32_t address) {
    asks_.araddr = address;
    asks_.arvalid = busy_ = true;
    writing_ = false;
  }
  bool busy() const { return busy_; }
  std::uint32_t data() const { return data_; }
  std::uint32_t status() const { return status_; }

  void drive(BusRequest& port, Rng& rng) {
    if (address_left_ && rng.percent(70)) {
      asks_.awvalid = true;
      address_left_ = false;
    }
    if (data_left_ && rng.percent(70)) {
      asks_.wvalid = true;
      data_left_ = false;
    }
    asks_.bready = busy_ && writing_ && rng.percent(60);
    asks_.rready = busy_ && !writing_ && rng.percent(60);
    set_asks(port, asks_);
  }
  void see(const BusSays& says) {
    if (asks_.bready && says.bvalid) {
      status_ = says.bresp;
      busy_ = false;
    }
    if (asks_.rready && says.rvalid) {
      status_ = says.rresp;
      data_ = says.rdata;
      busy_ = false;
    }
    if (says.awready) asks_.awvalid = false;
    if (says.wready) asks_.wvalid = false;
    if (says.arready) asks_.arvalid = false;
  }

 private:
  BusAsks asks_;
  bool address_left_ = false, data_left_ = false, busy_ = false, writing_ = false;
  std::uint32_t data_ = 0, status_ = 0;
};

/// 64 words of memory that take their time, as synward_csr takes address and data together; `status` is what they
/// answer.
class BusMemory {
 public:
  std::uint32_t word(std::uint32_t address) const { return words_[address / 4 % 64]; }
  std::size_t writes() const { return writes_; }

  /// What it says in this clock.
  BusSays says(const BusAsks& asks, Rng& rng) {
    says_.awready = says_.wready = asks.awvalid && asks.wvalid && !says_.bvalid && rng.percent(40);
    says_.arready = asks.arvalid && !says_.rvalid && rng.percent(40);
    return says_;
  }
  void edge(const BusAsks& asks) {
    if (says_.bvalid && asks.bready) says_.bvalid = false;
    if (says_.rvalid && asks.rready) says_.rvalid = false;
    if (says_.awready) {
      words_[asks.awaddr / 4 % 64] = asks.wdata;
      ++writes_;
      says_.bvalid = true;
    }
    if (says_.arready) {
      says_.rdata = word(asks.araddr);
      says_.rvalid = true;
    }
  }

 private:
  std::uint32_t words_[64] = {};
  std::size_t writes_ = 0;
  BusSays says_;
};

}  // namespace synward::test
