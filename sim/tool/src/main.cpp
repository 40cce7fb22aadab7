// SPDX-License-Identifier: BSD-2-Clause
// The command line of `synward sim`.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdlib>
#include <exception>
#include <string>

#include "synward/registers.hpp"
#include "synward/sim/cable.hpp"
#include "synward/sim/corpus.hpp"
#include "synward/sim/interrupt.hpp"
#include "synward/sim/live.hpp"
#include "synward/sim/replay.hpp"
#include "synward/sim/run.hpp"
#include "synward/sim/serve.hpp"

namespace {

using synward::sim::CableOptions;
using synward::sim::CorpusOptions;
using synward::sim::LiveOptions;
using synward::sim::Pace;
using synward::sim::ReplayOptions;
using synward::sim::RunOptions;
using synward::sim::ServeOptions;

constexpr const char* kExample = R"(Example:
  synward sim run sim/scenarios/syn-flood.toml --html report.html
  synward sim replay --core rtl --config synward.toml --line-in syns.pcap \
      --line-out answers.pcap --host-out to-host.pcap --json report.json
Manual: synward-sim(1))";

constexpr const char* kReplayExample = R"(Example:
  synward sim replay --core rtl --config synward.toml --line-in syns.pcap \
      --line-out answers.pcap --host-out to-host.pcap --json report.json
Captures must be whole (tcpdump -s 0) and of Ethernet; pcap and pcapng are read.)";

constexpr const char* kRunExample = R"(Example:
  synward sim run sim/scenarios/syn-flood.toml --core rtl --json report.json --html report.html)";

constexpr const char* kCorpusExample = R"(Example:
  synward sim corpus captures/ --json findings.json
Captures must be whole (tcpdump -s 0) and of Ethernet; pcap and pcapng are read.)";

constexpr const char* kServeExample = R"(Example:
  synward sim serve --socket /run/synward/card.sock --traffic sim/scenarios/mixed-hostile.toml)";

constexpr const char* kCableExample = R"(Example:
  synward sim cable --socket /run/synward/card.sock line out; synward link)";

constexpr const char* kLiveExample = R"(Example:
  synward sim live --line eth1 --host eth2 --config synward.toml
Give neither interface an address; take IPv6 and GRO off them: they are the card's now.)";

/// What a shell says of a program that died of signal n is n more.
constexpr int kSignalled = 128;

int report_error(const synward::Error& error) {
  if (synward::sim::interrupted()) {
    // Whatever went wrong then, that is why.
    fmt::print(stderr, "synward: {}, nothing was written\n", synward::sim::interruption().text);
    return kSignalled + synward::sim::interrupting_signal();
  }
  fmt::print(stderr, "synward: {}\n", error.text);
  return 1;
}

int report(const synward::Expected<std::string>& result) {
  if (!result) {
    return report_error(result.error());
  }
  fmt::print("{}", *result);
  return 0;
}

int report(const synward::Expected<synward::sim::CorpusResult>& result) {
  if (!result) {
    return report_error(result.error());
  }
  fmt::print("{}", result->text);
  return result->sound ? 0 : 1;
}

void add_core(CLI::App& command, std::string& core) {
  auto* const card =
      command.add_option("--core", core, "Which card: the RTL, clock by clock, or the reference model, without timing")
          ->check(CLI::IsMember({"rtl", "ref"}))
          ->capture_default_str();
  // Its callback runs behind that of --core.
  command
      .add_option_function<std::string>(
          "--engine",
          [&core, card](const std::string& engine) {
            if (engine == "hls") {
              core = card->count() != 0 && core == "rtl" ? "rtl-hls" : "hls";
            } else if (core != "rtl") {
              throw CLI::ValidationError("--engine", "the RTL's engine is in the RTL card alone (--core rtl)");
            }
          },
          "Which engine: the RTL's in the RTL card, or the HLS kernels, in the reference model's shell or, with --core "
          "rtl, behind the RTL's elastic socket")
      ->check(CLI::IsMember({"rtl", "hls"}));
}

void add_logs(CLI::App& command, std::string& events, std::string& log) {
  command.add_option("--events", events, "Where to write the card's events, a JSON object a line");
  command.add_option("--log", log, "Where to write the log, in FreeBSD's words");
}

void add_pace(CLI::App& command, Pace& pace, const std::string& usual) {
  command
      .add_option("--pace", pace,
                  "When frames start: line-rate (100 Gb/s), back-to-back (on the bus) or pcap (times of the files)")
      ->transform(CLI::Transformer(std::map<std::string, Pace>{
          {"line-rate", Pace::line_rate}, {"back-to-back", Pace::back_to_back}, {"pcap", Pace::pcap}}))
      ->option_text("WORD [" + usual + "]");
}

void add_linger(CLI::App& command, double& seconds, const std::string& what) {
  command.add_option("--linger", seconds, what)
      ->check(CLI::Range(0.0, 3600.0))
      // "nan" is in every range.
      ->check([](const std::string& text) {
        return std::isnan(std::strtod(text.c_str(), nullptr)) ? text + " is no number" : std::string();
      })
      ->option_text("SECONDS [0]");
}

