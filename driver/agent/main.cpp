// SPDX-License-Identifier: BSD-2-Clause
// The command line of synward-agent: the server's side of the hand-off.
#include <fmt/format.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sysexits.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <exception>
#include <optional>
#include <string>

#include "channel.hpp"
#include "metrics_file.hpp"
#include "pins.hpp"
#include "synward/driver/kernel.hpp"
#include "synward/driver/listeners.hpp"
#include "synward/driver/program.hpp"
#include "synward/driver/server.hpp"
#include "synward/file_descriptor.hpp"
#include "synward/handoff_secrets.hpp"
#include "synward/printable.hpp"
#include "texts.hpp"

namespace {

using namespace synward::driver;  // NOLINT(google-build-using-namespace): this is its program
using synward::Error;
using synward::Expected;

constexpr const char* kExample = R"(Example:
  synward-agent check --fix
  synward-agent run --interface eth0 --key-file /etc/synward/handoff.key
  synward-agent listeners --toml >> synwardd.toml
Manual: synward-agent(8))";

constexpr unsigned kMetricsEvery = 5;  ///< s

struct Options {
  std::string interface, key_file, former_key_file, channel_key_file, former_channel_key_file, metrics;
  std::string pins = "/sys/fs/bpf/synward";
  bool json = false, toml = false, fix = false;
};

int fail(const std::string& text, int status = EXIT_FAILURE) {
  fmt::print(stderr, "synward-agent: {}\n", synward::one_line(text));
  return status;
}

void say(const std::string& text) { fmt::print(stderr, "synward-agent: {}\n", synward::one_line(text)); }

Expected<unsigned> index_of(const std::string& interface) {
  const unsigned index = if_nametoindex(interface.c_str());
  if (index == 0) return Error{fmt::format("{}: no such interface in this network namespace", interface)};
  return index;
}

/// What both files hold, read before anything is touched.
struct KeyFiles {
  synward::HandoffSecrets current;
  std::optional<synward::HandoffSecrets> former{};
  /// Of this server alone; nothing: what it says has the common key.
  std::optional<synward::HandoffSecrets> own{}, former_own{};

  HandoffKeys keys() const {
    return {.mark = &current.mark_key(),
            .former_mark = former ? &former->mark_key() : nullptr,
            .control = &current.control_key(),
            .former_control = former ? &former->control_key() : nullptr};
  }
  void give(Channel& channel) const {
    const auto& before = own ? former_own : former;
    channel.set_keys((own ? *own : current).channel_key(), before ? &before->channel_key() : nullptr);
  }
};

Expected<KeyFiles> read_keys(const Options& options) {
  auto current = synward::HandoffSecrets::read(options.key_file);
  if (!current) return current.error();
  KeyFiles files{std::move(*current)};
  for (const auto& [path, place] :
       {std::pair(&options.former_key_file, &files.former), std::pair(&options.channel_key_file, &files.own),
        std::pair(&options.former_channel_key_file, &files.former_own)}) {
    if (path->empty()) continue;
    auto read = synward::HandoffSecrets::read(*path);
    if (!read) return read.error();
    place->emplace(std::move(*read));
  }
  return files;
}

/// Failures of one second: the first few in full, the others counted.
class FailureLog {
 public:
  void take(const synward_failure& failure) {
    if (++count_ <= kInFull) say(failure_text(failure));
  }
  void end_of_second() {
    if (count_ > kInFull) say(fmt::format("{} more marks were not taken", count_ - kInFull));
    count_ = 0;
  }

 private:
  static constexpr unsigned kInFull = 5;
  unsigned count_ = 0;
};

/// What comes first of: a signal, frames of the channel (which are served), the end of the second.
class Waiter {
 public:
  Waiter(const sigset_t& signals, Channel& channel)
      : signals_(signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK)), channel_(channel) {}

  /// Until the second is over or a signal has come, which is returned; 0: none.
  int second() {
    const auto end = std::max(next_, Channel::now());
    next_ = end + std::chrono::seconds(1);
    for (auto now = Channel::now(); now < end; now = Channel::now()) {
      std::array<pollfd, 2> fds{{{signals_.get(), POLLIN, 0}, {channel_.fd(), POLLIN, 0}}};
      if (poll(fds.data(), fds.size(), static_cast<int>((end - now).count())) < 0) break;
      if (fds[1].revents != 0) channel_.serve();
      signalfd_siginfo info{};
      if (fds[0].revents != 0 && read(signals_.get(), &info, sizeof info) == sizeof info) {
        next_ = end;
        return static_cast<int>(info.ssi_signo);
      }
    }
    return 0;
  }

 private:
  synward::FileDescriptor signals_;
  Channel& channel_;
  std::chrono::milliseconds next_ = Channel::now() + std::chrono::seconds(1);
};

