// SPDX-License-Identifier: BSD-2-Clause
#include "api.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string_view>
#include <utility>

#include "api_json.hpp"
#include "handoff_json.hpp"
#include "synward/attack_json.hpp"
#include "synward/counters.hpp"
#include "synward/diagnosis.hpp"
#include "synward/half_open_text.hpp"
#include "synward/metrics.hpp"
#include "synward/netstat.hpp"
#include "synward/statistics.hpp"

namespace synward {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::seconds kExplainPatience{5};
constexpr std::chrono::milliseconds kPatience{2'000};  ///< of /metrics with the card's thread
constexpr std::chrono::milliseconds kFreshMetrics{100}, kOldMetrics{5'000};
constexpr std::uint64_t kMostWaitS = 60;
constexpr std::uint64_t kAttacks = 20;
constexpr std::uint64_t kHistory = 60, kMostHistory = 3'600, kMostPublicHistory = 300;  ///< snapshots
constexpr std::string_view kSysctlPath = "/v1/sysctl/";
constexpr std::string_view kLinkPath = "/v1/link/";
constexpr std::string_view kAttackPath = "/v1/attacks/";
constexpr const char* kText = "text/plain; charset=utf-8";
constexpr const char* kExposition = "text/plain; version=0.0.4; charset=utf-8";

ApiReply error(int status, std::string_view text, std::string_view tip = {}) {
  Json json{{"error", text}};
  if (!tip.empty()) {
    json["tip"] = tip;
  }
  // A client's text may stand in the error, and may be no UTF-8.
  return {status, json.dump(-1, ' ', false, Json::error_handler_t::replace)};
}
ApiReply busy(std::string_view why) {
  auto reply = error(503, why);
  reply.again = true;
  return reply;
}
ApiReply behind() { return busy(kThreadIsBehind); }
/// What the daemon itself could not do: `status`, unless it came to nothing on the card's thread.
ApiReply undone(int status, const Error& why) {
  return why.text == kThreadIsBehind ? behind() : error(status, why.text);
}
ApiReply lost(const std::string& why) { return error(503, "the card is lost: " + why); }
ApiReply json(const Json& value) { return {200, value.dump(-1, ' ', false, Json::error_handler_t::replace)}; }

ApiReply refused(const SysctlRefusal& refusal) {
  using enum SysctlRefusal::Kind;
  const int status = refusal.kind == unknown_oid ? 404
                     : refusal.kind == read_only ? 403
                     : refusal.kind == invalid   ? 422
                                                 : 503;
  return error(status, refusal.text, refusal.tip);
}

/// To a thousandth: what a clock is worth.
double rounded(double seconds) { return std::round(seconds * 1000) / 1000; }

/// Who asks, for the log.
std::string who(const ApiRequest& request) {
  return request.uid ? fmt::format("user {}", *request.uid) : "unknown user";
}

/// The numbers and words of a query. The first that is wrong is kept.
class Query {
 public:
  Query(const ApiRequest& request, std::initializer_list<std::string_view> known) : query_(request.query) {
    for (const auto& [key, value] : query_) {
      if (std::ranges::find(known, key) == known.end()) {
        problem_ = fmt::format("{}: no such parameter here", key);
      }
    }
  }

  std::uint64_t number(const std::string& key, std::uint64_t most, std::uint64_t otherwise) {
    const auto found = query_.find(key);
    if (found == query_.end()) {
      return otherwise;
    }
    const auto& text = found->second;
    std::uint64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) {
      problem_ = fmt::format("{}: must be a number from 0 on", key);
    }
    return std::min(value, most);
  }
  /// One of `words`, of which the first is the default.
  std::string word(const std::string& key, std::initializer_list<std::string_view> words) {
    const auto found = query_.find(key);
    if (found == query_.end()) {
      return std::string(*words.begin());
    }
    if (std::ranges::find(words, found->second) == words.end()) {
      problem_ = fmt::format("{}: \"{}\" is not known here", key, found->second);
    }
    return found->second;
  }
  bool has(const std::string& key) const { return query_.contains(key); }
  std::optional<ApiReply> problem() const {
    return problem_.empty() ? std::nullopt : std::optional(error(400, problem_));
  }

 private:
  const std::map<std::string, std::string>& query_;
  std::string problem_;
};

/// A snapshot, or why there is none.
struct Seen {
  std::optional<Snapshot> snapshot;
  std::string why;
};

Seen see(CardKeeper& card) { return {card.snapshot(), card.why_lost()}; }

Json stats_json(const Counters& counters) {
  auto all = counters_json(counters);
  Json flat = std::move(all["counters"]);
  for (const auto* key : {"drops", "fates", "ports"}) {
    flat[key] = std::move(all[key]);
  }
  return flat;
}

std::string map_version(std::uint32_t version) {
  return fmt::format("{}.{}.{}", version >> 16, version >> 8 & 0xff, version & 0xff);
}

Json card_json(const std::optional<CardState>& state, const std::string& why, const DeviceConfig& device) {
  const auto name = to_string(device);
  const auto blank = name.find(' ');
  Json card{{"state", state ? "up" : "lost"},
            {"why", why},
            {"backend", name.substr(0, blank)},
            {"where", blank == std::string::npos ? "" : name.substr(blank + 1)}};
  if (state) {
    card["map_version"] = map_version(state->info.version);
    card["clock_hz"] = state->info.clock_hz;
    card["services"] = state->info.services;
    card["buckets"] = state->info.hashsize;
    card["ways"] = state->info.bucketlimit;
    card["flows"] = std::uint64_t{state->info.flow_buckets} * kFlowsPerBucket;
    const auto& engine = state->engine;
    card["engine"] = {{"kind", engine.now.kind()},
                      {"down", engine.now.down},
                      {"resets", engine.resets},
                      {"fault", fault_text(engine.now.fault)}};
  }
  return card;
}

}  // namespace

struct Api::Route {
  std::string_view method, path;
  bool below;  ///< all paths that begin so
  bool admin;
  Handler handler;
};

const std::vector<Api::Route>& Api::routes() {
  static const std::vector<Route> all{
      {"GET", "/v1/status", false, false, &Api::status},
      {"GET", "/v1/stats", false, false, &Api::stats},
      {"GET", "/metrics", false, false, &Api::metrics},
      {"GET", "/v1/sysctl", false, false, &Api::sysctls},
      {"GET", kSysctlPath, true, false, &Api::sysctl},
      {"PUT", kSysctlPath, true, true, &Api::set_sysctl},
      {"POST", "/v1/sysctl", false, true, &Api::save_sysctls},
      {"GET", "/v1/services", false, false, &Api::services},
      {"POST", "/v1/services", false, true, &Api::edit_services},
      {"GET", "/v1/bypass", false, false, &Api::bypass},
      {"PUT", "/v1/bypass", false, true, &Api::set_bypass},
      {"GET", "/v1/link", false, false, &Api::links},
      {"PUT", kLinkPath, true, true, &Api::set_link},
      {"GET", "/v1/handoff", false, true, &Api::handoff},
      {"GET", "/v1/syncache", false, false, &Api::syncache},
      {"GET", "/v1/log", false, false, &Api::log},
      {"GET", "/v1/events", false, false, &Api::events},
      {"GET", "/v1/explain", false, false, &Api::explain},
      {"GET", "/v1/history", false, false, &Api::history},
      {"GET", "/v1/registers", false, true, &Api::registers},
      {"GET", "/v1/attacks", false, false, &Api::attacks},
      {"GET", kAttackPath, true, false, &Api::attack},
      {"GET", "/v1/secrets", false, false, &Api::secrets},
      {"POST", "/v1/secrets/rotate", false, true, &Api::rotate},
      {"POST", "/v1/secrets/rekey", false, true, &Api::rekey},
      {"POST", "/v1/reload", false, true, &Api::reload},
  };
  return all;
}

std::vector<Api::Known> Api::requests() {
  std::vector<Known> known;
  for (const auto& route : routes()) {
    known.push_back({route.method, route.path, route.below, route.admin});
  }
  return known;
}

Api::Api(ApiContext context)
    : context_(std::move(context)), started_(context_.clock.steady()), lister_(context_.card) {}

/// Has the card's thread do a job. What the admin and Prometheus want goes before what others want.
template <typename Job>
auto Api::on_card(const ApiRequest& request, Job job, std::chrono::milliseconds patience) {
  const bool urgent = request.admin || request.path == "/metrics";
  return context_.card.call(std::move(job), patience, urgent);
}

ApiReply Api::handle(const ApiRequest& request) {
  const std::string_view path = request.path;
  bool known = false;
  for (const auto& route : routes()) {
    if (route.below ? !path.starts_with(route.path) : path != route.path) {
      continue;
    }
    known = true;
    if (route.method == request.method) {
      return route.admin && !request.admin ? error(403, "only by the admin socket") : (this->*route.handler)(request);
    }
  }
  return known ? error(405, fmt::format("{}: {} is not done here", request.path, request.method))
               : error(404, fmt::format("{}: there is no such thing", request.path));
}

ApiReply Api::status(const ApiRequest& request) {
  if (const Query query(request, {}); query.problem()) {
    return *query.problem();
  }
  struct Answer {
    std::optional<CardState> state;
    std::string why;
    SecretStatus secrets;
    std::optional<std::chrono::milliseconds> next;
    std::optional<Bypass> bypass;
    HandoffState handoff;
    Expected<LinkState> links;
  };
  const auto seen = on_card(request, [](CardKeeper& card) {
    return Answer{card.state(),  card.why_lost(), card.secrets(), card.next_rotation(),
                  card.bypass(), card.handoff(),  card.links()};
  });
  if (!seen) {
    return behind();
  }
  const auto config = context_.config();
  Json answer{{"daemon",
               {{"version", SYNWARD_VERSION},
                {"uptime_s", seconds(context_.clock.steady() - started_)},
                {"config", context_.config_path}}},
              {"card", card_json(seen->state, seen->why, config->device)},
              {"secrets", secrets_json(seen->secrets, seen->next, config->secrets)}};
  if (seen->state) {
    answer.update(state_json(*seen->state));
  }
  if (seen->links) {
    answer["links"] = links_summary_json(*seen->links);
  }
  answer["bypass"] = bypass_json(seen->bypass);
  answer["handoff"] = handoff_summary_json(seen->handoff);
  const auto lost = context_.books.events.lost();
  answer["events"] = {{"taken", context_.books.events.last()},
                      {"lost", std::accumulate(lost.begin(), lost.end(), std::uint64_t{0})}};
  const auto snapshots = context_.books.history.tail(1);
  answer["history"] = {
      {"interval_s", config->history.interval.count()},
      {"age_s", snapshots.empty()
                    ? Json()
                    : Json(rounded(std::max(0.0, seconds(context_.clock.unix()) - snapshots.back().value.time)))}};
  auto attacks = Json::array();
  for (const auto& attack : context_.books.attacks.active()) {
    attacks.push_back(attack_json(attack, [](const IpAddress&, std::uint16_t) { return false; }));
  }
  answer["attacks"] = std::move(attacks);
  answer["log"] = {{"lines", context_.books.log.last()}, {"lost", log_lost()}};
  return json(answer);
}

ApiReply Api::stats(const ApiRequest& request) {
  Query query(request, {"format"});
  const auto format = query.word("format", {"json", "text", "nstat", "prom"});
  if (query.problem()) {
    return *query.problem();
  }
  if (format == "prom") {
    return metrics(request);
  }
  const auto seen = on_card(request, see);
  if (!seen) {
    return behind();
  }
  if (!seen->snapshot) {
    return lost(seen->why);
  }
  const auto& counters = seen->snapshot->counters;
  if (format == "text") {
    return {200, netstat_text(counters, seen->snapshot->tables.entries), kText};
  }
  return format == "nstat" ? ApiReply{200, nstat_text(counters), kText} : json(stats_json(counters));
}

ApiReply Api::metrics(const ApiRequest& request) {
  // However many ask, one makes the page, ten times a second at most. Meanwhile, and where the card's thread is behind,
  // a page that is hardly older does as well: whoever scrapes is not kept waiting.
  std::unique_lock lock(metrics_mutex_);
  const auto now = std::chrono::steady_clock::now();
  const bool usable = metrics_made_ && now - *metrics_made_ < kOldMetrics;
  if (usable && (now - metrics_tried_ < kFreshMetrics || making_metrics_)) {
    return metrics_;
  }
  making_metrics_ = true;
  metrics_tried_ = now;
  lock.unlock();
  auto reply = make_metrics(request, usable ? kFreshMetrics : kPatience);
  lock.lock();
  making_metrics_ = false;
  if (reply.status != 200) {
    return usable ? metrics_ : reply;
  }
  metrics_ = std::move(reply);
  metrics_made_ = now;
  return metrics_;
}

ApiReply Api::make_metrics(const ApiRequest& request, std::chrono::milliseconds patience) {
  struct Answer {
    std::optional<Snapshot> snapshot;
    std::optional<CardState> state;
    SecretStatus secrets;
    std::uint64_t losses;
    bool bypass;
    HandoffState handoff;
    Expected<LinkState> links;
  };
  const auto seen = on_card(
      request,
      [](CardKeeper& card) {
        return Answer{card.snapshot(),           card.state(),   card.secrets(), card.losses(),
                      card.bypass().has_value(), card.handoff(), card.links()};
      },
      patience);
  if (!seen) {
    return behind();
  }
  const auto config = context_.config();
  const auto& books = context_.books;
  Metrics metrics;
  metrics.card_losses = seen->losses;
  metrics.bypass = seen->bypass;
  metrics.handoff = {.agents = seen->handoff.agents.size(),
                     .lost = static_cast<std::size_t>(std::ranges::count_if(seen->handoff.agents, &Agent::lost)),
                     .losses = seen->handoff.losses,
                     .learned = seen->handoff.learned,
                     .out_of_bounds = seen->handoff.out_of_bounds,
                     .mail = seen->handoff.mail};
  metrics.secrets = seen->secrets;
  metrics.secret_lifetime = config->secrets.lifetime();
  metrics.log_lines = books.log.last();
  metrics.log_lost = log_lost();
  metrics.version = SYNWARD_VERSION;
  const auto begun = books.attacks.begun();
  for (const auto kind : kAllAttackClasses) {
    metrics.attacks[static_cast<std::size_t>(kind)].begun = begun[static_cast<std::size_t>(kind)];
  }
  for (const auto& attack : books.attacks.active()) {
    metrics.attacks[static_cast<std::size_t>(attack.kind)].active = true;
  }
  if (context_.process) {
    context_.process(metrics);
  }
  if (seen->snapshot && seen->state) {
    const auto card = card_json(seen->state, {}, config->device);
    metrics.card = {.backend = card["backend"],
                    .where = card["where"],
                    .map_version = seen->state->info.version,
                    .clock_hz = seen->state->info.clock_hz,
                    .counters = seen->snapshot->counters,
                    .tables = seen->snapshot->tables,
                    .entry_limit = seen->state->cachelimit,
                    .flow_limit = std::uint64_t{seen->state->info.flow_buckets} * kFlowsPerBucket,
                    .engine = seen->state->engine.now,
                    .engine_resets = seen->state->engine.resets,
                    .events_recorded = books.events.recorded(),
                    .events_lost = books.events.lost(),
                    .ports = {},
                    .sensors = {}};
    if (seen->links) {
      for (const auto& port : seen->links->ports) {
        metrics.card->ports.push_back(port.now);
      }
      metrics.card->sensors = seen->links->sensors;
    }
  }
  return {200, prometheus_text(metrics), kExposition};
}

ApiReply Api::sysctls(const ApiRequest& request) {
  if (const Query query(request, {}); query.problem()) {
    return *query.problem();
  }
  auto list = SysctlTable::list();
  const auto values = on_card(request, [list](CardKeeper& card) {
    std::vector<std::variant<std::string, SysctlRefusal>> read;
    read.reserve(list.size());
    for (const auto& one : list) {
      read.push_back(card.sysctl(one.name));
    }
    return read;
  });
  if (!values) {
    return behind();
  }
  auto answer = Json::array();
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto* refusal = std::get_if<SysctlRefusal>(&(*values)[i]);
    answer.push_back(sysctl_json(list[i], refusal == nullptr ? std::get<std::string>((*values)[i]) : std::string()));
    if (refusal != nullptr) {
      answer.back()["value"] = nullptr;
      answer.back()["error"] = refusal->text;
    }
  }
  return json(answer);
}

