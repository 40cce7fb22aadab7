// SPDX-License-Identifier: BSD-2-Clause
#include "host_rig.hpp"

#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "synward/socket_device.hpp"

namespace synward::test {

namespace {

volatile std::sig_atomic_t signalled = 0;

}  // namespace

HostRig::HostRig(const std::string& config, const std::string& traffic) {
  sim::write_text(folder_.file("traffic.toml"), traffic);
  sim::write_text(folder_.file("synwardd.toml"), fmt::format(R"([device]
backend = "sim"
socket = "{}"
[log]
to = "{}"
[api]
admin = "{}"
public = "{}"
{})",
                                                             card_socket(), log_file(), admin(), everyone(), config));
}

void HostRig::start_card() {
  card_.reset();
  card_ = std::make_unique<sim::Process>(std::vector<std::string>{SYNWARD_TOOL, "sim", "serve", "--core", "ref",
                                                                  "--socket", card_socket(), "--traffic",
                                                                  folder_.file("traffic.toml")});
  if (!card_->says("Serving")) {
    throw std::runtime_error("the card does not start: " + card_->output());
  }
}

void HostRig::start_daemon() {
  daemon_.reset();
  daemon_ =
      std::make_unique<sim::Process>(std::vector<std::string>{SYNWARDD, "--config", folder_.file("synwardd.toml")});
  const bool serves = comes_true([this] {
    if (!std::filesystem::exists(admin())) {
      return false;
    }
    tool::ApiClient client(admin());
    return client.get_json("/v1/status").operator bool();
  });
  if (!serves) {
    throw std::runtime_error("the daemon does not start: " + daemon_->output());
  }
}

std::unique_ptr<Device> HostRig::open_card() const {
  auto device = open_socket_device({card_socket()});
  if (!device) {
    throw std::runtime_error(device.error().text);
  }
  return std::move(*device);
}

bool comes_true(const std::function<bool()>& condition, int seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (!condition()) {
    if (told_to_end() || std::chrono::steady_clock::now() > end) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

void catch_signals() {
  for (const int signal : {SIGINT, SIGTERM}) {
    std::signal(signal, [](int) { signalled = 1; });
  }
}

bool told_to_end() { return signalled != 0; }

}  // namespace synward::test