void add_replay(CLI::App& app, ReplayOptions& options) {
  auto& command = *app.add_subcommand("replay", "Put the frames of capture files through a simulated card");
  add_core(command, options.core);
  command.add_option("--config", options.config, "Services, sysctls and secrets (TOML)")->required();
  command.add_option("--line-in", options.line_in, "Frames that come from the internet")->required();
  command.add_option("--host-in", options.host_in, "Frames that come from the server");
  command.add_option("--line-out", options.line_out, "Where to write what leaves for the internet")->required();
  command.add_option("--host-out", options.host_out, "Where to write what leaves for the server")->required();
  command.add_option("--json", options.json, "Where to write counters, drops and latencies")->required();
  add_pace(command, options.pace, "line-rate");
  add_logs(command, options.events, options.log);
  add_linger(command, options.linger_s, "Seconds that the card's timers run after the last frame");
  command.add_option("--trace", options.trace, "Write a wave file of the RTL (FST)");
  command.footer(kReplayExample);
}

void add_run(CLI::App& app, RunOptions& options) {
  auto& command = *app.add_subcommand("run", "Run attackers, clients and a server around a simulated card");
  command.add_option("scenario", options.scenario, "Scenario file (TOML)")->required();
  add_core(command, options.core);
  command.add_option("--json", options.json, "Where to write the figures");
  command.add_option("--html", options.html, "Where to write a report with charts, for a browser");
  add_logs(command, options.events, options.log);
  command.footer(kRunExample);
}

void add_corpus(CLI::App& app, CorpusOptions& options) {
  auto& command = *app.add_subcommand("corpus", "Put every capture below a folder through both cores, and compare");
  command.add_option("folder", options.folder, "Where the captures lie")->required();
  command.add_option("--config", options.config, "Services, sysctls and secrets for all of them (TOML)");
  command.add_option("--json", options.json, "Where to write what was found");
  add_pace(command, options.pace, "pcap");
  add_linger(command, options.linger_s, "Seconds that the cards' timers run after the last frame");
  command.footer(kCorpusExample);
}

void add_serve(CLI::App& app, ServeOptions& options) {
  auto& command = *app.add_subcommand("serve", "Let other programs own a simulated card, whose time is the wall's");
  add_core(command, options.core);
  command.add_option("--socket", options.socket, "Listen here for programs with backend = \"sim\"");
  command.add_flag("--xrt", options.xrt,
                   "Serve XRT's hw_emu with dont_run=true, at /tmp/$USER/$EMULATION_SOCKETID (synward-hwemu-run)");
  command.add_option("--config", options.config, "What the card is told at the start (TOML); else its owner does it");
  command.add_option("--traffic", options.traffic, "A scenario that runs around the card again and again (TOML)");
  command.add_flag("!--no-ports", options.ports, "A card in somebody else's shell: no network ports beside its core");
  command.footer(kServeExample);
}

void add_cable(CLI::App& app, CableOptions& options) {
  auto& command = *app.add_subcommand("cable", "Pull a cable of a simulated card, or plug it in");
  command.add_option("--socket", options.socket, "Where synward sim serve listens")->required();
  command.add_option("PORT", options.port, "line or host")->check(CLI::IsMember({"line", "host"}))->required();
  command.add_option("STATE", options.state, "in or out")->check(CLI::IsMember({"in", "out"}))->required();
  command.footer(kCableExample);
}

void add_live(CLI::App& app, LiveOptions& options) {
  auto& command = *app.add_subcommand("live", "Put a simulated card between two network interfaces, in real time");
  add_core(command, options.core);
  command.add_option("--line", options.line, "Interface to the clients")->required();
  command.add_option("--host", options.host, "Interface to the servers")->required();
  command.add_option("--config", options.config, "What the card is told at the start (TOML); else its owner does it");
  command.add_option("--socket", options.socket, "Listen here for programs with backend = \"sim\"");
  command.footer(kLiveExample);
}

int run(int argc, char** argv) {
  CLI::App app("Simulated Synward cards: what stands here ran on no card.\n", "synward sim");
  app.set_version_flag("--version",
                       fmt::format("synward {} (register map {}.{}.{})", SYNWARD_VERSION, synward::reg::kVersionMajor,
                                   synward::reg::kVersionMinor, synward::reg::kVersionPatch));
  app.require_subcommand(1);
  app.footer(kExample);
  ReplayOptions replay_options;
  RunOptions run_options;
  ServeOptions serve_options;
  CorpusOptions corpus_options;
  LiveOptions live_options;
  CableOptions cable_options;
  add_replay(app, replay_options);
  add_run(app, run_options);
  add_serve(app, serve_options);
  add_corpus(app, corpus_options);
  add_live(app, live_options);
  add_cable(app, cable_options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    fmt::print(stderr, "synward: {}; see synward sim --help\n", error.what());
    return 1;
  }
  synward::sim::catch_interrupts();
  if (app.got_subcommand("replay")) {
    return report(synward::sim::replay(replay_options));
  }
  if (app.got_subcommand("corpus")) {
    return report(synward::sim::corpus(corpus_options));
  }
  if (app.got_subcommand("cable")) {
    return report(synward::sim::cable(cable_options));
  }
  if (app.got_subcommand("live")) {
    return report(synward::sim::live(live_options));
  }
  return report(app.got_subcommand("serve") ? synward::sim::serve(serve_options) : synward::sim::run(run_options));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    // Nothing below throws on bad input; this is for want of memory and the like.
    fmt::print(stderr, "synward: {}\n", error.what());
    return 1;
  }
}
