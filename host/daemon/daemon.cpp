// SPDX-License-Identifier: BSD-2-Clause
#include "daemon.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <filesystem>
#include <utility>

#include "process_metrics.hpp"
#include "synward/attack_text.hpp"

namespace synward {

namespace {

constexpr std::chrono::seconds kReloadPatience{10};

/// Whether a log could be written there.
Expected<void> check_log(const LogSettings& settings) {
  if (settings.target != LogSettings::Target::file) {
    return {};
  }
  std::error_code ignored;
  const auto status = std::filesystem::symlink_status(settings.path, ignored);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    return Error{settings.path + ": is not a regular file"};
  }
  const auto folder = std::filesystem::path(settings.path).parent_path();
  const auto place = std::filesystem::exists(status) ? settings.path : folder.empty() ? "." : folder.string();
  return access(place.c_str(), W_OK) == 0 ? Expected<void>()
                                          : Error{fmt::format("{}: {}", settings.path, std::strerror(errno))};
}

/// Whether a program could be run that the configuration names.
Expected<void> check_command(const std::vector<std::string>& command) {
  if (command.empty()) {
    return {};
  }
  const auto& path = command.front();
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored) && !std::filesystem::is_regular_file(path, ignored)) {
    return Error{path + ": is not a regular file"};
  }
  return access(path.c_str(), X_OK) == 0 ? Expected<void>() : Error{fmt::format("{}: {}", path, std::strerror(errno))};
}

}  // namespace

Expected<std::unique_ptr<Daemon>> Daemon::start(DaemonConfig config, Settings settings) {
  auto listeners = Listeners::open(config.api);
  if (!listeners) {
    return listeners.error();
  }
  auto sink = open_log_sink(config.log);
  if (!sink) {
    return sink.error();
  }
  std::unique_ptr<Daemon> daemon(new Daemon(std::move(config), std::move(settings), std::move(*listeners)));
  daemon->writer_ = std::make_unique<LogWriter>(daemon->books_.log, std::move(*sink));
  if (auto read = daemon->read_access(); !read) {
    return read.error();
  }
  daemon->open_desk();
  auto kept = daemon->kept_settings();
  auto keeper = CardKeeper::start(*daemon->config_, daemon->settings_.open, daemon->settings_.clock, daemon->books_,
                                  std::move(kept));
  if (!keeper) {
    return keeper.error();
  }
  daemon->card_ = std::make_unique<CardThread>(std::move(*keeper), daemon->settings_.clock);
  daemon->serve();
  return daemon;
}

Daemon::Daemon(DaemonConfig config, Settings settings, Listeners listeners)
    : settings_(std::move(settings)),
      config_(std::make_shared<const DaemonConfig>(std::move(config))),
      listeners_(std::move(listeners)),
      started_(settings_.clock.unix()),
      store_(config_->state_folder) {}

Daemon::~Daemon() {
  // All are told before any is waited for.
  books_.log.close();
  for (const auto& server : servers_) {
    server->end();
  }
  if (card_) {
    card_->end();
  }
  servers_.clear();
  if (card_) {
    card_.reset();
    store_.forget_kept();
  }
  desk_.reset();
}

void Daemon::open_desk() {
  auto found = AttackDesk::find(config_->state_folder);
  if (found) {
    for (const auto& end : books_.attacks.restore(std::move(*found))) {
      books_.log.add(attack_line(end, seconds(settings_.clock.unix())));
    }
  } else {
    say(LogLevel::notice, "not taken: " + found.error().text);
  }
  desk_ = std::make_unique<AttackDesk>(
      books_.attacks, config_->state_folder, [this] { return config()->attack; },
      [this](LogLevel level, std::string text, std::string for_others) {
        LogLine line{seconds(settings_.clock.unix()), level, std::move(text)};
        line.for_others = std::move(for_others);
        books_.log.add(std::move(line));
      });
}

KeptSettings Daemon::kept_settings() {
  auto found = store_.find();
  for (auto& words : found.words) {
    say(LogLevel::notice, std::move(words));
  }
  configured_ = config_->services;
  edits_ = std::move(found.services);
  if (auto config = with_services(edits_.applied(configured_))) {
    take(std::move(*config));
  } else {
    say(LogLevel::warning, "services of run time are not taken: " + config.error().text);
    edits_ = {};
  }
  return {found.values,
          [this](const Sysctls& values) {
            if (const auto kept = store_.keep(values); !kept) {
              say(LogLevel::warning, "settings would not outlive a sudden end: " + kept.error().text);
            }
          },
          std::move(found.bypass), [this](const std::vector<Service>& services) { take_services(services); }};
}

Expected<BypassChange> Daemon::set_bypass(bool on, const std::string& who) {
  const std::lock_guard lock(reload_mutex_);
  const auto done = card_->call(
      [on, who](CardKeeper& card) {
        auto set = card.set_bypass(on, who);
        return std::pair(std::move(set), card.bypass());
      },
      kReloadPatience, true);
  if (!done) {
    return Error{kThreadIsBehind};
  }
  const auto& [set, bypass] = *done;
  if (!set) {
    return set.error();
  }
  const auto kept = store_.keep(bypass);
  if (!kept) {
    say(LogLevel::warning, "the bypass would not outlive the daemon: " + kept.error().text);
  }
  return BypassChange{bypass, kept ? std::string() : kept.error().text};
}