ApiReply Api::sysctl(const ApiRequest& request) {
  const auto name = request.path.substr(kSysctlPath.size());
  const auto value = on_card(request, [name](CardKeeper& card) { return card.sysctl(name); });
  if (!value) {
    return behind();
  }
  if (const auto* refusal = std::get_if<SysctlRefusal>(&*value)) {
    return refused(*refusal);
  }
  return json(sysctl_json(*SysctlTable::describe(name), std::get<std::string>(*value)));
}

ApiReply Api::set_sysctl(const ApiRequest& request) {
  const auto name = request.path.substr(kSysctlPath.size());
  const auto done = on_card(request, [name, text = request.body, who = who(request)](CardKeeper& card) {
    return card.set_sysctl(name, text, who);
  });
  if (!done) {
    return behind();
  }
  if (const auto* refusal = std::get_if<SysctlRefusal>(&*done)) {
    return refused(*refusal);
  }
  const auto& change = std::get<SysctlChange>(*done);
  return json({{"name", name}, {"old", change.before}, {"new", change.after}});
}

ApiReply Api::save_sysctls(const ApiRequest& request) {
  const auto running = on_card(request, [](CardKeeper& card) { return card.running(); });
  if (!running) {
    return behind();
  }
  const auto saved =
      context_.save ? context_.save(*running, who(request)) : Expected<std::string>(Error{"nothing is saved here"});
  if (!saved) {
    return error(500, saved.error().text);
  }
  auto values = Json::object();
  for (const auto& [name, value] : running->texts()) {
    values[name] = value;
  }
  return json({{"file", *saved}, {"saved", values}});
}

