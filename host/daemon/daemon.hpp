// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "api.hpp"
#include "attack_desk.hpp"
#include "card_thread.hpp"
#include "http_server.hpp"
#include "listeners.hpp"
#include "log_writer.hpp"
#include "password.hpp"
#include "settings_store.hpp"
#include "synward/daemon_config.hpp"
#include "synward/expected.hpp"
#include "tls.hpp"

namespace synward {

/// synwardd without its process: the card's thread, the log's, and the API's servers. Thread safe.
class Daemon {
 public:
  struct Settings {
    std::string config_path;
    /// Opens the card's device: open_device(), but for tests.
    OpenDevice open;
    Clock clock{};
  };

  /// Listens, sets the card up, and serves. Errors: those of Listeners, the log's file, and CardKeeper::start().
  static Expected<std::unique_ptr<Daemon>> start(DaemonConfig config, Settings settings);

  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;
  Daemon(Daemon&&) = delete;
  Daemon& operator=(Daemon&&) = delete;
  /// Ends all threads. The card goes on.
  ~Daemon();

  /// What would keep a daemon from starting with this configuration, as far as that can be told without touching
  /// anything.
  static Expected<void> check(const DaemonConfig& config);

  /// Opens the log anew, whatever the file says; then reads the file again. What needs a restart is returned and
  /// logged, with `who`; an error is logged, and nothing has changed.
  Expected<std::vector<std::string>> reload(const std::string& who);

  /// For how long the card's thread has not come by.
  std::chrono::milliseconds silent_for() const { return card_->silent_for(); }
  void say(LogLevel level, std::string text);

 private:
  Daemon(DaemonConfig config, Settings settings, Listeners listeners);

  KeptSettings kept_settings();
  Expected<BypassChange> set_bypass(bool on, const std::string& who);
  Expected<ServicesChange> edit_services(const std::optional<ServiceEdit>& edit, bool save, const std::string& who);
  Expected<std::shared_ptr<DaemonConfig>> with_services(std::vector<Service> services) const;
  void take(std::shared_ptr<DaemonConfig> config);
  void take_services(const std::vector<Service>& services);
  void open_desk();
  Expected<std::string> save(const Sysctls& values, const std::string& who);
  void add_metrics(Metrics& metrics) const;
  Expected<void> read_access();
  void serve();
  void add_server(HttpServer::Settings settings, const std::string& name, bool only_metrics);
  void reopen_log();
  Expected<std::vector<std::string>> try_reload();
  std::shared_ptr<const DaemonConfig> config() const;

  Settings settings_;
  mutable std::mutex config_mutex_;
  std::shared_ptr<const DaemonConfig> config_;
  std::optional<std::vector<Service>>
      held_;                 ///< what the card's thread makes of the services, with those it has learned
  std::mutex reload_mutex_;  ///< one at a time, of reloads and of the next two
  std::vector<Service> configured_;
  ServiceEdits edits_;
  Books books_;
  std::unique_ptr<LogWriter> writer_;
  Listeners listeners_;
  std::chrono::milliseconds started_;  ///< Unix time
  SettingsStore store_;
  std::unique_ptr<AttackDesk> desk_;
  std::unique_ptr<CardThread> card_;
  std::unique_ptr<Api> api_;
  std::optional<TlsContext> tls_;
  std::optional<Password> password_;
  std::vector<std::unique_ptr<HttpServer>> servers_;
};

}  // namespace synward
