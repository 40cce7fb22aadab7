// SPDX-License-Identifier: BSD-2-Clause
// What capture.sh needs besides a kernel, tcpdump and `synward`.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

#include "live/answer.hpp"
#include "live/peer.hpp"

namespace {

int run(const std::vector<std::string>& arguments) {
  using namespace synward;
  if (arguments.size() == 2 && arguments[0] == "checksums-off") {
    test::turn_off_checksum_offload(arguments[1]);
    return 0;
  }
  if (arguments.size() == 3 && arguments[0] == "serve") {
    test::serve(static_cast<std::uint16_t>(std::stoi(arguments[1])), std::stoi(arguments[2]));
    return 0;
  }
  if (arguments.size() == 4 && arguments[0] == "answer") {
    const auto done = test::answer_to_card(arguments[1], arguments[2], arguments[3]);
    if (!done) std::fprintf(stderr, "synward-live: %s\n", done.error().text.c_str());
    return done ? 0 : 1;
  }
  std::fputs(
      "usage: synward-live checksums-off INTERFACE | serve PORT CONNECTIONS | answer CLIENT.pcap SYN-ACKS.pcap "
      "OUT.pcap\n"
      "  example: synward-live answer kernel-handshake.pcap answers.pcap second.pcap\n",
      stderr);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "synward-live: %s\n", error.what());
    return 1;
  }
}
