// SPDX-License-Identifier: BSD-2-Clause
#include "third_model.hpp"

#include <algorithm>
#include <cstdint>

#include "common/keys.hpp"
#include "common/oracle.hpp"

namespace synward::test {

namespace {

constexpr std::uint32_t kSecond = 1000;
constexpr std::int32_t kFarthest = 1 << 20;  ///< no pause ends later than this from now, ms
constexpr unsigned kHanded = 1, kOpen = 2, kClosing = 3;
constexpr std::uint8_t kFinFlag = 1, kSynFlag = 2, kRstFlag = 4, kAckFlag = 16;

std::int32_t difference(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b); }

bool equal(const Endpoints& a, const Endpoints& b) { return a.v6 == b.v6 && tuple_of(a) == tuple_of(b); }

}  // namespace

void ThirdModel::clear(unsigned flow_learn) {
  buckets_.clear();
  flow_sets_.clear();
  count_ = 0;
  learn_ = flow_learn;
}

void ThirdModel::log(std::uint8_t code, std::uint32_t arg0, std::uint32_t arg1, std::uint32_t arg2) {
  const RequestRecord& r = *request_;
  answer_.event = EventRecord{.code = code,
                              .note = 0,
                              .v6 = r.v6,
                              .faddr = r.faddr,
                              .laddr = r.laddr,
                              .fport = r.fport,
                              .lport = r.lport,
                              .flags = r.flags,
                              .time_ms = r.time_ms,
                              .arg0 = arg0,
                              .arg1 = arg1,
                              .arg2 = arg2};
}

void ThirdModel::drop(std::uint8_t reason) {
  answer_.verdict.fate = 1;
  answer_.verdict.reason = reason;
}

std::uint64_t ThirdModel::hash() {
  const SipKey& key = config_->keys.table_key;
  if (key.k0 != hashes_key_.k0 || key.k1 != hashes_key_.k1) {
    hashes_.clear();
    hashes_key_ = key;
  }
  const RequestRecord& r = *request_;
  const auto [at, is_new] =
      hashes_.try_emplace({r.v6, r.faddr.hi, r.faddr.lo, r.laddr.hi, r.laddr.lo, r.fport, r.lport}, 0);
  if (is_new) at->second = oracle_table_hash(to_bytes(key), tuple_of(ends_));
  return at->second;
}

ThirdModel::Answer ThirdModel::step(const EngineConfig& config, const RequestRecord& request, const Room& room) {
  config_ = &config;
  request_ = &request;
  room_ = room;
  now_ = request.time_ms;
  ends_ = {request.v6, request.faddr, request.laddr, request.fport, request.lport};
  answer_ = {};
  handed_ = false;
  strange_ = nullptr;
  answer_.verdict.op = request.op;
  if (request.op == 7) {
    tick();
    return answer_;
  }
  if (request.op == 8) {
    flow_visit();
    return answer_;
  }
  if (request.op == 10) {
    log(request.note);
    return answer_;
  }
  const std::uint64_t h = hash();
  bucket_ = &buckets_[static_cast<std::uint32_t>(h % 16384 % config.hashsize)];
  flow_set_ = &flow_set(static_cast<std::uint32_t>((h >> 16) % 65536 % (1u << log_flows_)));
  fingerprint_ = static_cast<std::uint32_t>(h >> 36);
  const bool ready = config.tables_ready;
  if (!ready) hit(Row::tables_not_ready);
  cookies_only_ = (config.syncookies && (paused_ || !ready)) || config.syncookies_only;
  if (((request.op >= 1 && request.op <= 3) || request.op == 12) && ready) {
    const auto flow = flow_set_->flows.find(fingerprint_);
    if (flow != flow_set_->flows.end()) {
      flow_segment(flow->second);
      return answer_;
    }
  }
  switch (request.op) {
    case 1:
      syncache_add();
      break;
    case 2:
      syncache_expand();
      break;
    case 3:
      syncache_chkrst();
      break;
    case 4:
      syncache_unreach();
      break;
    case 5:
      flow_server();
      break;
    case 6:
      syncache_timer();
      break;
    case 11:
      status();
      break;
    case 12:
      stray();
      break;
    default:
      break;
  }
  return answer_;
}

// 1.6 syncache_add

