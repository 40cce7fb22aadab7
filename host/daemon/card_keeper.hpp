// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "agent_book.hpp"
#include "attack_book.hpp"
#include "clock.hpp"
#include "engine_watch.hpp"
#include "event_book.hpp"
#include "history.hpp"
#include "learned_services.hpp"
#include "log_book.hpp"
#include "port_watch.hpp"
#include "register_dump.hpp"
#include "settings_store.hpp"
#include "synward/attack_detector.hpp"
#include "synward/card.hpp"
#include "synward/daemon_config.hpp"
#include "synward/event.hpp"
#include "synward/expected.hpp"
#include "synward/half_open.hpp"
#include "synward/log.hpp"
#include "synward/secret_keeper.hpp"
#include "synward/sysctl_table.hpp"

namespace synward {

/// Opens the card's device; called again where the card was lost.
using OpenDevice = std::function<Expected<std::unique_ptr<Device>>()>;

/// What the card thread shares with others; all of it thread safe.
struct Books {
  LogBook log;
  EventBook events;
  History history{1};
  AttackBook attacks;
};

/// Settings of run time that outlive the process.
struct KeptSettings {
  Sysctls values;                               ///< what it begins with
  std::function<void(const Sysctls&)> changed;  ///< told of all of them where one has changed; empty: nobody keeps them
  std::optional<Bypass> bypass{};               ///< what it begins with; nothing: off
  /// Told of what holds where the services change, by whatever; empty: nobody wants to know.
  std::function<void(const std::vector<Service>&)> services{};
};

/// What a card says of itself at an instant.
struct CardState {
  CardInfo info;
  TableState tables;
  bool tables_ready = false;
  std::uint32_t cachelimit = 0;
  EngineState engine;
};

/// What happened to a server's agent.
struct HandoffEvent {
  double time = 0;  ///< Unix time, s
  std::string text{};
};

/// What the control channel is at.
struct HandoffState {
  bool configured = false, learn = false, hold = false;
  std::uint64_t card = 0;  ///< as beacons have it
  std::chrono::milliseconds now{};
  std::vector<Agent> agents;
  std::array<std::uint64_t, kMailFates> mail{};
  std::uint64_t out_of_bounds = 0, losses = 0;
  std::size_t learned = 0;            ///< services that hold
  std::vector<std::string> warnings;  ///< where a listener says something else than its service, and the like
  std::vector<HandoffEvent> events;   ///< the last ones, oldest first
};

/// Everything that belongs to the one card: it sets it up, rotates its secrets, takes its events, writes its log, keeps
/// its history, sees it go and come back. Belongs to one thread.
class CardKeeper {
 public:
  using Milliseconds = std::chrono::milliseconds;

  /// Opens the card and sets it up. One that is already in service stays in service: its tables and its latest secret
  /// are kept, everything else is written anew. Errors: those of opening, Card::identify(), SecretKeeper and apply.
  static Expected<std::unique_ptr<CardKeeper>> start(const DaemonConfig& config, OpenDevice open, Clock clock,
                                                     Books& books, KeptSettings kept = {});

  /// Does all that is due. Returns the steady time at which something will be.
  Milliseconds visit();

  /// A new configuration. What cannot be had without a restart is named in the result, and stays. Error: nothing has
  /// changed.
  Expected<std::vector<std::string>> reload(const DaemonConfig& config);

  /// Other services, from now on. Error: nothing has changed.
  Expected<void> set_services(const std::vector<Service>& services);
  /// Lets everything pass, or protects again, after which no connection in use is dropped (docs/host.md, section 4).
  /// `who` stands in the log. Error: it stays as it was.
  Expected<void> set_bypass(bool on, const std::string& who);
  /// Nothing: off.
  const std::optional<Bypass>& bypass() const { return bypass_; }

  /// The control channel, as it is now.
  HandoffState handoff() const;

  bool up() const { return card_.has_value(); }
  /// How often it was lost.
  std::uint64_t losses() const { return losses_; }
  /// Why the card is lost.
  const std::string& why_lost() const { return why_lost_; }
  /// At most 100 ms old. Nothing while the card is lost.
  std::optional<CardState> state();
  /// The counters and tables, at most 100 ms old. Nothing while the card is lost.
  std::optional<Snapshot> snapshot();

  std::variant<std::string, SysctlRefusal> sysctl(const std::string& name);
  /// `who` stands in the log.
  std::variant<SysctlChange, SysctlRefusal> set_sysctl(const std::string& name, const std::string& text,
                                                       const std::string& who);
  Sysctls sysctls() const { return sysctls_.values(); }
  /// Those that were set at run time.
  Sysctls running() const { return sysctls_.running(); }

