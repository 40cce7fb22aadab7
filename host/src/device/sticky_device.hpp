// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>

#include "synward/device.hpp"
#include "synward/expected.hpp"

namespace synward {

/// A device whose transactions may fail: the first that does is remembered, and is the last.
class StickyDevice : public Device {
 public:
  std::uint32_t read32(std::uint32_t offset) final {
    constexpr std::uint32_t kAllOnes = ~std::uint32_t{0};
    if (fault_) {
      return kAllOnes;
    }
    const auto value = read(offset);
    if (!value) {
      fault_ = value.error();
      return kAllOnes;
    }
    return *value;
  }
  void write32(std::uint32_t offset, std::uint32_t value) final {
    if (fault_) {
      return;
    }
    if (const auto written = write(offset, value); !written) {
      fault_ = written.error();
    }
  }
  std::optional<Error> fault() const final { return fault_; }

 private:
  virtual Expected<std::uint32_t> read(std::uint32_t offset) = 0;
  virtual Expected<void> write(std::uint32_t offset, std::uint32_t value) = 0;

  std::optional<Error> fault_;
};

}  // namespace synward
