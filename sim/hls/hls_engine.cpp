// SPDX-License-Identifier: BSD-2-Clause
#include "hls/hls_engine.hpp"

#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "kernels/fields.hpp"
#include "model/kernel_model.hpp"

namespace synward::sim {

/// A table whose writes are there for the next request: what forwarding mends anyhow.
template <typename Word, unsigned kLog>
struct PromptTable {
  std::vector<Word> words = std::vector<Word>(std::size_t{1} << kLog);
};
template <typename Word, unsigned kLog>
Word memory_read(const PromptTable<Word, kLog>& table, std::uint32_t index) {
  return table.words[index];
}
template <typename Word, unsigned kLog>
void memory_write(PromptTable<Word, kLog>& table, bool write, std::uint32_t index, const Word& word) {
  if (write) table.words[index] = word;
}

namespace {

/// The settings as numbers, to see whether they have changed.
std::vector<std::uint64_t> numbers_of(EngineSetting setting) {
  std::vector<std::uint64_t> numbers;
  each_field(setting, [&](const auto& value, unsigned) { numbers.push_back(static_cast<std::uint64_t>(value)); });
  return numbers;
}

template <unsigned kLogBuckets, unsigned kLogFlows>
class SizedEngine final : public HlsEngine {
 public:
  explicit SizedEngine(bool at_once) : at_once_(at_once) { reset(); }

  void reset() override {
    kernel_ = std::make_unique<Kernel>();
    setting_ = EngineSetting{};
    known_ = numbers_of(setting_);
    if (at_once_) clear(0);
  }

  EngineAnswer ask(const EngineConfig& config, const RequestRecord& request, const Room& room) override {
    setting_.config = config;
    std::vector<std::uint64_t> numbers = numbers_of(setting_);
    if (numbers != known_) {
      kernel_->set(setting_);
      known_ = std::move(numbers);
    }
    const auto answered = kernel_->ask({request, room});
    sight_ = answered.sight;
    return answered.answer;
  }
  const SightRecord& sight() const override { return sight_; }

  void clear(std::uint8_t flow_learn) override {
    EngineSetting load = setting_;
    load.config.flow_learn = flow_learn;
    load.load = true;
    kernel_->set(load);
    if (at_once_) kernel_->settle();
    known_.clear();
  }
  std::uint32_t clear_steps() const override { return kClearSteps; }
  void finish_clearing() override { kernel_->settle(); }

  void end_pause() override {
    EngineSetting end = setting_;
    end.end_pause = true;
    kernel_->set(end);
  }

  std::uint64_t clocks_of(const RequestRecord& request) const override {
    // What stands alone takes the bubbles before and behind it along.
    return kHlsInterval * (stands_alone(request) ? 1 + 2 * kDistance : 1);
  }

 private:
  static constexpr std::uint32_t kClearSteps = 1u << (kLogBuckets > kLogFlows ? kLogBuckets : kLogFlows);
  using Kernel = KernelModel<kLogBuckets, kLogFlows, true, PromptTable, kClearSteps>;

  bool at_once_;
  std::unique_ptr<Kernel> kernel_;
  SightRecord sight_{};
  EngineSetting setting_{};
  std::vector<std::uint64_t> known_;  ///< what the kernel was told last
};

}  // namespace

std::unique_ptr<HlsEngine> make_hls_engine(TableSizes sizes, bool at_once) {
  const auto is = [&](unsigned buckets, unsigned flows) {
    return sizes.log_buckets == buckets && sizes.log_flows == flows;
  };
  if (is(kMaxLogBuckets, kMaxLogFlows)) return std::make_unique<SizedEngine<kMaxLogBuckets, kMaxLogFlows>>(at_once);
  if (is(6, 6)) return std::make_unique<SizedEngine<6, 6>>(at_once);
  throw std::invalid_argument("the HLS engine has no tables of this size");
}

}  // namespace synward::sim
