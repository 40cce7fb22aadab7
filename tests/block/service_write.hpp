// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "block/rtl_records.hpp"
#include "reference/registers.hpp"

namespace synward::test {

/// How the registers write an entry of the service table.
inline ServiceWriteRecord service_write(std::size_t index, const reference::Service& service) {
  return {.write = true,
          .index = static_cast<std::uint8_t>(index),
          .valid = service.valid,
          .addr = service.address,
          .any = service.any,
          .match4 = service.v4,
          .match6 = service.v6,
          .port = service.port,
          .service = service.answer};
}

}  // namespace synward::test
