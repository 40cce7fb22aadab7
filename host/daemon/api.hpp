// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "card_thread.hpp"
#include "clock.hpp"
#include "lister.hpp"
#include "service_edits.hpp"
#include "settings_store.hpp"
#include "sight.hpp"
#include "synward/daemon_config.hpp"
#include "synward/expected.hpp"
#include "synward/metrics.hpp"

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
  bool incomplete = false;  ///< time was over before all was found
  bool again = false;       ///< busy: what was asked may be asked again in a second
};

/// What came of a wish for a bypass.
struct BypassChange {
  std::optional<Bypass> bypass;  ///< nothing: off
  std::string not_kept{};        ///< why it would not outlive the daemon; empty: it does
};

/// What came of a change of the services.
struct ServicesChange {
  std::vector<Service> services{};
  bool drops = false;       ///< connections in use of what is protected now are dropped until their servers speak
  std::string file{};       ///< where they were saved; empty: they were not
  std::string not_saved{};  ///< why not, where that was wanted
};

/// What the API needs of the daemon. All of it may be used by several threads at once.
struct ApiContext {
  CardThread& card;
  Books& books;
  Clock clock;
  std::string config_path;
  std::function<std::shared_ptr<const DaemonConfig>()> config;
  /// What needs a restart; an error where nothing changed. `who` stands in the log.
  std::function<Expected<std::vector<std::string>>(const std::string& who)> reload;
  /// Saves them for the daemons to come; the file's path, or why not. `who` stands in the log. Empty: nothing is saved.
  std::function<Expected<std::string>(const Sysctls&, const std::string& who)> save{};
  std::function<std::uint64_t()> log_lost{};  ///< lines of the log that could not be written; empty: none
  /// `who` stands in the log; these two are there in a daemon.
  std::function<Expected<BypassChange>(bool on, const std::string& who)> bypass{};
  std::function<Expected<ServicesChange>(const std::optional<ServiceEdit>&, bool save, const std::string& who)>
      edit_services{};
  std::function<void(Metrics&)> process{};  ///< adds what is of the process and its sockets; empty: nothing
};

/// The daemon's HTTP API, docs/host.md section 4, without HTTP. Thread safe.
class Api {
 public:
  static constexpr std::size_t kMostPublic = 1'000;  ///< lines or events in an answer, but for the admin
  /// Requests that wait for the log at once: the admin's, and those of all others, and of one user among them.
  static constexpr std::size_t kMostWaiting = 4, kMostWaitingOfOne = 2;

  explicit Api(ApiContext context);

  ApiReply handle(const ApiRequest& request);

  /// A kind of request that there is; `below`: for all paths that begin so. host/api/openapi.json describes them.
  struct Known {
    std::string_view method, path;
    bool below, admin;
  };
  static std::vector<Known> requests();

 private:
  using Handler = ApiReply (Api::*)(const ApiRequest&);
  struct Route;
  static const std::vector<Route>& routes();

  std::uint64_t log_lost() const { return context_.log_lost ? context_.log_lost() : 0; }
  ApiReply status(const ApiRequest& request);
  ApiReply stats(const ApiRequest& request);
  ApiReply metrics(const ApiRequest& request);
  ApiReply make_metrics(const ApiRequest& request, std::chrono::milliseconds patience);
  ApiReply sysctls(const ApiRequest& request);
  ApiReply sysctl(const ApiRequest& request);
  ApiReply set_sysctl(const ApiRequest& request);
  ApiReply save_sysctls(const ApiRequest& request);
  ApiReply services(const ApiRequest& request);
  ApiReply edit_services(const ApiRequest& request);
  ApiReply bypass(const ApiRequest& request);
  ApiReply set_bypass(const ApiRequest& request);
  ApiReply handoff(const ApiRequest& request);
  ApiReply links(const ApiRequest& request);
  ApiReply set_link(const ApiRequest& request);
  ApiReply syncache(const ApiRequest& request);
  ApiReply log(const ApiRequest& request);
  ApiReply events(const ApiRequest& request);
  ApiReply explain(const ApiRequest& request);
  ApiReply registers(const ApiRequest& request);
  ApiReply history(const ApiRequest& request);
  ApiReply attacks(const ApiRequest& request);
  ApiReply attack(const ApiRequest& request);
  ApiReply secrets(const ApiRequest& request);
  ApiReply rotate(const ApiRequest& request);
  ApiReply rekey(const ApiRequest& request);
  ApiReply reload(const ApiRequest& request);

  template <typename Job>
  auto on_card(const ApiRequest& request, Job job, std::chrono::milliseconds patience = std::chrono::seconds(2));
  Sight sight_of(const ApiRequest& request);
  Sight sight_of(const ApiRequest& request, bool arguments);
  bool begin_waiting(const ApiRequest& request);
  void end_waiting(const ApiRequest& request);

  ApiContext context_;
  std::chrono::milliseconds started_;
  Lister lister_;
  std::mutex metrics_mutex_;  ///< of the next four
  ApiReply metrics_;
  bool making_metrics_ = false;
  std::chrono::steady_clock::time_point metrics_tried_;
  std::optional<std::chrono::steady_clock::time_point> metrics_made_;
  std::timed_mutex explaining_;
  std::mutex waiting_mutex_;  ///< of the next two
  std::size_t admins_waiting_ = 0;
  std::map<std::optional<std::uint32_t>, std::size_t> waiting_;  ///< for the log, by user; none known: by TCP
};

}  // namespace synward
