// SPDX-License-Identifier: BSD-2-Clause
// synward-hls-vectors KERNEL: vectors for the kernel's test bench in hls/vitis, with the step functions' answers.
#include "vectors.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <exception>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

#include "common/requests.hpp"
#include "reference/sight.hpp"

namespace {

using namespace synward;
using namespace synward::test;

void write_engine(std::uint64_t seed, std::uint64_t count, bool with_flows) {
  const auto tables = std::make_unique<EngineTables<kMaxLogBuckets, kMaxLogFlows>>();
  engine_reset(*tables);
  Rng rng(seed);
  EngineConfig config = default_engine_config(rng, 2);  // few buckets in use, so that they fill
  config.tables_ready = true;
  RequestGenerator requests(seed, {.tuples = 64, .log_flows = kMaxLogFlows});
  write_vector(std::cout, 'S', EngineSetting{config, true, false});
  FlowBucket none{};
  for (std::uint64_t i = 0; i < count; ++i) {
    if (rng.below(200) == 0) {
      change_settings(rng, config);
      config.tables_ready = true;
      write_vector(std::cout, 'S', EngineSetting{config, false, false});
    }
    EngineQuestion question{requests.next(), {rng.percent(95), rng.percent(95)}};
    EngineAddress at = engine_address(config, question.request, kMaxLogBuckets, kMaxLogFlows);
    if (rng.percent(10)) {
      // A look at the bucket, some iterations behind whoever changed it (testbench.hpp).
      question.request = {};
      question.request.op = kOpPeek;
      question.request.time_ms = requests.time_ms();
      question.request.seq = at.bucket;
      question.request.ack = 1U << rng.below(kWays);
      question.request.flags = rng.pick(std::array{kPeekWalk, kPeekFetch, kPeekClear, kPeekList});
      at = engine_address(config, question.request, kMaxLogBuckets, kMaxLogFlows);
      at.bucket = question.request.seq;
    }
    flows_clear(none, 0);
    const EngineAnswer answer =
        engine_decide(config, question.request, question.room, at.fingerprint, tables->syncache[at.bucket],
                      with_flows ? tables->flows[at.flows] : none, tables->state);
    write_vector(std::cout, 'Q', question);
    const SightRecord sight =
        reference::sight_of(config, question.request, answer, at.bucket, tables->syncache[at.bucket], tables->state);
    write_vector(std::cout, 'A', EngineReply{answer, sight});
    if (question.request.op != kOpPeek) requests.answered(question.request, answer.verdict);
  }
}

void write_cookie(std::uint64_t seed, std::uint64_t count) {
  Rng rng(seed);
  CookieSetting setting{};
  for (std::uint64_t i = 0; i < count; ++i) {
    if (i % 100 == 0) {
      for (SipKey& key : setting.keys) key = {rng.next(), rng.next()};
      setting.parity = rng.bit();
      write_vector(std::cout, 'S', setting);
    }
    CookieQuestion question{};
    const bool v6 = rng.bit();
    const Wide128 from = {v6 ? rng.next() : 0, v6 ? rng.next() : rng.next() >> 32};
    const Wide128 to = {v6 ? rng.next() : 0, v6 ? rng.next() : rng.next() >> 32};
    question.ends = {v6, from, to, static_cast<std::uint16_t>(rng.next()), static_cast<std::uint16_t>(rng.next())};
    question.seq = static_cast<std::uint32_t>(rng.next());
    question.mss = static_cast<std::uint16_t>(rng.next());
    question.ws_ok = rng.bit();
    question.ws = static_cast<std::uint8_t>(rng.below(15));
    question.sack_ok = rng.bit();
    CookieReply reply{};
    const std::uint8_t byte =
        cookie_encode(question.mss, question.ws_ok, question.ws, question.sack_ok, setting.parity);
    reply.iss = cookie_iss(setting.keys[setting.parity ? 1 : 0], question.ends, question.seq, byte);
    write_vector(std::cout, 'Q', question);
    write_vector(std::cout, 'A', reply);
    question.check = true;
    question.seq += 1;
    question.ack = reply.iss + 1 + (rng.percent(30) ? 1u << rng.below(32) : 0u);
    const CookieCheck check = cookie_check(setting.keys, question.ends, question.seq, question.ack);
    write_vector(std::cout, 'Q', question);
    write_vector(std::cout, 'A', CookieReply{0, check.ok, check.byte, cookie_decode(check.byte)});
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Vectors for the test benches of hls/vitis, on standard output."};
  app.footer("Example: synward-hls-vectors synward_engine --count 5000 > vectors.txt");
  std::string kernel;
  std::uint64_t seed = 1;
  std::uint64_t count = 5000;
  app.add_option("kernel", kernel, "the kernel they are for")
      ->required()
      ->check(CLI::IsMember({"synward_cookie", "synward_syncache", "synward_engine"}));
  app.add_option("--seed", seed, "of the random requests")->capture_default_str();
  app.add_option("--count", count, "questions; of synward_cookie pairs of a SYN and its ACK")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    if (kernel == "synward_cookie") {
      write_cookie(seed, count);
    } else {
      write_engine(seed, count, kernel == "synward_engine");
    }
    std::cout.flush();
    if (!std::cout) throw std::runtime_error("standard output: cannot write");
  } catch (const std::exception& error) {
    fmt::print(stderr, "synward-hls-vectors: {}\n", error.what());
    return 2;
  }
  return 0;
}
