// SPDX-License-Identifier: BSD-2-Clause
// Proves that the first matching entry answers, with its number, one question a clock, while entries are written: an
// entry that is not written while a question is under way is judged exactly; one that is may count, part by part, as it
// was or as it becomes; no other entry is affected.
#include <Vsynward_service_table.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "block/bench.hpp"
#include "block/rtl_records.hpp"

namespace synward::test {
namespace {

constexpr std::size_t kEntries = 32;
constexpr unsigned kPortClock = 4, kLatency = 8;

struct Entry {
  bool valid = false, any = false, v4 = false, v6 = false;
  Wide128 address{};
  std::uint16_t port = 0;
  ServiceRecord service{};
};

struct Question {
  bool v6 = false;
  Wide128 address{};
  std::uint16_t port = 0;
};

// An entry matches if all three of these hold.
bool matches_family(const Entry& entry, const Question& q) { return entry.valid && (q.v6 ? entry.v6 : entry.v4); }
bool matches_address(const Entry& entry, const Question& q) {
  return entry.any || (entry.address.hi == q.address.hi && entry.address.lo == q.address.lo);
}
bool matches_port(const Entry& entry, const Question& q) { return entry.port == 0 || entry.port == q.port; }

/// Few addresses, which differ little, so that entries overlap.
Wide128 random_address(Rng& rng, bool v6) {
  Wide128 address = v6 ? Wide128{0x20010db800000000, 1} : Wide128{0, 0x0a000001};
  if (rng.percent(40)) address.lo ^= 1ULL << rng.below(v6 ? 64 : 32);
  if (v6 && rng.percent(20)) address.hi ^= 1ULL << rng.below(64);
  return rng.percent(50) ? (v6 ? Wide128{0x20010db800000000, 1} : Wide128{0, 0x0a000001}) : address;
}
std::uint16_t random_port(Rng& rng) { return rng.pick(std::array<std::uint16_t, 6>{80, 81, 443, 0, 8080, 0x8050}); }

Question random_question(Rng& rng) {
  const bool v6 = rng.bit();
  return {v6, random_address(rng, v6), random_port(rng)};
}

Entry random_entry(Rng& rng) {
  const bool v6 = rng.bit();
  Entry entry;
  entry.valid = rng.percent(60);
  entry.any = rng.percent(10);
  entry.v4 = !v6 || rng.percent(10);
  entry.v6 = v6 || rng.percent(10);
  entry.address = random_address(rng, v6);
  entry.port = random_port(rng);
  entry.service = random_record<ServiceRecord>(rng);
  return entry;
}

/// What one entry was while a question was under way: once, or before and after each write.
using Versions = std::vector<Entry>;

struct UnderWay {
  Question question;
  std::vector<Versions> table;
};

/// True if the entry may match: its parts are compared at different clocks, so that each may be of another version.
template <typename... Parts>
bool may_match(const Versions& versions, const Question& q, Parts... parts) {
  return (std::any_of(versions.begin(), versions.end(), [&](const Entry& e) { return parts(e, q); }) && ...);
}

bool may_answer(const Versions& versions, const ServiceRecord& service) {
  return std::any_of(versions.begin(), versions.end(),
                     [&](const Entry& e) { return fields_text(e.service) == fields_text(service); });
}

/// Compares an answer with every answer that can be right; empty if it is one of them.
std::string fault(const UnderWay& asked, bool addr_hit, bool hit, std::size_t number, const ServiceRecord& service) {
  const Question& q = asked.question;
  bool must_hit_address = false, may_hit_address = false, must_hit = false, service_found = false;
  for (std::size_t i = 0; i < kEntries; ++i) {
    const Versions& versions = asked.table[i];
    const bool settled = versions.size() == 1;
    if (!may_match(versions, q, matches_family, matches_address)) continue;
    may_hit_address = true;
    must_hit_address = must_hit_address || settled;
    if (must_hit || !may_match(versions, q, matches_port)) continue;
    service_found = service_found || (i == number && may_answer(versions, service));
    must_hit = settled;
  }
  if (addr_hit ? !may_hit_address : must_hit_address) return "address hit is wrong";
  if (!hit) return must_hit ? "no hit, but an entry matches" : "";
  return service_found ? "" : "not the first entry's service";
}

TEST(ServiceTable, the_first_match_wins_while_entries_are_written) {
  const std::uint64_t seed = test_seed();
  Rng rng(seed);
  Bench<Vsynward_service_table> block(seed);
  pack(ServiceWriteRecord{}, block->write_i);
  block.reset();
  std::vector<Entry> table(kEntries);
  std::deque<UnderWay> under_way;
  std::optional<std::pair<std::size_t, Entry>> written;  // a clock ago: what is asked now may still see what was there
  int hits = 0;
  for (int clock = 0; clock < 60'000; ++clock) {
    // Long without a write, then some in a row.
    const bool write = clock < 100 || (clock / 200 % 4 == 0 && rng.percent(30));
    const std::size_t index = rng.below(kEntries);
    const Entry entry = random_entry(rng);
    pack(ServiceWriteRecord{.write = write,
                            .index = static_cast<std::uint8_t>(index),
                            .valid = entry.valid,
                            .addr = entry.address,
                            .any = entry.any,
                            .match4 = entry.v4,
                            .match6 = entry.v6,
                            .port = entry.port,
                            .service = entry.service},
         block->write_i);

    const Question question = random_question(rng);
    block->v6_i = question.v6;
    set_wide(block->laddr_i, 0, question.address);
    block->lport_i = under_way.size() >= kPortClock ? under_way[under_way.size() - kPortClock].question.port : 0;
    block.settle();
    if (under_way.size() == kLatency) {
      ASSERT_EQ(fault(under_way.front(), block->addr_hit_o, block->hit_o, block->number_o,
                      unpack<ServiceRecord>(block->service_o)),
                "")
          << "clock " << clock;
      hits += block->hit_o;
      under_way.pop_front();
    }
    under_way.push_back({question, {}});
    for (const Entry& e : table) under_way.back().table.push_back({e});
    if (written) {
      table[written->first] = written->second;
      for (UnderWay& asked : under_way) asked.table[written->first].push_back(written->second);
    }
    written.reset();
    if (write) written.emplace(index, entry);
    block.edge();
  }
  EXPECT_GT(hits, 10'000);
}

}  // namespace
}  // namespace synward::test
