// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <verilated.h>

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <type_traits>

#include "common/frame.hpp"
#include "common/rng.hpp"
#include "synward/records.hpp"

namespace synward::test {

/// A Verilated block and its clock. Registers without reset begin with anything. A clock goes: set the inputs,
/// settle(), read the outputs of this clock, edge().
template <typename Model>
class Bench {
 public:
  explicit Bench(std::uint64_t seed) {
    context_.randReset(2);
    context_.randSeed(static_cast<int>(seed % 0x7fffffff) + 1);
    model_ = std::make_unique<Model>(&context_);
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;
  ~Bench() { model_->final(); }

  Model* operator->() { return model_.get(); }

  void settle() {
    model_->clk_i = 0;
    model_->eval();
  }
  void edge() {
    model_->clk_i = 1;
    model_->eval();
  }
  void clock() {
    settle();
    edge();
  }
  void clocks(unsigned count) {
    for (unsigned i = 0; i < count; ++i) clock();
  }
  void reset() {
    model_->rst_ni = 0;
    clocks(64);
    model_->rst_ni = 1;
  }

 private:
  VerilatedContext context_;
  std::unique_ptr<Model> model_;
};

/// Sets bits of a wide port.
template <std::size_t Words>
void set_bits(VlWide<Words>& port, unsigned at, unsigned width, std::uint64_t value) {
  for (unsigned done = 0; done < width;) {
    const unsigned shift = (at + done) % 32;
    const unsigned part = std::min(32 - shift, width - done);
    const std::uint32_t mask = static_cast<std::uint32_t>(((1ULL << part) - 1) << shift);
    std::uint32_t& word = port[(at + done) / 32];
    word = (word & ~mask) | (static_cast<std::uint32_t>(value >> done << shift) & mask);
    done += part;
  }
}

/// Reads up to 64 bits of a wide port.
template <std::size_t Words>
std::uint64_t get_bits(const VlWide<Words>& port, unsigned at, unsigned width) {
  std::uint64_t value = 0;
  for (unsigned done = 0; done < width;) {
    const unsigned shift = (at + done) % 32;
    const unsigned part = std::min(32 - shift, width - done);
    value |= ((port[(at + done) / 32] >> shift) & ((1ULL << part) - 1)) << done;
    done += part;
  }
  return value;
}

template <std::size_t Words>
void set_wide(VlWide<Words>& port, unsigned at, const Wide128& value) {
  set_bits(port, at, 64, value.lo);
  set_bits(port, at + 64, 64, value.hi);
}

/// Fields of a record to or from a port, most significant first.
template <typename Record, std::size_t Words>
void pack(Record record, VlWide<Words>& port) {
  unsigned at = Record::kWidth;
  record.each([&](auto& field, unsigned width) {
    at -= width;
    if constexpr (requires { field.hi; }) {
      set_wide(port, at, field);
    } else {
      set_bits(port, at, width, field);
    }
  });
}

template <typename Record, std::size_t Words>
Record unpack(const VlWide<Words>& port) {
  Record record{};
  unsigned at = Record::kWidth;
  record.each([&](auto& field, unsigned width) {
    at -= width;
    if constexpr (requires { field.hi; }) {
      field = {get_bits(port, at + 64, 64), get_bits(port, at, 64)};
    } else {
      field = static_cast<std::remove_reference_t<decltype(field)>>(get_bits(port, at, width));
    }
  });
  return record;
}

/// Likewise of a port of up to 64 bits.
template <typename Record, std::unsigned_integral Port>
void pack(Record record, Port& port) {
  VlWide<2> wide{};
  pack(record, wide);
  port = static_cast<Port>(get_bits(wide, 0, Record::kWidth));
}
template <typename Record, std::unsigned_integral Port>
Record unpack(Port port) {
  VlWide<2> wide{};
  set_bits(wide, 0, Record::kWidth, port);
  return unpack<Record>(wide);
}

/// All fields, for comparisons and messages.
template <typename Record>
std::string fields_text(Record record) {
  std::string text;
  record.each([&](auto& field, unsigned) {
    Bytes bytes;
    if constexpr (requires { field.hi; }) {
      for (const std::uint64_t half : {field.hi, field.lo}) {
        put32(bytes, static_cast<std::uint32_t>(half >> 32));
        put32(bytes, static_cast<std::uint32_t>(half));
      }
    } else {
      const auto value = static_cast<std::uint64_t>(field);
      if constexpr (sizeof(field) == 8) put32(bytes, static_cast<std::uint32_t>(value >> 32));
      if constexpr (sizeof(field) >= 4) put32(bytes, static_cast<std::uint32_t>(value));
      if constexpr (sizeof(field) == 2) put16(bytes, static_cast<std::uint32_t>(value));
      if constexpr (sizeof(field) == 1) bytes.push_back(static_cast<std::uint8_t>(value));
    }
    text += to_hex(bytes) + ' ';
  });
  return text;
}

/// A record of random bits.
template <typename Record>
Record random_record(Rng& rng) {
  VlWide<(Record::kWidth + 31) / 32> bits;
  for (std::size_t i = 0; i < sizeof(bits) / 4; ++i) bits[i] = rng.u32();
  return unpack<Record>(bits);
}

/// Byte n of a port is in bits 8n+7:8n.
template <std::size_t Words>
void set_bytes(VlWide<Words>& port, std::size_t at, ByteView bytes) {
  std::memcpy(reinterpret_cast<std::uint8_t*>(port.data()) + at, bytes.data(), bytes.size());
}
template <std::size_t Words>
Bytes get_bytes(const VlWide<Words>& port, std::size_t at, std::size_t count) {
  const auto* first = reinterpret_cast<const std::uint8_t*>(port.data()) + at;
  return Bytes(first, first + count);
}
template <std::size_t Words>
void scramble(VlWide<Words>& port, Rng& rng) {
  for (std::size_t i = 0; i < Words; ++i) port[i] = rng.u32();
}

Bytes random_bytes(Rng& rng, std::size_t count);

/// SYNWARD_TEST_SEED, or else the same seed every time; printed.
std::uint64_t test_seed();

}  // namespace synward::test
