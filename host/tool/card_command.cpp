// SPDX-License-Identifier: BSD-2-Clause
// synward card and synward link: a card itself, without the daemon.
#include <fmt/format.h>

#include <memory>

#include "card_image.hpp"
#include "card_ports.hpp"
#include "card_selftest.hpp"
#include "synward/bar_device.hpp"
#include "synward/port_registers.hpp"
#include "synward/registers.hpp"
#include "synward/socket_device.hpp"
#include "verbs.hpp"

namespace synward::tool {

namespace {

/// Which card, as the command line says.
struct CardChoice {
  std::string bdf, simulated, sysfs = "/sys";
  unsigned bar = 0;
  std::uint64_t offset = 0;
  bool json = false;

  /// Its registers from `base` on.
  Expected<std::unique_ptr<Device>> open(std::uint32_t base = 0) const {
    if (!simulated.empty()) {
      if (base != 0) return Error{"a simulated card has no ports that could be asked"};
      return open_socket_device({simulated});
    }
    if (bdf.empty()) return Error{"which card: --bdf, or --simulated for one of synward sim serve"};
    return open_bar_device({bdf, bar, offset + base, {}}, sysfs);
  }
};

std::shared_ptr<CardChoice> add_choice(CLI::App& verb) {
  auto choice = std::make_shared<CardChoice>();
  verb.add_option("--bdf", choice->bdf, "The card's PCIe address, as 0000:65:00.0");
  verb.add_option("--bar", choice->bar, "Its BAR with the registers, default 0")->check(CLI::Range(0, 5));
  verb.add_option("--offset", choice->offset, "Of the core's registers in the BAR, default 0");
  verb.add_option("--simulated", choice->simulated, "In its place: the socket of synward sim serve");
  verb.add_option("--sysfs", choice->sysfs, "Where sysfs is, default /sys");
  verb.add_flag("--json", choice->json, "As JSON");
  return choice;
}

constexpr std::pair<const char*, std::uint32_t> kPorts[] = {{"line", kLinePort}, {"host", kHostPort}};

Outcome link(const CardChoice& choice, const std::string& only, const std::string& fec) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  std::string text;
  for (const auto& [name, base] : kPorts) {
    if (!only.empty() && only != name) continue;
    auto device = choice.open(base);
    if (!device) return device.error();
    auto port = read_port(**device, name);
    if (port && !fec.empty()) {
      set_fec(**device, fec == "on");
      port = read_port(**device, name);
    }
    if (!port) return port.error();
    text += port_text(*port);
    rows.push_back(port_json(*port));
  }
  return choice.json ? rows.dump(2) + '\n' : text;
}

Outcome info(const CardChoice& choice) {
  auto device = choice.open();
  if (!device) return device.error();
  if (const std::string why = not_ours(**device); !why.empty()) return Error{why};
  const std::uint32_t version = (*device)->read32(reg::kVersion);
  const auto map = fmt::format("{}.{}.{}", version >> 16, version >> 8 & 0xff, version & 0xff);
  const std::uint32_t hz = (*device)->read32(reg::kClockHz);
  bool ports = choice.simulated.empty();
  for (const auto& [name, base] : kPorts) {
    auto port = ports ? choice.open(base) : Expected<std::unique_ptr<Device>>(Error{""});
    ports = port && (*port)->read32(port_reg::kId) == port_reg::kIdValue;
  }
  if (choice.json) {
    return nlohmann::ordered_json{{"register_map", map}, {"clock_hz", hz}, {"ports", ports}}.dump(2) + '\n';
  }
  return fmt::format("register map {}\nclock        {} Hz\nports        {}\n", map, hz,
                     ports ? "line, host: synward link" : "not beside the core");
}

Outcome run_selftest(const CardChoice& choice) {
  auto device = choice.open();
  if (!device) return device.error();
  const auto rows = selftest(**device);
  std::size_t faults = 0;
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  Error error;
  for (const SelftestRow& row : rows) {
    json.push_back({{"check", row.name}, {"fault", row.fault}});
    if (row.fault.empty()) continue;
    ++faults;
    error.more.push_back(row.name + ": " + row.fault);
  }
  if (faults != 0) {
    error.text = fmt::format("{} of {} checks failed", faults, rows.size());
    return error;
  }
  return choice.json ? json.dump(2) + '\n' : selftest_text(rows);
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
  auto& test = add_verb(card, "selftest", "Bus, identity and clock; nothing in service is changed",
                        "synward card selftest --bdf 0000:65:00.0");
  verbs.does(test, [choice = add_choice(test)](ApiClient&) { return run_selftest(*choice); });
  add_image_verb(verbs, card, "program", "Load an image until power goes (xbutil, or Vivado by JTAG)", false);
  add_image_verb(verbs, card, "flash", "Keep an image in the card's flash (Vivado by JTAG)", true);

  auto& ports = add_verb(verbs.app, "link", "The card's network ports: link, lanes, FEC, counters",
                         "synward link --bdf 0000:65:00.0 --port line --fec off");
  auto only = std::make_shared<std::string>();
  auto fec = std::make_shared<std::string>();
  const auto choice = add_choice(ports);
  ports.add_option("--port", *only, "line or host; default both")->check(CLI::IsMember({"line", "host"}));
  ports.add_option("--fec", *fec, "RS-FEC on or off; the link goes down for a moment")
      ->check(CLI::IsMember({"on", "off"}));
  verbs.does(ports, [choice, only, fec](ApiClient&) { return link(*choice, *only, *fec); });
}

}  // namespace synward::tool