  SecretStatus secrets() const;
  /// Until the next change of the secrets; nothing where there is none to come.
  std::optional<Milliseconds> next_rotation() const;
  /// Error: fleet, or no card. `who` stands in the log.
  Expected<void> rotate(const std::string& who);
  /// Another key for the tables, which clears them. Where that drops connections in use, it has to be forced. Error:
  /// that, or no card. `who` stands in the log.
  Expected<void> rekey(bool force, const std::string& who);
  /// Whether the card, its tables cleared, drops connections until their servers speak.
  bool clearing_drops() const;

  /// The network ports, at most a second old. Error: no card.
  Expected<LinkState> links() const;
  /// RS-FEC of a port, whose link goes down for a moment. Error: no card, no ports. `who` stands in the log.
  Expected<void> set_fec(const PortPlace& place, bool on, const std::string& who);

  /// Error: no card.
  Expected<std::vector<RegisterValue>> registers();
  /// Error: no card, or it does not find them in time.
  Expected<std::vector<HalfOpen>> half_open(std::size_t most, ListFrom from = ListFrom::start);

 private:
  CardKeeper(const DaemonConfig& config, OpenDevice open, Clock clock, Books& books, SecretKeeper keeper,
             KeptSettings kept);

  Moment now();
  void say(LogLevel level, std::string text);
  Expected<void> open_card(bool may_be_in_service);
  Expected<void> set_up(Card& card, bool may_be_in_service);
  void look_for_card();
  void lose(const std::string& why);
  /// Behind reads: whether it was the card that answered. Otherwise it is lost.
  bool answered();
  void take_config(const DaemonConfig& config);
  std::vector<Service> written(const std::vector<Service>& services) const;
  bool holds() const { return sysctls_.values().host(HostSetting::agent_lost) != 0; }
  LearnedServices held(const std::vector<Service>& configured) const;
  Expected<void> tell_services(const std::vector<Service>& services);
  void publish_services();
  void run_channel();
  void take_mail();
  void send_beacons();
  void tell_agent(const AgentChange& change);
  void renew_services();
  void say_warnings(const std::vector<std::string>& warnings);
  void warn_of_drops(const std::vector<Service>& services);
  void count_bad_mail();
  Expected<void> learn_connections();
  void remind_of_bypass();

  void check_card();
  void watch_ports();
  void watch_engine();
  void say(const LogWords& lines);
  void run_secrets();
  void take_events();
  Expected<void> write_table_key(bool force);
  void begin_losses();
  void take_losses();
  void take_snapshot();
  void watch_attacks();
  void tell(std::vector<AttackChange> changes);
  void log_dropping(const Counters& counters);
  void write_lines(const std::vector<LogLine>& lines);
  /// To the millisecond: what the card counts in.
  double unix_time(double card_s) const { return std::round((unix_at_0_ + card_s) * 1000) / 1000; }
  void set_logger();
  void keep_settings() const;
  void end_logger();
  Milliseconds visit_card();
  Milliseconds next_due();

  DaemonConfig config_;
  OpenDevice open_;
  Clock clock_;
  Books& books_;
  SysctlTable sysctls_;
  std::function<void(const Sysctls&)> settings_changed_;
  SecretKeeper keeper_;
  Logger logger_;
  AttackDetector attacks_;
  PortWatch ports_;
  EngineWatch engine_;

  std::unique_ptr<Device> device_;
  std::optional<Card> card_;  ///< nothing: lost
  std::string why_lost_;
  std::uint64_t losses_ = 0;
  EventReader reader_;
  double card_s_ = 0;     ///< the card's clock when it was last read, s
  double unix_at_0_ = 0;  ///< Unix time at the card's second 0
  std::optional<Snapshot> latest_;
  Milliseconds latest_at_{};
  std::optional<CardState> latest_state_;
  Milliseconds state_at_{};
  std::array<std::uint32_t, kEventCodes> lost_{};  ///< what the card said of events that it refused
  double lost_at_ = 0;                             ///< Unix time of that
  std::uint64_t dropped_ = 0;                      ///< SYNs for want of room, when it was last looked
  std::optional<Bypass> bypass_;

  AgentBook agents_;
  std::uint64_t agents_seen_ = 0;  ///< their generation when the services were made
  LearnedServices held_;           ///< what holds: the operator's services and the servers'
  std::vector<Service> told_;      ///< what the card has of it
  std::deque<std::vector<std::uint8_t>> outbox_;
  std::deque<HandoffEvent> handoff_events_;
  std::uint64_t agent_losses_ = 0;
  std::array<std::uint64_t, kMailFates> mail_told_{};
  std::function<void(const std::vector<Service>&)> services_changed_;
  Milliseconds next_mail_{}, next_beacon_{}, next_mail_words_{};

  Milliseconds next_look_{}, next_events_{}, next_snapshot_{}, next_reminder_{}, next_watch_{};
};

}  // namespace synward