/// The configuration with other services, and their owners.
Expected<std::shared_ptr<DaemonConfig>> Daemon::with_services(std::vector<Service> services) const {
  auto config = std::make_shared<DaemonConfig>(*this->config());
  for (const auto& service : services) {
    if (service.owner.empty() || config->users.contains(service.owner)) {
      continue;
    }
    const auto id = user_id(service.owner);
    if (!id) {
      return Error{fmt::format("owner: there is no user \"{}\"", service.owner)};
    }
    config->users[service.owner] = *id;
  }
  config->services = std::move(services);
  return config;
}

Expected<ServicesChange> Daemon::edit_services(const std::optional<ServiceEdit>& edit, bool save,
                                               const std::string& who) {
  const std::lock_guard lock(reload_mutex_);
  ServicesChange change;
  if (edit) {
    using enum ServiceEdit::What;
    const auto place = place_of(edit->service);
    const auto held = this->config();
    const auto at = std::ranges::find_if(held->services, [&](const Service& one) { return place.is(one); });
    if (edit->what != add && at != held->services.end() && at->learned) {
      return Error{fmt::format("{}: was learned from its server; add it to say yourself what it is", to_string(place))};
    }
    auto edits = edits_;
    if (auto made = edits.make(*edit, configured_); !made) {
      return made.error();
    }
    auto config = with_services(edits.applied(configured_));
    if (!config) {
      return config.error();
    }
    const auto services = (*config)->services;
    const auto done = card_->call(
        [services](CardKeeper& card) {
          auto set = card.set_services(services);
          return std::pair(std::move(set), card.clearing_drops());
        },
        kReloadPatience, true);
    if (!done) {
      return Error{kThreadIsBehind};
    }
    if (!done->first) {
      return done->first.error();
    }
    take(std::move(*config));
    edits_ = std::move(edits);
    change.drops = done->second && (edit->what == protect || edit->what == add) &&
                   (edit->what == protect || edit->service.mode == ServiceMode::protect);
    static constexpr std::array<std::string_view, 4> kDone{"added", "deleted", "passes", "protected"};
    say(LogLevel::notice, fmt::format("service {}: {} ({})", to_string(place_of(edit->service)),
                                      kDone[static_cast<std::size_t>(edit->what)], who));
    if (const auto kept = store_.keep(edits_); !kept) {
      say(LogLevel::warning, "services would not outlive a sudden end: " + kept.error().text);
    }
  }
  if (save) {
    auto saved = store_.save(edits_);
    say(saved ? LogLevel::notice : LogLevel::warning,
        saved ? fmt::format("services saved in {} ({})", *saved, who)
              : fmt::format("services not saved: {} ({})", saved.error().text, who));
    if (saved) {
      change.file = std::move(*saved);
    } else {
      change.not_saved = saved.error().text;
    }
  }
  change.services = config()->services;
  return change;
}

/// What holds is the card's thread to say, as soon as it has said anything.
void Daemon::take(std::shared_ptr<DaemonConfig> config) {
  const std::lock_guard lock(config_mutex_);
  if (held_) {
    config->services = *held_;
  }
  config_ = std::move(config);
}

void Daemon::take_services(const std::vector<Service>& services) {
  const std::lock_guard lock(config_mutex_);
  held_ = services;
  auto config = std::make_shared<DaemonConfig>(*config_);
  config->services = services;
  config_ = std::move(config);
}

Expected<std::string> Daemon::save(const Sysctls& values, const std::string& who) {
  auto saved = store_.save(values);
  say(saved ? LogLevel::notice : LogLevel::warning,
      saved ? fmt::format("settings saved in {} ({})", *saved, who)
            : fmt::format("settings not saved: {} ({})", saved.error().text, who));
  return saved;
}

Expected<void> Daemon::read_access() {
  const auto& api = config_->api;
  if (api.tls) {
    auto tls = TlsContext::load(*api.tls);
    if (!tls) {
      return tls.error();
    }
    tls_ = std::move(*tls);
  }
  if (!api.password_file.empty()) {
    auto password = Password::read(api.password_file);
    if (!password) {
      return password.error();
    }
    password_ = std::move(*password);
  }
  return {};
}

void Daemon::serve() {
  api_ = std::make_unique<Api>(ApiContext{
      *card_, books_, settings_.clock, settings_.config_path, [this] { return config(); },
      [this](const std::string& who) { return reload(who); },
      [this](const Sysctls& values, const std::string& who) { return save(values, who); },
      [this] { return writer_->lost(); }, [this](bool on, const std::string& who) { return set_bypass(on, who); },
      [this](const std::optional<ServiceEdit>& edit, bool save, const std::string& who) {
        return edit_services(edit, save, who);
      },
      [this](Metrics& metrics) { add_metrics(metrics); }});
  using enum HttpServer::Door;
  add_server({.fd = listeners_.admin.fd(), .door = admin}, "admin socket", false);
  add_server({.fd = listeners_.everyone.fd(), .door = people}, "public socket", false);
  if (listeners_.tcp) {
    add_server({.fd = listeners_.tcp->get(),
                .door = tcp,
                .tls = tls_ ? &*tls_ : nullptr,
                .password = password_ ? &*password_ : nullptr},
               "TCP port", !config_->api.tcp_reads);
  }
}

