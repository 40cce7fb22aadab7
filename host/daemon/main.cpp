// SPDX-License-Identifier: BSD-2-Clause
// The daemon's process: arguments, signals, systemd.
#include <fmt/format.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sysexits.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <filesystem>
#include <string>
#include <system_error>

#include "daemon.hpp"
#include "service_manager.hpp"
#include "synward/daemon_config.hpp"
#include "synward/device_config.hpp"
#include "synward/printable.hpp"
#include "synward/toml_reader.hpp"

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLookAround{1'000};
/// A card's thread that has not come by for so long is stuck. Loading a bitstream takes seconds.
constexpr std::chrono::seconds kStuck{60};

int fail(const std::string& text, int status = EXIT_FAILURE) {
  fmt::print(stderr, "synwardd: {}\n", synward::one_line(text));
  return status;
}

int fail(const synward::Error& error, int status = EXIT_FAILURE) {
  fail(error.text);
  for (const auto& more : error.more) {
    fail(more);
  }
  return status;
}

/// Keys are never dumped, whatever memory they pass through.
void forbid_dumps() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
}

/// Many threads make answers now and then. With a heap for each, what those leave behind would add up.
void share_heaps() {
  constexpr int kHeaps = 2;
  mallopt(M_ARENA_MAX, kHeaps);
  // What is large goes back to the system at once; by itself the threshold would grow with each that does.
  constexpr int kLarge = 256 * 1024;
  mallopt(M_MMAP_THRESHOLD, kLarge);
}

/// Every thread inherits this: signals are waited for in main alone.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int one : {SIGHUP, SIGTERM, SIGINT}) {
    sigaddset(&signals, one);
  }
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

/// Until SIGTERM or SIGINT.
void attend(synward::Daemon& daemon, const sigset_t& signals) {
  namespace systemd = synward::service_manager;
  const auto watchdog = systemd::watchdog();
  const auto step = std::min(kLookAround, watchdog.value_or(kLookAround) / 2);
  const timespec wait{step.count() / 1000, step.count() % 1000 * 1'000'000};
  while (true) {
    const int signal = sigtimedwait(&signals, nullptr, &wait);
    if (signal == SIGTERM || signal == SIGINT) {
      systemd::stopping();
      return;
    }
    if (signal == SIGHUP) {
      systemd::reloading();
      const auto done = daemon.reload("SIGHUP");
      systemd::ready(done ? "reloaded" : "not reloaded: " + done.error().text);
    }
    if (watchdog && daemon.silent_for() < kStuck) {
      systemd::alive();
    }
  }
}

int run(const std::string& path, const sigset_t& signals) {
  auto config = synward::load_daemon_config(path);
  if (!config) {
    return fail(config.error(), EX_CONFIG);
  }
  const auto device = config->device;
  auto daemon =
      synward::Daemon::start(std::move(*config), {path, [device] { return synward::open_device(device); }, {}});
  if (!daemon) {
    return fail(daemon.error().text);
  }
  synward::service_manager::ready("serving " + synward::to_string(device));
  attend(**daemon, signals);
  return 0;
}

int check(const std::string& path) {
  const auto config = synward::load_daemon_config(path);
  if (!config) {
    return fail(config.error(), EX_CONFIG);
  }
  if (const auto startable = synward::Daemon::check(*config); !startable) {
    return fail(startable.error(), EX_CONFIG);
  }
  for (const auto& warning : config->warnings) {
    fmt::print("{}\n", synward::one_line(warning));
  }
  fmt::print("{}: right\n", path);
  return 0;
}

/// For a unit's ExecCondition=: whether there is a card to own. What else may be wrong is for the start to say.
int configured(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    return fail(fmt::format("{}: there is none yet: write one (synwardd.toml(5)), then start synwardd again", path));
  }
  const auto table = synward::load_toml(path);
  return table && !table->contains("device")
             ? fail(fmt::format("{}: no [device] yet: say there which card, then start synwardd again", path))
             : 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Owns a Synward card: sets it up, rotates its secrets, logs its events, serves its figures", "synwardd"};
  std::string path = "/etc/synward/synwardd.toml";
  bool only_check = false, only_configured = false;
  app.add_option("--config", path, "What to do, see synwardd.toml(5)")->capture_default_str();
  app.add_flag("--check", only_check, "Only read the configuration and say whether it is right");
  app.add_flag("--configured", only_configured, "Only say, by the exit status, whether the configuration names a card");
  app.set_version_flag("--version", "synwardd " SYNWARD_VERSION);
  app.footer(
      "SIGHUP reads the configuration again; SIGTERM ends the daemon, and the card goes on.\nManual: synwardd(8)");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    return fail(std::string(error.what()) + "; see synwardd --help", EX_USAGE);
  }
  if (only_configured) {
    return configured(path);
  }
  if (only_check) {
    return check(path);
  }
  forbid_dumps();
  share_heaps();
  const auto signals = block_signals();
  try {
    return run(path, signals);
  } catch (const std::exception& error) {
    return fail(error.what());
  }
}
