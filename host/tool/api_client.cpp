// SPDX-License-Identifier: BSD-2-Clause
#include "api_client.hpp"

#include <fmt/format.h>
#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <optional>
#include <thread>
#include <utility>

#include "synward/toml_reader.hpp"

namespace synward::tool {

namespace {

constexpr const char* kAdminSocket = "/run/synward/admin.sock";
constexpr const char* kPublicSocket = "/run/synward/public.sock";
constexpr int kAnswerSeconds = 10;
constexpr int kWaitSeconds = 60;  // the log may be waited for

std::string pick_socket(std::string wanted) {
  if (!wanted.empty()) {
    return wanted;
  }
  const char* from_environment = std::getenv("SYNWARD_SOCKET");
  if (from_environment != nullptr && *from_environment != '\0') {
    return from_environment;
  }
  return ::access(kAdminSocket, W_OK) == 0 ? kAdminSocket : kPublicSocket;
}

/// Why nobody answers at the socket, as far as the file system knows.
std::string reason(const std::string& socket) {
  return ::access(socket.c_str(), W_OK) != 0 ? std::strerror(errno) : "no answer";
}

}  // namespace

struct ApiClient::Http {
  explicit Http(const std::string& socket) : client(socket) {
    client.set_address_family(AF_UNIX);
    client.set_default_headers({{"Host", "localhost"}});
    client.set_connection_timeout(5);
    client.set_read_timeout(kAnswerSeconds);
    client.set_keep_alive(true);
  }
  httplib::Client client;
};

ApiClient::ApiClient(std::string socket)
    : socket_(pick_socket(std::move(socket))), http_(std::make_unique<Http>(socket_)) {}

ApiClient::~ApiClient() = default;

namespace {

/// A daemon that ends may close a connection that is being written to: an error, and not this program's end. For
/// standard output the signal stays what it is.
class NoPipeSignal {
 public:
  NoPipeSignal() {
    ::sigemptyset(&pipe_);
    ::sigaddset(&pipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoPipeSignal() {
    constexpr timespec kAtOnce{};
    while (::sigtimedwait(&pipe_, nullptr, &kAtOnce) == SIGPIPE) {
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoPipeSignal(const NoPipeSignal&) = delete;
  NoPipeSignal(NoPipeSignal&&) = delete;
  NoPipeSignal& operator=(const NoPipeSignal&) = delete;
  NoPipeSignal& operator=(NoPipeSignal&&) = delete;

 private:
  sigset_t pipe_{}, before_{};
};

Expected<ApiReply> reply_of(const httplib::Result& result, const std::string& socket) {
  if (!result) {
    return Error{fmt::format("{}: {}; is synwardd running?", socket, reason(socket))};
  }
  return ApiReply{result->status, result->body, result->has_header("Synward-Incomplete")};
}

/// The daemon names a second each time. What is asked twice must do the same as once. Ends within kAnswerSeconds, if
/// being told so takes no longer than the last time: whoever monitors gives no more.
template <typename Ask>
httplib::Result until_not_busy(const Ask& ask, bool patient) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::seconds kPause(1);
  const auto end = Clock::now() + std::chrono::seconds(kAnswerSeconds);
  for (;;) {
    const auto asked = Clock::now();
    auto result = ask();
    const auto now = Clock::now();
    if (!patient || !result || !result->has_header("Retry-After") || now + kPause + (now - asked) > end) {
      return result;
    }
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace

Expected<ApiReply> ApiClient::get(const std::string& path, bool patient) {
  const NoPipeSignal quiet;
  http_->client.set_read_timeout(kAnswerSeconds + (path.find("wait_s=") != std::string::npos ? kWaitSeconds : 0));
  return reply_of(until_not_busy([&] { return http_->client.Get(path); }, patient), socket_);
}

Expected<ApiReply> ApiClient::put(const std::string& path, const std::string& body) {
  const NoPipeSignal quiet;
  return reply_of(until_not_busy([&] { return http_->client.Put(path, body, "text/plain"); }, true), socket_);
}

Expected<ApiReply> ApiClient::post(const std::string& path, const std::string& body) {
  const NoPipeSignal quiet;
  return reply_of(body.empty() ? http_->client.Post(path) : http_->client.Post(path, body, "text/plain"), socket_);
}

Expected<std::string> ApiClient::get_text(const std::string& path, bool patient) {
  auto reply = get(path, patient);
  if (!reply) {
    return reply.error();
  }
  if (reply->status != 200) {
    return error_of(*reply);
  }
  return std::move(reply->body);
}

Expected<nlohmann::json> ApiClient::get_json(const std::string& path, bool patient) {
  const auto text = get_text(path, patient);
  if (!text) {
    return text.error();
  }
  auto json = nlohmann::json::parse(*text, nullptr, false);
  if (json.is_discarded()) {
    return Error{fmt::format("{}: {}: the answer is not JSON", socket_, path)};
  }
  return json;
}

Expected<std::string> admin_socket_of(const std::string& config_path) {
  const auto table = load_toml(config_path);
  if (!table) {
    return table.error();
  }
  // What is wrong otherwise is the daemon's to say.
  return (*table)["api"]["admin"].value_or(std::string(kAdminSocket));
}

std::string path_part(const std::string& name) {
  std::string part;
  for (const char c : name) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == '_';
    part += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return part;
}

Error error_of(const ApiReply& reply) {
  const auto json = nlohmann::json::parse(reply.body, nullptr, false);
  if (json.is_object() && json.contains("error") && json["error"].is_string()) {
    Error error{json["error"].get<std::string>()};
    for (const auto& more : json.value("more", nlohmann::json::array())) {
      error.more.push_back(more.is_string() ? more.get<std::string>() : more.dump());
    }
    return error;
  }
  return {fmt::format("the daemon answered with HTTP status {}", reply.status)};
}

}  // namespace synward::tool
