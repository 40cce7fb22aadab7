// SPDX-License-Identifier: BSD-2-Clause
#include "card_keeper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <thread>
#include <utility>

#include "synward/apply.hpp"
#include "synward/attack_text.hpp"
#include "synward/counters.hpp"

namespace synward {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLookEvery{1'000};      ///< at ID, or for a card that is lost
constexpr milliseconds kWatchEvery{1'000};     ///< for attacks
constexpr milliseconds kEventsEvery{100};      ///< the ring holds 512, the default limits allow 141 in that time
constexpr std::size_t kEventsAtOnce = 16;      ///< then others have their turn: a bus may be slow
constexpr double kClocksApart = 0.1;           ///< s, the card's clock and the Unix time, before that is looked at
constexpr milliseconds kSnapshotAge{100};      ///< of what is shown, however many ask
constexpr std::chrono::hours kRemindEvery{1};  ///< of a bypass
constexpr milliseconds kMailEvery{100};        ///< a heartbeat is acted upon so much later at most
constexpr milliseconds kSendEvery{5};          ///< of several beacons; the card sends one at a time
constexpr std::size_t kMailAtOnce = 16;        ///< then others have their turn, as with events
constexpr milliseconds kBeaconEvery{1'000};    ///< a nonce of which counts for 3 s
constexpr std::chrono::minutes kMailWords{1};  ///< between two lines about mail that was not taken
constexpr std::size_t kHandoffEvents = 64;
constexpr std::chrono::seconds kClearing{2};  ///< the tables take 0.2 ms; a simulated card may take longer

constexpr std::string_view kAgentLost = kHostSysctls[static_cast<std::size_t>(HostSetting::agent_lost)].name;

/// Which sizes of the tables `sysctls` sets otherwise than `before`.
bool sizes_differ(const Sysctls& before, const Sysctls& sysctls) {
  for (std::size_t i = 0; i < reg::kSysctls.size(); ++i) {
    if (reg::kSysctls[i].load && before.set_value(i) != sysctls.set_value(i)) {
      return true;
    }
  }
  return false;
}

std::vector<std::string> needs_restart(const DaemonConfig& before, const DaemonConfig& config) {
  std::vector<std::string> restart;
  if (config.device_text != before.device_text) {
    restart.emplace_back("[device]");
  }
  if (config.api != before.api) {
    restart.emplace_back("[api]");
  }
  if (sizes_differ(before.sysctls, config.sysctls)) {
    restart.emplace_back("sizes of the tables in [sysctl]");
  }
  return restart;
}

SysctlRefusal no_card(const std::string& name) {
  return {SysctlRefusal::Kind::no_card, name + ": there is no card", {}};
}

}  // namespace

CardKeeper::CardKeeper(const DaemonConfig& config, OpenDevice open, Clock clock, Books& books, SecretKeeper keeper,
                       KeptSettings kept)
    : config_(config),
      open_(std::move(open)),
      clock_(std::move(clock)),
      books_(books),
      sysctls_(config.sysctls),
      settings_changed_(std::move(kept.changed)),
      keeper_(std::move(keeper)),
      logger_(false),
      attacks_(config.attack, books.attacks.state().memory),
      bypass_(std::move(kept.bypass)),
      held_{config.services, {}},
      services_changed_(std::move(kept.services)) {
  books_.history.resize(config.history.keep);
  sysctls_.resume(kept.values);
}

Expected<std::unique_ptr<CardKeeper>> CardKeeper::start(const DaemonConfig& config, OpenDevice open, Clock clock,
                                                        Books& books, KeptSettings kept) {
  auto secrets = SecretKeeper::make(config.secrets);
  if (!secrets) {
    return secrets.error();
  }
  auto peers = AgentBook::read_peers(config.handoff);
  if (!peers) {
    return peers.error();
  }
  std::unique_ptr<CardKeeper> keeper(
      new CardKeeper(config, std::move(open), std::move(clock), books, std::move(*secrets), std::move(kept)));
  keeper->agents_.set_peers(std::move(*peers));
  for (const auto& warning : config.warnings) {
    keeper->say(LogLevel::warning, warning);
  }
  if (auto opened = keeper->open_card(true); !opened) {
    return opened.error();
  }
  return keeper;
}

Moment CardKeeper::now() {
  if (card_) {
    card_s_ = reader_.now(*device_);
    // How long a read takes varies. Times of one second of the card must not, or lines would change their order.
    const double unix_at_0 = seconds(clock_.unix()) - card_s_;
    unix_at_0_ = std::abs(unix_at_0 - unix_at_0_) > kClocksApart ? unix_at_0 : unix_at_0_;
  }
  return {clock_.steady(), clock_.unix(), card_s_};
}

void CardKeeper::say(LogLevel level, std::string text) {
  books_.log.add({seconds(clock_.unix()), level, std::move(text)});
}

Expected<void> CardKeeper::open_card(bool may_be_in_service) {
  auto device = open_();
  if (!device) {
    return device.error();
  }
  auto card = Card::identify(**device);
  if (!card) {
    return card.error();
  }
  device_ = std::move(*device);
  reader_ = EventReader();
  card_ = *card;
  auto set = set_up(*card_, may_be_in_service);
  if (set) {
    // A device that failed on the way took nothing.
    set = card_->check();
  }
  if (!set) {
    card_.reset();
    device_.reset();
    return set;
  }
  why_lost_.clear();
  set_logger();
  dropped_ = read_counters(*device_).drop(reg::Drop::syncache_full);
  begin_losses();
  const auto steady = clock_.steady();
  say(ports_.begin(*device_, steady));
  say(engine_.begin(*device_, steady));
  next_look_ = steady + kLookEvery;
  next_events_ = next_snapshot_ = next_watch_ = next_mail_ = next_beacon_ = steady;
  agents_.excuse(steady);
  attacks_.begin_anew();
  return {};
}

Expected<void> CardKeeper::set_up(Card& card, bool may_be_in_service) {
  const auto held = sysctls_.values();
  told_ = written(held_.services);
  if (may_be_in_service && in_service(card, held)) {
    if (auto refreshed = refresh_settings(card, held, told_); !refreshed) {
      return refreshed;
    }
    say(LogLevel::notice, "the card was in service: its tables stay");
    return keeper_.adopt(card, now());
  }
  Key table_key;
  if (auto drawn = random_key(table_key); !drawn) {
    return drawn;
  }
  if (auto applied = apply_settings(card, held, told_, table_key); !applied) {
    return applied;
  }
  return keeper_.load(card, now());
}

/// When those were refused that the card counts already, nobody knows. A card that counts less than before was reset.
void CardKeeper::begin_losses() {
  const auto before = std::exchange(lost_, read_lost_events(*device_));
  lost_at_ = seconds(clock_.unix());
  std::array<std::uint64_t, kEventCodes> more{};
  for (std::size_t code = 0; code < kEventCodes; ++code) {
    more[code] = lost_[code] >= before[code] ? lost_[code] - before[code] : lost_[code];
  }
  books_.events.lose_unseen(more);
}

void CardKeeper::set_logger() {
  end_logger();
  const auto held = sysctls_.values();
  logger_ = Logger(held.host(HostSetting::log_debug) != 0, held.host(HostSetting::icmplim_output) != 0);
}

void CardKeeper::end_logger() {
  std::vector<LogLine> lines;
  logger_.finish(lines);
  write_lines(lines);
}

void CardKeeper::lose(const std::string& why) {
  end_logger();
  why_lost_ = why;
  ++losses_;
  card_.reset();
  device_.reset();
  latest_.reset();
  latest_state_.reset();
  say(LogLevel::error, "the card is lost: " + why);
  next_look_ = clock_.steady() + kLookEvery;
}

bool CardKeeper::answered() {
  const auto there = card_->check();
  if (!there) {
    lose(there.error().text);
  }
  return static_cast<bool>(there);
}

void CardKeeper::look_for_card() {
  if (auto opened = open_card(false); !opened) {
    next_look_ = clock_.steady() + kLookEvery;
    if (opened.error().text != why_lost_) {
      why_lost_ = opened.error().text;
      say(LogLevel::error, "the card is still lost: " + why_lost_);
    }
    return;
  }
  say(LogLevel::notice, "the card is there again and has been set up anew");
}

milliseconds CardKeeper::visit() {
  try {
    remind_of_bypass();
    return visit_card();
  } catch (const std::exception& error) {
    lose(error.what());
    return next_look_;
  }
}

milliseconds CardKeeper::visit_card() {
  if (!card_) {
    if (clock_.steady() >= next_look_) {
      look_for_card();
      watch_attacks();
    }
    return card_ ? clock_.steady() : next_look_;
  }
  check_card();
  run_secrets();
  take_events();
  run_channel();
  take_snapshot();
  watch_attacks();
  return next_due();
}

milliseconds CardKeeper::next_due() {
  if (!card_) {
    return next_look_;
  }
  auto due = std::min({next_look_, next_events_, next_snapshot_, next_watch_});
  if (!agents_.empty()) {
    due = std::min({due, next_mail_, next_beacon_});
  }
  return std::min(due, keeper_.next_due({clock_.steady(), clock_.unix(), card_s_}).value_or(due));
}

void CardKeeper::check_card() {
  const auto steady = clock_.steady();
  if (steady < next_look_) {
    return;
  }
  next_look_ = steady + kLookEvery;
  if (answered() && !card_->read_secrets().all_loaded) {
    lose("it was reset, its secrets are gone");
  }
  watch_ports();
  watch_engine();
  take_losses();
}

void CardKeeper::watch_ports() {
  if (!card_) {
    return;
  }
  const auto lines = ports_.look(*device_, clock_.steady());
  if (answered()) {
    say(lines);  // what was read is of ports
  }
}

void CardKeeper::watch_engine() {
  if (!card_) {
    return;
  }
  const auto before = engine_;
  const auto lines = engine_.look(*device_, clock_.steady());
  if (answered()) {
    say(lines);
  } else {
    engine_ = before;  // what was read is of no engine
  }
}

void CardKeeper::say(const LogWords& lines) {
  for (const auto& [level, text] : lines) {
    say(level, text);
  }
}

Expected<LinkState> CardKeeper::links() const {
  return card_ ? Expected<LinkState>(ports_.state()) : Error{"there is no card"};
}

Expected<void> CardKeeper::set_fec(const PortPlace& place, bool on, const std::string& who) {
  if (!card_) {
    return Error{"there is no card"};
  }
  if (ports_.state().ports.empty()) {
    return Error{ports_.state().why};
  }
  synward::set_fec(*device_, place, on);
  if (!answered()) {
    return Error{"there is no card"};
  }
  say(LogLevel::notice, fmt::format("{} link: RS-FEC {} ({})", place.name, on ? "on" : "off", who));
  watch_ports();
  return {};
}

/// The card's own figures are of 32 bits and begin again now and then, a flood has them wrap within half a minute.
void CardKeeper::take_losses() {
  if (!card_) {
    return;
  }
  const auto lost = read_lost_events(*device_);
  if (!answered()) {
    return;
  }
  const auto since = std::exchange(lost_at_, seconds(clock_.unix()));
  const auto before = std::exchange(lost_, lost);
  if (lost != before) {
    std::array<std::uint64_t, kEventCodes> more{};
    for (std::size_t code = 0; code < kEventCodes; ++code) {
      more[code] = lost[code] - before[code];
    }
    books_.events.lose(since, lost_at_, more);
  }
}

void CardKeeper::run_secrets() {
  if (!card_) {
    return;
  }
  const auto rotation = keeper_.run(*card_, now());
  if (!rotation) {
    say(LogLevel::warning, "the cookie secret cannot be rotated: " + rotation.error().text);
    return;
  }
  if (rotation->clock_set_by.count() != 0) {
    say(LogLevel::warning,
        fmt::format("the clock was set by {:+.3f} s: the secrets follow it", seconds(rotation->clock_set_by)));
  }
  if (rotation->missed > 0) {
    say(LogLevel::warning, fmt::format("the cookie secret was rotated {:.3f} s late, {} rotations were missed",
                                       seconds(rotation->late), rotation->missed));
  }
  if (rotation->rotated && !card_->read_secrets().all_loaded) {
    lose("it was reset, its secrets are gone");
  }
}

void CardKeeper::take_events() {
  const auto steady = clock_.steady();
  if (!card_ || steady < next_events_) {
    return;
  }
  next_events_ = steady + kEventsEvery;
  std::vector<LogEvent> events;
  reader_.read(*device_, kEventsAtOnce, events);
  if (!answered()) {
    return;  // what was read is not events
  }
  if (events.size() == kEventsAtOnce) {
    next_events_ = steady;
  }
  const auto moment = now();
  std::vector<LogLine> lines;
  for (auto& event : events) {
    keeper_.explain(event);
    logger_.take(event, lines);
    event.time = unix_time(event.time.value_or(moment.card_s));
    books_.events.add(event);
    attacks_.take(event);
  }
  logger_.expire(moment.card_s, lines);
  write_lines(lines);
}

void CardKeeper::write_lines(const std::vector<LogLine>& lines) {
  for (const auto& line : lines) {
    books_.log.add({unix_time(line.time), line.level, line.text, line.to});
  }
}

void CardKeeper::take_snapshot() {
  const auto steady = clock_.steady();
  if (!card_ || steady < next_snapshot_) {
    return;
  }
  const milliseconds interval = config_.history.interval;
  next_snapshot_ = next_snapshot_ + interval > steady ? next_snapshot_ + interval : steady + interval;
  const auto taken = snapshot();
  if (!taken) {
    return;
  }
  books_.history.add(*taken);
  log_dropping(taken->counters);
}

void CardKeeper::watch_attacks() {
  const auto steady = clock_.steady();
  if (!card_) {
    tell(attacks_.absent(seconds(steady)));
    return;
  }
  if (steady < next_watch_) {
    return;
  }
  next_watch_ = next_watch_ + kWatchEvery > steady ? next_watch_ + kWatchEvery : steady + kWatchEvery;
  if (const auto taken = snapshot()) {
    tell(attacks_.take(seconds(latest_at_), taken->time, taken->counters));
  }
}

void CardKeeper::tell(std::vector<AttackChange> changes) {
  for (auto& change : changes) {
    books_.log.add(attack_line(change, seconds(clock_.unix())));
    books_.attacks.add(std::move(change));
  }
  books_.attacks.update(attacks_.active(), attacks_.memory());
}

void CardKeeper::log_dropping(const Counters& counters) {
  const auto dropped = counters.drop(reg::Drop::syncache_full);
  if (std::exchange(dropped_, dropped) != dropped) {
    std::vector<LogLine> lines;
    logger_.dropping(now().card_s, held_.services, lines);
    write_lines(lines);
  }
}

std::optional<Snapshot> CardKeeper::snapshot() {
  if (!card_) {
    return std::nullopt;
  }
  const auto steady = clock_.steady();
  if (!latest_ || steady - latest_at_ >= kSnapshotAge) {
    latest_ = Snapshot{seconds(clock_.unix()), read_counters(*device_), read_table_state(*device_)};
    latest_at_ = steady;
    if (!answered()) {
      return std::nullopt;
    }
  }
  return latest_;
}

std::optional<CardState> CardKeeper::state() {
  if (!card_) {
    return std::nullopt;
  }
  const auto steady = clock_.steady();
  if (!latest_state_ || steady - state_at_ >= kSnapshotAge) {
    latest_state_ = CardState{.info = card_->info(),
                              .tables = read_table_state(*device_),
                              .tables_ready = card_->tables_ready(),
                              .cachelimit = device_->read32(reg::kSysctlCachelimit),
                              .engine = engine_.state()};
    state_at_ = steady;
    if (!answered()) {
      return std::nullopt;
    }
  }
  return latest_state_;
}

std::variant<std::string, SysctlRefusal> CardKeeper::sysctl(const std::string& name) {
  auto value = sysctls_.get(name, card_ ? &*card_ : nullptr);
  if (card_ && !answered()) {
    return no_card(name);
  }
  return value;
}

std::variant<SysctlChange, SysctlRefusal> CardKeeper::set_sysctl(const std::string& name, const std::string& text,
                                                                 const std::string& who) {
  auto done = sysctls_.set(name, text, card_ ? &*card_ : nullptr);
  if (card_ && !answered()) {
    return no_card(name);
  }
  if (const auto* change = std::get_if<SysctlChange>(&done)) {
    const auto held = sysctls_.values();
    if (name == kAgentLost) {
      renew_services();
    }
    logger_.set_debug(held.host(HostSetting::log_debug) != 0);
    logger_.set_limiting(held.host(HostSetting::icmplim_output) != 0);
    say(LogLevel::notice, fmt::format("{}: {} -> {} ({})", name, change->before, change->after, who));
    keep_settings();
  }
  return done;
}

void CardKeeper::keep_settings() const {
  if (settings_changed_) {
    settings_changed_(sysctls_.running());
  }
}

SecretStatus CardKeeper::secrets() const { return keeper_.status({clock_.steady(), clock_.unix(), card_s_}); }

std::optional<milliseconds> CardKeeper::next_rotation() const {
  const Moment moment{clock_.steady(), clock_.unix(), card_s_};
  const auto due = card_ ? keeper_.next_due(moment) : std::nullopt;
  return due ? std::optional(*due - moment.steady) : std::nullopt;
}

Expected<void> CardKeeper::rotate(const std::string& who) {
  auto done = card_ ? keeper_.rotate_now(*card_, now()) : Error{"there is no card"};
  say(done ? LogLevel::notice : LogLevel::warning,
      done ? fmt::format("the cookie secret was rotated ({})", who)
           : fmt::format("the cookie secret was not rotated: {} ({})", done.error().text, who));
  return done;
}

bool CardKeeper::clearing_drops() const {
  const auto held = sysctls_.values();
  const auto pass = sysctl_word("net.synward.unknown_ack", "pass");
  return held.card(reg::kSysctlFlowLearn) == 0 && held.card(reg::kSysctlUnknownAck) != *pass;
}

Expected<void> CardKeeper::write_table_key(bool force) {
  if (!card_) {
    return Error{"there is no card"};
  }
  if (clearing_drops() && !force) {
    return Error{
        "connections in use would be dropped until their servers speak: net.synward.flow_learn is 0, and "
        "net.synward.unknown_ack is not pass"};
  }
  Key key;
  if (auto drawn = random_key(key); !drawn) {
    return drawn;
  }
  if (auto written = card_->write_key(key, reg::SecretCommit::table_key); !written) {
    return written;
  }
  latest_.reset();
  latest_state_.reset();
  return answered() ? Expected<void>() : Error{"there is no card"};
}

Expected<void> CardKeeper::rekey(bool force, const std::string& who) {
  const bool drops = clearing_drops();
  auto done = write_table_key(force);
  say(done ? LogLevel::notice : LogLevel::warning,
      done ? fmt::format("the tables have another key and were cleared{} ({})",
                         drops ? ", connections in use are dropped until their servers speak" : "", who)
           : fmt::format("the tables have no other key: {} ({})", done.error().text, who));
  return done;
}

Expected<std::vector<RegisterValue>> CardKeeper::registers() {
  if (!card_) {
    return Error{"there is no card"};
  }
  auto values = read_registers(*device_);
  return answered() ? Expected<std::vector<RegisterValue>>(std::move(values)) : Error{"there is no card"};
}

Expected<std::vector<HalfOpen>> CardKeeper::half_open(std::size_t most, ListFrom from) {
  if (!card_) {
    return Error{"there is no card"};
  }
  auto entries = read_half_open(*device_, most, from);
  if (!answered()) {
    return Error{"there is no card"};
  }
  return entries;
}

Expected<std::vector<std::string>> CardKeeper::reload(const DaemonConfig& config) {
  auto fresh = SecretKeeper::make(config.secrets);
  if (!fresh) {
    return fresh.error();
  }
  auto peers = AgentBook::read_peers(config.handoff);
  if (!peers) {
    return peers.error();
  }
  if (card_) {
    if (const auto values = sysctl_values(config.sysctls, card_->info()); !values) {
      return values.error();
    }
    const auto held =
        learn_services(config.services, config.handoff, agents_.agents(), holds(), card_->info().services);
    if (auto told = tell_services(held.services); !told) {
      return told.error();
    }
  }
  auto restart = needs_restart(config_, config);
  sysctls_.configure(config.sysctls);
  keep_settings();
  const bool other_secrets = !fresh->same_as(keeper_);
  if (other_secrets) {
    keeper_ = std::move(*fresh);
  }
  take_config(config);
  agents_.set_peers(std::move(*peers));
  renew_services();
  if (card_) {
    write_sysctls(*card_, sysctls_.values());
    if (const auto taken = other_secrets ? keeper_.adopt(*card_, now()) : Expected<void>(); !taken) {
      lose(taken.error().text);
    }
  }
  set_logger();
  return restart;
}

Expected<void> CardKeeper::set_services(const std::vector<Service>& services) {
  auto fresh = held(services);
  if (auto told = tell_services(fresh.services); !told) {
    return told;
  }
  config_.services = services;
  say_warnings(fresh.warnings);
  held_ = std::move(fresh);
  publish_services();
  return {};
}

/// Those that are new.
void CardKeeper::say_warnings(const std::vector<std::string>& warnings) {
  for (const auto& warning : warnings) {
    if (std::ranges::find(held_.warnings, warning) == held_.warnings.end()) {
      say(LogLevel::warning, warning);
    }
  }
}

/// Error: the card has not enough room, or is gone; then it keeps what it has.
Expected<void> CardKeeper::tell_services(const std::vector<Service>& services) {
  auto fresh = written(services);
  if (card_) {
    if (auto replaced = replace_services(*card_, told_, fresh); !replaced) {
      return replaced;
    }
    if (!answered()) {
      return Error{"there is no card"};
    }
  }
  told_ = std::move(fresh);
  return {};
}

/// What holds by what the servers say, of the operator's services.
LearnedServices CardKeeper::held(const std::vector<Service>& configured) const {
  return learn_services(configured, config_.handoff, agents_.agents(), holds(),
                        card_ ? card_->info().services : kMaxServices);
}

void CardKeeper::publish_services() {
  if (services_changed_) {
    services_changed_(held_.services);
  }
}

void CardKeeper::renew_services() {
  agents_seen_ = agents_.generation();
  auto fresh = held(config_.services);
  say_warnings(fresh.warnings);
  warn_of_drops(fresh.services);
  if (fresh.services != held_.services || told_ != written(fresh.services)) {
    if (const auto told = tell_services(fresh.services); !told) {
      say(LogLevel::warning, "what the servers say is not done: " + told.error().text);
      return;
    }
  }
  held_ = std::move(fresh);
  publish_services();
}

/// Connections that began while a service passed are no flows of the card's.
void CardKeeper::warn_of_drops(const std::vector<Service>& services) {
  if (!clearing_drops()) {
    return;
  }
  for (const auto& service : services) {
    const auto place = place_of(service);
    const auto before = std::ranges::find_if(held_.services, [&](const Service& one) { return place.is(one); });
    const bool was = before != held_.services.end() && before->mode == ServiceMode::protect;
    if (service.mode == ServiceMode::protect && !was) {
      say(LogLevel::warning, fmt::format("service {}: protected from now on; its connections in use are dropped until "
                                         "their server speaks, since net.synward.unknown_ack is not pass",
                                         to_string(place)));
    }
  }
}

void CardKeeper::run_channel() {
  if (!card_ || agents_.empty()) {
    return;
  }
  take_mail();
  if (!card_) {
    return;
  }
  for (const auto& change : agents_.run(clock_.steady())) {
    tell_agent(change);
  }
  count_bad_mail();
  if (agents_.generation() != agents_seen_) {
    renew_services();
  }
  if (card_) {
    send_beacons();
  }
}

void CardKeeper::take_mail() {
  const auto steady = clock_.steady();
  if (steady < next_mail_) {
    return;
  }
  next_mail_ = steady + kMailEvery;
  for (std::size_t i = 0; i < kMailAtOnce; ++i) {
    const auto mail = card_->take_mail();
    if (!mail) {
      lose(mail.error().text);
      return;
    }
    if (!*mail) {
      return;
    }
    agents_.take(**mail, steady);
  }
  next_mail_ = steady;
}

void CardKeeper::send_beacons() {
  const auto steady = clock_.steady();
  if (steady >= next_beacon_) {
    next_beacon_ = next_beacon_ + kBeaconEvery > steady ? next_beacon_ + kBeaconEvery : steady + kBeaconEvery;
    const control::Beacon beacon{.ms = static_cast<std::uint32_t>(steady.count()),
                                 .services = static_cast<std::uint16_t>(told_.size()),
                                 .room = static_cast<std::uint16_t>(card_->info().services),
                                 .learns = config_.handoff.learn,
                                 .holds = holds()};
    auto frames = agents_.beacons(beacon, config_.handoff.vlans, steady);
    if (!frames) {
      say(LogLevel::warning, frames.error().text);
      return;
    }
    // Those that the card had no time for are of no use any more.
    outbox_.assign(std::make_move_iterator(frames->begin()), std::make_move_iterator(frames->end()));
  }
  // One that the card is not done with yet keeps the others waiting.
  while (!outbox_.empty() && card_->send_mail(outbox_.front())) {
    outbox_.pop_front();
  }
  if (!outbox_.empty()) {
    next_mail_ = std::min(next_mail_, steady + kSendEvery);
  }
}

void CardKeeper::tell_agent(const AgentChange& change) {
  const auto& agent = change.agent;
  const auto who = agent_text(agent);
  using enum AgentChange::What;
  std::string text;
  LogLevel level = LogLevel::notice;
  switch (change.what) {
    case first:
      text = fmt::format("{}: there, announces {} addresses and listeners", who, agent.records.size());
      break;
    case lost:
      ++agent_losses_;
      level = LogLevel::warning;
      text = fmt::format("{}: lost, nothing whole has come for {} s; {} (net.synward.agent_lost)", who,
                         AgentBook::kLostAfter.count() / 1000,
                         holds() ? "its services stay protected" : "its services pass, its kernel answers SYNs");
      break;
    case back:
      text = fmt::format("{}: back", who);
      break;
    case replaced:
      text = fmt::format("{}: forgotten, another agent has its addresses", who);
      break;
    case restarted:
      text = fmt::format("{}: was started anew", who);
      break;
    case bounds:
      level = LogLevel::warning;
      text = fmt::format("{}: {} of what it announces are outside the bounds of [handoff]", who, agent.out_of_bounds);
      break;
  }
  say(level, text);
  handoff_events_.push_back({seconds(clock_.unix()), std::move(text)});
  if (handoff_events_.size() > kHandoffEvents) {
    handoff_events_.pop_front();
  }
}

/// One line a minute, whatever comes.
void CardKeeper::count_bad_mail() {
  const auto steady = clock_.steady();
  if (steady < next_mail_words_) {
    return;
  }
  std::string words;
  for (std::size_t i = 0; i < kMailFates; ++i) {
    const auto fate = static_cast<MailFate>(i);
    const auto more = agents_.count(fate) - std::exchange(mail_told_[i], agents_.count(fate));
    if (more != 0 && fate != MailFate::taken) {
      words += fmt::format("{}{} {}", words.empty() ? "" : ", ", more, info(fate).text);
    }
  }
  if (!words.empty()) {
    say(LogLevel::warning, "control frames of the servers that were not taken: " + words);
    next_mail_words_ = steady + kMailWords;
  }
}

HandoffState CardKeeper::handoff() const {
  HandoffState state{.configured = !agents_.empty(),
                     .learn = config_.handoff.learn,
                     .hold = holds(),
                     .card = agents_.card(),
                     .now = clock_.steady(),
                     .agents = agents_.agents(),
                     .mail = {},
                     .out_of_bounds = agents_.out_of_bounds(),
                     .losses = agent_losses_,
                     .learned = static_cast<std::size_t>(std::ranges::count_if(held_.services, &Service::learned)),
                     .warnings = held_.warnings,
                     .events = {handoff_events_.begin(), handoff_events_.end()}};
  for (std::size_t i = 0; i < kMailFates; ++i) {
    state.mail[i] = agents_.count(static_cast<MailFate>(i));
  }
  return state;
}

/// What the card is told of the services.
std::vector<Service> CardKeeper::written(const std::vector<Service>& services) const {
  auto told = services;
  if (bypass_) {
    std::ranges::for_each(told, [](Service& service) { service.mode = ServiceMode::pass; });
  }
  return told;
}

Expected<void> CardKeeper::set_bypass(bool on, const std::string& who) {
  if (on == bypass_.has_value()) {
    return {};
  }
  const auto was = bypass_;
  auto done = on ? Expected<void>() : learn_connections();
  if (done) {
    bypass_ = on ? std::optional(Bypass{seconds(clock_.unix()), who}) : std::nullopt;
    done = tell_services(held_.services);
  }
  if (!done) {
    bypass_ = was;
    say(LogLevel::warning, fmt::format("bypass not switched {}: {} ({})", on ? "on" : "off", done.error().text, who));
    return done;
  }
  next_reminder_ = clock_.steady() + kRemindEvery;
  say(LogLevel::warning, on ? fmt::format("bypass on: everything passes, nothing is protected ({})", who)
                            : fmt::format("bypass off: services are protected again ({})", who));
  return done;
}

/// Connections that began while everything passed are no flows of the card's. Before it drops what it does not know,
/// it has to learn them, for as long as one may be idle.
Expected<void> CardKeeper::learn_connections() {
  const auto held = sysctls_.values();
  const auto pass = sysctl_word("net.synward.unknown_ack", "pass");
  if (!card_ || held.card(reg::kSysctlUnknownAck) == *pass) {
    return {};
  }
  const auto learn = held.card(reg::kSysctlFlowLearn);
  device_->write32(reg::kSysctlFlowLearn, std::max(learn, held.card(reg::kSysctlFlowIdle)));
  auto cleared = write_table_key(true);
  const auto end = std::chrono::steady_clock::now() + kClearing;
  while (cleared && !card_->tables_ready() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(milliseconds(1));
  }
  if (cleared && !card_->tables_ready()) {
    cleared = Error{"the tables take too long to be cleared"};
  }
  if (card_) {
    device_->write32(reg::kSysctlFlowLearn, learn);
  }
  return cleared;
}

void CardKeeper::remind_of_bypass() {
  const auto steady = clock_.steady();
  if (!bypass_ || steady < next_reminder_) {
    return;
  }
  next_reminder_ = steady + kRemindEvery;
  const auto minutes = std::max<std::int64_t>(0, std::llround((seconds(clock_.unix()) - bypass_->since) / 60));
  say(LogLevel::warning,
      bypass_->since > 0
          ? fmt::format("bypass is on, for {} min: everything passes, nothing is protected ({})", minutes, bypass_->by)
          : fmt::format("bypass is on: everything passes, nothing is protected ({})", bypass_->by));
}

void CardKeeper::take_config(const DaemonConfig& config) {
  // What needs a restart stays as it is, so that it is told of at each reload.
  auto device_text = std::move(config_.device_text);
  auto api = std::move(config_.api);
  config_ = config;
  config_.device_text = std::move(device_text);
  config_.api = std::move(api);
  books_.history.resize(config.history.keep);
  attacks_.configure(config.attack);
  for (const auto& warning : config.warnings) {
    say(LogLevel::warning, warning);
  }
}

}  // namespace synward
