// SPDX-License-Identifier: BSD-2-Clause
#include "synward/daemon_config.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <sstream>

#include "synward/printable.hpp"
#include "synward/toml_reader.hpp"

namespace synward {

namespace {

constexpr double kLeastSkew = 0.1;  ///< s

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(std::llround(seconds * 1000));
}

/// What is only for one mode must not stand beside the other.
void refuse(TableReader& reader, std::initializer_list<std::string_view> keys, std::string_view why) {
  for (const auto key : keys) {
    if (reader.has(key)) {
      reader.fail(key, why);
    }
  }
}

Expected<SecretSettings> read_secrets(const toml::table& table, const std::string& file) {
  TableReader reader(table, file);
  SecretSettings settings;
  static constexpr std::array<std::string_view, 2> kModes{"random", "fleet"};
  settings.mode = reader.word("mode", kModes).value_or(0) == 0 ? SecretMode::random : SecretMode::fleet;
  if (reader.failed()) {
    return reader.errors();  // which keys belong there hangs on it
  }
  if (settings.mode == SecretMode::random) {
    refuse(reader, {"master_key_file", "epoch_s", "skew_s"}, "only with mode = \"fleet\"");
    settings.rotate = std::chrono::seconds(reader.integer("rotate_s", 0, 3600).value_or(15));
  } else {
    refuse(reader, {"rotate_s"}, "only with mode = \"random\", a fleet has epoch_s");
    settings.master_key_file = reader.text("master_key_file").value_or("");
    if (!reader.has("master_key_file")) {
      reader.fail("master_key_file", "missing, the path of the fleet's key");
    }
    const auto epoch_s = reader.integer("epoch_s", 10, 3600).value_or(20);
    settings.epoch = std::chrono::seconds(epoch_s);
    settings.skew = milliseconds(reader.number("skew_s", kLeastSkew, static_cast<double>(epoch_s) / 4).value_or(2.5));
  }
  if (const auto done = reader.finish(); !done) {
    return done.error();
  }
  return settings;
}

Expected<LogSettings> read_log(const toml::table& table, const std::string& file) {
  TableReader reader(table, file);
  LogSettings settings;
  const auto to = reader.text("to").value_or("stderr");
  if (to.starts_with('/')) {
    settings = {LogSettings::Target::file, to};
  } else if (to == "journal" || to == "syslog") {
    settings.target = to == "journal" ? LogSettings::Target::journal : LogSettings::Target::syslog;
  } else if (to != "stderr") {
    reader.fail("to", fmt::format("\"{}\" is not stderr, journal, syslog or a file's path from / on", to));
  }
  if (const auto done = reader.finish(); !done) {
    return done.error();
  }
  return settings;
}

void read_socket(TableReader& reader, std::string_view key, std::string& path) {
  path = reader.text(key).value_or(path);
  if (!path.starts_with('/')) {
    reader.fail(key, fmt::format("\"{}\" is not a path from / on", path));
  }
  if (path.size() >= sizeof(sockaddr_un::sun_path)) {
    reader.fail(key, fmt::format("a socket's path has at most {} bytes", sizeof(sockaddr_un::sun_path) - 1));
  }
}

/// "127.0.0.1:9290" or "[::1]:9290".
std::optional<ApiSettings::Tcp> parse_tcp(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  auto host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) {
    host = host.substr(1, host.size() - 2);
  }
  const auto address = parse_address(host);
  ApiSettings::Tcp tcp;
  const auto digits = text.substr(colon + 1);
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), tcp.port);
  if (!address || address->v6 != bracketed || read.ec != std::errc() || read.ptr != digits.data() + digits.size() ||
      tcp.port == 0) {
    return std::nullopt;
  }
  tcp.address = *address;
  return tcp;
}

bool is_loopback(const IpAddress& address) {
  const auto wire = address.wire();
  return address.v6 ? std::all_of(wire.begin(), wire.end() - 1, [](std::uint8_t byte) { return byte == 0; }) &&
                          wire.back() == 1
                    : wire.front() == 127;
}

