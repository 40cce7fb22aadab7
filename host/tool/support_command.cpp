// SPDX-License-Identifier: BSD-2-Clause
// synward support: what somebody needs who is to help, in one file, and nothing that is secret.
#include "support_command.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <vector>

#include "archive.hpp"
#include "completion_command.hpp"
#include "synward/registers.hpp"
#include "synward/text_file.hpp"
#include "synward/toml_reader.hpp"
#include "verbs.hpp"

namespace synward::tool {

namespace {

using Keys = std::set<std::string, std::less<>>;

/// What of a configuration is no secret by itself, by table. Of [sysctl], whose names are quoted, all values are
/// numbers or words that are checked.
const std::map<std::string, Keys, std::less<>>& public_keys() {
  static const std::map<std::string, Keys, std::less<>> keys{
      {"device", {"backend", "xclbin", "bdf", "ip", "bar", "offset", "clock_hz", "socket"}},
      {"secrets", {"mode", "rotate_s", "master_key_file", "epoch_s", "skew_s"}},
      {"service",
       {"address", "port", "mode", "owner", "mss4", "mss6", "path_mss4", "path_mss6", "wscale", "window", "ttl", "tos",
        "options"}},
      {"log", {"to"}},
      {"api", {"admin", "public", "tcp", "tcp_serves", "tls_certificate", "tls_key", "tls_client_ca", "password_file"}},
      {"history", {"interval_s", "keep"}},
      {"state", {"folder"}}};
  return keys;
}
/// These name files; a value that is none could be the key itself.
const Keys kFiles{"master_key_file", "tls_certificate", "tls_key", "tls_client_ca", "password_file"};

constexpr std::string_view kLeftOut = "(left out)";

toml::table redacted(const toml::table& table, const Keys& known) {
  toml::table result;
  for (const auto& [key, node] : table) {
    const auto* text = node.as_string();
    const bool file = kFiles.contains(key.str()) && !(text != nullptr && text->get().starts_with('/'));
    if (known.contains(key.str()) && !file) {
      result.insert(key, node);
    } else {
      result.insert(key, kLeftOut);
    }
  }
  return result;
}

toml::table redacted_sysctls(const toml::table& table) {
  toml::table result;
  for (const auto& [key, node] : table) {
    const auto* info = std::ranges::find(reg::kSysctls, key.str(), &reg::SysctlInfo::name);
    const bool word = info != reg::kSysctls.end() && node.is_string() &&
                      std::ranges::find(info->words, node.as_string()->get()) != info->words.end();
    if (node.is_integer() || node.is_boolean() || word) {
      result.insert(key, node);
    } else {
      result.insert(key, kLeftOut);
    }
  }
  return result;
}

std::string versions() {
  utsname system{};
  ::uname(&system);
  auto text = fmt::format("synward {}\nregister map {}.{}.{}\n{} {} {} {}\n", SYNWARD_VERSION, reg::kVersionMajor,
                          reg::kVersionMinor, reg::kVersionPatch, system.sysname, system.release, system.version,
                          system.machine);
  constexpr std::size_t kMostRelease = 65'536;
  if (const auto release = read_text_file("/etc/os-release", kMostRelease)) {
    text += *release;
  }
  return text;
}

/// What the daemon is asked for.
struct Part {
  const char *file, *path;
};
constexpr std::array kParts{Part{"status.json", "/v1/status"},
                            Part{"bypass.json", "/v1/bypass"},
                            Part{"handoff.json", "/v1/handoff"},
                            Part{"link.json", "/v1/link"},
                            Part{"stats.json", "/v1/stats?format=json"},
                            Part{"stats.txt", "/v1/stats?format=text"},
                            Part{"metrics.prom", "/metrics"},
                            Part{"sysctl.json", "/v1/sysctl"},
                            Part{"services.json", "/v1/services"},
                            Part{"secrets.json", "/v1/secrets"},
                            Part{"history.json", "/v1/history?last=3600"},
                            Part{"registers.json", "/v1/registers"},
                            Part{"log.json", "/v1/log?limit=10000&arguments=0"},
                            Part{"events.json", "/v1/events?limit=16384&arguments=0"},
                            Part{"explain.txt", "/v1/explain?format=text"}};

std::string file_name() {
  std::array<char, 256> host{};
  ::gethostname(host.data(), host.size() - 1);
  std::string name = host.data();
  std::ranges::replace(name, '/', '_');
  return fmt::format("synward-support-{}-{:%Y%m%dT%H%M%SZ}", name, fmt::gmtime(std::time(nullptr)));
}

Outcome support(ApiClient& client, std::string path, const std::string& config) {
  const auto folder = file_name();
  if (path.empty()) {
    path = folder + ".tar.gz";
  }
  std::string missing;
  std::vector<ArchivedFile> files{{"versions.txt", versions()}};
  std::string config_path = config.empty() ? kDaemonConfig : config;
  for (const auto& part : kParts) {
    auto text = client.get_text(part.path);
    if (!text) {
      missing += fmt::format("{}: {}\n", part.file, text.error().text);
      continue;
    }
    if (part.file == kParts.front().file && config.empty()) {
      const auto status = nlohmann::json::parse(*text, nullptr, false);
      if (status.is_object() && status.contains("daemon")) {
        config_path = status["daemon"].value("config", config_path);
      }
    }
    files.push_back({part.file, std::move(*text)});
  }
  files.push_back({"synwardd.toml", public_config(config_path)});
  if (!missing.empty()) {
    files.push_back({"missing.txt", missing});
  }
  if (const auto written = write_archive(path, folder, files); !written) {
    return Error{"support: " + written.error().text};
  }
  if (!missing.empty()) {
    warn(fmt::format("not all of it could be had: {}", missing.substr(0, missing.find('\n'))));
  }
  return path + '\n';
}

}  // namespace

std::string public_config(const std::string& path) {
  const auto table = load_toml(path);
  if (!table) {
    // The parser's words may quote the file.
    return ::access(path.c_str(), R_OK) != 0 ? fmt::format("# {}: cannot be read\n", path)
                                             : fmt::format("# {}: is no TOML, and left out\n", path);
  }
  toml::table result;
  for (const auto& [name, node] : *table) {
    const auto known = public_keys().find(name.str());
    if (const auto* sysctls = node.as_table(); sysctls != nullptr && name.str() == "sysctl") {
      result.insert(name, redacted_sysctls(*sysctls));
    } else if (known == public_keys().end()) {
      result.insert(name, kLeftOut);
    } else if (const auto* one = node.as_table()) {
      result.insert(name, redacted(*one, known->second));
    } else if (const auto* many = node.as_array()) {
      toml::array list;
      for (const auto& element : *many) {
        list.push_back(element.is_table() ? redacted(*element.as_table(), known->second) : toml::table{});
      }
      result.insert(name, std::move(list));
    } else {
      result.insert(name, kLeftOut);
    }
  }
  std::ostringstream text;
  text << fmt::format("# {}, without comments\n", path) << result << '\n';
  return text.str();
}

void add_support(const Verbs& verbs, const std::string& config) {
  const auto path = std::make_shared<std::string>();
  const auto json = std::make_shared<bool>(false);
  auto& verb = add_verb(verbs.app, "support", "What somebody needs who is to help, in one file, without secrets",
                        "sudo synward support\n  synward support --output /tmp/card.tar.gz");
  verb.add_option("-o,--output", *path, "The file; default: synward-support-HOST-TIME.tar.gz here")
      ->type_name(kFileWord);
  verb.add_flag("--json", *json, "The file's name as JSON");
  verbs.does(verb, [path, json, &config](ApiClient& client) -> Outcome {
    auto written = support(client, *path, config);
    if (!written || !*json) {
      return written;
    }
    written->pop_back();
    return json_text({{"file", *written}});
  });
}

}  // namespace synward::tool
