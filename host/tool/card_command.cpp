// SPDX-License-Identifier: BSD-2-Clause
// synward card: a card itself, without the daemon.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "card_choice.hpp"
#include "card_image.hpp"
#include "card_selftest.hpp"
#include "synward/ports.hpp"
#include "synward/printable.hpp"
#include "synward/registers.hpp"
#include "verbs.hpp"

namespace synward::tool {

namespace {

Outcome info(const CardChoice& choice) {
  auto device = choice.open();
  if (!device) return device.error();
  if (const std::string why = not_ours(**device); !why.empty()) return Error{why};
  const std::uint32_t version = (*device)->read32(reg::kVersion);
  const auto map = fmt::format("{}.{}.{}", version >> 16, version >> 8 & 0xff, version & 0xff);
  const std::uint32_t hz = (*device)->read32(reg::kClockHz);
  const bool ports = static_cast<bool>(read_ports(**device));
  if (choice.json) {
    return nlohmann::ordered_json{{"register_map", map}, {"clock_hz", hz}, {"ports", ports}}.dump(2) + '\n';
  }
  return fmt::format("register map {}\nclock        {} Hz\nports        {}\n", map, hz,
                     ports ? "line, host: synward link" : "not beside the core");
}

Outcome run_selftest(const CardChoice& choice, bool offline, const std::string& interface) {
  auto device = choice.open();
  if (!device) return device.error();
  const auto rows = selftest(**device, offline, interface);
  const auto failed = std::ranges::count(rows, Verdict::failed, &SelftestRow::verdict);
  const std::string text = choice.json ? selftest_json(rows).dump(2) + '\n' : selftest_text(rows);
  if (failed == 0) return text;
  // All of it is told, what passed too.
  fmt::print("{}", printable(text));
  std::fflush(stdout);
  return Error{fmt::format("{} of {} tests failed", failed, rows.size())};
}

void add_image_verb(const Verbs& verbs, CLI::App& card, const std::string& name, const char* what, bool keep) {
  auto& verb = add_verb(card, name, what,
                        keep ? "synward card flash --scripts synward-card/rtl/board/vivado synward_u55c.mcs"
                             : "synward card program --bdf 0000:65:00.0 synward.xclbin");
  auto request = std::make_shared<ImageRequest>();
  auto dry = std::make_shared<bool>(false);
  request->keep = keep;
  verb.add_option("FILE", request->file, keep ? "The .mcs" : "The .bit or .xclbin")->required();
  verb.add_option("--bdf", request->bdf, "The card's PCIe address, for an xclbin");
  verb.add_option("--scripts", request->scripts, "Folder with Vivado's scripts, for .bit and .mcs");
  verb.add_flag("--dry-run", *dry, "Say what would be run");
  verbs.does(verb, [request, dry](ApiClient&) -> Outcome {
    const auto command = image_command(*request);
    if (!command) return command.error();
    std::string line;
    for (const std::string& word : *command) line += (line.empty() ? "" : " ") + word;
    if (*dry) return line + '\n';
    if (const auto done = run_command(*command); !done) return done.error();
    return std::string("loaded; look for it: synward card info\n");
  });
}

}  // namespace

void add_card(const Verbs& verbs) {
  auto& card =
      add_verb(verbs.app, "card", "A card itself, while no daemon has it", "synward card selftest --bdf 0000:65:00.0");
  card.require_subcommand(1);
  auto& show = add_verb(card, "info", "Whose image it has, and of which age", "synward card info --bdf 0000:65:00.0");
  verbs.does(show, [choice = add_choice(show)](ApiClient&) { return info(*choice); });
  auto& test =
      add_verb(card, "selftest", "Bus, registers, memories, loopbacks; by itself nothing in service is changed",
               "synward card selftest --bdf 0000:65:00.0\n  synward card selftest --bdf 0000:65:00.0 --offline");
  auto offline = std::make_shared<bool>(false);
  test.add_flag("--offline", *offline,
                "Also what cuts links and clears tables and secrets: the card carries no traffic, no daemon has it");
  auto interface = std::make_shared<std::string>();
  test.add_option("--interface", *interface,
                  "One that is cabled to the line port: SYNs for the cookies; with --offline");
  verbs.does(test, [choice = add_choice(test), offline, interface](ApiClient&) {
    return run_selftest(*choice, *offline, *interface);
  });
  add_image_verb(verbs, card, "program", "Load an image until power goes (xbutil, or Vivado by JTAG)", false);
  add_image_verb(verbs, card, "flash", "Keep an image in the card's flash (Vivado by JTAG)", true);
}

}  // namespace synward::tool
