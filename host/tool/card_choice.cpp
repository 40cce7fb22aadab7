// SPDX-License-Identifier: BSD-2-Clause
#include "card_choice.hpp"

#include <fmt/format.h>

#include "synward/bar_device.hpp"
#include "synward/socket_device.hpp"
#include "synward/toml_reader.hpp"

namespace synward::tool {

Expected<std::unique_ptr<Device>> CardChoice::open() const {
  if (!simulated.empty()) {
    return open_socket_device({simulated});
  }
  if (bdf.empty()) {
    return Error{"which card: --bdf, or --simulated for one of synward sim serve"};
  }
  return open_bar_device({bdf, bar, offset, {}}, sysfs);
}

std::shared_ptr<CardChoice> add_choice(CLI::App& verb) {
  auto choice = std::make_shared<CardChoice>();
  verb.add_option("--bdf", choice->bdf, "The card's PCIe address, as 0000:65:00.0");
  verb.add_option("--bar", choice->bar, "Its BAR with the registers, default 0; OpenNIC: 2")->check(CLI::Range(0, 5));
  verb.add_option("--offset", choice->offset, "Of the core's registers in the BAR, default 0");
  verb.add_option("--simulated", choice->simulated, "In its place: the socket of synward sim serve");
  verb.add_option("--sysfs", choice->sysfs, "Where sysfs is, default /sys");
  verb.add_flag("--json", choice->json, "As JSON");
  return choice;
}

Expected<CardChoice> configured_card(const std::string& config_path) {
  const auto table = load_toml(config_path);
  if (!table) {
    return table.error();
  }
  // What is wrong otherwise is the daemon's to say.
  const auto device = (*table)["device"];
  CardChoice choice;
  choice.simulated = device["socket"].value_or(std::string());
  choice.bdf = device["bdf"].value_or(std::string());
  choice.bar = device["bar"].value_or(choice.bar);
  choice.offset = device["offset"].value_or(std::uint64_t{0});
  const auto backend = device["backend"].value_or(std::string());
  if (backend != "pcie" && backend != "sim") {
    return Error{
        fmt::format("{}: a card with backend \"{}\" is asked through synwardd alone: start it", config_path, backend)};
  }
  return choice;
}

}  // namespace synward::tool