void Daemon::add_metrics(Metrics& metrics) const {
  // The servers, in the order of their making.
  const auto of = [this](std::size_t server) {
    return server < servers_.size() && servers_[server] ? servers_[server]->metrics() : DoorMetrics();
  };
  metrics.admin = of(0);
  metrics.everyone = of(1);
  metrics.tcp = of(2);
  metrics.process = process_metrics();
  metrics.process.started = started_;
}

void Daemon::add_server(HttpServer::Settings settings, const std::string& name, bool only_metrics) {
  settings.crowded = [this, name](std::uint64_t count) {
    say(LogLevel::warning, fmt::format("the {} is crowded: {} connections made way for others", name, count));
  };
  servers_.push_back(std::make_unique<HttpServer>(std::move(settings), [this, only_metrics](const ApiRequest& request) {
    if (only_metrics && request.path != "/metrics") {
      return ApiReply{403, R"({"error":"only /metrics here; tcp_serves in [api] of the configuration allows more"})"};
    }
    return api_->handle(request);
  }));
}

std::shared_ptr<const DaemonConfig> Daemon::config() const {
  const std::lock_guard lock(config_mutex_);
  return config_;
}

void Daemon::say(LogLevel level, std::string text) {
  books_.log.add({seconds(settings_.clock.unix()), level, std::move(text)});
}

Expected<std::vector<std::string>> Daemon::reload(const std::string& who) {
  const std::lock_guard lock(reload_mutex_);
  reopen_log();
  auto done = try_reload();
  if (!done) {
    for (const auto& more : done.error().more) {
      say(LogLevel::warning, "not reloaded: " + more);
    }
    say(LogLevel::warning, fmt::format("not reloaded: {} ({})", done.error().text, who));
  } else if (done->empty()) {
    say(LogLevel::notice, fmt::format("reloaded {} ({})", settings_.config_path, who));
  } else {
    say(LogLevel::notice, fmt::format("reloaded {}; a restart is needed for {} ({})", settings_.config_path,
                                      fmt::join(*done, ", "), who));
  }
  return done;
}

/// The file was moved away perhaps, and whether the configuration is right just now has nothing to do with it.
void Daemon::reopen_log() {
  auto sink = open_log_sink(config()->log);
  if (sink) {
    writer_->replace_sink(std::move(*sink));
  } else {
    say(LogLevel::warning, "the log goes on in the old file: " + sink.error().text);
  }
}

Expected<void> Daemon::check(const DaemonConfig& config) {
  ErrorList errors;
  const auto look = [&errors](const auto& done) {
    if (!done) {
      errors.add(done.error());
    }
  };
  look(SecretKeeper::make(config.secrets));
  look(AgentBook::read_peers(config.handoff));
  if (config.api.tls) {
    look(TlsContext::load(*config.api.tls));
  }
  if (!config.api.password_file.empty()) {
    look(Password::read(config.api.password_file));
  }
  if (const auto* xrt = std::get_if<XrtDeviceConfig>(&config.device);
      xrt != nullptr && access(xrt->xclbin.c_str(), R_OK) != 0) {
    errors.add(Error{fmt::format("{}: {}", xrt->xclbin, std::strerror(errno))});
  }
  look(check_command(config.attack.command));
  look(check_log(config.log));
  return errors.empty() ? Expected<void>() : errors.error();
}

Expected<std::vector<std::string>> Daemon::try_reload() {
  auto fresh = load_daemon_config(settings_.config_path);
  if (!fresh) {
    return fresh.error();
  }
  auto sink = open_log_sink(fresh->log);
  if (!sink) {
    return sink.error();
  }
  auto edits = edits_;
  edits.forget(fresh->services);
  auto configured = fresh->services;
  auto config = std::make_shared<DaemonConfig>(std::move(*fresh));
  config->services = edits.applied(configured);
  for (const auto& service : config->services) {
    // Owners of what was added at run time are none of the file's.
    if (const auto id = service.owner.empty() ? std::nullopt : user_id(service.owner)) {
      config->users[service.owner] = *id;
    }
  }
  const auto done = card_->call([config](CardKeeper& card) { return card.reload(*config); }, kReloadPatience);
  if (!done) {
    return Error{kThreadIsBehind};
  }
  if (!*done) {
    return done->error();
  }
  writer_->replace_sink(std::move(*sink));
  // What goes on as it was is shown as it was.
  const auto before = this->config();
  config->device = before->device;
  config->api = before->api;
  take(std::move(config));
  configured_ = std::move(configured);
  edits_ = std::move(edits);
  if (const auto kept = store_.keep(edits_); !kept) {
    say(LogLevel::warning, "services would not outlive a sudden end: " + kept.error().text);
  }
  return **done;
}

}  // namespace synward
