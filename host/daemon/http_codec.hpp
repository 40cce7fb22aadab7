// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api.hpp"
#include "request_head.hpp"

namespace synward {

inline constexpr int kRequestsOfConnection = 1'000;
inline constexpr std::chrono::seconds kIdleBetweenRequests{5};

/// A request that has come as a whole, and who makes it.
struct HttpRequest {
  RequestHead head;
  std::string body;
  bool admin = false;
  std::optional<std::uint32_t> uid;
  std::function<bool()> gone{};  ///< whether nobody waits for the answer any more
  bool last = false;             ///< the connection ends with the answer
};

/// The bytes of an answer to what is refused before the API sees it; the connection ends with it. `field`: a header
/// field with its end of line.
std::string fault_answer(const RequestFault& fault, std::string_view field = {});

/// Makes the bytes of answers by httplib. That is given each request as a text of what read_head() kept, and never a
/// socket: what it could do besides (ranges, compression, forms, trailers) it never hears of. Thread safe.
class HttpCodec {
 public:
  explicit HttpCodec(std::function<ApiReply(const ApiRequest&)> handle);
  HttpCodec(const HttpCodec&) = delete;
  HttpCodec& operator=(const HttpCodec&) = delete;
  ~HttpCodec();

  std::string answer(const HttpRequest& request);

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

}  // namespace synward