void ThirdModel::syncache_add() {
  Bucket& bucket = *bucket_;
  const bool ready = config_->tables_ready;
  auto found = bucket.end();
  if (!cookies_only_ && ready) {
    found = std::find_if(bucket.begin(), bucket.end(), [this](const Entry& e) { return equal(e.ends, ends_); });
  }
  if (found != bucket.end()) {
    duplicate(found);
    return;
  }
  answer_.counts.sendcookie = config_->syncookies || config_->syncookies_only;
  if (!room_.line) {
    hit(Row::add_fails);
    answer_.counts.sc_dropped = true;
    drop(19);
    return;
  }
  const auto reply_with_cookie = [this] {
    Entry entry = filled();
    if (entry.fields.ecn_ok) hit(Row::add_stateless_no_ece);
    entry.fields.ecn_ok = false;
    answer_.counts.stateless = true;
    gate_open_ = true;
    gate_stamp_ = now_;
    hit(Row::pause_stamps_gate);
    respond(entry);
  };
  if (cookies_only_) {
    hit(Row::add_cookies_only);
    if (config_->syncookies_only && !config_->syncookies) hit(Row::add_iss_cookie_only_alone);
    reply_with_cookie();
    return;
  }
  if (!ready) {
    drop(23);
    return;
  }
  if (count_ >= config_->cachelimit) {
    answer_.counts.zonefail = true;
    if (bucket.empty()) {
      if (config_->syncookies) {
        hit(Row::add_zonefail_cookie);
        reply_with_cookie();
      } else {
        hit(Row::add_zonefail_dropped);
        drop(23);
      }
      return;
    }
    hit(Row::add_zonefail_evicts);
    remove_tail();
  } else if (bucket.size() >= config_->bucketlimit) {
    hit(Row::add_bucket_full);
    remove_tail();
  }
  hit(config_->syncookies ? Row::add_iss_cookie_cached : Row::add_iss_random);
  const Entry entry = filled();
  if (entry.fields.ecn_ok) hit(Row::add_ecn_offered);
  insert(entry);
  respond(entry);
}

void ThirdModel::duplicate(Bucket::iterator found) {
  EntryRecord& entry = found->fields;
  answer_.counts.dupsyn = true;
  if (!room_.line) {
    hit(Row::add_dup_fails);
    bucket_->erase(found);
    --count_;
    answer_.counts.sc_dropped = true;
    drop(19);
    return;
  }
  if (entry.ts_ok && request_->ts_ok) {
    hit(Row::add_dup_ts_refreshed);
    entry.tsreflect = request_->tsval;
  } else if (entry.ts_ok) {
    hit(Row::add_dup_ts_cleared);
    entry.ts_ok = false;
    entry.tsreflect = 0;
  } else if (request_->ts_ok) {
    hit(Row::add_dup_ts_not_turned_on);
  }
  if (entry.ecn_ok && !request_->ecn_ok) {
    hit(Row::add_dup_ecn_recomputed);
    entry.ecn_ok = false;
  }
  if (entry.irs != request_->seq) hit(Row::add_dup_old_irs);
  if (entry.rxmits > 1) hit(Row::add_dup_timer_restarted);
  if (entry.mac_src != request_->mac_src) hit(Row::add_dup_ethernet);
  entry.mac_dst = request_->mac_dst;
  entry.mac_src = request_->mac_src;
  entry.tags = request_->tags;
  entry.tag1 = request_->tag1;
  entry.tag2 = request_->tag2;
  entry.rxmits = 1;
  entry.armed = now_ % (1u << 24);
  log(14);
  respond(*found);
}

void ThirdModel::remove_tail() {
  gate_open_ = true;
  gate_stamp_ = now_;
  syncache_pause();
  bucket_->pop_back();
  --count_;
  answer_.counts.evicted = true;
}

void ThirdModel::insert(const Entry& entry) {
  hit(Row::add_inserted);
  bucket_->push_front(entry);
  ++count_;
  answer_.counts.added = true;
}

ThirdModel::Entry ThirdModel::filled() {
  const RequestRecord& r = *request_;
  Entry entry;
  entry.ends = ends_;
  entry.fields.irs = r.seq;
  entry.fields.iss = make_iss();
  entry.fields.tsreflect = r.ts_ok ? r.tsval : 0;
  entry.fields.mss = r.mss;
  entry.fields.ws_ok = r.ws_ok;
  entry.fields.ws = r.ws_ok ? r.ws : std::uint8_t{0};
  entry.fields.sack_ok = r.sack_ok;
  entry.fields.ts_ok = r.ts_ok;
  entry.fields.ecn_ok = r.ecn_ok;
  entry.fields.has_mss = r.has_mss;
  entry.fields.rxmits = 1;
  entry.fields.armed = now_ % (1u << 24);
  entry.fields.len = r.len;
  entry.fields.service = r.service;
  entry.fields.mac_dst = r.mac_dst;
  entry.fields.mac_src = r.mac_src;
  entry.fields.tags = r.tags;
  entry.fields.tag1 = r.tag1;
  entry.fields.tag2 = r.tag2;
  return entry;
}

std::uint32_t ThirdModel::make_iss() {
  const RequestRecord& r = *request_;
  const bool parity = config_->keys.parity;
  const Key key = to_bytes(config_->keys.cookie[parity ? 1 : 0]);
  const std::uint8_t byte = oracle_cookie_byte(r.mss, r.ws_ok ? r.ws : -1, r.sack_ok, parity);
  if (config_->syncookies || config_->syncookies_only) return oracle_iss(key, tuple_of(ends_), r.seq, byte);
  return oracle_cookie_mac(key, tuple_of(ends_), r.seq, byte) + 256 * now_;
}

// 1.7 what is sent

