// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <hls_stream.h>

#include "kernels/answer.hpp"
#include "kernels/ingest.hpp"
#include "kernels/look.hpp"
#include "kernels/tables.hpp"
#include "synward/engine.hpp"

namespace synward {

/// An answer that waits for its mark's MAC.
struct Unsigned {
  EngineReply reply;
  Endpoints ends;
  bool setting, request;
};

/// Tables of a kernel: 2^kLogBuckets buckets of the syncache and, with kFlows, 2^kLogFlows of the flow table.
template <unsigned kBuckets, unsigned kFlowBuckets, bool kHasFlows>
struct KernelShape {
  static constexpr unsigned kLogBuckets = kBuckets;
  static constexpr unsigned kLogFlows = kFlowBuckets;
  static constexpr bool kFlows = kHasFlows;
  static constexpr std::uint32_t kClearSteps = 1u << (kBuckets > kFlowBuckets ? kBuckets : kFlowBuckets);
};

// One function is one process of the dataflow, with its state: each shape has its own. II = 2: a request every other
// clock of 300 MHz. A reset puts the state back, and the tables, which have none, are cleared then. Each takes one
// item, if there is one, and gives one.

template <typename Shape>
void ingest_process(hls::stream<EngineQuestion>& questions, hls::stream<EngineSetting>& settings,
                    hls::stream<EngineConfig>& look_config, hls::stream<EngineConfig>& tables_config,
                    hls::stream<EngineConfig>& answer_config, hls::stream<EngineConfig>& mark_config,
                    hls::stream<Item>& items) {
#pragma HLS INLINE off
#pragma HLS PIPELINE II = 2 style = flp
  static IngestState ingest;
#pragma HLS RESET variable = ingest
  Item taken = Item();
  const bool takes = ingest_takes(ingest);
  if (takes && !settings.empty()) {
    const EngineSetting setting = settings.read();
    taken.kind = Kind::setting;
    taken.load = setting.load;
    taken.end_pause = setting.end_pause;
    look_config.write(setting.config);
    tables_config.write(setting.config);
    answer_config.write(setting.config);
    mark_config.write(setting.config);
  } else if (takes && !questions.empty()) {
    taken.kind = Kind::request;
    taken.question = questions.read();
  }
  Item item;
  if (ingest_step<Shape::kClearSteps>(ingest, taken, item)) items.write(item);
}

template <typename Shape>
void look_process(hls::stream<Item>& items, hls::stream<EngineConfig>& config, hls::stream<Looked>& looked) {
#pragma HLS INLINE off
#pragma HLS PIPELINE II = 2 style = flp
  static LookState look;
#pragma HLS RESET variable = look
#pragma HLS ARRAY_PARTITION variable = look.config.keys.cookie type = complete
#pragma HLS ARRAY_PARTITION variable = look.seen type = complete
  if (items.empty()) return;
  const Item item = items.read();
  if (item.kind == Kind::setting) look.config = config.read();
  looked.write(look_step<Shape::kLogBuckets, Shape::kLogFlows, Shape::kFlows>(look, item));
}

template <typename Shape>
void tables_process(hls::stream<Looked>& looked, hls::stream<EngineConfig>& config, hls::stream<Decided>& decided) {
#pragma HLS INLINE off
#pragma HLS PIPELINE II = 2 style = flp
  static KeyWord keys[kWays][1u << Shape::kLogBuckets];
  static EntryWord entries[kWays][1u << Shape::kLogBuckets];
  static OrderWord orders[1u << Shape::kLogBuckets];
  static FlowWord flows[kFlowWays][1u << Shape::kLogFlows];
  static LapsWord laps[1u << Shape::kLogFlows];
  static TablesState state;
#pragma HLS RESET variable = state
#pragma HLS ARRAY_PARTITION variable = keys type = complete dim = 1
#pragma HLS ARRAY_PARTITION variable = entries type = complete dim = 1
#pragma HLS ARRAY_PARTITION variable = flows type = complete dim = 1
#pragma HLS AGGREGATE variable = keys compact = bit
#pragma HLS AGGREGATE variable = entries compact = bit
#pragma HLS BIND_STORAGE variable = keys type = ram_s2p impl = uram latency = 3
#pragma HLS BIND_STORAGE variable = entries type = ram_s2p impl = uram latency = 3
#pragma HLS BIND_STORAGE variable = orders type = ram_s2p impl = uram latency = 3
#pragma HLS BIND_STORAGE variable = flows type = ram_s2p impl = uram latency = 3
#pragma HLS BIND_STORAGE variable = laps type = ram_s2p impl = bram latency = 3
// Reads that are too old are mended by what is forwarded (kDistance): nothing waits for writes.
#pragma HLS DEPENDENCE variable = keys type = inter direction = RAW dependent = false
#pragma HLS DEPENDENCE variable = entries type = inter direction = RAW dependent = false
#pragma HLS DEPENDENCE variable = orders type = inter direction = RAW dependent = false
#pragma HLS DEPENDENCE variable = flows type = inter direction = RAW dependent = false
#pragma HLS DEPENDENCE variable = laps type = inter direction = RAW dependent = false
#pragma HLS ARRAY_PARTITION variable = state.config.keys.cookie type = complete
#pragma HLS ARRAY_PARTITION variable = state.last type = complete
  if (looked.empty()) return;
  const Looked item = looked.read();
  if (item.item.kind == Kind::setting) tables_set(state, config.read(), item.item);
  decided.write(tables_step<Shape::kLogBuckets, Shape::kLogFlows, Shape::kFlows>(state, item, keys, entries, orders,
                                                                                 flows, laps));
}

template <typename Shape>
void answer_process(hls::stream<Decided>& decided, hls::stream<EngineConfig>& config, hls::stream<Unsigned>& answers) {
#pragma HLS INLINE off
#pragma HLS PIPELINE II = 2 style = flp
  static AnswerState state;
#pragma HLS RESET variable = state
  if (decided.empty()) return;
  const Decided item = decided.read();
  const bool setting = item.item.kind == Kind::setting;
  const bool request = item.item.kind == Kind::request;
  if (setting) state.config = config.read();
  Unsigned answer;
  answer.reply = answer_step(state, item);
  answer.ends = request_ends(item.item.question.request);
  answer.setting = setting;
  answer.request = request;
  if (setting || request) answers.write(answer);
}

template <typename Shape>
void mark_process(hls::stream<Unsigned>& in, hls::stream<EngineConfig>& config, hls::stream<EngineReply>& answers) {
#pragma HLS INLINE off
#pragma HLS PIPELINE II = 2 style = flp
  static SipKey mark_key;
#pragma HLS RESET variable = mark_key
  if (in.empty()) return;
  const Unsigned unsigned_answer = in.read();
  if (unsigned_answer.setting) mark_key = config.read().keys.mark_key;
  EngineReply reply = unsigned_answer.reply;
  reply.answer.mark_mac = answer_mac(mark_key, unsigned_answer.ends, reply.answer.verdict);
  if (unsigned_answer.request) answers.write(reply);
}

}  // namespace synward