/// The textfile, a few times a minute. What goes wrong is said once.
void tell_metrics(const Options& options, const Program& program, const Channel& channel, std::string& said) {
  const auto counts = program.counts();
  const auto written =
      counts
          ? write_metrics(options.metrics, metrics_text(options.interface, *counts, channel.counts(), Channel::now()))
          : counts.error();
  const std::string trouble = written ? "" : written.error().text;
  if (!trouble.empty() && trouble != said) say(trouble);
  said = trouble;
}

int run(const Options& options) {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0);
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGHUP, SIGINT, SIGTERM}) sigaddset(&signals, signal);
  sigprocmask(SIG_BLOCK, &signals, nullptr);

  if (const KernelSupport support = probe_kernel(); !support.whole())
    return fail(support.missing().front() + "; the card's services can only be mode = \"pass\"", EX_CONFIG);
  const auto index = index_of(options.interface);
  if (!index) return fail(index.error().text, EX_CONFIG);
  if (!is_ethernet(options.interface))
    return fail(fmt::format("{}: has no Ethernet headers, and no card behind it", options.interface), EX_CONFIG);
  const Pins pins = Pins::of(options.pins, options.interface);
  const auto keys = read_keys(options);
  if (!keys) return fail(keys.error().text, EX_CONFIG);
  if (const auto made = pins.make(); !made) return fail(made.error().text);
  auto channel = Channel::open(options.interface, *index);
  if (!channel) return fail(channel.error().text, EX_CONFIG);
  auto program = Program::load(pins.folder);
  if (!program) return fail(program.error().text);
  const auto attached = program->attach(*index, pins.link);
  if (!attached) return fail(attached.error().text);
  // Last: the maps of a link that is another's are none of ours.
  if (const auto loaded = program->set_keys(keys->keys()); !loaded) return fail(loaded.error().text);
  say(fmt::format("{} {}", *attached == Program::Attached::replaced ? "the program was replaced at" : "attached to",
                  options.interface));
  if (*attached == Program::Attached::behind_another)
    say(fmt::format("another program at {} sees each frame first: it must let marked ACKs pass unchanged",
                    options.interface));
  for (const Finding& finding : check_server()) say(finding.text);
  keys->give(**channel);
  sd_notify(0, "READY=1");

  FailureLog log;
  Waiter waiter(signals, **channel);
  std::string metrics_said;
  for (unsigned seconds = 0;;) {
    const int signal = waiter.second();
    if (signal == 0) {
      if (const std::string trouble = (*channel)->tick(); !trouble.empty()) say(trouble);
      if (!options.metrics.empty() && seconds++ % kMetricsEvery == 0)
        tell_metrics(options, *program, **channel, metrics_said);
    }
    if (const auto taken = program->take_failures([&](const auto& failure) { log.take(failure); }); !taken)
      say(taken.error().text);
    log.end_of_second();
    if (signal == SIGHUP) {
      const auto fresh = read_keys(options);
      const auto loaded = fresh ? program->set_keys(fresh->keys()) : fresh.error();
      if (loaded) fresh->give(**channel);
      say(loaded ? "the keys were read anew" : loaded.error().text + "; the keys stay");
    } else if (signal == SIGINT || signal == SIGTERM) {
      say(fmt::format("ended; the program stays at {} until synward-agent detach", options.interface));
      return EXIT_SUCCESS;
    }
    // An interface that is made anew has the same name and no program.
    if (!Program::is_attached(*index, pins.link))
      return fail(fmt::format("{}: the interface is gone, and the program with it", options.interface));
  }
}

/// Where nothing of ours is attached: why.
std::optional<std::string> not_ours(const Options& options, const Pins& pins) {
  const auto index = index_of(options.interface);
  if (!index) return index.error().text;
  if (!pins.there()) return fmt::format("{}: nothing is attached", options.interface);
  if (!Program::is_attached(*index, pins.link))
    return fmt::format("{}: the pinned program is not at this interface of this network namespace", options.interface);
  return std::nullopt;
}

int detach(const Options& options) {
  const Pins pins = Pins::of(options.pins, options.interface);
  if (const auto why = not_ours(options, pins)) return fail(*why);
  const auto removed = pins.remove();
  return removed ? EXIT_SUCCESS : fail(removed.error().text);
}