void ThirdModel::timestamps(const Entry& entry) {
  VerdictRecord& v = answer_.verdict;
  v.ts_ok = entry.fields.ts_ok;
  if (!v.ts_ok) return;
  hit(config_->ts_offset_per_conn ? Row::reply_tsoff_per_conn : Row::reply_tsoff_per_pair);
  v.tsoff = oracle_tsoff(to_bytes(config_->keys.ts_secret), tuple_of(ends_), config_->ts_offset_per_conn);
  v.tsecr = entry.fields.tsreflect;
}

/// A SYN-ACK that goes out; the SYN, if there is one, is consumed.
void ThirdModel::respond(const Entry& entry) {
  VerdictRecord& v = answer_.verdict;
  if (request_->op == 1) v.fate = 2;
  v.send = 1;
  v.seq = entry.fields.iss;
  v.ack = entry.fields.irs + 1;
  v.ws_ok = entry.fields.ws_ok;
  v.sack_ok = entry.fields.sack_ok;
  v.ece = entry.fields.ecn_ok;
  v.df = !entry.fields.unreach;
  if (entry.fields.unreach) hit(Row::reply_no_df);
  timestamps(entry);
}

// 1.8 syncache_timer

std::uint32_t ThirdModel::interval(unsigned n) {
  constexpr std::array<std::uint32_t, 13> kBackoff{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 512, 512, 512};
  const RexmitConfig& r = config_->rexmit;
  if (n == 0) return r.initial;
  const std::uint32_t raw = r.initial * kBackoff[n] + r.slop;
  // As TCPT_RANGESET does: the lower bound first, the upper one last.
  std::uint32_t value = raw;
  if (value < r.min) value = r.min;
  if (value > r.max) value = r.max;
  return value;
}

void ThirdModel::syncache_timer() {
  if (!config_->tables_ready) return;
  Bucket& bucket = *bucket_;
  const auto entry =
      std::find_if(bucket.begin(), bucket.end(), [this](const Entry& e) { return equal(e.ends, ends_); });
  if (entry == bucket.end()) return;
  const std::uint32_t passed = (now_ - entry->fields.armed) % (1u << 24);
  if (passed < interval(entry->fields.rxmits - 1u)) {
    hit(Row::timer_not_due);
    return;
  }
  timer_entry(entry);
}

void ThirdModel::timer_entry(Bucket::iterator at) {
  EntryRecord& entry = at->fields;
  if (paused_) {
    hit(Row::timer_paused);
    answer_.counts.flushed = static_cast<std::uint8_t>(bucket_->size());
    count_ -= bucket_->size();
    bucket_->clear();
    return;
  }
  if (entry.rxmits > config_->rexmtlimit && entry.handed) {
    // FreeBSD counts an entry whose socket could not be made.
    answer_.counts.aborted = true;
    if (sock_fail(entry.iss + 1)) {
      hit(Row::timer_aborts);
      VerdictRecord& v = answer_.verdict;
      v.service = entry.service;
      v.mac_dst = entry.mac_dst;
      v.mac_src = entry.mac_src;
      v.tags = entry.tags;
      v.tag1 = entry.tag1;
      v.tag2 = entry.tag2;
    } else if (!config_->rst_on_sock_fail) {
      hit(Row::timer_aborts_silently);
    }
    bucket_->erase(at);
    --count_;
    if (!flow_set_->flows.contains(fingerprint_)) add_flow(Flow{kOpen, 0});
    return;
  }
  if (entry.rxmits > config_->rexmtlimit) {
    hit(Row::timer_exhausted);
    if (config_->rexmtlimit == 0) hit(Row::timer_limit_0);
    log(1);
    answer_.counts.stale = true;
    bucket_->erase(at);
    --count_;
    return;
  }
  if (!room_.line) {
    hit(Row::timer_fails);
    answer_.counts.sc_dropped = true;
    bucket_->erase(at);
    --count_;
    return;
  }
  if (entry.handed) hit(Row::timer_handed);
  if (entry.ecn_ok) hit(entry.rxmits > config_->ecn_maxretries ? Row::timer_ecn_cleared : Row::timer_ecn_kept);
  if (entry.rxmits > config_->ecn_maxretries) entry.ecn_ok = false;
  log(2, entry.rxmits);
  hit(Row::timer_sent);
  const unsigned before = entry.rxmits - 1u;
  hit(static_cast<Row>(static_cast<unsigned>(Row::timer_0) + std::min(before, 6u)));
  const std::uint32_t passed = interval(before);
  if (before > 0 && passed == config_->rexmit.min) hit(Row::timer_min);
  if (before > 0 && passed == config_->rexmit.max) hit(Row::timer_max);
  if (now_ % (1u << 24) < entry.armed) hit(Row::timer_clock_wraps);
  respond(*at);
  VerdictRecord& v = answer_.verdict;
  v.own = true;
  v.v6 = ends_.v6;
  v.faddr = ends_.faddr;
  v.laddr = ends_.laddr;
  v.fport = ends_.fport;
  v.lport = ends_.lport;
  v.time_ms = now_;
  v.service = entry.service;
  v.has_mss = entry.has_mss;
  v.len = entry.len;
  v.mac_dst = entry.mac_dst;
  v.mac_src = entry.mac_src;
  v.tags = entry.tags;
  v.tag1 = entry.tag1;
  v.tag2 = entry.tag2;
  ++entry.rxmits;
  entry.armed = now_ % (1u << 24);
  answer_.counts.retransmitted = true;
}

