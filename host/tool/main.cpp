// SPDX-License-Identifier: BSD-2-Clause
// The command line of `synward`, for operators. `synward sim` is a program of its own.
#include <fmt/format.h>
#include <sysexits.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <functional>
#include <string>
#include <utility>

#include "api_client.hpp"
#include "attacks.hpp"
#include "check.hpp"
#include "completion_command.hpp"
#include "external.hpp"
#include "synward/explain_file.hpp"
#include "synward/printable.hpp"
#include "synward/registers.hpp"
#include "sysctl_command.hpp"
#include "text.hpp"
#include "top.hpp"
#include "verbs.hpp"

namespace synward::tool {
namespace {

constexpr const char* kExample = R"(Example:
  synward status
  synward sysctl net.inet.tcp.syncookies_only=1
  synward stats --json
  synward sim run sim/scenarios/syn-flood.toml --html report.html
Manual: synward(1), synwardd(8))";

constexpr int kCardLost = 2;  ///< exit status of `status`

Outcome with_line_break(Outcome text) {
  if (text && !text->empty() && text->back() != '\n') {
    *text += '\n';
  }
  return text;
}

/// The command line, and what of it was asked for.
class CommandLine {
 public:
  CommandLine();
  int run(int argc, char** argv);

 private:
  static CLI::App& verb(CLI::App& parent, const char* name, const char* what, const char* example) {
    return add_verb(parent, name, what, example);
  }
  void does(CLI::App& verb, Action action);
  void add_json(CLI::App& verb) { verb.add_flag("--json", json_, "As JSON"); }
  void add_status();
  void add_stats();
  void add_sysctl();
  void add_list();
  void add_log();
  void add_explain();
  void add_secrets();
  void add_top();
  void add_attack();
  void add_check();

  Outcome show(ApiClient& client, const std::string& path, std::string (*render)(const nlohmann::json&)) const;
  static void tell_restart(const std::string& answer);
  Outcome shown(const std::string& answer, std::string (*render)(const nlohmann::json&)) const;
  Outcome post(ApiClient& client, const std::string& path) const;
  Outcome rekey(ApiClient& client) const;
  Outcome follow_log(ApiClient& client);
  Expected<nlohmann::json> ask_log(ApiClient& client, const std::string& path) const;
  static int fail(std::string_view word, const std::string& why, int status);
  void tell(const Error& error) const;
  static std::string_view verb_of(int argc, char** argv);
  std::string why_wrong(int argc, char** argv, const CLI::ParseError& error) const;