int status(const Options& options) {
  const Pins pins = Pins::of(options.pins, options.interface);
  if (const auto why = not_ours(options, pins)) return fail(*why);
  const auto program = Program::load(pins.folder);
  if (!program) return fail(program.error().text);
  const auto counts = program->counts();
  if (!counts) return fail(counts.error().text);
  const auto places = program->places();
  if (!places) return fail(places.error().text);
  fmt::print("{}", options.json ? status_json(options.interface, *counts, *places).dump(2) + "\n"
                                : status_text(options.interface, *counts, *places));
  return EXIT_SUCCESS;
}

int listeners(const Options& options) {
  const auto listed = list_listeners();
  if (!listed) return fail(listed.error().text);
  const auto settings = read_server_settings(options.interface);
  if (!settings) return fail(settings.error().text);
  fmt::print("{}", options.json   ? listeners_json(*listed, *settings).dump(2) + "\n"
                   : options.toml ? listeners_toml(*listed, *settings)
                                  : listeners_text(*listed, *settings));
  return EXIT_SUCCESS;
}

/// 0: nothing is in the way; 1: something is.
int check(const Options& options) {
  bool fatal = false;
  nlohmann::json json = nlohmann::json::array();
  for (const Finding& finding : check_server()) {
    // What only works worse may be what somebody wanted.
    const bool fixed = options.fix && finding.fatal && fix(finding);
    fatal = fatal || (finding.fatal && !fixed);
    if (options.json) {
      json.push_back({{"fatal", finding.fatal}, {"text", finding.text}, {"fixed", fixed}});
    } else {
      fmt::print("{}: {}\n", fixed ? "fixed" : finding.fatal ? "fatal" : "note", finding.text);
    }
  }
  if (options.json)
    fmt::print("{}\n", json.dump(2));
  else if (!fatal)
    fmt::print("This server can take connections from a card.\n");
  return fatal ? EXIT_FAILURE : EXIT_SUCCESS;
}

void add_interface(CLI::App& command, Options& options) {
  command.add_option("--interface", options.interface, "Where the card's frames come in")->required();
  command.add_option("--pins", options.pins, "Folder for what stays in the kernel, of a bpf file system")
      ->capture_default_str();
}

int main_of(int argc, char** argv) {
  CLI::App app("Takes the connections that a Synward card hands over.\n", "synward-agent");
  app.set_version_flag("--version", SYNWARD_VERSION);
  app.require_subcommand(1);
  app.footer(kExample);
  Options options;
  auto& run_command = *app.add_subcommand("run", "Attach the program, or replace it in place, and look after it");
  add_interface(run_command, options);
  run_command.add_option("--key-file", options.key_file, "What card and servers share: 32 bytes or 64 hex digits")
      ->required();
  run_command.add_option("--former-key-file", options.former_key_file, "The same of before, whose marks still count");
  run_command.add_option("--channel-key-file", options.channel_key_file,
                         "This server's own key for what it says to the card's daemon; default: the common one");
  run_command.add_option("--former-channel-key-file", options.former_channel_key_file, "The same of before");
  run_command.add_option("--metrics", options.metrics, "File for node_exporter's textfile collector, written each 5 s");
  auto& detach_command = *app.add_subcommand("detach", "Take the program away; the card must pass by then");
  add_interface(detach_command, options);
  auto& status_command = *app.add_subcommand("status", "What became of the marks, and which ports the card protects");
  add_interface(status_command, options);
  status_command.add_flag("--json", options.json, "As JSON");
  auto& list_command = *app.add_subcommand("listeners", "Listeners, and what the card must say in their place");
  list_command.add_option("--interface", options.interface, "Whose MTU counts");
  auto* as_json = list_command.add_flag("--json", options.json, "As JSON");
  list_command.add_flag("--toml", options.toml, "As [[service]] tables for the card")->excludes(as_json);
  auto& check_command = *app.add_subcommand("check", "What of this server stands in the way");
  check_command.add_flag("--json", options.json, "As JSON");
  check_command.add_flag("--fix", options.fix, "Set the sysctls without which nothing works, until the next boot");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    return fail(fmt::format("{}; see synward-agent --help", error.what()), EX_USAGE);
  }
  if (run_command.parsed()) return run(options);
  if (detach_command.parsed()) return detach(options);
  if (status_command.parsed()) return status(options);
  if (list_command.parsed()) return listeners(options);
  return check(options);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return main_of(argc, argv);
  } catch (const std::exception& error) {
    // Nothing below throws on bad input; this is for want of memory and the like.
    return fail(error.what());
  }
}
