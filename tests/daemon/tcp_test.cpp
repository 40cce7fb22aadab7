// SPDX-License-Identifier: BSD-2-Clause
// The daemon's TCP port: what it serves, to whom, and by TLS.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <csignal>
#include <cstring>
#include <memory>
#include <string>

#include "certificates.hpp"
#include "daemon.hpp"
#include "plugged_card.hpp"
#include "temporary_folder.hpp"

namespace synward {
namespace {

/// A port that was free a moment ago.
int free_port() {
  const FileDescriptor fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(bind(fd.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  EXPECT_EQ(getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  return ntohs(address.sin_port);
}

class TcpPort : public testing::Test {
 protected:
  TcpPort() {
    std::signal(SIGPIPE, SIG_IGN);  // as the daemon's process does: OpenSSL writes without MSG_NOSIGNAL
  }
  Expected<std::unique_ptr<Daemon>> try_start(const std::string& more) {
    port = free_port();
    const auto path =
        folder.write("d.toml", fmt::format(R"([device]
backend = "sim"
socket = "/nowhere"
[[service]]
address = "203.0.113.7"
port = 443
[log]
to = "{}"
[api]
admin = "{}"
public = "{}"
tcp = "127.0.0.1:{}"
{})",
                                           folder / "log", folder / "admin.sock", folder / "public.sock", port, more));
    auto config = load_daemon_config(path);
    if (!config) {
      return config.error();
    }
    return Daemon::start(std::move(*config), {path, [this] { return slot.open(); }, {}});
  }
  void start(const std::string& more = {}) {
    auto started = try_start(more);
    ASSERT_TRUE(started) << started.error().text;
    daemon = std::move(*started);
  }
  std::string refusal(const std::string& more) {
    const auto started = try_start(more);
    return started ? "" : started.error().text;
  }
  static int status_of(const httplib::Result& result) { return result ? result->status : 0; }
  int get(const char* path) { return status_of(httplib::Client("127.0.0.1", port).Get(path)); }
  int tls_get(const Identity* own = nullptr) {
    httplib::SSLClient client("127.0.0.1", port, own != nullptr ? own->certificate : "",
                              own != nullptr ? own->key : "");
    client.set_ca_cert_path((folder / "authority.pem").c_str());
    client.enable_server_certificate_verification(true);
    return status_of(client.Get("/metrics"));
  }

  TemporaryFolder folder;
  PluggedCard slot;
  int port = 0;
  std::unique_ptr<Daemon> daemon;
};

TEST_F(TcpPort, serves_metrics_alone_unless_more_is_asked_for) {
  start();
  EXPECT_EQ(get("/metrics"), 200);
  for (const auto* path : {"/v1/events", "/v1/log", "/v1/status", "/v1/explain", "/v1/syncache", "/v1/nothing", "/",
                           "/metrics/", "//metrics", "/v1/../metrics"}) {
    EXPECT_EQ(get(path), 403) << path;
  }
  daemon.reset();
  start("tcp_serves = \"reads\"\n");
  EXPECT_EQ(get("/metrics"), 200);
  EXPECT_EQ(get("/v1/status"), 200);
  EXPECT_EQ(status_of(httplib::Client("127.0.0.1", port).Post("/v1/reload")), 403);
}

TEST_F(TcpPort, asks_for_the_password) {
  start(fmt::format("password_file = \"{}\"\n", folder.write("password", "prometheus:a long one\n")));
  const auto as = [&](const char* user, const char* password) {
    httplib::Client client("127.0.0.1", port);
    client.set_basic_auth(user, password);
    return status_of(client.Get("/metrics"));
  };
  EXPECT_EQ(as("prometheus", "a long one"), 200);
  EXPECT_EQ(as("prometheus", "a long on"), 401);
  EXPECT_EQ(as("prometheus", "a long one "), 401);
  EXPECT_EQ(as("", ""), 401);
  EXPECT_EQ(as("prometheus", std::string(3'000, 'x').c_str()), 401);
  EXPECT_EQ(get("/metrics"), 401);
  const auto reply = httplib::Client("127.0.0.1", port).Get("/metrics");
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->get_header_value("WWW-Authenticate"), "Basic realm=\"synward\"");
}

TEST_F(TcpPort, password_files_are_secret_and_right) {
  for (const auto& [text, why] : {std::pair{std::string("no colon\n"), "must be one line USER:PASSWORD"},
                                  std::pair{std::string("a:b\nc:d\n"), "must be one line USER:PASSWORD"},
                                  std::pair{std::string(), "must be one line USER:PASSWORD"},
                                  std::pair{"a:" + std::string(300, 'x'), "must be one line USER:PASSWORD"}}) {
    EXPECT_NE(refusal(fmt::format("password_file = \"{}\"\n", folder.write("p", text))).find(why), std::string::npos);
  }
  const auto path = folder.write("p", "a:b\n");
  std::filesystem::permissions(path, std::filesystem::perms(0644));
  EXPECT_NE(refusal(fmt::format("password_file = \"{}\"\n", path)).find("has mode 0644"), std::string::npos);
}

TEST_F(TcpPort, speaks_tls_and_knows_certificates_of_clients) {
  const Identity authority(folder, "authority");
  const Identity server(folder, "server", &authority);
  const Identity client(folder, "client", &authority);
  const Identity stranger(folder, "stranger");
  const auto files = fmt::format("tls_certificate = \"{}\"\ntls_key = \"{}\"\n", server.certificate, server.key);
  start(files);
  EXPECT_EQ(tls_get(), 200);
  EXPECT_EQ(get("/metrics"), 0) << "in the clear";
  daemon.reset();
  start(files + fmt::format("tls_client_ca = \"{}\"\n", authority.certificate));
  EXPECT_EQ(tls_get(&client), 200);
  EXPECT_EQ(tls_get(), 0);
  EXPECT_EQ(tls_get(&stranger), 0);
  EXPECT_EQ(tls_get(&client), 200) << "who was refused spoils nothing";
}

TEST_F(TcpPort, tls_goes_on_while_others_are_silent_in_the_middle_of_it) {
  const Identity authority(folder, "authority");
  const Identity server(folder, "server", &authority);
  start(fmt::format("tls_certificate = \"{}\"\ntls_key = \"{}\"\n", server.certificate, server.key));
  std::vector<FileDescriptor> silent;
  for (std::size_t i = 0; i < 2 * HttpServer::kConnections; ++i) {
    FileDescriptor fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(send(fd.get(), "\x16\x03\x01", 3, MSG_NOSIGNAL), 3);
    silent.push_back(std::move(fd));
  }
  EXPECT_EQ(tls_get(), 200);
}

TEST_F(TcpPort, says_which_file_of_tls_is_wrong) {
  const Identity server(folder, "server");
  const auto with = [&](const std::string& certificate, const std::string& key) {
    return refusal(fmt::format("tls_certificate = \"{}\"\ntls_key = \"{}\"\n", certificate, key));
  };
  EXPECT_TRUE(with("/nowhere", server.key).starts_with("/nowhere: ")) << with("/nowhere", server.key);
  EXPECT_TRUE(with(server.certificate, "/nowhere").starts_with("/nowhere: "));
  const auto other = folder.write("other", "no key");
  EXPECT_TRUE(with(server.certificate, other).starts_with(other + ": "));
  std::filesystem::permissions(server.key, std::filesystem::perms(0640));
  EXPECT_NE(with(server.certificate, server.key).find("has mode 0640"), std::string::npos);
}

TEST(TcpWarnings, where_others_can_reach_it_without_a_word) {
  const auto warnings = [](const std::string& more) {
    auto config = parse_daemon_config(R"([device]
backend = "sim"
socket = "/card"
[[service]]
address = "any"
port = 443
[api]
)" + more,
                                      "d.toml");
    EXPECT_TRUE(config) << config.error().text;
    std::string text;
    for (const auto& line : config->warnings) {
      text += line + '\n';
    }
    return text;
  };
  const std::string tls = "tls_certificate = \"/c\"\ntls_key = \"/k\"\n";
  EXPECT_EQ(warnings("tcp = \"127.0.0.1:9290\"\n"), "");
  EXPECT_EQ(warnings("tcp = \"[::1]:9290\"\n"), "");
  EXPECT_EQ(warnings("tcp = \"0.0.0.0:9290\"\n"),
            "[api] tcp: 0.0.0.0 can be reached from other machines without TLS without a password or client "
            "certificates\n");
  EXPECT_EQ(warnings("tcp = \"192.0.2.1:9290\"\npassword_file = \"/p\"\n"),
            "[api] tcp: 192.0.2.1 can be reached from other machines without TLS\n");
  EXPECT_EQ(warnings("tcp = \"[::]:9290\"\n" + tls),
            "[api] tcp: :: can be reached from other machines without a password or client certificates\n");
  EXPECT_EQ(warnings("tcp = \"[::]:9290\"\npassword_file = \"/p\"\n" + tls), "");
  EXPECT_EQ(warnings("tcp = \"[::]:9290\"\ntls_client_ca = \"/a\"\n" + tls), "");
}

}  // namespace
}  // namespace synward
