// SPDX-License-Identifier: BSD-2-Clause
#include "operators.hpp"

#include <llvm/IR/Constants.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/PatternMatch.h>

#include <algorithm>
#include <bit>
#include <iterator>

namespace synward::meter {

namespace {

/// Delay by width: the first row that is at least as wide counts.
struct Row {
  unsigned bits;
  double delay;
};
constexpr double kLogic = 0.15;     // one LUT of which others are packed into the next
constexpr double kInverter = 0.05;  // a gate with a constant
constexpr double kUnknown = 2.0;
constexpr Row kAdd[] = {{1, 0.15}, {8, 0.7}, {16, 0.8}, {32, 1.0}, {64, 1.2}, {128, 1.6}};
constexpr Row kCompare[] = {{1, 0.15}, {4, 0.3}, {8, 0.45}, {16, 0.7}, {32, 0.9}, {64, 1.1}, {128, 1.3}};
constexpr Row kShift[] = {{1, 0.15}, {8, 0.6}, {32, 0.9}, {64, 1.1}, {128, 1.3}};
constexpr Row kCount[] = {{4, 0.5}, {8, 0.8}, {16, 1.2}, {64, 2.0}};
constexpr double kMultiply = 2.4;  // a DSP within one clock

template <std::size_t kRows>
double by_width(const Row (&rows)[kRows], unsigned bits) {
  if (bits == 0) return 0;
  const auto* const row = std::find_if(std::begin(rows), std::end(rows), [&](const Row& r) { return bits <= r.bits; });
  return row == std::end(rows) ? 2 * rows[kRows - 1].delay : row->delay;
}

bool constant(const llvm::Value* value) { return llvm::isa<llvm::Constant>(value); }

/// A comparison with 0 looks only at the bits that a mask leaves.
unsigned compared_bits(const llvm::Instruction& compare, const Widths& widths) {
  using namespace llvm::PatternMatch;
  const llvm::APInt* mask = nullptr;
  const bool zero = match(compare.getOperand(1), m_Zero());
  if (zero && match(compare.getOperand(0), m_And(m_Value(), m_APInt(mask)))) return mask->countPopulation();
  return std::max(widths.needed(*compare.getOperand(0)), widths.needed(*compare.getOperand(1)));
}

double compare_delay(const llvm::Instruction& compare, const Widths& widths) {
  using namespace llvm::PatternMatch;
  if (compare.getOperand(0)->getType()->isPointerTy()) return 0;
  const unsigned bits = compared_bits(compare, widths);
  // A bit compared with a constant is that bit; a sign is one too.
  if (bits <= 1 && (constant(compare.getOperand(0)) || constant(compare.getOperand(1)))) return 0;
  const auto predicate = llvm::cast<llvm::ICmpInst>(compare).getPredicate();
  if (predicate == llvm::ICmpInst::ICMP_SLT && match(compare.getOperand(1), m_Zero())) return 0;
  if (predicate == llvm::ICmpInst::ICMP_SGT && match(compare.getOperand(1), m_AllOnes())) return 0;
  return by_width(kCompare, bits);
}

double intrinsic_delay(const llvm::IntrinsicInst& call, const Widths& widths) {
  const unsigned bits = call.getType()->isIntegerTy() ? widths.needed(call) : 0;
  switch (call.getIntrinsicID()) {
    case llvm::Intrinsic::umin:
    case llvm::Intrinsic::umax:
    case llvm::Intrinsic::smin:
    case llvm::Intrinsic::smax:
      return by_width(kCompare, bits) + kMux;
    case llvm::Intrinsic::usub_sat:
    case llvm::Intrinsic::uadd_sat:
      return by_width(kAdd, bits) + kMux;
    case llvm::Intrinsic::fshl:
    case llvm::Intrinsic::fshr:
      return constant(call.getArgOperand(2)) ? 0 : by_width(kShift, bits);
    case llvm::Intrinsic::ctpop:
      return by_width(kCount, widths.needed(*call.getArgOperand(0)));
    case llvm::Intrinsic::bswap:
    case llvm::Intrinsic::bitreverse:
      return 0;
    default:
      return kUnknown;
  }
}

}  // namespace

std::vector<PublishedDelay> published_delays() {
  std::vector<PublishedDelay> out;
  const auto rows = [&](const char* name, const auto& table) {
    for (const Row& row : table) out.push_back({name, row.bits, row.delay});
  };
  rows("add, subtract", kAdd);
  rows("compare", kCompare);
  rows("shift by a variable", kShift);
  rows("count of bits", kCount);
  out.push_back({"multiply", 0, kMultiply});
  out.push_back({"and, or, xor of two values", 0, kLogic});
  out.push_back({"xor with a constant", 0, kInverter});
  out.push_back({"choice of two (of n: times log2 n)", 0, kMux});
  out.push_back({"memory, from index to word", 0, kMemory});
  out.push_back({"wires: masks, shifts and rotations by constants, joined words, one bit against a constant", 0, 0});
  out.push_back({"anything else", 0, kUnknown});
  return out;
}

double choice_delay(std::size_t ways) { return ways < 2 ? 0 : kMux * static_cast<double>(std::bit_width(ways - 1)); }

double operator_delay(const llvm::Instruction& instruction, const Widths& widths) {
  if (const auto* call = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction)) return intrinsic_delay(*call, widths);
  const bool with_constant =
      std::any_of(instruction.op_begin(), instruction.op_end(), [](const llvm::Use& use) { return constant(use); });
  switch (instruction.getOpcode()) {
    case llvm::Instruction::Add:
    case llvm::Instruction::Sub:
      return by_width(kAdd, widths.needed(instruction));
    case llvm::Instruction::Mul:
      return kMultiply;
    case llvm::Instruction::Shl:
    case llvm::Instruction::LShr:
    case llvm::Instruction::AShr:
      return constant(instruction.getOperand(1)) ? 0 : by_width(kShift, widths.needed(instruction));
    case llvm::Instruction::And:
      return with_constant ? 0 : kLogic;  // a mask is wires
    case llvm::Instruction::Or:
      // So is putting words together.
      return with_constant || widths.disjoint(*instruction.getOperand(0), *instruction.getOperand(1)) ? 0 : kLogic;
    case llvm::Instruction::Xor:
      return with_constant ? kInverter : kLogic;
    case llvm::Instruction::ICmp:
      return compare_delay(instruction, widths);
    case llvm::Instruction::Select:
      // The compiler writes a && b and a || b as choices.
      return instruction.getType()->isIntegerTy(1) && with_constant ? kLogic : kMux;
    case llvm::Instruction::ZExt:
    case llvm::Instruction::SExt:
    case llvm::Instruction::Trunc:
    case llvm::Instruction::BitCast:
    case llvm::Instruction::Freeze:
    case llvm::Instruction::ExtractValue:
    case llvm::Instruction::InsertValue:
    case llvm::Instruction::PtrToInt:
    case llvm::Instruction::IntToPtr:
      return 0;
    default:
      return kUnknown;
  }
}

}  // namespace synward::meter
