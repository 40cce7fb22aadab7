// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace synward {

inline constexpr std::size_t kMostHead = 8'192;    ///< bytes of a request's line and fields
inline constexpr std::size_t kMostTarget = 2'048;  ///< bytes of what is asked for
inline constexpr std::size_t kMostFields = 64;
inline constexpr std::size_t kMostBody = 4'096;  ///< bytes

/// What of a request's line and fields means anything here; everything else it said is gone.
struct RequestHead {
  std::string method, target;
  std::string authorization;  ///< empty: none
  std::size_t size = 0;       ///< bytes of the head
  std::size_t body = 0;       ///< bytes of the body behind it
  bool close = false;         ///< the client wants no further request
};

/// A request that is not answered.
struct RequestFault {
  int status;  ///< of HTTP
  std::string_view why;
};

/// Nothing: the head has not come to its end yet.
using ReadHead = std::variant<std::monostate, RequestHead, RequestFault>;

/// Reads the head of the request that `bytes` begins with, as strictly as RFC 9112 allows: where two readers could
/// take its end for two places, it is refused. A body has one length in digits, or there is none.
ReadHead read_head(std::string_view bytes);

}  // namespace synward