ApiReply Api::services(const ApiRequest& request) {
  if (const Query query(request, {}); query.problem()) {
    return *query.problem();
  }
  auto ordered = table_order(context_.config()->services);
  const auto sight = sight_of(request);
  std::vector<Service> seen;
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    if (sight.has(i)) {
      seen.push_back(std::move(ordered[i]));
    }
  }
  return json(services_json(seen));
}

ApiReply Api::edit_services(const ApiRequest& request) {
  Query query(request, {"op", "save"});
  const auto op = query.word("op", {"", "add", "del", "pass", "protect"});
  const bool save = query.word("save", {"0", "1"}) == "1";
  if (query.problem()) {
    return *query.problem();
  }
  if (op.empty() && !save) {
    return error(400, "op: add, del, pass or protect, or save=1");
  }
  std::optional<ServiceEdit> edit;
  if (!op.empty()) {
    auto service = parse_service(request.body);
    if (!service) {
      return error(422, service.error().text);
    }
    using enum ServiceEdit::What;
    edit = ServiceEdit{op == "add" ? add : op == "del" ? del : op == "pass" ? pass : protect, std::move(*service)};
  }
  const auto done = context_.edit_services ? context_.edit_services(edit, save, who(request))
                                           : Expected<ServicesChange>(Error{"nothing can be changed here"});
  if (!done) {
    return undone(422, done.error());
  }
  Json answer{{"services", services_json(table_order(done->services))}, {"drops", done->drops}};
  if (save) {
    answer["file"] = done->file;
  }
  if (!done->not_saved.empty()) {
    answer["not_saved"] = done->not_saved;
  }
  return json(answer);
}

