// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "synward/expected.hpp"

namespace synward::tool {

/// What the daemon answered.
struct ApiReply {
  int status = 0;           ///< of HTTP
  std::string body;         ///< text, or JSON
  bool incomplete = false;  ///< time was over before all was found
};

/// Asks synwardd over one of its unix sockets.
class ApiClient {
 public:
  /// `socket` empty: $SYNWARD_SOCKET, else the admin socket where this user may write to it, else the public one.
  explicit ApiClient(std::string socket);
  ApiClient(const ApiClient&) = delete;
  ApiClient& operator=(const ApiClient&) = delete;
  ~ApiClient();

  const std::string& socket() const { return socket_; }

  /// One request; `path` begins with /v1/. GET and PUT are asked again, for up to 10 s, of a daemon that is busy and
  /// says so (Retry-After, RFC 9110 10.2.3), unless they are not `patient`. Errors: nobody listens there, no answer
  /// within 10 s (with wait_s in the query: 70 s).
  Expected<ApiReply> get(const std::string& path, bool patient = true);
  Expected<ApiReply> put(const std::string& path, const std::string& body);
  Expected<ApiReply> post(const std::string& path, const std::string& body = {});

  /// The body of a successful GET; what the daemon has against it otherwise.
  Expected<std::string> get_text(const std::string& path, bool patient = true);
  Expected<nlohmann::json> get_json(const std::string& path, bool patient = true);

 private:
  struct Http;
  std::string socket_;
  std::unique_ptr<Http> http_;
};

/// The admin socket that a daemon's configuration names. Errors: "FILE: why", "FILE:LINE: what".
Expected<std::string> admin_socket_of(const std::string& config_path);

/// A name as a part of a path: what is no letter, digit, point, dash or underline becomes %XX.
std::string path_part(const std::string& name);

/// The daemon's `error` of a reply that is no success.
Error error_of(const ApiReply& reply);

}  // namespace synward::tool
