// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <tuple>

namespace synward::test {

/// What an AXI4-Lite master drives.
struct AxiLiteRequest {
  std::uint16_t awaddr = 0, araddr = 0;
  std::uint32_t wdata = 0;
  bool awvalid = false, wvalid = false, bready = false, arvalid = false, rready = false;

  auto fields() const { return std::tie(awaddr, araddr, wdata, awvalid, wvalid, bready, arvalid, rready); }
  bool operator==(const AxiLiteRequest& other) const { return fields() == other.fields(); }
};

/// What an AXI4-Lite slave drives. Responses are always OKAY.
struct AxiLiteResponse {
  std::uint32_t rdata = 0;
  bool awready = false, wready = false, bvalid = false, arready = false, rvalid = false;

  auto fields() const { return std::tie(rdata, awready, wready, bvalid, arready, rvalid); }
  bool operator==(const AxiLiteResponse& other) const { return fields() == other.fields(); }
};

}  // namespace synward::test