  CLI::App app_{"Watches and steers a Synward card through its daemon, synwardd", "synward"};
  std::string socket_, config_;
  bool json_ = false;
  Action action_;
  SysctlOptions sysctl_;
  TopOptions top_;
  bool follow_ = false, force_ = false;
  std::uint64_t lines_ = 50, most_ = 1000;
  CheckOptions check_;
  std::uint64_t attack_ = 0, attacks_ = 20;
  std::string file_;
  bool nstat_ = false, prom_ = false, ss_ = false;
  int status_ = 0;
};

CommandLine::CommandLine() {
  app_.set_version_flag("--version", fmt::format("synward {}, register map {}.{}.{}", SYNWARD_VERSION,
                                                 reg::kVersionMajor, reg::kVersionMinor, reg::kVersionPatch));
  app_.add_option("--socket", socket_,
                  "The daemon's socket [$SYNWARD_SOCKET, else the admin socket, else the public one]")
      ->type_name(kFileWord);
  app_.add_option("--config", config_, "The daemon's configuration, for its admin socket")->type_name(kFileWord);
  app_.require_subcommand(1);
  app_.footer(kExample);
  add_status();
  add_stats();
  add_sysctl();
  add_list();
  add_log();
  add_explain();
  add_secrets();
  add_top();
  add_attack();
  add_check();
  const Verbs verbs{app_, [this](CLI::App& verb, Action action) { does(verb, std::move(action)); }};
  add_services(verbs);
  add_bypass(verbs);
  add_card(verbs);
  add_link(verbs, config_);
  add_handoff(verbs);
  add_history(verbs);
  add_events(verbs);
  add_support(verbs, config_);
  add_completion(verbs);
  auto& sim = *app_.add_subcommand("sim", "Simulated cards (see synward sim --help)");
  // A program of its own reads what follows; these are for the help and for completion.
  for (const auto* word : {"run", "replay", "corpus", "serve", "live", "cable"}) {
    sim.add_subcommand(word, "see synward-sim(1)");
  }
}

/// The innermost of the verbs that were named is done.
void CommandLine::does(CLI::App& verb, Action action) {
  verb.callback([this, &verb, action = std::move(action)] {
    if (verb.get_subcommands().empty()) {
      action_ = action;
    }
  });
}

Outcome CommandLine::show(ApiClient& client, const std::string& path,
                          std::string (*render)(const nlohmann::json&)) const {
  const auto answer = client.get_text(path);
  return answer ? shown(*answer, render) : answer.error();
}

Outcome CommandLine::shown(const std::string& answer, std::string (*render)(const nlohmann::json&)) const {
  // Keys stand in the daemon's order.
  const auto json = nlohmann::ordered_json::parse(answer, nullptr, false);
  if (json.is_discarded()) {
    return Error{"the daemon's answer is not JSON"};
  }
  return json_ ? json.dump(2, ' ', true) + '\n' : render(nlohmann::json(json));
}

Outcome CommandLine::post(ApiClient& client, const std::string& path) const {
  const auto reply = client.post(path);
  if (!reply) {
    return reply.error();
  }
  if (reply->status != 200) {
    return error_of(*reply);
  }
  return reply->body + '\n';
}

/// What a daemon has read, and goes on without until it is started again.
void CommandLine::tell_restart(const std::string& answer) {
  const auto json = nlohmann::json::parse(answer, nullptr, false);
  std::string names;
  if (json.is_object() && json.contains("restart") && json["restart"].is_array()) {
    for (const auto& one : json["restart"]) {
      names += (names.empty() ? "" : ", ") + (one.is_string() ? one.get<std::string>() : std::string());
    }
  }
  if (!names.empty()) {
    fmt::print(stderr, "synward: a restart is needed for {}\n", one_line(names));
  }
}

void CommandLine::add_status() {
  auto& status = verb(app_, "status", "Card, secrets, tables, pause, events", "synward status");
  add_json(status);
  does(status, [this](ApiClient& client) -> Outcome {
    const auto answer = client.get_text("/v1/status");
    if (!answer) {
      return answer.error();
    }
    status_ = card_lost(nlohmann::json::parse(*answer, nullptr, false)) ? kCardLost : 0;
    return shown(*answer, status_text);
  });
  auto& reload = verb(app_, "reload", "Let the daemon read its configuration again", "synward reload");
  add_json(reload);
  does(reload, [this](ApiClient& client) -> Outcome {
    auto done = post(client, "/v1/reload");
    if (done) {
      tell_restart(*done);
    }
    return done && !json_ ? Outcome(std::string{}) : done;
  });
}

void CommandLine::add_stats() {
  auto& stats =
      verb(app_, "stats", "Counters, as netstat -s -p tcp prints them", "synward stats --json | jq .syncookies");
  stats.add_flag("--json", json_, "JSON with netstat's libxo names");
  stats.add_flag("--nstat", nstat_, "Linux' names, as nstat prints them");
  stats.add_flag("--prom", prom_, "Prometheus text");
  does(stats, [this](ApiClient& client) -> Outcome {
    if (nstat_ + prom_ + json_ > 1) {
      return Error{"stats: --json, --nstat and --prom exclude each other"};
    }
    const auto* format = json_ ? "json" : nstat_ ? "nstat" : prom_ ? "prom" : "text";
    return with_line_break(client.get_text(fmt::format("/v1/stats?format={}", format)));
  });
}

void CommandLine::add_sysctl() {
  auto& sysctl = verb(app_, "sysctl", "Read and set sysctls, as sysctl(8) does",
                      "synward sysctl -d net.inet.tcp.syncookies\n  synward sysctl net.inet.tcp.syncookies=0");
  sysctl.set_help_flag("--help", "Print this help message and exit");  // -h is sysctl's own
  sysctl.add_flag("-a,-A", sysctl_.all, "All of them");
  sysctl.add_flag_callback(
      "-X", [this] { sysctl_.all = sysctl_.hex = true; }, "All of them, in hexadecimal");
  sysctl.add_flag("-b", sysctl_.binary, "Values as the machine holds them, without names and line breaks");
  sysctl.add_flag("-d", sysctl_.description, "Descriptions in the place of values");
  sysctl.add_flag("-e", sysctl_.equals, "name=value");
  sysctl.add_option("-f", sysctl_.files, "Lines of a file as arguments")->allow_extra_args(false)->type_name(kFileWord);
  sysctl.add_flag("-h", sysctl_.human, "Numbers for people");
  sysctl.add_flag("-i", sysctl_.ignore, "Unknown names are no failure");
  sysctl.add_flag("-N", sysctl_.names, "Names alone");
  sysctl.add_flag("-n", sysctl_.values, "Values alone");
  sysctl.add_flag_callback(
      "-o", [] {}, "Opaque variables too; there are none");
  sysctl.add_flag_callback(
      "-w", [] {}, "Nothing: values are set anyway");
  sysctl.add_flag("-q", sysctl_.quiet, "No warnings of unknown names, nothing printed for what is set");
  sysctl.add_flag("-t", sysctl_.type, "Types in the place of values");
  sysctl.add_flag("-T", sysctl_.tunables, "Those that the configuration alone sets");
  sysctl.add_flag("-W", sysctl_.writable, "Those that can be set while the card runs");
  sysctl.add_flag("-x", sysctl_.hex, "Numbers in hexadecimal");
  sysctl.add_flag("--json", sysctl_.json, "As JSON");
  sysctl.add_flag("--save", sysctl_.save, "Then keep all that was set at run time, also across restarts");
  sysctl.add_option("name", sysctl_.arguments, "NAME or NAME=VALUE; a branch stands for all below it")
      ->type_name(kSysctlWord);
  does(sysctl, [this](ApiClient& client) -> Outcome {
    if (!sysctl_.all && !sysctl_.tunables && !sysctl_.writable && !sysctl_.save && sysctl_.arguments.empty() &&
        sysctl_.files.empty()) {
      return Error{"sysctl: a name, or -a, is missing"};
    }
    auto output = sysctl_command(client, sysctl_);
    fmt::print(stderr, "{}", printable(output.err));
    status_ = output.status;
    if (sysctl_.binary) {
      std::fwrite(output.out.data(), 1, output.out.size(), stdout);
      return std::string{};
    }
    return std::move(output.out);
  });
}

void CommandLine::add_list() {
  auto& list = verb(app_, "list", "Half-open connections, as netstat -an prints them", "synward list --ss");
  list.add_flag("--json", json_, "As JSON");
  list.add_flag("--ss", ss_, "As ss -tno prints them");
  list.add_option("--limit", most_, "The most that are listed")->check(CLI::Range(1, 1000000))->capture_default_str();
  does(list, [this](ApiClient& client) -> Outcome {
    if (json_ && ss_) {
      return Error{"list: --json and --ss exclude each other"};
    }
    const auto* format = json_ ? "json" : ss_ ? "ss" : "netstat";
    auto reply = client.get(fmt::format("/v1/syncache?format={}&limit={}", format, most_));
    if (!reply || reply->status != 200) {
      return reply ? error_of(*reply) : reply.error();
    }
    if (reply->incomplete) {
      fmt::print(stderr, "synward: not all of them: the card is too slow, or has too many\n");
    }
    return with_line_break(std::move(reply->body));
  });
}

void CommandLine::add_log() {
  auto& log = verb(app_, "log", "The log, in FreeBSD's words", "synward log -f");
  log.add_flag("-f,--follow", follow_, "Wait for more, until Ctrl-C");
  log.add_option("-n,--lines", lines_, "How many of the last lines at first")->capture_default_str();
  add_json(log);
  does(log, [this](ApiClient& client) { return follow_log(client); });
}

Outcome CommandLine::follow_log(ApiClient& client) {
  auto answer = client.get_json(fmt::format("/v1/log?limit={}", lines_));
  while (answer) {
    for (const auto& line : answer->value("lines", nlohmann::json::array())) {
      fmt::print("{}\n", one_line(json_ ? line.dump(-1, ' ', true) : log_line_text(line)));
    }
    std::fflush(stdout);
    if (!follow_) {
      return std::string{};
    }
    const auto next = answer->value("next", std::uint64_t{1});
    answer = get_json(client, fmt::format("/v1/log?after={}&wait_s=30", next == 0 ? 0 : next - 1), true);
  }
  return answer.error();
}

void CommandLine::add_explain() {
  auto& explain = verb(app_, "explain", "Say what is going on, or what a log means, and what to do",
                       "synward explain\n  synward explain /var/log/messages");
  explain
      .add_option("file", file_, "A system log, or a run's events; - for standard input; default: the card's events")
      ->type_name(kFileWord);
  add_json(explain);
  does(explain, [this](ApiClient& client) -> Outcome {
    return with_line_break(file_.empty()
                               ? client.get_text(fmt::format("/v1/explain?format={}", json_ ? "json" : "text"))
                               : explain_file(file_, json_));
  });
}

void CommandLine::add_secrets() {
  auto& secrets = verb(app_, "secrets", "The card's secrets: never what they are", "synward secrets status");
  secrets.require_subcommand(1);
  auto& status = verb(secrets, "status", "Mode, age, rotations", "synward secrets status --json");
  add_json(status);
  does(status, [this](ApiClient& client) { return show(client, "/v1/secrets", secrets_text); });
  auto& rotate =
      verb(secrets, "rotate", "Put a new cookie secret in the place of the older one, now", "synward secrets rotate");
  add_json(rotate);
  does(rotate, [this](ApiClient& client) -> Outcome {
    auto done = post(client, "/v1/secrets/rotate");
    return done && !json_ ? Outcome(std::string{}) : done;
  });
  auto& rekey_verb = verb(secrets, "rekey", "Put another key in the place of the tables' own, which clears them",
                          "synward secrets rekey");
  rekey_verb.add_flag("--force", force_, "Also where that drops connections in use");
  add_json(rekey_verb);
  does(rekey_verb, [this](ApiClient& client) { return rekey(client); });
}

Outcome CommandLine::rekey(ApiClient& client) const {
  const auto reply = client.post(force_ ? "/v1/secrets/rekey?force=1" : "/v1/secrets/rekey");
  if (!reply) {
    return reply.error();
  }
  const auto json = nlohmann::json::parse(reply->body, nullptr, false);
  if (reply->status != 200) {
    const bool would_drop = json.is_object() && json.contains("tip");
    return Error{error_of(*reply).text + (would_drop ? "; set net.synward.flow_learn first, or say --force" : "")};
  }
  if (json.is_object() && json.value("drops", false)) {
    fmt::print(stderr, "synward: {}\n", one_line(json.value("warning", std::string())));
  }
  return json_ ? reply->body + '\n' : std::string{};
}

void CommandLine::add_top() {
  auto& command = verb(app_, "top", "A live view: offered, answered, dropped by reason, tables, pause", "synward top");
  command.add_option("-d,--interval", top_.interval_s, "Seconds between two screens")
      ->check(CLI::Range(0.1, 3600.0))
      ->capture_default_str();
  command.add_option("-n,--count", top_.count, "How many screens; 0: until q")->check(CLI::Range(0, 1000000));
  command.add_flag("-b,--batch", top_.batch, "One screen below the other, for files and pipes");
  does(command, [this](ApiClient& client) -> Outcome {
    const auto message = top(client, top_);
    return message.empty() ? Outcome(std::string{}) : Error{message};
  });
}

void CommandLine::add_attack() {
  auto& attack = verb(app_, "attack", "Attacks: those that are on, and those that were", "synward attack list");
  attack.require_subcommand(1);
  auto& list = verb(attack, "list", "The last ones, one a line", "synward attack list -n 5");
  list.add_option("-n,--last", attacks_, "How many of the last ones")->capture_default_str();
  add_json(list);
  does(list, [this](ApiClient& client) {
    return show(client, fmt::format("/v1/attacks?last={}", attacks_), attack_list_text);
  });
  auto& one = verb(attack, "show", "All that is known of one", "synward attack show 3");
  one.add_option("number", attack_, "Its number in the list")->required();
  add_json(one);
  does(one, [this](ApiClient& client) { return show(client, fmt::format("/v1/attacks/{}", attack_), attack_text); });
}

void CommandLine::add_check() {
  auto& command = verb(app_, "check", "Health, for Nagios, Icinga and others that run monitoring-plugins",
                       "synward --socket /run/synward/public.sock check -w 0.7 -c 0.9");
  command.add_option("-w,--warning", check_.warning, "How full tables may be before that is a warning, 0 to 1")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command.add_option("-c,--critical", check_.critical, "How full before it is critical")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  does(command, [this](ApiClient& client) -> Outcome {
    const auto result = check_.warning > check_.critical
                            ? unhealthy(Health::unknown, "--warning must not be above --critical")
                            : check(client, check_);
    status_ = static_cast<int>(result.health);
    return result.text + '\n';
  });
}

/// On standard error; with --json as JSON on standard output, where its reader looks.
void CommandLine::tell(const Error& error) const {
  if (json_ || sysctl_.json) {
    nlohmann::ordered_json json{{"error", error.text}};
    if (!error.more.empty()) {
      json["more"] = error.more;
    }
    fmt::print("{}\n", json.dump(2, ' ', true, nlohmann::json::error_handler_t::replace));
    return;
  }
  fmt::print(stderr, "synward: {}\n", one_line(error.text));
  for (const auto& more : error.more) {
    fmt::print(stderr, "synward: {}\n", one_line(more));
  }
}

/// What a verb that is run by a monitoring system must not say by an exit status of its own.
int CommandLine::fail(std::string_view word, const std::string& why, int status) {
  if (word == "check") {
    fmt::print("{}\n", unhealthy(Health::unknown, why).text);
    return static_cast<int>(Health::unknown);
  }
  fmt::print(stderr, "synward: {}\n", one_line(why));
  return status;
}

int CommandLine::run(int argc, char** argv) {
  try {
    app_.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app_.exit(success);
  } catch (const CLI::ParseError& error) {
    return fail(verb_of(argc, argv), why_wrong(argc, argv, error) + "; see synward --help", EX_USAGE);
  }
  if (!action_) {
    fmt::print(stderr, "synward: sim has to be the first word; see synward --help\n");
    return EX_USAGE;
  }
  if (socket_.empty() && !config_.empty()) {
    auto admin = admin_socket_of(config_);
    if (!admin) {
      return fail(verb_of(argc, argv), admin.error().text, 1);
    }
    socket_ = std::move(*admin);
  }
  ApiClient client(socket_);
  const auto outcome = action_(client);
  if (!outcome) {
    tell(outcome.error());
    return 1;
  }
  fmt::print("{}", printable(*outcome));
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    fmt::print(stderr, "synward: standard output: {}\n", std::strerror(errno));
    return 1;
  }
  return status_;
}