ApiReply Api::bypass(const ApiRequest& request) {
  if (const Query query(request, {}); query.problem()) {
    return *query.problem();
  }
  const auto seen = on_card(request, [](CardKeeper& card) { return card.bypass(); });
  return seen ? json(bypass_json(*seen)) : behind();
}

ApiReply Api::set_bypass(const ApiRequest& request) {
  if (request.body != "on" && request.body != "off") {
    return error(400, "the body is on or off");
  }
  const auto done = context_.bypass ? context_.bypass(request.body == "on", who(request))
                                    : Expected<BypassChange>(Error{"nothing can be changed here"});
  if (!done) {
    return undone(409, done.error());
  }
  auto answer = bypass_json(done->bypass);
  if (!done->not_kept.empty()) {
    answer["not_kept"] = done->not_kept;
  }
  return json(answer);
}

ApiReply Api::handoff(const ApiRequest& request) {
  if (const Query query(request, {}); query.problem()) {
    return *query.problem();
  }
  const auto seen = on_card(request, [](CardKeeper& card) { return std::pair(card.handoff(), card.snapshot()); });
  if (!seen) {
    return behind();
  }
  const auto& [state, snapshot] = *seen;
  return json(handoff_json(state, snapshot ? std::optional(snapshot->counters) : std::nullopt));
}

