// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <xclbin.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace synward::sim {

/// A section of an xclbin.
struct AxlfSection {
  axlf_section_kind kind;
  std::string name;  ///< 15 characters at most
  std::vector<std::uint8_t> data;
};

/// What the head of an xclbin says of it.
struct AxlfHead {
  XCLBIN_MODE mode;
  std::string platform;  ///< VBNV, 63 characters at most
  std::array<std::uint8_t, 16> uuid;
};

/// The bytes of an xclbin file (XRT's xclbin.h), unsigned.
std::vector<std::uint8_t> make_axlf(const AxlfHead& head, const std::vector<AxlfSection>& sections);

}  // namespace synward::sim
