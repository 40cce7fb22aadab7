// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/rng.hpp"
#include "synward/engine.hpp"

namespace synward::test {

/// Settings of an engine as after reset and a load, with keys drawn from `rng`. The syncache has 2^log_buckets buckets.
EngineConfig default_engine_config(Rng& rng, unsigned log_buckets);
/// Changes one or two of the settings that take effect at once, to values in range, edges often.
void change_settings(Rng& rng, EngineConfig& config);
/// Changes what takes effect at a load only: the tables must be cleared with it.
void change_load_settings(Rng& rng, EngineConfig& config, unsigned log_buckets);

struct RequestGeneratorConfig {
  std::size_t tuples = 64;  ///< connections that requests are about; half of them IPv6
  unsigned log_flows = 6;   ///< buckets that VISIT goes round
};

/// Random engine requests about few connections: SYNs new and again, ACKs right, nearly right and wrong, RSTs in and
/// out of the window, timeouts, ICMP errors, host segments, time that stands, creeps and leaps. It looks at the
/// answers, so that handshakes complete. One seed and the same answers give one sequence, everywhere.
class RequestGenerator {
 public:
  explicit RequestGenerator(std::uint64_t seed, RequestGeneratorConfig config = {});

  /// The next request; valid until the call after.
  const RequestRecord& next();
  /// What an engine said to `request`, one that next() gave, at once or some requests later.
  void answered(const RequestRecord& request, const VerdictRecord& verdict);
  /// The engine's millisecond clock, that of the last request.
  std::uint32_t time_ms() const { return time_ms_; }

 private:
  /// What the client of a connection knows.
  struct Peer {
    Endpoints ends;
    std::uint32_t irs, iss;  ///< of the last SYN-ACK
    std::uint32_t tsval;
    bool ts_ok;
  };
  /// What goes on for a while; picks the mix of requests.
  enum class Mood : std::uint8_t { mixed, flood, handshakes, timers, endings };

  void make_peers(std::size_t count);
  std::uint8_t pick_op();
  void move_clock(std::uint8_t op);
  RequestRecord about(std::uint8_t op, const Peer& peer) const;
  RequestRecord syn(Peer& peer);
  RequestRecord ack(Peer& peer);
  RequestRecord rst(const Peer& peer);
  RequestRecord make(std::uint8_t op);
  void put_frame(RequestRecord& request);
  std::uint16_t window();
  std::uint32_t near_window(const Peer& peer, std::uint16_t window);

  Rng rng_;
  RequestGeneratorConfig config_;
  std::vector<Peer> peers_;
  std::size_t last_ = 0;  ///< the connection of the last request
  Mood mood_ = Mood::mixed;
  unsigned mood_left_ = 0;
  std::uint32_t time_ms_;
  std::uint32_t ticked_ms_;
  std::uint32_t visited_ = 0;
  RequestRecord request_{};
};

}  // namespace synward::test