/// Who can reach the port, and who may use it.
void read_access(TableReader& reader, ApiSettings& settings) {
  static constexpr std::array<std::string_view, 2> kServes{"metrics", "reads"};
  settings.tcp_reads = reader.word("tcp_serves", kServes).value_or(0) == 1;
  const auto certificate = reader.text("tls_certificate");
  const auto key = reader.text("tls_key");
  const auto authority = reader.text("tls_client_ca");
  settings.password_file = reader.text("password_file").value_or("");
  if (certificate.has_value() != key.has_value()) {
    reader.fail(certificate ? "tls_certificate" : "tls_key", "tls_certificate and tls_key go together");
  }
  if (authority && !certificate) {
    reader.fail("tls_client_ca", "only with tls_certificate and tls_key");
  }
  if (certificate && key) {
    settings.tls = ApiSettings::Tls{*certificate, *key, authority.value_or("")};
  }
  if (!settings.tcp) {
    refuse(reader, {"tcp_serves", "tls_certificate", "tls_key", "tls_client_ca", "password_file"}, "only with tcp");
  }
}

/// What is allowed, but hardly meant.
void warn_of_access(const ApiSettings& api, std::vector<std::string>& warnings) {
  if (!api.tcp || is_loopback(api.tcp->address)) {
    return;
  }
  const bool knows_clients = !api.password_file.empty() || (api.tls && !api.tls->client_authority.empty());
  if (!api.tls || !knows_clients) {
    warnings.push_back(fmt::format("[api] tcp: {} can be reached from other machines{}{}", to_string(api.tcp->address),
                                   api.tls ? "" : " without TLS",
                                   knows_clients ? "" : " without a password or client certificates"));
  }
}

Expected<ApiSettings> read_api(const toml::table& table, const std::string& file) {
  TableReader reader(table, file);
  ApiSettings settings;
  read_socket(reader, "admin", settings.admin);
  read_socket(reader, "public", settings.everyone);
  if (settings.admin == settings.everyone) {
    reader.fail("public", "must not be the admin socket");
  }
  if (const auto text = reader.text("tcp")) {
    settings.tcp = parse_tcp(*text);
    if (!settings.tcp) {
      reader.fail("tcp", fmt::format("\"{}\" is not ADDRESS:PORT, as 127.0.0.1:9290 or [::1]:9290", *text));
    }
  }
  read_access(reader, settings);
  if (const auto done = reader.finish(); !done) {
    return done.error();
  }
  return settings;
}