/// The first word that is no option; empty where there is none.
std::string_view CommandLine::verb_of(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--socket" || word == "--config") {
      ++i;
    } else if (!word.starts_with('-')) {
      return word;
    }
  }
  return {};
}

/// What is wrong with a command line. A word that is no verb is named.
std::string CommandLine::why_wrong(int argc, char** argv, const CLI::ParseError& error) const {
  const CLI::App* at = &app_;
  std::string path;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--socket" || word == "--config") {
      ++i;
      continue;
    }
    if (word.starts_with('-')) {
      continue;
    }
    const auto named = at->get_subcommands([word](const CLI::App* verb) { return verb->get_name() == word; });
    if (!named.empty()) {
      at = named.front();
      path += fmt::format("{} ", word);
      continue;
    }
    return at->get_require_subcommand_min() > 0 ? fmt::format("{}{}: there is no such verb", path, word) : error.what();
  }
  return error.what();
}

}  // namespace
}  // namespace synward::tool

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_DFL);
  try {
    if (argc > 1 && std::string_view(argv[1]) == "sim") {
      fmt::print(stderr, "synward: {}\n", synward::tool::run_external("sim", argv + 2));
      return 1;
    }
    return synward::tool::CommandLine().run(argc, argv);
  } catch (const std::exception& error) {
    // Nothing below throws on bad input; this is for want of memory and the like.
    fmt::print(stderr, "synward: {}\n", error.what());
    return 1;
  }
}