ApiReply Api::links(const ApiRequest& request) {
  if (const Query query(request, {}); query.problem()) {
    return *query.problem();
  }
  const auto seen = on_card(request, [](CardKeeper& card) { return std::pair(card.links(), card.why_lost()); });
  if (!seen) {
    return behind();
  }
  return seen->first ? json(links_json(*seen->first, context_.clock.steady())) : lost(seen->second);
}

ApiReply Api::set_link(const ApiRequest& request) {
  const auto name = request.path.substr(kLinkPath.size());
  const auto place = std::ranges::find(kPorts, name, &PortPlace::name);
  if (place == kPorts.end()) {
    return error(404, fmt::format("{}: there is no such port: line or host", name));
  }
  if (request.body != "fec=on" && request.body != "fec=off") {
    return error(422, "fec=on or fec=off is what can be set of a link");
  }
  const auto done = on_card(request, [place, on = request.body == "fec=on", who = who(request)](CardKeeper& card) {
    const bool up = card.up();
    return std::pair(up, card.set_fec(*place, on, who));
  });
  if (!done) {
    return behind();
  }
  return done->second ? links(request) : error(done->first ? 409 : 503, done->second.error().text);
}

ApiReply Api::syncache(const ApiRequest& request) {
  Query query(request, {"format", "limit"});
  const auto format = query.word("format", {"json", "netstat", "ss"});
  const auto limit = query.number("limit", Lister::kMost, kMostPublic);
  if (query.problem()) {
    return *query.problem();
  }
  const auto sysctls = on_card(request, [](CardKeeper& card) { return card.sysctls(); });
  if (!sysctls) {
    return behind();
  }
  auto listed = request.admin ? lister_.for_admin(limit, request.gone) : lister_.for_anybody(request.gone);
  if (!listed) {
    return behind();
  }
  if (!*listed) {
    return error(503, listed->error().text);
  }
  auto& [entries, whole] = **listed;
  const auto sight = sight_of(request);
  std::erase_if(entries, [&](const HalfOpen& entry) { return !sight.has(entry.service); });
  entries.resize(std::min<std::size_t>(entries.size(), limit));
  auto reply = format == "json"
                   ? json(json_listing(entries))
                   : ApiReply{200, format == "ss" ? ss_listing(entries, *sysctls) : netstat_listing(entries), kText};
  reply.incomplete = !whole && entries.size() < limit;
  return reply;
}

