// SPDX-License-Identifier: BSD-2-Clause
#include "daemon.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <exception>
#include <utility>

namespace synward {

namespace {

constexpr std::chrono::seconds kReloadPatience{10};

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
  auto keeper = CardKeeper::start(*daemon->config_, daemon->settings_.open, daemon->settings_.clock, daemon->books_);
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
      listeners_(std::move(listeners)) {}

Daemon::~Daemon() {
  books_.log.close();
  servers_.clear();
  card_.reset();
}

void Daemon::serve() {
  api_ = std::make_unique<Api>(ApiContext{*card_, books_, settings_.clock, settings_.config_path,
                                          [this] { return config(); }, [this] { return reload(); }});
  const auto handle = [this](const ApiRequest& request) { return api_->handle(request); };
  using Server = HttpServer::Settings;
  servers_.push_back(std::make_unique<HttpServer>(Server{listeners_.admin.fd(), true, true}, handle));
  servers_.push_back(std::make_unique<HttpServer>(Server{listeners_.everyone.fd(), false, true}, handle));
  if (listeners_.tcp) {
    servers_.push_back(std::make_unique<HttpServer>(Server{listeners_.tcp->get(), false, false}, handle));
  }
}

std::shared_ptr<const DaemonConfig> Daemon::config() const {
  const std::lock_guard lock(config_mutex_);
  return config_;
}

void Daemon::say(LogLevel level, std::string text) {
  books_.log.add({seconds(settings_.clock.unix()), level, std::move(text)});
}

Expected<std::vector<std::string>> Daemon::reload() {
  const std::lock_guard lock(reload_mutex_);
  auto done = try_reload();
  if (!done) {
    say(LogLevel::warning, "not reloaded: " + done.error().text);
  } else if (done->empty()) {
    say(LogLevel::notice, "reloaded " + settings_.config_path);
  } else {
    say(LogLevel::notice,
        fmt::format("reloaded {}; a restart is needed for {}", settings_.config_path, fmt::join(*done, ", ")));
  }
  return done;
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
  auto config = std::make_shared<DaemonConfig>(std::move(*fresh));
  const auto done = card_->call([config](CardKeeper& card) { return card.reload(*config); }, kReloadPatience);
  if (!done) {
    return Error{"the card's thread is behind, try again"};
  }
  if (!*done) {
    return done->error();
  }
  writer_->replace_sink(std::move(*sink));
  // What goes on as it was is shown as it was.
  const auto before = this->config();
  config->device = before->device;
  config->api = before->api;
  const std::lock_guard lock(config_mutex_);
  config_ = std::move(config);
  return **done;
}

}  // namespace synward