// 1.10 syncache_expand

void ThirdModel::syncache_expand() {
  Bucket& bucket = *bucket_;
  const auto entry =
      std::find_if(bucket.begin(), bucket.end(), [this](const Entry& e) { return equal(e.ends, ends_); });
  const bool there = entry != bucket.end() && config_->tables_ready;
  handed_ = there && entry->fields.handed;
  if (cookies_only_) {
    if (there) hit(Row::ack_cookies_only_no_lookup);
    if (!gate_open_) hit(Row::ack_cookies_only_no_gate);
    expand_cookie();
    return;
  }
  if (there && (handed_ || request_->ack == entry->fields.iss + 1)) {
    expand_entry(entry);
    return;
  }
  if (there) {
    hit(Row::ack_wrong);
    strange_ = &*entry;
  }
  if (!config_->syncookies) {
    hit(Row::ack_disabled);
    answer_.counts.spurcookie = true;
    expand_fails(7);
  } else if (!gate_open_ && (config_->cookie_gate_always || flow_set_->open_laps > 0)) {
    hit(config_->cookie_gate_always ? Row::ack_gate_always : Row::ack_gate_learning);
    expand_cookie();
  } else if (!gate_open_) {
    hit(Row::ack_gate_closed);
    answer_.counts.spurcookie = true;
    expand_fails(8);
  } else {
    hit(Row::ack_gate_open);
    expand_cookie();
  }
}

/// Neither an entry nor a cookie takes the ACK.
void ThirdModel::expand_fails(std::uint8_t code) {
  if (strange_ == nullptr) {
    log(code, request_->seq, request_->ack);
    unknown(18, true);
  } else {
    log(13, request_->ack, strange_->fields.iss + 1);
    unknown(27, true);
  }
}

std::uint8_t ThirdModel::mark_time() const {
  // Of the four digits of base 32 of the time in 16 ms: each bit is turned where of the two below it, in a ring, the
  // nearer is 0 and the farther 1. Then bit i of the sum takes bit i, 4 - i, i + 1 and i - 2 of them.
  const std::uint32_t units = now_ / 16;
  const auto bit = [units](unsigned digit, unsigned i) {
    const auto plain = [units, digit](unsigned at) { return units / (1u << (5 * digit + at % 5)) % 2; };
    return plain(i) + (plain(i + 4) == 0 && plain(i + 3) == 1 ? 1 : 0);
  };
  unsigned time = 0;
  for (unsigned i = 0; i < 5; ++i) {
    time += (bit(0, i) + bit(1, 4 - i) + bit(2, i + 1) + bit(3, i + 3)) % 2 << i;
  }
  return static_cast<std::uint8_t>(time);
}

std::optional<std::uint8_t> ThirdModel::valid_cookie() {
  const std::uint32_t a = request_->ack - 1;
  const auto byte = static_cast<std::uint8_t>((a & 0xff) ^ (a >> 24));
  const Key key = to_bytes(config_->keys.cookie[byte & 1]);
  const std::uint32_t mac = oracle_cookie_mac(key, tuple_of(ends_), request_->seq - 1, byte);
  if (mac / 256 != a / 256) return std::nullopt;
  return byte;
}

void ThirdModel::expand_cookie() {
  const std::optional<std::uint8_t> byte = valid_cookie();
  if (!byte) {
    hit(Row::ack_cookie_bad);
    answer_.counts.failcookie = true;
    expand_fails(9);
  } else if (!room_.host) {
    hit(Row::ack_no_room);
    drop(20);
  } else {
    hit(Row::ack_cookie_good);
    if (strange_ != nullptr) hit(Row::ack_wrong_cookie);
    answer_.counts.recvcookie = true;
    mark_cookie(*byte, false);
    add_flow(Flow{kHanded, mark_time() % 16 * 2U});
  }
}

void ThirdModel::expand_entry(Bucket::iterator at) {
  EntryRecord& entry = at->fields;
  const RequestRecord& r = *request_;
  if (entry.handed) {
    if (r.ack != entry.iss + 1) {
      hit(Row::ack_handed_other);
      return;
    }
    if (r.seq - entry.irs - 1 >= r.window) hit(Row::ack_handed_beyond);
    complete(at);
    return;
  }
  std::uint8_t note = 0;
  if (entry.ts_ok && r.ts_ok) {
    if (difference(r.tsval, entry.tsreflect) < 0) {
      hit(Row::ack_paws);
      log(10, r.tsval, entry.tsreflect);
      drop(24);
      return;
    }
    if (r.tsval == entry.tsreflect) hit(Row::ack_ts_equal);
  }
  if (!entry.ts_ok && r.ts_ok) {
    hit(Row::ack_ts_unexpected);
    note = 1;
  }
  if (entry.ts_ok && !r.ts_ok) {
    if (!config_->tolerate_missing_ts) {
      hit(Row::ack_ts_missing);
      log(11);
      drop(25);
      return;
    }
    hit(Row::ack_ts_tolerated);
    note = 2;
  }
  if (difference(r.seq, entry.irs) <= 0 || difference(r.seq, entry.irs + r.window) > 0) {
    hit(difference(r.seq, entry.irs) <= 0 ? Row::ack_seq_low : Row::ack_seq_high);
    if (r.window == 0) hit(Row::ack_window_0);
    log(12, r.seq, entry.irs + 1);
    challenge(*at);
    drop(26);
  } else {
    if (room_.host) {
      if (r.seq == entry.irs + r.window && r.window > 1) hit(Row::ack_seq_last);
      if (r.seq < entry.irs) hit(Row::ack_seq_wraps);
      if (r.seq != entry.irs + 1) hit(Row::ack_other_first);
    }
    complete(at);
  }
  if (note != 0) {
    if (!answer_.event) log(0);
    answer_.event->note = note;
  }
}

