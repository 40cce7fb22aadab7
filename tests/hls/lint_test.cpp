// SPDX-License-Identifier: BSD-2-Clause
// The lint of HLS sources: each rule refuses a source that breaks it, and lets a good one pass.
#include "lint.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "compiled.hpp"

namespace synward::test {
namespace {

std::vector<std::string> breaches(const std::string& text) {
  std::vector<std::string> out;
  for (const meter::Breach& breach : meter::lint_source("f.cpp", text)) {
    out.push_back(std::to_string(breach.line) + ": " + breach.text);
  }
  return out;
}

std::vector<std::string> module_breaches(const std::string& source) {
  Compiled compiled(source);
  std::vector<std::string> out;
  for (const meter::Breach& breach : meter::lint_module("f.cpp", compiled.written())) out.push_back(breach.text);
  return out;
}

using Lines = std::vector<std::string>;

constexpr const char* kGood = R"(
namespace n {
struct Two { int a[2]; };  // an array of a struct is no array of a pipeline
// #pragma HLS NONSENSE in a comment, and new words: new, vector
const char* text = "new #pragma HLS NONSENSE";
inline int pick(const int (&of)[4], unsigned which) {
#pragma HLS INLINE
  int out = 0;
  for (unsigned i = 0; i < 4; ++i) {
#pragma HLS UNROLL
    out |= i == which ? of[i] : 0;
  }
  return out;
}
void f(int in) {
#pragma HLS INTERFACE mode = ap_ctrl_none port = return
#pragma HLS INTERFACE mode=axis port=in
#pragma HLS PIPELINE II = 1 style = flp
  static int rows[64];
  int parts[4];
#pragma HLS ARRAY_PARTITION variable = parts type = complete
#pragma HLS BIND_STORAGE variable = rows type = ram_2p impl = uram latency = 3
#pragma HLS DEPENDENCE variable = rows type = inter direction = RAW dependent = false
#pragma once
  if (in) { parts[0] = rows[in]; }
}
}  // namespace n
)";

TEST(Lint, AGoodSourcePasses) { EXPECT_EQ(breaches(kGood), Lines()); }

TEST(Lint, UnknownPragmasAndKeysAreRefused) {
  EXPECT_EQ(breaches("void f() {\n#pragma HLS PIPELIN II=1\n}"), Lines{"2: unknown pragma PIPELIN"});
  EXPECT_EQ(breaches("void f() {\n#pragma HLS PIPELINE III = 1\n}"), Lines{"2: pragma PIPELINE has no III"});
  EXPECT_EQ(breaches("void f() {\n#pragma HLS RESOURCE variable=f core=RAM\n}"), Lines{"2: unknown pragma RESOURCE"});
}

TEST(Lint, MisplacedPragmasAreRefused) {
  EXPECT_EQ(breaches("#pragma HLS PIPELINE II=1\nvoid f() {}"), Lines{"1: pragma PIPELINE stands outside a function"});
  EXPECT_EQ(breaches("void f() {\nint a = 0;\n#pragma HLS PIPELINE II=1\n}"),
            Lines{"3: pragma PIPELINE does not stand at the head of its function"});
  EXPECT_EQ(breaches("void f() {\n#pragma HLS UNROLL\nfor (int i = 0; i < 4; ++i) g(i);\n}"),
            Lines{"2: pragma UNROLL does not stand at the head of a loop"});
  EXPECT_EQ(breaches("void f() {\nfor (;;) {\ng();\n#pragma HLS UNROLL\n}\n}"),
            Lines{"4: pragma UNROLL does not stand at the head of a loop"});
}

TEST(Lint, PragmasAboutNothingAreRefused) {
  EXPECT_EQ(breaches("void f() {\nint a[4];\n#pragma HLS ARRAY_PARTITION variable=b\n}"),
            Lines{"3: pragma ARRAY_PARTITION is about no variable: b"});
  EXPECT_EQ(breaches("void f(int a) {\n#pragma HLS INTERFACE mode=axis port=b\n}"),
            Lines{"2: pragma INTERFACE is about no argument: b"});
}

TEST(Lint, UnpartitionedArraysInPipelinesAreRefused) {
  EXPECT_EQ(breaches("void f() {\n#pragma HLS PIPELINE II=1\nstatic int a[4];\n}"),
            Lines{"3: array a in a pipeline is neither partitioned nor bound to a memory"});
  EXPECT_EQ(breaches("void f() {\nstatic int a[4];\n}"), Lines());
}

TEST(Lint, DataflowRegionsHoldCallsAlone) {
  EXPECT_EQ(
      breaches(
          "void f() {\n#pragma HLS DATAFLOW\nstatic S s;\n#pragma HLS STREAM variable = s depth = 2\na(s);\nb(s);\n}"),
      Lines());
  EXPECT_EQ(breaches("void f(int x) {\n#pragma HLS DATAFLOW\nif (x) a();\n}"),
            Lines{"3: if: a dataflow region has declarations and calls alone"});
}

TEST(Lint, WordsThatNoToolTakesAreRefused) {
  EXPECT_EQ(breaches("void f() { int* a = new int; }"), Lines{"1: new: heap"});
  EXPECT_EQ(breaches("void f() { free(a); }"), Lines{"1: free: heap"});
  EXPECT_EQ(breaches("struct A { virtual void f(); };"), Lines{"1: virtual: virtual"});
  EXPECT_EQ(breaches("void f() { throw 1; }"), Lines{"1: throw: exceptions"});
  EXPECT_EQ(breaches("void f() { std::vector<int> a; }"), Lines{"1: vector: STL"});
  EXPECT_EQ(breaches("int map = 0; int free = map;"), Lines());
}

TEST(Lint, FreedMemoriesAreThoseOfDependencePragmas) {
  EXPECT_EQ(meter::freed_memories(kGood), std::set<std::string>{"rows"});
  EXPECT_EQ(meter::freed_memories("#pragma HLS DEPENDENCE variable=a inter RAW false\n"), std::set<std::string>{"a"});
  EXPECT_EQ(meter::freed_memories("#pragma HLS DEPENDENCE variable=a inter RAW true\n"), std::set<std::string>());
}

TEST(Lint, BlockMemoriesAreThoseBoundToThem) {
  EXPECT_EQ(meter::block_memories(kGood), std::set<std::string>());
  EXPECT_EQ(meter::block_memories("#pragma HLS BIND_STORAGE variable=a type=ram_2p impl=bram\n"),
            std::set<std::string>{"a"});
}

TEST(Lint, CodeThatMakesObjectsAtRunTimeIsRefused) {
  EXPECT_EQ(
      module_breaches("struct A { A() : v(5) {} int v; }; int other();\nint f() { static int v = other(); return v; }"),
      Lines{"an object is constructed at run time: a static local"});
  EXPECT_EQ(module_breaches("int other(); int v = other(); int f() { return v; }"),
            Lines{"an object is constructed at run time: static"});
  EXPECT_EQ(module_breaches("int f() { static int v = 3; return ++v; }"), Lines());
}

TEST(Lint, HeapRecursionAndVirtualFunctionsAreRefused) {
  EXPECT_EQ(module_breaches("int* f() { return new int; }"), Lines{"heap: new"});
  EXPECT_EQ(module_breaches("int g(int n); int f(int n) { return n ? g(n - 1) : 0; } int g(int n) { return f(n); }"),
            Lines{"recursion: g"});
  EXPECT_EQ(module_breaches("struct A { virtual int v() { return 1; } }; int f(A& a) { A b; return a.v() + b.v(); }"),
            Lines{"virtual functions: A"});
}

}  // namespace
}  // namespace synward::test
