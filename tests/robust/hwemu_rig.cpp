// SPDX-License-Identifier: BSD-2-Clause
#include "hwemu_rig.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/socket.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "host_rig.hpp"
#include "synward/unix_socket.hpp"

namespace synward::test {

namespace {

/// A process that has ended runs no file, whether somebody has waited for it or not.
bool runs(pid_t pid) {
  std::error_code error;
  return !std::filesystem::read_symlink(fmt::format("/proc/{}/exe", pid), error).empty();
}

}  // namespace

HwemuRig::HwemuRig() {
  sim::write_text(folder_.file("synwardd.toml"),
                  fmt::format(R"([device]
backend = "xrt"
xclbin = "{}"
[[service]]
address = "any"
port = 443
[log]
to = "{}"
[api]
admin = "{}"
public = "{}"
)",
                              HWEMU_XCLBIN, folder_.file("log"), admin(), folder_.file("public.sock")));
  // In the place of the simulator: leaves its process id.
  const auto script = folder_.file("simulator.sh");
  sim::write_text(script, fmt::format("#!/bin/sh\necho $$ > {}\nexec {}\n", folder_.file("pid"), HWEMU));
  std::filesystem::permissions(script, std::filesystem::perms::owner_all);
}

std::unique_ptr<sim::Process> HwemuRig::start() const {
  auto host = std::make_unique<sim::Process>(
      std::vector<std::string>{"env", "SYNWARD_HWEMU_CORE=ref", "SYNWARD_HWEMU=" + folder_.file("simulator.sh"),
                               HWEMU_RUN, SYNWARDD, "--config", folder_.file("synwardd.toml")});
  const bool up = comes_true([this] {
    tool::ApiClient client(admin());
    const auto status = client.get_json("/v1/status");
    return status && status->at("card").at("state") == "up" && status->at("secrets").at("age_s") >= 0;
  });
  if (!up) {
    throw std::runtime_error("under hw_emu, the daemon does not start: " + host->output());
  }
  return host;
}

pid_t HwemuRig::simulator() const { return std::atoi(sim::read_text(folder_.file("pid")).c_str()); }

/// Whose socket it is.
pid_t HwemuRig::daemon() const {
  const auto fd = connect_unix(admin());
  ucred peer{};
  socklen_t size = sizeof peer;
  if (!fd || getsockopt(fd->get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) {
    throw std::runtime_error("under hw_emu, nobody has the socket");
  }
  return peer.pid;
}

std::string HwemuRig::kill_something(Rng& rng) {
  auto host = start();
  const auto card_pid = simulator();
  const auto daemon_pid = daemon();
  const bool card = rng.bit();
  std::this_thread::sleep_for(std::chrono::milliseconds(static_cast<int>(rng.below(400))));
  kill(card ? card_pid : daemon_pid, SIGKILL);
  if (!host->wait() || !comes_true([&] { return !runs(card_pid) && !runs(daemon_pid); })) {
    throw std::runtime_error("under hw_emu, one was killed and the other lives on: " + host->output());
  }
  host = start();
  const auto next_card = simulator();
  host.reset();
  if (!comes_true([&] { return !runs(next_card); })) {
    throw std::runtime_error("under hw_emu, the daemon was told to end and left its simulator");
  }
  ++(card ? simulators : daemons);
  return card ? "the simulator" : "the daemon";
}

}  // namespace synward::test