Sight Api::sight_of(const ApiRequest& request) {
  if (request.admin) {
    return Sight::admin();
  }
  const auto all = on_card(request, [](CardKeeper& card) { return card.sysctls().host(HostSetting::see_other) != 0; });
  // Where the card's thread is behind, nobody sees more than is sure to be his.
  return all.value_or(false) ? Sight::of_all_clients() : Sight(*context_.config(), request.uid);
}

/// Arguments of events may be left out where the caller could see them, for what others are to read.
Sight Api::sight_of(const ApiRequest& request, bool arguments) {
  return request.admin && !arguments ? Sight::of_all_clients() : sight_of(request);
}

/// Takes a place among those who wait; false where none is left. The admin's are none of the others' business.
bool Api::begin_waiting(const ApiRequest& request) {
  const std::lock_guard lock(waiting_mutex_);
  auto& mine = request.admin ? admins_waiting_ : waiting_[request.uid];
  std::size_t all = 0;
  for (const auto& [uid, count] : waiting_) {
    all += count;
  }
  const bool taken = request.admin ? mine < kMostWaiting : all < kMostWaiting && mine < kMostWaitingOfOne;
  mine += taken ? 1 : 0;
  return taken;
}

void Api::end_waiting(const ApiRequest& request) {
  const std::lock_guard lock(waiting_mutex_);
  if (request.admin) {
    --admins_waiting_;
  } else if (--waiting_[request.uid] == 0) {
    waiting_.erase(request.uid);
  }
}