void ThirdModel::complete(Bucket::iterator at) {
  if (!room_.host) {
    hit(Row::ack_no_room);
    drop(20);
  } else {
    hit(Row::ack_completed);
    hand_over_entry(at);
  }
}

/// The handshake of an entry is complete. With an agent the entry waits for its word.
void ThirdModel::hand_over_entry(Bucket::iterator at) {
  const EntryRecord entry = at->fields;
  const auto flags = static_cast<std::uint8_t>((entry.sack_ok ? 1 : 0) + (entry.ts_ok && request_->ts_ok ? 2 : 0) +
                                               (entry.ws_ok ? 4 : 0) + (entry.ecn_ok ? 8 : 0));
  if (entry.ecn_ok) hit(Row::handoff_ecn);
  if (request_->agent && entry.handed && entry.marked == mark_time()) {
    hit(Row::handoff_too_soon);
    return;
  }
  mark(flags, entry.ws, entry.mss, entry.irs + 1, entry.iss + 1);
  (entry.handed ? answer_.counts.remarked : answer_.counts.handed) = true;
  if (request_->agent) {
    hit(entry.handed ? Row::handoff_marked_again : Row::handoff_waits);
    at->fields.handed = true;
    at->fields.marked = mark_time();
    return;
  }
  if (entry.handed) hit(Row::handoff_agent_gone);
  bucket_->erase(at);
  --count_;
  answer_.counts.completed = true;
  add_flow(Flow{kHanded, mark_time() % 16 * 2U + (entry.ecn_ok ? 1u : 0u)});
}

// 1.11 syncache_chkrst, challenge ACKs, the limiter

void ThirdModel::syncache_chkrst() {
  Bucket& bucket = *bucket_;
  const auto entry =
      std::find_if(bucket.begin(), bucket.end(), [this](const Entry& e) { return equal(e.ends, ends_); });
  const bool there = entry != bucket.end() && config_->tables_ready;
  handed_ = there && entry->fields.handed;
  if (cookies_only_) {
    hit(Row::rst_cookies_only);
    unknown(22, false);
  } else if (there) {
    chkrst_entry(entry);
  } else {
    hit(Row::rst_spurious);
    log(3);
    answer_.counts.badrst = true;
    unknown(22, false);
  }
}

void ThirdModel::chkrst_entry(Bucket::iterator at) {
  EntryRecord& entry = at->fields;
  const RequestRecord& r = *request_;
  const std::uint32_t next = entry.irs + 1;
  const std::int32_t ahead = difference(r.seq, next);
  const bool inside = (ahead >= 0 && ahead < r.window) || (r.window == 0 && r.seq == next);
  if (r.seq == next || (config_->insecure_rst && inside)) {
    hit(r.seq == next ? Row::rst_exact : Row::rst_insecure);
    if (r.window == 0) hit(Row::rst_window_0);
    log(4);
    answer_.counts.reset = true;
    bucket_->erase(at);
    --count_;
    if (handed_) {
      hit(Row::rst_handed_ends);
    } else {
      drop(28);
    }
  } else if (handed_) {
    hit(Row::rst_handed_other);
  } else if (inside) {
    hit(Row::rst_challenge);
    log(5, r.seq, next, r.window);
    answer_.counts.badrst = true;
    challenge(*at);
    drop(29);
  } else {
    hit(Row::rst_outside);
    log(6, r.seq, next, r.window);
    answer_.counts.badrst = true;
    unknown(29, false);
  }
}

void ThirdModel::challenge(Entry& at) {
  EntryRecord& entry = at.fields;
  const bool limited = config_->ack_war_cnt != 0 && config_->ack_war_timewindow != 0;
  const std::uint32_t left = (entry.challenge_end - now_) % (1u << 20);
  const bool running = entry.challenges != 0 && left >= 1 && left < 1u << 19;
  if (limited && running && entry.challenges >= config_->ack_war_cnt) {
    hit(Row::challenge_exhausted);
    return;
  }
  if (limited && running) {
    hit(Row::challenge_budget);
    ++entry.challenges;
  } else {
    if (!limited) {
      hit(Row::challenge_no_limit);
    } else {
      hit(entry.challenges == 0 ? Row::challenge_first : Row::challenge_new_window);
    }
    entry.challenge_end = (now_ + config_->ack_war_timewindow) % (1u << 20);
    entry.challenges = 1;
  }
  if (wanted_++ == 0) wanted_since_ = now_;
  if (!room_.line) {
    hit(Row::challenge_no_room);
    return;
  }
  VerdictRecord& v = answer_.verdict;
  v.send = 2;
  v.seq = entry.iss + 1;
  v.ack = entry.irs + 1;
  v.df = !entry.unreach;
  timestamps(at);
  if (v.ts_ok) hit(Row::reply_challenge_ts);
  answer_.counts.challenge_acks = true;
}

