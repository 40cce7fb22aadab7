// SPDX-License-Identifier: BSD-2-Clause
// synward-hwemu: the simulated card that XRT's hw_emu starts. SYNWARD_HWEMU_CORE: rtl (default) or ref.
#include <fmt/format.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>

#include "synward/sim/card_clock.hpp"
#include "synward/sim/card_ports.hpp"
#include "synward/sim/card_server.hpp"
#include "synward/sim/cores.hpp"
#include "synward/sim/xrt_server.hpp"

namespace {

using synward::Expected;
using namespace synward::sim;

Expected<void> serve() {
  const char* core = std::getenv("SYNWARD_HWEMU_CORE");
  auto card = make_card(core == nullptr ? "rtl" : core);
  if (!card) {
    return card.error();
  }
  auto sockets = XrtSockets::from_environment();
  if (!sockets) {
    return sockets.error();
  }
  CardPorts ports(**card);
  wire_loopbacks(**card, ports);
  const auto xrt = std::make_shared<XrtServer>(ports, std::move(*sockets), XrtServer::Mode::launched);
  CardServer server;
  server.add(xrt);
  CardClock clock(**card);
  while (!xrt->finished()) {
    clock.follow();
    server.poll(std::chrono::milliseconds(10));
  }
  if (xrt->error()) {
    return *xrt->error();
  }
  return {};
}

}  // namespace

int main() {
  try {
    // It ends when the host program closes the card, or is gone; whoever stops both must not stop the card first.
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      std::signal(signal, SIG_IGN);
    }
    if (const auto served = serve(); !served) {
      fmt::print(stderr, "synward-hwemu: {}\n", served.error().text);
      return 1;
    }
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "synward-hwemu: {}\n", error.what());
    return 1;
  }
}