ApiReply Api::log(const ApiRequest& request) {
  Query query(request, {"after", "limit", "wait_s", "arguments"});
  const bool arguments = query.word("arguments", {"1", "0"}) == "1";
  auto after = query.number("after", UINT64_MAX, 0);
  const auto limit = query.number("limit", request.admin ? LogBook::kLines : kMostPublic, kMostPublic);
  const auto wait_s = query.number("wait_s", kMostWaitS, 0);
  if (query.problem()) {
    return *query.problem();
  }
  auto& book = context_.books.log;
  const auto sight = sight_of(request, arguments);
  if (!query.has("after")) {
    auto lines = book.tail(limit);
    const auto last = lines.empty() ? book.last() : lines.back().number;
    return json(log_json(shown(std::move(lines), sight), last));
  }
  // A number of an earlier daemon means nothing to this one.
  after = after > book.last() ? 0 : after;
  const auto take = [&](std::chrono::milliseconds patience) {
    auto lines = book.behind(after, limit, patience);
    after = lines.empty() ? after : lines.back().number;
    return shown(std::move(lines), sight);
  };
  if (wait_s == 0) {
    auto lines = take({});
    return json(log_json(lines, after));
  }
  if (!begin_waiting(request)) {
    return error(503, "as many others as may wait for the log already");
  }
  // A client that has died must not keep the place for long.
  constexpr std::chrono::milliseconds kLookAround{200};
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(wait_s);
  auto lines = take(kLookAround);
  while (lines.empty() && !book.closed() && std::chrono::steady_clock::now() < end &&
         !(request.gone && request.gone())) {
    lines = take(kLookAround);
  }
  end_waiting(request);
  return json(log_json(lines, after));
}

ApiReply Api::events(const ApiRequest& request) {
  Query query(request, {"after", "limit", "arguments"});
  const bool arguments = query.word("arguments", {"1", "0"}) == "1";
  auto after = query.number("after", UINT64_MAX, 0);
  const auto limit = query.number("limit", request.admin ? EventBook::kEvents : kMostPublic, kMostPublic);
  if (query.problem()) {
    return *query.problem();
  }
  const auto& book = context_.books.events;
  const bool from = query.has("after");
  after = !from || after > book.last() ? 0 : after;
  auto events = from ? book.behind(after, limit) : book.tail(limit);
  after = events.empty() ? (from ? after : book.last()) : events.back().number;
  return {200, events_json(shown(std::move(events), sight_of(request, arguments)), after)};
}

ApiReply Api::explain(const ApiRequest& request) {
  Query query(request, {"format"});
  const auto format = query.word("format", {"json", "text"});
  if (query.problem()) {
    return *query.problem();
  }
  // A diagnosis takes memory and time: one of the others' at once.
  std::unique_lock turn(explaining_, std::defer_lock);
  if (!request.admin && !turn.try_lock_for(kExplainPatience)) {
    return busy("others ask for explanations too, try again");
  }
  const auto sight = sight_of(request);
  std::array<std::uint64_t, kEventCodes> all{};
  std::array<std::uint64_t, kEventCodes> mine{};
  auto events = context_.books.events.select([&](const LogEvent& event) {
    const bool seen = sight.has(event);
    ++all[event.code % kEventCodes];
    mine[event.code % kEventCodes] += seen ? 1 : 0;
    return seen;
  });
  Circumstances circumstances;
  circumstances.not_recorded = context_.books.events.lost_meanwhile();
  for (std::size_t code = 0; code < kEventCodes && !sight.has_all(); ++code) {
    // Whose clients those were that nobody recorded, is judged by those that were.
    auto& count = circumstances.not_recorded[code].count;
    const auto share = static_cast<double>(mine[code]) / static_cast<double>(std::max<std::uint64_t>(all[code], 1));
    count = static_cast<std::uint64_t>(std::llround(static_cast<double>(count) * share));
  }
  if (!sight.arguments()) {
    std::ranges::for_each(events, [](LogEvent& event) { event.args = {}; });
  }
  // What was seen is explained whether the card's thread answers or not.
  const auto pass = sysctl_word("net.synward.unknown_ack", "pass");
  const auto unknown_ack =
      on_card(request, [](CardKeeper& card) { return card.sysctls().card(reg::kSysctlUnknownAck); });
  circumstances.acks_pass = unknown_ack.value_or(*pass) == *pass;
  const auto findings = diagnose(events, circumstances);
  return format == "text" ? ApiReply{200, findings_text(findings), kText} : ApiReply{200, findings_json(findings)};
}