bool ThirdModel::reset(std::uint32_t seq) {
  if (config_->blackhole == 3) {
    hit(Row::limiter_blackhole);
    return false;
  }
  if (wanted_ == 0) wanted_since_ = now_;
  ++wanted_;
  if (config_->icmplim == 0) {
    hit(Row::limiter_off);
  } else if (wanted_ > config_->icmplim) {
    hit(Row::limiter_refuses);
    answer_.counts.resets_limited = true;
    return false;
  }
  if (!room_.line) {
    hit(Row::limiter_no_room);
    return false;
  }
  answer_.verdict.send = 3;
  answer_.verdict.seq = seq;
  answer_.verdict.df = true;
  answer_.counts.resets_sent = true;
  return true;
}

/// The server made no socket for a client that believes in one; true if it is told by a RST.
bool ThirdModel::sock_fail(std::uint32_t seq) {
  log(config_->rst_on_sock_fail ? 23 : 24);
  if (!config_->rst_on_sock_fail) return false;
  if (config_->blackhole == 3) {
    hit(Row::abort_blackhole);
    return false;
  }
  if (!room_.line) {
    hit(Row::abort_no_room);
    return false;
  }
  if (config_->icmplim != 0 && wanted_ >= config_->icmplim) hit(Row::abort_unlimited);
  answer_.counts.resets_sent = true;
  VerdictRecord& v = answer_.verdict;
  v.send = 3;
  v.seq = seq;
  v.df = true;
  v.own = true;
  v.v6 = ends_.v6;
  v.faddr = ends_.faddr;
  v.laddr = ends_.laddr;
  v.fport = ends_.fport;
  v.lport = ends_.lport;
  v.time_ms = now_;
  return true;
}

// 1.12 syncache_pause

/// Whether a time is still to come, and no more than so far away that no pause could have set it.
bool ThirdModel::ahead(std::uint32_t time, std::int32_t farthest) const {
  const std::int32_t left = difference(time, now_);
  return left > 0 && left <= farthest;
}

void ThirdModel::syncache_pause() {
  if (paused_) {
    hit(Row::pause_already);
    return;
  }
  answer_.counts.bucketoverflow = true;
  if (!config_->syncookies) {
    hit(Row::pause_no_cookies);
    return;
  }
  std::uint32_t seconds = 15u << backoff_;
  if (!paused_before_) {
    // Also where the last one can no longer be renewed.
    hit(Row::pause_first);
    seconds = 15;
    backoff_ = 0;
  } else if (ahead(pause_until_ + seconds * kSecond, 2 * kFarthest)) {
    if (backoff_ < 6) {
      hit(Row::pause_doubled);
      seconds *= 2;
      ++backoff_;
    } else {
      hit(Row::pause_longest);
    }
  } else {
    // No tick has forgotten it yet.
    seconds = 15;
    backoff_ = 0;
  }
  paused_ = paused_before_ = true;
  pause_until_ = now_ + seconds * kSecond;
  log(21, seconds);
}

void ThirdModel::tick() {
  if (paused_ && !ahead(pause_until_, kFarthest)) {
    hit(Row::pause_ends);
    paused_ = false;
  }
  if (paused_before_ && !ahead(pause_until_ + (15u << backoff_) * kSecond, 2 * kFarthest)) {
    hit(Row::pause_forgotten);
    paused_before_ = false;
  }
  if (gate_open_ && difference(now_, gate_stamp_) >= static_cast<std::int32_t>(16 * kSecond)) {
    hit(Row::gate_closes);
    gate_open_ = false;
  }
  if (wanted_ != 0 && now_ - wanted_since_ >= kSecond) {
    if (config_->icmplim != 0 && wanted_ > config_->icmplim) {
      hit(Row::limiter_told);
      log(22, wanted_, config_->icmplim);
    }
    wanted_ = 0;
  }
}

// 1.13 syncache_unreach

void ThirdModel::syncache_unreach() {
  if (cookies_only_) {
    hit(Row::unreach_cookies_only);
    return;
  }
  Bucket& bucket = *bucket_;
  const auto entry =
      std::find_if(bucket.begin(), bucket.end(), [this](const Entry& e) { return equal(e.ends, ends_); });
  if (entry == bucket.end() || !config_->tables_ready) {
    hit(Row::unreach_no_entry);
  } else if (request_->seq != entry->fields.iss) {
    hit(Row::unreach_wrong_seq);
  } else if (!entry->fields.unreach) {
    hit(Row::unreach_first);
    entry->fields.unreach = true;
  } else if (entry->fields.rxmits < 4) {
    hit(Row::unreach_early);
  } else {
    hit(Row::unreach_removes);
    bucket.erase(entry);
    --count_;
    answer_.counts.unreach = true;
  }
}

