// SPDX-License-Identifier: BSD-2-Clause
#include "synward/sim/serve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <vector>

#include "synward/apply.hpp"
#include "synward/config.hpp"
#include "synward/sim/card_clock.hpp"
#include "synward/sim/card_ports.hpp"
#include "synward/sim/card_server.hpp"
#include "synward/sim/cores.hpp"
#include "synward/sim/interrupt.hpp"
#include "synward/sim/scenario.hpp"
#include "synward/sim/socket_server.hpp"
#include "synward/sim/world.hpp"
#include "synward/sim/xrt_server.hpp"

namespace synward::sim {

namespace {

using std::chrono::milliseconds;

/// What is read and checked before anything is started.
struct Inputs {
  std::optional<Config> config;
  std::optional<Scenario> traffic;
};

Expected<Inputs> read_inputs(const ServeOptions& options) {
  if (options.socket.empty() && !options.xrt) {
    return Error{"nothing to serve: --socket PATH or --xrt is needed"};
  }
  Inputs inputs;
  if (!options.config.empty()) {
    auto config = load_config(options.config);
    if (!config) {
      return config.error();
    }
    inputs.config = std::move(*config);
  }
  if (!options.traffic.empty()) {
    auto scenario = load_scenario(options.traffic);
    if (!scenario) {
      return scenario.error();
    }
    inputs.traffic = std::move(*scenario);
  }
  return inputs;
}

/// Opens the ways to the card, and says where they are.
Expected<void> open_endpoints(const ServeOptions& options, Card& card, CardPorts& ports, CardServer& server) {
  Device& device = options.ports ? static_cast<Device&>(ports) : card;
  std::vector<std::string> places;
  if (!options.socket.empty()) {
    const auto socket = SocketServer::listen(device, options.socket, options.ports ? &ports : nullptr);
    if (!socket) {
      return socket.error();
    }
    server.add(*socket);
    places.push_back(options.socket);
  }
  if (options.xrt) {
    auto sockets = XrtSockets::from_environment();
    if (!sockets) {
      return sockets.error();
    }
    places.push_back(sockets->calls);
    const auto xrt = std::make_shared<XrtServer>(device, std::move(*sockets), XrtServer::Mode::attached);
    xrt->serve();
    if (xrt->error()) {
      return *xrt->error();
    }
    server.add(xrt);
  }
  for (const auto& place : places) {
    fmt::print("Serving the {} core at {}\n", card.core(), place);
  }
  std::fflush(stdout);
  return {};
}

/// Serves for as long as the card is ahead of the wall's clock, and at least once. False once the user has enough.
bool keep_pace(CardServer& server, CardClock& clock) {
  do {
    const auto ahead = std::chrono::duration_cast<milliseconds>(clock.ahead());
    server.poll(std::clamp(ahead, milliseconds(0), milliseconds(20)));
  } while (clock.ahead() > milliseconds(1) && !interrupted());
  return !interrupted();
}

/// The scenario again and again, each time with another seed.
Expected<void> run_traffic_until_interrupted(Scenario& scenario, Card& card, CardServer& server, CardClock& clock) {
  while (!interrupted()) {
    auto done = run_traffic(scenario, card, [&] { return keep_pace(server, clock); });
    if (!done && !interrupted()) {
      return done;
    }
    ++scenario.seed;
  }
  return {};
}

}  // namespace

Expected<std::string> serve(const ServeOptions& options) {
  auto inputs = read_inputs(options);
  if (!inputs) {
    return inputs.error();
  }
  auto card = make_card(options.core);
  if (!card) {
    return card.error();
  }
  if (inputs->config) {
    if (const auto applied = apply(**card, *inputs->config); !applied) {
      return applied.error();
    }
  }
  CardPorts ports(**card);
  if (options.ports) {
    wire_loopbacks(**card, ports);  // with traffic the frames are its own
  }
  CardServer server;
  if (const auto opened = open_endpoints(options, **card, ports, server); !opened) {
    return opened.error();
  }
  CardClock clock(**card);
  if (inputs->traffic) {
    if (const auto done = run_traffic_until_interrupted(*inputs->traffic, **card, server, clock); !done) {
      return done.error();
    }
  }
  while (!interrupted()) {
    clock.follow();
    server.poll(milliseconds(50));
  }
  return fmt::format("Ended: {}\n", interruption().text);
}

}  // namespace synward::sim