ApiReply Api::registers(const ApiRequest& request) {
  if (const Query query(request, {}); query.problem()) {
    return *query.problem();
  }
  const auto read = on_card(request, [](CardKeeper& card) { return card.registers(); });
  if (!read) {
    return behind();
  }
  if (!*read) {
    return error(503, read->error().text);
  }
  auto list = Json::array();
  for (const auto& one : **read) {
    list.push_back({{"name", one.name}, {"offset", one.offset}, {"value", one.value}});
  }
  return json(list);
}

ApiReply Api::history(const ApiRequest& request) {
  Query query(request, {"last"});
  const auto last = query.number("last", request.admin ? kMostHistory : kMostPublicHistory, kHistory);
  if (query.problem()) {
    return *query.problem();
  }
  return {200, history_json(context_.books.history.tail(last))};
}

ApiReply Api::attacks(const ApiRequest& request) {
  Query query(request, {"last"});
  const auto last = query.number("last", AttackBook::kAttacks, kAttacks);
  if (query.problem()) {
    return *query.problem();
  }
  const auto sight = sight_of(request);
  auto list = Json::array();
  for (const auto& attack : context_.books.attacks.tail(last)) {
    list.push_back(
        attack_json(attack, [&](const IpAddress& address, std::uint16_t port) { return sight.has(address, port); }));
  }
  return json(list);
}

ApiReply Api::attack(const ApiRequest& request) {
  if (const Query query(request, {}); query.problem()) {
    return *query.problem();
  }
  const auto name = request.path.substr(kAttackPath.size());
  std::uint64_t number = 0;
  const auto read = std::from_chars(name.data(), name.data() + name.size(), number);
  const bool whole = read.ec == std::errc() && read.ptr == name.data() + name.size();
  const auto found = whole ? context_.books.attacks.find(number) : std::nullopt;
  if (!found) {
    return error(404, fmt::format("{}: there is no such attack", name));
  }
  const auto sight = sight_of(request);
  return json(
      attack_json(*found, [&](const IpAddress& address, std::uint16_t port) { return sight.has(address, port); }));
}

ApiReply Api::secrets(const ApiRequest& request) {
  if (const Query query(request, {}); query.problem()) {
    return *query.problem();
  }
  const auto seen = on_card(request, [](CardKeeper& card) { return std::pair(card.secrets(), card.next_rotation()); });
  return seen ? json(secrets_json(seen->first, seen->second, context_.config()->secrets)) : behind();
}

ApiReply Api::rotate(const ApiRequest& request) {
  struct Answer {
    bool up;
    Expected<void> done;
  };
  const auto answer = on_card(request, [who = who(request)](CardKeeper& card) {
    const bool up = card.up();
    return Answer{up, card.rotate(who)};
  });
  if (!answer) {
    return behind();
  }
  return answer->done ? secrets(request) : error(answer->up ? 409 : 503, answer->done.error().text);
}

ApiReply Api::rekey(const ApiRequest& request) {
  Query query(request, {"force"});
  const bool force = query.word("force", {"0", "1"}) == "1";
  if (query.problem()) {
    return *query.problem();
  }
  struct Answer {
    bool up, drops;
    Expected<void> done;
  };
  const auto answer = on_card(request, [force, who = who(request)](CardKeeper& card) {
    const bool up = card.up();
    const bool drops = card.clearing_drops();
    return Answer{up, drops, card.rekey(force, who)};
  });
  if (!answer) {
    return behind();
  }
  if (!answer->done) {
    return error(answer->up ? 409 : 503, answer->done.error().text,
                 answer->up && answer->drops ? "set net.synward.flow_learn first, or force it" : "");
  }
  Json done{{"cleared", true}, {"drops", answer->drops}};
  if (answer->drops) {
    done["warning"] = "connections in use are dropped until their servers speak";
  }
  return json(done);
}

ApiReply Api::reload(const ApiRequest& request) {
  const auto done = context_.reload(who(request));
  if (done) {
    return json({{"restart", *done}});
  }
  auto reply = undone(422, done.error());
  if (!done.error().more.empty()) {
    auto body = Json::parse(reply.body);
    body["more"] = done.error().more;
    reply.body = json(body).body;
  }
  return reply;
}

}  // namespace synward