Expected<HistorySettings> read_history(const toml::table& table, const std::string& file) {
  TableReader reader(table, file);
  HistorySettings settings;
  settings.interval = std::chrono::seconds(reader.integer("interval_s", 1, 3600).value_or(1));
  settings.keep = static_cast<std::size_t>(reader.integer("keep", 1, 86'400).value_or(3600));
  if (const auto done = reader.finish(); !done) {
    return done.error();
  }
  return settings;
}

/// Under systemd it is StateDirectory= where the file says nothing.
std::string default_state_folder() {
  const char* from_systemd = std::getenv("STATE_DIRECTORY");
  const std::string_view folders = from_systemd != nullptr ? from_systemd : "";
  return std::string(folders.substr(0, folders.find(':')));
}

Expected<std::string> read_state(const toml::table& table, const std::string& file) {
  TableReader reader(table, file);
  auto folder = reader.text("folder").value_or(default_state_folder());
  if (reader.has("folder") && !folder.starts_with('/')) {
    reader.fail("folder", fmt::format("\"{}\" is not a path from / on", folder));
  }
  if (const auto done = reader.finish(); !done) {
    return done.error();
  }
  return folder;
}

/// Finds the owners' ids.
Expected<void> read_owners(const toml::array& tables, const std::string& file, DaemonConfig& config) {
  ErrorList errors;
  for (const auto& element : tables) {
    const auto* owner = element.as_table()->get("owner");
    if (owner == nullptr) {
      continue;
    }
    const auto name = owner->value_or(std::string());
    if (const auto id = user_id(name)) {
      config.users[name] = *id;
    } else {
      errors.add(toml_error(file, *owner, "owner", fmt::format("there is no user \"{}\"", name)));
    }
  }
  return errors.empty() ? Expected<void>() : errors.error();
}

/// Reads the table `key` by `read` into `place`, where it is there.
template <typename T>
void take(TableReader& reader, std::string_view key, const std::string& file,
          Expected<T> (*read)(const toml::table&, const std::string&), T& place) {
  if (const auto* table = reader.table(key)) {
    auto value = read(*table, file);
    if (value) {
      place = std::move(*value);
    } else {
      reader.fail(value.error());
    }
  }
}

void take_services(TableReader& reader, const std::string& file, DaemonConfig& config) {
  const auto* tables = reader.tables("service");
  if (tables == nullptr) {
    if (!reader.has("service")) {
      reader.fail(Error{file + ": no [[service]]"});
    }
    return;
  }
  auto services = services_from_tables(*tables, file);
  if (!services) {
    reader.fail(services.error());
    return;
  }
  config.services = std::move(*services);
  if (const auto owners = read_owners(*tables, file, config); !owners) {
    reader.fail(owners.error());
  }
}

Expected<DaemonConfig> config_from(const toml::table& table, const std::string& file) {
  TableReader reader(table, file);
  DaemonConfig config;
  take(reader, "device", file, device_config_from_table, config.device);
  if (const auto* device = table["device"].as_table()) {
    std::ostringstream text;
    text << *device;
    config.device_text = text.str();
  } else if (!reader.has("device")) {
    reader.fail(Error{file + ": no [device]"});
  }
  take(reader, "secrets", file, read_secrets, config.secrets);
  take_services(reader, file, config);
  if (const auto* sysctls = reader.table("sysctl")) {
    auto read = sysctls_from_table(*sysctls, file, config.warnings);
    if (read) {
      config.sysctls = *read;
    } else {
      reader.fail(read.error());
    }
  }
  // Cards that take each other's connections over must take each other's cookies in peace too.
  constexpr std::string_view kCookieGate = "net.synward.cookie_gate";
  const auto gate = std::ranges::find(reg::kSysctls, kCookieGate, &reg::SysctlInfo::name) - reg::kSysctls.begin();
  if (config.secrets.mode == SecretMode::fleet && !config.sysctls.set_value(static_cast<std::size_t>(gate))) {
    if (auto set = config.sysctls.set(kCookieGate, 1); !set) {
      reader.fail(set.error());
    }
  }
  take(reader, "handoff", file, handoff_settings_from_table, config.handoff);
  config.secrets.handoff_key_file = config.handoff.key_file;
  if (const auto& owner = config.handoff.pattern.owner; !owner.empty()) {
    if (const auto id = user_id(owner)) {
      config.users[owner] = *id;
    } else {
      reader.fail(Error{fmt::format("{}: [handoff.service] owner: there is no user \"{}\"", file, owner)});
    }
  }
  take(reader, "log", file, read_log, config.log);
  take(reader, "api", file, read_api, config.api);
  warn_of_access(config.api, config.warnings);
  take(reader, "history", file, read_history, config.history);
  take(reader, "attack", file, attack_settings_from_table, config.attack);
  config.state_folder = default_state_folder();
  take(reader, "state", file, read_state, config.state_folder);
  if (const auto done = reader.finish(); !done) {
    return done.error();
  }
  return config;
}

}  // namespace

std::optional<std::uint32_t> user_id(const std::string& name) {
  std::array<char, 16'384> strings;
  passwd entry{};
  passwd* found = nullptr;
  if (getpwnam_r(name.c_str(), &entry, strings.data(), strings.size(), &found) != 0 || found == nullptr) {
    return std::nullopt;
  }
  return entry.pw_uid;
}

Expected<DaemonConfig> load_daemon_config(const std::string& path) {
  struct stat file {};
  if (stat(path.c_str(), &file) == 0 && S_ISREG(file.st_mode) && (file.st_mode & S_IWOTH) != 0) {
    return Error{one_line(fmt::format("{}: everybody could change it (chmod o-w FILE)", path))};
  }
  const auto table = load_toml(path);
  return table ? config_from(*table, path) : table.error();
}

Expected<DaemonConfig> parse_daemon_config(std::string_view text, const std::string& file) {
  const auto table = parse_toml(text, file);
  return table ? config_from(*table, file) : table.error();
}

}  // namespace synward