// What Synward adds: segments that belong to nothing, the hand-off, the flow table

void ThirdModel::unknown(std::uint8_t reason, bool may_reset) {
  if (config_->unknown_ack == 0) {
    hit(Row::unknown_pass);
  } else if (!config_->tables_ready || flow_set_->open_laps > 0) {
    hit(Row::unknown_fails_open);
  } else if (handed_) {
    hit(Row::unknown_handed);
  } else {
    if (config_->unknown_ack == 2 && may_reset) {
      hit(Row::unknown_rst);
      reset(request_->ack);
    } else {
      hit(Row::unknown_drop);
    }
    drop(reason);
  }
}

void ThirdModel::mark(std::uint8_t flags, unsigned shift, unsigned mss, std::uint32_t seq, std::uint32_t ack) {
  VerdictRecord& v = answer_.verdict;
  v.send = 4;
  v.seq = seq;
  v.ack = ack;
  v.mark_flags = flags;
  v.mark_wscale = static_cast<std::uint8_t>((flags & 4) != 0 ? shift * 16 + request_->wscale : 0);
  v.mark_mss = static_cast<std::uint16_t>(mss);
  if (request_->path_mss != 0 && mss > request_->path_mss) {
    hit(Row::mark_path_mss);
    v.mark_mss = request_->path_mss;
  }
  answer_.mark_mac = oracle_mark_mac(to_bytes(config_->keys.mark_key), tuple_of(ends_), seq, ack, v.mark_flags,
                                     v.mark_wscale, v.mark_mss);
}

void ThirdModel::mark_cookie(std::uint8_t byte, bool ecn) {
  constexpr std::array<unsigned, 8> kMss{216, 536, 1200, 1360, 1400, 1440, 1452, 1460};
  constexpr std::array<unsigned, 8> kScale{0, 0, 1, 2, 4, 6, 7, 8};
  const unsigned scale = byte / 4 % 8;
  const int flags = byte / 2 % 2 + (request_->ts_ok ? 2 : 0) + (scale != 0 ? 4 : 0) + (ecn ? 8 : 0);
  mark(static_cast<std::uint8_t>(flags), kScale[scale], kMss[byte / 32], request_->seq, request_->ack);
}

void ThirdModel::add_flow(Flow flow) {
  if (!config_->tables_ready) return;
  if (flow_set_->flows.size() == 16) {
    hit(Row::flow_bucket_full);
    flow_set_->open_laps = config_->flow_idle;
    answer_.counts.flows_full = true;
  } else {
    hit(Row::flow_added);
    flow_set_->flows[fingerprint_] = flow;
    answer_.counts.flows_added = true;
  }
}

void ThirdModel::flow_segment(Flow& flow) {
  answer_.counts.established = true;
  const bool fin = (request_->flags & kFinFlag) != 0;
  if (request_->op == 3) {
    hit(Row::flow_rst);
  } else if (request_->op == 12) {
    hit(Row::flow_stray);
  } else if (flow.state == kClosing) {
    hit(request_->op == 1 ? Row::flow_syn_closing : Row::flow_ack_closing);
  } else if (request_->op == 1) {
    if (flow.state == kHanded) {
      hit(Row::flow_syn_handed);
    } else {
      flow.aux = 0;
    }
  } else if (flow.state != kHanded) {
    hit(fin ? Row::flow_fin : Row::flow_ack);
    flow.aux = 0;
  } else if ((config_->syncookies || config_->syncookies_only) && room_.host) {
    const std::optional<std::uint8_t> byte = valid_cookie();
    const bool too_soon = flow.aux / 2 % 16 == mark_time() % 16;
    if (byte && too_soon) hit(Row::flow_remark_too_soon);
    if (!byte || too_soon) return;
    hit(fin ? Row::flow_remarked_fin : Row::flow_remarked);
    const bool ecn = flow.aux % 2 == 1;
    if (ecn) hit(Row::flow_remarked_ecn);
    mark_cookie(*byte, ecn);
    flow.aux = mark_time() % 16 * 2U + (ecn ? 1u : 0u);
    answer_.counts.remarked = true;
  }
}

