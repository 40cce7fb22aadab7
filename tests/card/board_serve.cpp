// SPDX-License-Identifier: BSD-2-Clause
// synward-board-serve --socket PATH | --xrt [--bus-ns N]: the simulated board behind a socket, or XRT's hw_emu, for the
// daemon's tests. Slow: some thousand clocks a second. SIGUSR1 takes the card's power for a moment; SIGTERM ends it.
#include <fmt/format.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>

#include "card/card_board.hpp"
#include "synward/port_registers.hpp"
#include "synward/sim/card_ports.hpp"
#include "synward/sim/card_server.hpp"
#include "synward/sim/socket_server.hpp"
#include "synward/sim/xrt_server.hpp"

namespace {

using namespace synward;
using test::CardBoard;

std::atomic<bool> power_cut = false, ended = false;
static_assert(std::atomic<bool>::is_always_lock_free);

/// The board with its ports beside its core, and its cages.
class ServedBoard final : public Device, public sim::Cables {
 public:
  explicit ServedBoard(CardBoard& board) : board_(board) {}
  std::uint32_t read32(std::uint32_t offset) override { return board_.read32(offset); }
  void write32(std::uint32_t offset, std::uint32_t value) override { board_.write32(offset, value); }
  std::uint32_t space() const override { return kCardSpace; }
  void plug(std::uint32_t base, bool in) override {
    board_.plug(base == kLinePort ? test::Port::line : test::Port::host, in, false);
  }

 private:
  CardBoard& board_;
};

struct Options {
  std::string socket;
  bool xrt = false;
  std::uint64_t bus_ns = 0;
};

Expected<Options> read_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const bool more = i + 1 < argc;
    if (word == "--socket" && more) {
      options.socket = argv[++i];
    } else if (word == "--bus-ns" && more) {
      options.bus_ns = std::stoull(argv[++i]);
    } else if (word == "--xrt") {
      options.xrt = true;
    } else {
      return Error{"usage: synward-board-serve --socket PATH | --xrt [--bus-ns N]"};
    }
  }
  return options.socket.empty() && !options.xrt ? Expected<Options>(Error{"--socket or --xrt is needed"}) : options;
}

Expected<void> serve(const Options& options) {
  constexpr std::uint64_t kIdlePs = 3'000'000;  ///< that pass while nobody asks
  CardBoard& board = CardBoard::get();
  CardBoard::Settings settings;
  settings.bus_ns = options.bus_ns;
  board.power_up(settings);
  ServedBoard served(board);
  sim::CardServer server;
  if (!options.socket.empty()) {
    auto socket = sim::SocketServer::listen(served, options.socket, &served);
    if (!socket) {
      return socket.error();
    }
    server.add(*socket);
  }
  if (options.xrt) {
    auto sockets = sim::XrtSockets::from_environment();
    if (!sockets) {
      return sockets.error();
    }
    const auto xrt = std::make_shared<sim::XrtServer>(served, std::move(*sockets), sim::XrtServer::Mode::attached);
    xrt->serve();
    if (xrt->error()) {
      return *xrt->error();
    }
    server.add(xrt);
  }
  fmt::print("Serving the board\n");
  std::fflush(stdout);
  while (!ended) {
    server.poll(std::chrono::milliseconds(1));
    board.run_until(board.now_ps() + kIdlePs);
    if (power_cut.exchange(false)) {
      board.power_up(settings);
    }
  }
  return {};
}

}  // namespace

/// SystemC's library has the main(), and calls this.
extern "C" int sc_main(int argc, char** argv) {
  std::signal(SIGUSR1, [](int) { power_cut = true; });
  std::signal(SIGTERM, [](int) { ended = true; });
  try {
    const auto options = read_options(argc, argv);
    const auto done = options ? serve(*options) : Expected<void>(options.error());
    if (!done) {
      fmt::print(stderr, "synward-board-serve: {}\n", done.error().text);
    }
    return done ? 0 : 1;
  } catch (const std::exception& error) {
    fmt::print(stderr, "synward-board-serve: {}\n", error.what());
    return 1;
  }
}
