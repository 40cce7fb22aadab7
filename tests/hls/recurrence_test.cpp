// SPDX-License-Identifier: BSD-2-Clause
// The meter of HLS processes: recurrences whose length is known from the operators that they are made of.
#include "recurrence.hpp"

#include <gtest/gtest.h>

#include <string>

#include "compiled.hpp"
#include "operators.hpp"

namespace synward::test {
namespace {

using meter::Recurrence;

// Of the table of operators (docs/hls.md), ns.
constexpr double kAdd32 = 1.0, kAdd64 = 1.2, kCompare32 = 0.9, kLogic = 0.15, kMux = 0.3;

constexpr const char* kHead =
    "struct In { uint32_t a, b; bool c; };\n"
    "void f(hls::stream<In>& in, hls::stream<uint32_t>& out) {\n";

Recurrence measure(const std::string& body, const std::set<std::string>& memories = {}) {
  Compiled compiled(kHead + body + "}\n");
  return meter::measure(compiled.process(), memories);
}

TEST(Recurrence, WithoutStateThereIsNone) {
  const Recurrence r = measure("const In i = in.read(); out.write((i.a + i.b) * 3 + (i.a << (i.b & 31)));");
  EXPECT_EQ(r.ns, 0);
  EXPECT_EQ(r.register_bits, 0u);
  EXPECT_TRUE(r.findings.empty());
}

TEST(Recurrence, AnAdderIsOneAdder) {
  const Recurrence r = measure("static uint32_t sum; sum += in.read().a; out.write(sum);");
  EXPECT_NEAR(r.ns, kAdd32, 1e-6);
  EXPECT_EQ(r.iterations, 1u);
  EXPECT_EQ(r.register_bits, 32u);
}

TEST(Recurrence, WhatTheInputsDecideIsFree) {
  // The choice and the sum of inputs are ready before; the state meets one adder.
  const Recurrence r = measure(
      "static uint32_t sum; const In i = in.read(); uint32_t n = i.a * i.b + 7; if (i.a == i.b) n = 3;"
      "sum += n; out.write(sum);");
  EXPECT_NEAR(r.ns, kAdd32, 1e-6);
}

TEST(Recurrence, AClockEnableIsFreeAndAChoiceIsNot) {
  const Recurrence enable =
      measure("static uint64_t sum; const In i = in.read(); if (i.c) sum += i.a; out.write(sum);");
  EXPECT_LE(enable.ns, kAdd64 + kMux + 1e-6);
  EXPECT_GE(enable.ns, kAdd64 - 1e-6);
  const Recurrence choice =
      measure("static uint32_t v; const In i = in.read(); v = v == i.a ? i.b : v + 1; out.write(v);");
  EXPECT_NEAR(choice.ns, kAdd32 + kMux, 1e-6);
}

TEST(Recurrence, AChainAddsUp) {
  const Recurrence r = measure(
      "static uint32_t v; const In i = in.read(); for (int k = 0; k < 4; ++k) v = (v + i.b) ^ i.a; out.write(v);");
  EXPECT_NEAR(r.ns, 4 * (kAdd32 + kLogic), 1e-6);
}

TEST(Recurrence, DelayIsSharedAmongIterations) {
  // The same chain, whose result comes back after three iterations in shift registers: four in all.
  const Recurrence r = measure(
      "static uint32_t a, b[3]; const In i = in.read(); uint32_t v = a;"
      "for (int k = 0; k < 4; ++k) v = (v + i.b) ^ i.a;"
      "a = b[2]; b[2] = b[1]; b[1] = b[0]; b[0] = v; out.write(v);");
  EXPECT_NEAR(r.ns, 4 * (kAdd32 + kLogic) / 4, 1e-6);
  EXPECT_EQ(r.iterations, 4u);
}

TEST(Recurrence, TheWorstOfTwoCyclesCounts) {
  const Recurrence r = measure(
      "static uint32_t a, b; const In i = in.read(); const uint32_t x = a + i.a; const uint32_t y = b ^ i.b;"
      "a = y + i.b; b = x; out.write(x);");
  // a -> b is an adder, b -> a a gate and an adder; together over two iterations.
  EXPECT_NEAR(r.ns, (2 * kAdd32 + kLogic) / 2, 1e-6);
  EXPECT_EQ(r.iterations, 2u);
}

TEST(Recurrence, NarrowOperatorsAreFaster) {
  const Recurrence r = measure("static uint8_t v; v = (v + in.read().a) & 15; out.write(v);");
  EXPECT_NEAR(r.ns, 0.7, 1e-6);
}

TEST(Recurrence, AComparisonInTheLoopCounts) {
  const Recurrence r = measure(
      "static uint32_t v; static bool was; const In i = in.read(); const bool is = (v ^ i.a) < i.b;"
      "v = was ? i.a : v; was = is; out.write(v);");
  // v -> was: gate and comparison; was -> v: a choice.
  EXPECT_NEAR(r.ns, (kLogic + kCompare32 + kMux) / 2, 1e-6);
}

TEST(Recurrence, RotationsAndMasksAreWires) {
  const Recurrence r =
      measure("static uint32_t v; const In i = in.read(); v = ((v << 7 | v >> 25) & 0x00ffff00u) ^ i.a; out.write(v);");
  EXPECT_NEAR(r.ns, kLogic, 1e-6);
}

TEST(Recurrence, TablesCountUnlessTheirWritesAreForwarded) {
  const char* body =
      "static uint32_t rows[4096]; const In i = in.read(); const uint32_t v = rows[i.a & 4095] + 1;"
      "rows[i.a & 4095] = v; out.write(v);";
  EXPECT_GT(measure(body).ns, kAdd32);
  const Recurrence free = measure(body, {"rows"});
  EXPECT_EQ(free.ns, 0);
  ASSERT_EQ(free.memories.size(), 1u);
  EXPECT_EQ(free.memories[0].depth, 4096u);
  EXPECT_EQ(free.memories[0].width, 32u);
}

TEST(Recurrence, ForwardingIsInTheLoop) {
  // The newest word comes from the last write: a choice and an adder.
  const Recurrence r = measure(
      "static uint32_t rows[4096]; static uint32_t last, at; const In i = in.read(); const uint32_t n = i.a & 4095;"
      "const uint32_t v = (n == at ? last : rows[n]) + i.b; rows[n] = v; last = v; at = n; out.write(v);",
      {"rows"});
  EXPECT_NEAR(r.ns, kMux + kAdd32, 1e-6);
}

TEST(Recurrence, AStateThatChoosesATableRowWaitsForTheTable) {
  const Recurrence r = measure(
      "static uint32_t rows[4096]; static uint32_t at; "
      "const In i = in.read(); at = rows[at & 4095]; rows[i.a & 4095] = i.b; out.write(at);",
      {"rows"});
  EXPECT_NEAR(r.ns, meter::kMemory, 1e-6);
}

TEST(Recurrence, ArraysThatAreIndexedAtRunTimeAreChoices) {
  const Recurrence r = measure(
      "static uint32_t v[8]; const In i = in.read(); const uint32_t n = v[i.a & 7] + 1; v[i.b & 7] = n; out.write(n);");
  EXPECT_GE(r.ns, meter::choice_delay(8) + kAdd32 - 1e-6);
}

TEST(Recurrence, WideWordsAndPortsAreRefused) {
  Compiled port(
      "struct Wide { uint64_t w[65]; };\nvoid f(hls::stream<Wide>& in) { static uint64_t v;"
      "v += in.read().w[64]; }\n");
  const Recurrence wide = meter::measure(port.process(), {});
  ASSERT_EQ(wide.findings.size(), 1u);
  EXPECT_EQ(wide.findings[0], "has a port of 4160 bits, over 4096");
  Compiled table(
      "struct Row { uint64_t w[65]; };\nvoid f(hls::stream<uint32_t>& in) { static Row rows[16];"
      "rows[in.read() & 15].w[3] += 1; }\n");
  const Recurrence row = meter::measure(table.process(), {"rows"});
  ASSERT_EQ(row.findings.size(), 1u);
  EXPECT_EQ(row.findings[0], "has words of 4160 bits in rows, over 4096");
}

TEST(Recurrence, LoopsAndLocalArraysThatAreLeftAreRefused) {
  const Recurrence loop = measure(
      "static uint32_t v; const In i = in.read(); for (uint32_t k = 0; k < i.a; ++k) v ^= v * 3;"
      "out.write(v);");
  ASSERT_FALSE(loop.findings.empty());
  EXPECT_EQ(loop.findings[0], "has a loop that is not unrolled");
  const Recurrence local = measure(
      "uint32_t part[16]; const In i = in.read(); for (uint32_t k = 0; k < 16; ++k) part[k] = i.a >> k;"
      "part[i.b & 15] = 1; out.write(part[i.a & 15]);");
  ASSERT_FALSE(local.findings.empty());
  EXPECT_EQ(local.findings[0], "keeps the array part in a memory of two ports");
}

TEST(Recurrence, WhatIsNotInlinedIsRefused) {
  Compiled compiled(
      "uint32_t other(uint32_t);\nvoid f(hls::stream<uint32_t>& in) { static uint32_t v; v = other(v) + in.read(); "
      "}\n");
  const Recurrence r = meter::measure(compiled.process(), {});
  ASSERT_FALSE(r.findings.empty());
  EXPECT_EQ(r.findings[0], "calls other, which is not inlined");
}

}  // namespace
}  // namespace synward::test