void ThirdModel::flow_server() {
  if (!config_->tables_ready) return;
  const unsigned flags = request_->flags;
  const bool answers = (flags & kSynFlag) != 0 && (flags & kAckFlag) != 0;
  const bool says = (flags & kRstFlag) == 0 && !answers;
  Bucket& bucket = *bucket_;
  const auto entry =
      std::find_if(bucket.begin(), bucket.end(), [this](const Entry& e) { return equal(e.ends, ends_); });
  const bool takes = says && entry != bucket.end() && entry->fields.handed;
  const auto found = flow_set_->flows.find(fingerprint_);
  if (takes) {
    hit(found == flow_set_->flows.end() ? Row::handoff_server_speaks : Row::handoff_server_speaks_of_flow);
    bucket.erase(entry);
    --count_;
    answer_.counts.completed = true;
  }
  if (found == flow_set_->flows.end()) {
    server_teaches(says, takes);
    return;
  }
  Flow& flow = found->second;
  if (flow.state == kClosing && !says) {
    hit((flags & kSynFlag) == 0 ? Row::flow_server_resets_closing : Row::flow_server_answers_closing);
    if ((flags & kSynFlag) != 0 && flow.aux < 32) flow.aux += 32;
    return;
  }
  if (flow.state == kClosing && flow.aux >= 32 && (flags & kFinFlag) == 0) {
    hit(Row::flow_server_connected_again);
    flow = Flow{kOpen, 0};
    return;
  }
  if ((flags & (kFinFlag | kRstFlag)) != 0) {
    hit(Row::flow_server_ends);
    flow.state = kClosing;
  } else if (flow.state == kHanded) {
    hit(Row::flow_server_speaks);
    flow.state = kOpen;
  } else if ((flags & kSynFlag) != 0) {
    if (flow.state == kClosing) hit(Row::flow_server_reopens);
    flow.state = kOpen;
  }
  flow.aux = 0;
}

/// The server speaks of a connection that has no flow.
void ThirdModel::server_teaches(bool says, bool takes) {
  const unsigned flags = request_->flags;
  if (!says) {
    hit(Row::flow_server_unknown);
    return;
  }
  if (!takes && !request_->protect) {
    hit(Row::flow_not_protected);
    return;
  }
  if (!takes) hit(flags == kSynFlag ? Row::flow_server_connects : Row::flow_taught);
  add_flow(Flow{(flags & kFinFlag) != 0 ? std::uint8_t{kClosing} : std::uint8_t{kOpen}, 0});
}

// What the server's agent says of a mark

void ThirdModel::status() {
  const unsigned what = request_->note;
  if (!config_->tables_ready || what < 1 || what > 5) return;
  const bool refused = what == 3 || what == 4;
  Bucket& bucket = *bucket_;
  const auto flow = flow_set_->flows.find(fingerprint_);
  const auto entry =
      std::find_if(bucket.begin(), bucket.end(), [this](const Entry& e) { return equal(e.ends, ends_); });
  bool gone = false;
  if (entry != bucket.end() && entry->fields.handed) {
    const bool same = request_->seq == entry->fields.irs + 1 && request_->ack == entry->fields.iss + 1;
    if (!same) {
      hit(Row::status_other_handshake);
    } else if (what == 1 || refused) {
      hit(what == 1 ? Row::status_taken : what == 3 ? Row::status_no_listener : Row::status_refused);
      bucket.erase(entry);
      --count_;
      gone = refused;
      (refused ? answer_.counts.aborted : answer_.counts.completed) = true;
      if (what == 1 && flow == flow_set_->flows.end()) add_flow(Flow{kOpen, 0});
    } else {
      hit(what == 2 ? Row::status_full : Row::status_busy);
    }
  } else if (flow == flow_set_->flows.end()) {
    hit(Row::status_of_nothing);
  }
  if (flow != flow_set_->flows.end() && flow->second.state == kHanded) {
    if (!valid_cookie()) {
      hit(Row::status_flow_other);
    } else if (what == 1) {
      hit(Row::status_flow_taken);
      flow->second = Flow{kOpen, 0};
    } else if (refused) {
      hit(Row::status_flow_refused);
      flow->second = Flow{kClosing, 0};
      gone = true;
    } else {
      hit(Row::status_flow_waits);
    }
  }
  if (!gone || !sock_fail(request_->ack)) return;
  VerdictRecord& v = answer_.verdict;
  v.service = request_->service;
  v.mac_dst = request_->mac_dst;
  v.mac_src = request_->mac_src;
  v.tags = request_->tags;
  v.tag1 = request_->tag1;
  v.tag2 = request_->tag2;
}

// SYN-ACKs, and what has neither SYN, ACK nor RST

void ThirdModel::stray() {
  if (!config_->tables_ready || flow_set_->open_laps > 0) {
    hit(Row::stray_fails_open);
    return;
  }
  hit(Row::stray_dropped);
  log(request_->note);
  drop(request_->note == 15 ? 12 : 13);
}

void ThirdModel::flow_visit() {
  if (!config_->tables_ready) return;
  FlowSet& set = flow_set(request_->seq % (1u << log_flows_));
  if (set.open_laps > 0) --set.open_laps;
  for (auto at = set.flows.begin(); at != set.flows.end();) {
    Flow& flow = at->second;
    if (flow.state == kHanded) {
      if (flow.aux >= 32) {
        hit(Row::flow_handed_ages);
        flow = Flow{kOpen, 0};
      } else {
        flow.aux += 32;
      }
      ++at;
    } else if (flow.state == kClosing ? flow.aux % 32 >= 4 : flow.aux >= config_->flow_idle) {
      hit(flow.state == kClosing ? Row::flow_closed : Row::flow_idle);
      ++answer_.counts.flows_aged;
      at = set.flows.erase(at);
    } else {
      ++flow.aux;
      ++at;
    }
  }
}

}  // namespace synward::test
