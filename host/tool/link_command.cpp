// SPDX-License-Identifier: BSD-2-Clause
// synward link: a card's network ports, from the daemon, or from the card where none runs.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "card_choice.hpp"
#include "json_members.hpp"
#include "link_text.hpp"
#include "synward/ports.hpp"
#include "verbs.hpp"

namespace synward::tool {

namespace {

struct LinkRequest {
  std::string only;  ///< a port's name; empty: both
  std::string fec;   ///< "on", "off", or empty: as it is
};

/// Of the ports that were asked for.
template <typename Do>
Expected<void> each_port(const LinkRequest& request, Do act) {
  for (const auto& place : kPorts) {
    if (!request.only.empty() && request.only != place.name) {
      continue;
    }
    if (Expected<void> done = act(place); !done) {
      return done;
    }
  }
  return {};
}

Expected<nlohmann::json> ask_card(const CardChoice& choice, const LinkRequest& request) {
  auto device = choice.open();
  if (!device) {
    return device.error();
  }
  auto ports = nlohmann::ordered_json::array();
  const auto done = each_port(request, [&](const PortPlace& place) -> Expected<void> {
    auto port = read_port(**device, place);
    if (port && !request.fec.empty()) {
      set_fec(**device, place, request.fec == "on");
      port = read_port(**device, place);
    }
    if (!port) {
      return port.error();
    }
    ports.push_back(port_json(*port));
    return {};
  });
  if (!done) {
    return done.error();
  }
  return nlohmann::json{{"ports", ports}, {"why", ""}, {"sensors", sensors_json((*device)->sensors())}};
}

Expected<nlohmann::json> ask_daemon(ApiClient& client, const LinkRequest& request) {
  if (!request.fec.empty()) {
    const auto done = each_port(request, [&](const PortPlace& place) -> Expected<void> {
      const auto set = json_of(client.put(fmt::format("/v1/link/{}", place.name), "fec=" + request.fec));
      return set ? Expected<void>() : set.error();
    });
    if (!done) {
      return done.error();
    }
  }
  auto answer = json_of(client.get("/v1/link"));
  if (answer && answer->contains("ports") && !request.only.empty()) {
    auto ports = nlohmann::json::array();
    std::ranges::copy_if((*answer)["ports"], std::back_inserter(ports),
                         [&](const auto& port) { return text(port, "port") == request.only; });
    (*answer)["ports"] = std::move(ports);
  }
  return answer;
}

Expected<nlohmann::json> ask(ApiClient& client, const CardChoice& choice, const LinkRequest& request,
                             const std::string& config) {
  if (choice.named()) {
    return ask_card(choice, request);
  }
  const auto there = client.get("/v1/link");
  if (there) {
    return ask_daemon(client, request);
  }
  const auto configured = configured_card(config.empty() ? kDaemonConfig : config);
  if (!configured) {
    return Error{fmt::format("{}; nor can the card be asked itself: {}; --bdf or --simulated name one",
                             there.error().text, configured.error().text)};
  }
  warn("no daemon answers; the card itself is asked");
  return ask_card(*configured, request);
}

}  // namespace

void add_link(const Verbs& verbs, const std::string& config) {
  auto& verb = add_verb(verbs.app, "link", "The card's network ports: link, lanes, FEC, counters, temperatures",
                        "synward link\n  synward link --port line --fec off\n  synward link --bdf 0000:65:00.0");
  const auto request = std::make_shared<LinkRequest>();
  const auto choice = add_choice(verb);
  verb.add_option("--port", request->only, "line or host; default both")->check(CLI::IsMember({"line", "host"}));
  verb.add_option("--fec", request->fec, "RS-FEC on or off; the link goes down for a moment")
      ->check(CLI::IsMember({"on", "off"}));
  verbs.does(verb, [choice, request, &config](ApiClient& client) -> Outcome {
    const auto links = ask(client, *choice, *request, config);
    if (!links) {
      return links.error();
    }
    return choice->json ? json_text(*links) : link_text(*links);
  });
}

}  // namespace synward::tool
