// SPDX-License-Identifier: BSD-2-Clause
// Proves the listing of half-open connections: every entry once, by bucket and way, whatever else the engine has to do;
// entries that come and go meanwhile are shown or not, those that stay are.
#include <Vsynward_lister.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "block/bench.hpp"

namespace synward::test {
namespace {

constexpr std::uint32_t kPlaces = 8u << PARAM_LOGBUCKETS;
constexpr std::size_t kLatency = 40;
constexpr int kTimeout = 20'000;

/// The tables behind the lister: a look is answered kLatency clocks after it was taken, out of what is there then.
class Tables {
 public:
  explicit Tables(std::uint64_t seed) : rng(seed), block_(seed) {
    block_->first_i = block_->next_i = block_->taken_i = block_->answer_i = 0;
    block_.reset();
  }

  Rng rng;
  unsigned busy = 50;                              ///< per cent of the clocks that others take
  std::map<std::uint32_t, std::uint32_t> entries;  ///< by bucket x 8 + way: what stands for the entry

  Vsynward_lister& pins() { return *block_.operator->(); }

  void clock() {
    block_->answer_i = 0;
    if (looks_.size() == kLatency) {
      if (looks_.front()) answer(*looks_.front());
      looks_.pop_front();
    }
    block_.settle();
    block_->taken_i = block_->valid_o != 0 && !rng.percent(busy);
    looks_.push_back(block_->taken_i != 0 ? std::optional(Look{block_->bucket_o, block_->way_o}) : std::nullopt);
    block_.settle();
    block_.edge();
    block_->first_i = block_->next_i = 0;
  }

  /// Asks for the first entry or the next, and waits. Nothing where there is none.
  template <typename Meanwhile>
  std::optional<std::uint32_t> ask(bool first, Meanwhile&& meanwhile) {
    (first ? block_->first_i : block_->next_i) = 1;
    clock();
    for (int t = 0; t < kTimeout; ++t) {
      block_.settle();
      if (block_->busy_o == 0) {
        const auto shown = static_cast<std::uint32_t>(get_bits(block_->listing_o, 0, 32));
        EXPECT_TRUE(block_->shown_o != 0 || shown == 0) << "an entry is left behind";
        return block_->shown_o != 0 ? std::optional(shown) : std::nullopt;
      }
      meanwhile();
      clock();
    }
    ADD_FAILURE() << "busy for " << kTimeout << " clocks";
    return std::nullopt;
  }

  template <typename Meanwhile>
  std::vector<std::uint32_t> all(Meanwhile&& meanwhile) {
    std::vector<std::uint32_t> shown;
    for (auto one = ask(true, meanwhile); one && shown.size() <= kPlaces; one = ask(false, meanwhile)) {
      shown.push_back(*one);
    }
    return shown;
  }

 private:
  struct Look {
    std::uint32_t bucket;
    std::uint8_t way;
  };

  void answer(const Look& look) {
    std::uint8_t there = 0;
    std::uint32_t wanted = 0;
    for (unsigned way = 0; way < 8; ++way) {
      const auto found = entries.find(8 * look.bucket + way);
      if (found == entries.end()) continue;
      there = static_cast<std::uint8_t>(there | 1u << way);
      if ((look.way >> way & 1) != 0) wanted |= found->second;
    }
    block_->answer_i = 1;
    block_->entries_i = there;
    set_bits(block_->listing_i, 0, 32, wanted);
  }

  Bench<Vsynward_lister> block_;
  std::deque<std::optional<Look>> looks_;
};

void nothing() {}

TEST(Lister, shows_every_entry_once_by_bucket_and_way) {
  Tables tables(test_seed());
  for (const unsigned percent : {0u, 1u, 10u, 60u, 100u}) {
    for (const unsigned busy : {0u, 50u, 95u}) {
      SCOPED_TRACE(percent * 1000 + busy);
      tables.busy = busy;
      tables.entries.clear();
      std::vector<std::uint32_t> expected;
      for (std::uint32_t place = 0; place < kPlaces; ++place) {
        if (!tables.rng.percent(percent)) continue;
        tables.entries[place] = tables.rng.u32() | 1;
        expected.push_back(tables.entries[place]);
      }
      ASSERT_EQ(tables.all(nothing), expected);
    }
  }
}

TEST(Lister, shows_what_stays_whatever_comes_and_goes) {
  Tables tables(test_seed());
  std::vector<std::uint32_t> stay;
  std::vector<bool> may_change(kPlaces);
  for (std::uint32_t place = 0; place < kPlaces; ++place) {
    may_change[place] = tables.rng.percent(70);
    if (may_change[place]) continue;
    tables.entries[place] = 2 * place + 1;
    stay.push_back(2 * place + 1);
  }
  for (int round = 0; round < 20; ++round) {
    const auto shown = tables.all([&tables, &may_change] {
      const auto place = static_cast<std::uint32_t>(tables.rng.below(kPlaces));
      if (!may_change[place]) return;
      if (tables.entries.erase(place) == 0) tables.entries[place] = 2 * place + 1;
    });
    ASSERT_TRUE(std::ranges::is_sorted(shown));
    ASSERT_EQ(std::ranges::adjacent_find(shown), shown.end()) << "shown twice";
    ASSERT_TRUE(std::ranges::includes(shown, stay));
  }
}

TEST(Lister, without_an_entry_shown_there_is_no_next) {
  Tables tables(test_seed());
  tables.entries[5] = 77;
  EXPECT_EQ(tables.ask(false, nothing), std::nullopt);
  EXPECT_EQ(tables.ask(true, nothing), 77u);
  EXPECT_EQ(tables.ask(false, nothing), std::nullopt);
  EXPECT_EQ(tables.ask(false, nothing), std::nullopt);
  EXPECT_EQ(tables.ask(true, nothing), 77u);
}

TEST(Lister, a_clearing_of_the_tables_ends_a_listing) {
  Tables tables(test_seed());
  tables.entries[3] = 9;
  ASSERT_EQ(tables.ask(true, nothing), 9u);
  tables.pins().rst_ni = 0;
  for (std::size_t i = 0; i < 2 * kLatency; ++i) tables.clock();
  tables.pins().rst_ni = 1;
  tables.clock();
  EXPECT_EQ(tables.pins().shown_o, 0);
  EXPECT_EQ(get_bits(tables.pins().listing_o, 0, 32), 0u);
  EXPECT_EQ(tables.ask(false, nothing), std::nullopt);
  EXPECT_EQ(tables.ask(true, nothing), 9u);
}

}  // namespace
}  // namespace synward::test
