// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "card_thread.hpp"
#include "clock.hpp"
#include "synward/daemon_config.hpp"
#include "synward/expected.hpp"
#include "synward/half_open.hpp"

namespace synward {

/// A request to the daemon, and who makes it.
struct ApiRequest {
  std::string method, path;
  std::map<std::string, std::string> query;
  std::string body;
  bool admin = false;                ///< by the admin socket
  std::optional<std::uint32_t> uid;  ///< of the process that asks, told by the system; nothing: not known
  std::function<bool()> gone{};      ///< whether nobody waits for the answer any more; empty: not known
};

struct ApiReply {
  int status = 200;  ///< of HTTP
  std::string body;
  std::string type = "application/json";
};

/// What the API needs of the daemon. All of it may be used by several threads at once.
struct ApiContext {
  CardThread& card;
  Books& books;
  Clock clock;
  std::string config_path;
  std::function<std::shared_ptr<const DaemonConfig>()> config;
  /// What needs a restart; an error where nothing changed.
  std::function<Expected<std::vector<std::string>>()> reload;
};

/// The daemon's HTTP API, docs/host.md section 4, without HTTP. Thread safe.
class Api {
 public:
  static constexpr std::size_t kMostListed = 16'384;  ///< half-open connections in an answer
  static constexpr std::size_t kListedAtOnce = 64;    ///< of them; then the card's thread may do something else
  static constexpr int kMostWaiting = 4;              ///< requests that wait for the log at once

  explicit Api(ApiContext context);

  ApiReply handle(const ApiRequest& request);

 private:
  using Handler = ApiReply (Api::*)(const ApiRequest&);
  struct Route;
  static const std::vector<Route>& routes();

  ApiReply status(const ApiRequest& request);
  ApiReply stats(const ApiRequest& request);
  ApiReply metrics(const ApiRequest& request);
  ApiReply sysctls(const ApiRequest& request);
  ApiReply sysctl(const ApiRequest& request);
  ApiReply set_sysctl(const ApiRequest& request);
  ApiReply services(const ApiRequest& request);
  ApiReply syncache(const ApiRequest& request);
  std::optional<Expected<std::vector<HalfOpen>>> list(std::size_t most);
  ApiReply log(const ApiRequest& request);
  ApiReply events(const ApiRequest& request);
  ApiReply explain(const ApiRequest& request);
  ApiReply history(const ApiRequest& request);
  ApiReply secrets(const ApiRequest& request);
  ApiReply rotate(const ApiRequest& request);
  ApiReply reload(const ApiRequest& request);

  ApiContext context_;
  std::chrono::milliseconds started_;
  std::atomic<int> waiting_ = 0;
  std::timed_mutex listing_;  ///< the card knows one place to go on from
};

}  // namespace synward
