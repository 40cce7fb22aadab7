// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "kernels/fields.hpp"
#include "kernels/packed.hpp"

namespace synward::sim {

// The kernels' structs as words of their AXI4-Streams, as Vitis HLS packs them with AGGREGATE compact = bit: the first
// member from bit 0 on, each with the bits of its type, of 128 bits the upper half first.

template <typename T>
constexpr unsigned kMemberBits = std::is_same_v<T, bool> ? 1 : 8 * sizeof(T);

/// Gives each member of a struct to a Packer, or takes it from an Unpacker.
template <typename Words>
class Members {
 public:
  explicit Members(Words& words) : words_(words) {}
  template <typename T>
  void operator()(T& member, unsigned) {
    if constexpr (std::is_same_v<std::remove_const_t<T>, Wide128>) {
      words_(member.hi, 64);
      words_(member.lo, 64);
    } else {
      words_(member, kMemberBits<std::remove_const_t<T>>);
    }
  }

 private:
  Words& words_;
};

/// A struct as TDATA of `kBits`, in a port of a Verilated model (words of 32 bits).
template <unsigned kBits, typename Struct, typename Port>
void put_struct(Struct value, Port& port) {
  Packed<kBits> packed;
  Packer<kBits> packer(packed);
  each_field(value, Members(packer));
  for (unsigned i = 0; i < (kBits + 31) / 32; ++i) {
    port[i] = static_cast<std::uint32_t>(packed.word[i / 2] >> (i % 2 * 32));
  }
}

template <unsigned kBits, typename Port>
Packed<kBits> packed_of(const Port& port) {
  Packed<kBits> packed{};
  for (unsigned i = 0; i < (kBits + 31) / 32; ++i) {
    packed.word[i / 2] |= static_cast<std::uint64_t>(port[i]) << (i % 2 * 32);
  }
  return packed;
}

template <typename Port>
EngineQuestion question_of(const Port& port) {
  const auto packed = packed_of<kKernelQuestionBits>(port);
  Unpacker<kKernelQuestionBits> unpacker(packed);
  EngineQuestion question{};
  each_field(question, Members(unpacker));
  return question;
}

/// EngineConfig::tables_ready stands behind the keys, and is no field that anybody gives.
inline constexpr int kMembersOfKeys = 11;

template <typename Port>
EngineSetting setting_of(const Port& port) {
  const auto packed = packed_of<kKernelSettingBits>(port);
  Unpacker<kKernelSettingBits> unpacker(packed);
  EngineSetting setting{};
  Members members(unpacker);
  int member = 0;
  each_field(setting, [&](auto& value, unsigned width) {
    if (member++ == kMembersOfKeys) members(setting.config.tables_ready, 1);
    members(value, width);
  });
  return setting;
}

}  // namespace synward::sim
