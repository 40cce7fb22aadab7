// SPDX-License-Identifier: BSD-2-Clause
#include "recurrence.hpp"

#include <cxxabi.h>
#include <fmt/format.h>
#include <llvm/ADT/PostOrderIterator.h>
#include <llvm/Analysis/AssumptionCache.h>
#include <llvm/Analysis/DemandedBits.h>
#include <llvm/Analysis/PostDominators.h>
#include <llvm/Analysis/ValueTracking.h>
#include <llvm/IR/Dominators.h>
#include <llvm/IR/GetElementPtrTypeIterator.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/Operator.h>
#include <llvm/Support/KnownBits.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <unordered_map>

#include "operators.hpp"

namespace synward::meter {

namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();
constexpr double kTolerance = 1e-6;
constexpr int kNoState = -1;
constexpr unsigned kWidestWord = 4096;

/// When a value is there, ns after its iteration began; kNever: no state of the process decides it.
struct Arrival {
  double ns = kNever;
  int state = kNoState;               ///< that its slowest path begins at
  const llvm::Value* from = nullptr;  ///< the value before it on that path
};

Arrival later(const Arrival& a, const Arrival& b) { return b.ns > a.ns ? b : a; }
Arrival delayed(Arrival a, double ns) {
  a.ns += ns;
  return a;
}

/// Where a pointer may point: bytes `offset` + any multiple of `stride` of an object; stride 0: that byte alone.
struct Place {
  const llvm::Value* object;
  std::uint64_t offset;
  std::uint64_t stride;
};

/// Bit widths as an HLS tool sees them: known bits and bits that nobody looks at do not count.
class KnownWidths : public Widths {
 public:
  explicit KnownWidths(llvm::Function& function)
      : layout_(function.getParent()->getDataLayout()),
        dominators_(function),
        assumptions_(function),
        demanded_(function, assumptions_, dominators_) {}

  unsigned needed(const llvm::Value& value) const override {
    if (!value.getType()->isIntegerTy()) return 64;
    const auto found = known_.find(&value);
    if (found != known_.end()) return found->second;
    const llvm::KnownBits bits = llvm::computeKnownBits(&value, layout_);
    unsigned width = bits.getBitWidth() - bits.countMinLeadingZeros();
    if (auto* instruction = llvm::dyn_cast<llvm::Instruction>(&value)) {
      auto* mutable_instruction = const_cast<llvm::Instruction*>(instruction);
      width = std::min(width, demanded_.getDemandedBits(mutable_instruction).getActiveBits());
    }
    return known_[&value] = width;
  }

  bool disjoint(const llvm::Value& a, const llvm::Value& b) const override {
    return llvm::haveNoCommonBitsSet(&a, &b, layout_);
  }

 private:
  const llvm::DataLayout& layout_;
  llvm::DominatorTree dominators_;
  llvm::AssumptionCache assumptions_;
  mutable llvm::DemandedBits demanded_;
  mutable std::unordered_map<const llvm::Value*, unsigned> known_;
};

bool ignored(const llvm::Instruction& instruction) {
  const auto* call = llvm::dyn_cast<llvm::IntrinsicInst>(&instruction);
  return call != nullptr && (call->isLifetimeStartOrEnd() || call->isAssumeLikeIntrinsic());
}

/// The times of one process, computed again and again with the times at which its state is there.
class Timing {
 public:
  Timing(llvm::Function& process, const std::set<std::string>& memories)
      : function_(process),
        layout_(process.getParent()->getDataLayout()),
        widths_(process),
        dominators_(process),
        postdominators_(process) {
    for (llvm::BasicBlock* block : llvm::ReversePostOrderTraversal<llvm::Function*>(&process)) blocks_.push_back(block);
    find_controls();
    for (const llvm::GlobalVariable& global : process.getParent()->globals()) {
      if (global.isConstant() || !used_here(global)) continue;
      if (memories.count(short_name(global.getName().str())) != 0) {
        memories_.push_back(&global);
      } else {
        first_state_[&global] = static_cast<int>(states_.size());
        const std::uint64_t size = layout_.getTypeAllocSize(global.getValueType());
        for (std::uint64_t byte = 0; byte < size; ++byte) states_.push_back({&global, byte});
      }
    }
    time_.assign(states_.size(), 0);
    pass();  // to know what is stored
    used_ = stored_;
  }

  /// The cycle of states whose mean delay is greatest, and that mean, ns.
  Recurrence bound() {
    Recurrence result;
    double period = 0;
    for (;;) {
      const std::vector<int> cycle = positive_cycle(period);
      if (cycle.empty()) break;
      double sum = 0;
      for (const int state : cycle) sum += weight_[static_cast<std::size_t>(state)];
      const double mean = sum / static_cast<double>(cycle.size());
      if (mean <= period + kTolerance) break;
      period = mean;
      describe(result, cycle, mean);
    }
    for (const bool used : used_) result.register_bits += used ? 8 : 0;
    for (const llvm::GlobalVariable* memory : memories_) result.memories.push_back(use_of(*memory));
    return result;
  }

 private:
  struct State {
    const llvm::GlobalVariable* global;
    std::uint64_t byte;
  };
  using Bytes = std::vector<Arrival>;

  static bool used_by(const llvm::Value& value, const llvm::Function& function) {
    return std::any_of(value.user_begin(), value.user_end(), [&](const llvm::User* user) {
      if (const auto* instruction = llvm::dyn_cast<llvm::Instruction>(user)) {
        return instruction->getFunction() == &function;
      }
      return used_by(*user, function);
    });
  }
  bool used_here(const llvm::GlobalVariable& global) const { return used_by(global, function_); }

  MemoryUse use_of(const llvm::GlobalVariable& memory) const {
    llvm::Type* type = memory.getValueType();
    std::vector<unsigned> sizes;
    while (auto* array = llvm::dyn_cast<llvm::ArrayType>(type)) {
      sizes.push_back(static_cast<unsigned>(array->getNumElements()));
      type = array->getElementType();
    }
    const bool ways = sizes.size() > 1;
    return {short_name(memory.getName().str()), ways ? sizes.front() : 1, sizes.empty() ? 1 : sizes.back(),
            static_cast<unsigned>(8 * layout_.getTypeAllocSize(type))};
  }

  /// For each block the branches that decide whether it is entered.
  void find_controls() {
    for (llvm::BasicBlock* block : blocks_) {
      if (block->getTerminator()->getNumSuccessors() < 2) continue;
      for (llvm::BasicBlock* next : llvm::successors(block)) {
        for (llvm::BasicBlock* other : blocks_) {
          if (postdominators_.dominates(other, next) && !(postdominators_.dominates(other, block) && other != block)) {
            controls_[other].insert(block);
          }
        }
      }
    }
  }

  Arrival of(const llvm::Value* value) const {
    const auto found = arrivals_.find(value);
    Arrival arrival = found == arrivals_.end() ? Arrival{} : found->second;
    arrival.from = value;
    return arrival;
  }

  Arrival condition_of(const llvm::BasicBlock& block) const {
    const llvm::Instruction* end = block.getTerminator();
    if (const auto* branch = llvm::dyn_cast<llvm::BranchInst>(end)) {
      return branch->isConditional() ? of(branch->getCondition()) : Arrival{};
    }
    // A switch compares with constants.
    if (const auto* choice = llvm::dyn_cast<llvm::SwitchInst>(end)) return delayed(of(choice->getCondition()), 0.45);
    return {};
  }

  /// When it is known whether `block` is entered.
  Arrival entered(const llvm::BasicBlock* block) const {
    const auto found = entered_.find(block);
    return found == entered_.end() ? Arrival{} : found->second;
  }

  void enter(const llvm::BasicBlock* block) {
    Arrival arrival;
    const auto found = controls_.find(block);
    if (found != controls_.end()) {
      for (const llvm::BasicBlock* control : found->second) {
        arrival = later(arrival, condition_of(*control));
        if (control != block) arrival = later(arrival, delayed(entered(control), 0.15));
      }
    }
    entered_[block] = arrival;
  }

  /// Where `pointer` may point, and when that is known.
  Arrival places(const llvm::Value* pointer, std::vector<Place>& out) const {
    if (const auto* gep = llvm::dyn_cast<llvm::GEPOperator>(pointer)) return gep_places(*gep, out);
    if (const auto* cast = llvm::dyn_cast<llvm::BitCastOperator>(pointer)) return places(cast->getOperand(0), out);
    if (const auto* select = llvm::dyn_cast<llvm::SelectInst>(pointer)) {
      Arrival arrival = of(select->getCondition());
      arrival = later(arrival, places(select->getTrueValue(), out));
      return later(arrival, places(select->getFalseValue(), out));
    }
    if (const auto* phi = llvm::dyn_cast<llvm::PHINode>(pointer)) {
      Arrival arrival = phi_choice(*phi);
      for (const llvm::Value* value : phi->incoming_values()) arrival = later(arrival, places(value, out));
      return arrival;
    }
    out.push_back({pointer, 0, 0});
    return {};
  }

  Arrival gep_places(const llvm::GEPOperator& gep, std::vector<Place>& out) const {
    const std::size_t first = out.size();
    Arrival arrival = places(gep.getPointerOperand(), out);
    std::uint64_t offset = 0;
    std::uint64_t stride = 0;
    for (auto step = llvm::gep_type_begin(gep); step != llvm::gep_type_end(gep); ++step) {
      const llvm::Value* index = step.getOperand();
      if (llvm::StructType* type = step.getStructTypeOrNull()) {
        const auto field = llvm::cast<llvm::ConstantInt>(index)->getZExtValue();
        offset += layout_.getStructLayout(type)->getElementOffset(static_cast<unsigned>(field));
        continue;
      }
      const std::uint64_t size = layout_.getTypeAllocSize(step.getIndexedType());
      if (const auto* number = llvm::dyn_cast<llvm::ConstantInt>(index)) {
        offset += static_cast<std::uint64_t>(number->getSExtValue()) * size;
      } else {
        stride = std::gcd(stride, size);
        arrival = later(arrival, of(index));
      }
    }
    for (std::size_t i = first; i < out.size(); ++i) {
      out[i].offset += offset;
      out[i].stride = std::gcd(out[i].stride, stride);
    }
    return arrival;
  }

  bool is_memory(const llvm::Value* object) const {
    return std::find(memories_.begin(), memories_.end(), object) != memories_.end();
  }

  std::uint64_t size_of(const llvm::Value* object) const {
    if (const auto* global = llvm::dyn_cast<llvm::GlobalVariable>(object)) {
      return layout_.getTypeAllocSize(global->getValueType());
    }
    if (const auto* local = llvm::dyn_cast<llvm::AllocaInst>(object)) {
      return layout_.getTypeAllocSize(local->getAllocatedType());
    }
    return 0;
  }

  Bytes* bytes_of(const llvm::Value* object) {
    if (is_memory(object)) return nullptr;
    const auto found = bytes_.find(object);
    return found == bytes_.end() ? nullptr : &found->second;
  }

  /// Calls f(byte) with each first byte of a `place`.
  template <typename F>
  void each_start(const Place& place, std::uint64_t object_size, std::uint64_t size, F&& f) const {
    if (place.stride == 0) {
      f(place.offset);
      return;
    }
    for (std::uint64_t at = place.offset % place.stride; at + size <= object_size; at += place.stride) f(at);
  }

  Arrival load(const llvm::Value* pointer, std::uint64_t size) {
    std::vector<Place> list;
    const Arrival address = places(pointer, list);
    Arrival arrival = address;
    for (const Place& place : list) {
      if (is_memory(place.object)) {
        arrival = later(arrival, delayed(address, kMemory));
        continue;
      }
      Bytes* bytes = bytes_of(place.object);
      if (bytes == nullptr) continue;
      std::size_t ways = 0;
      Arrival word;
      each_start(place, bytes->size(), size, [&](std::uint64_t at) {
        ++ways;
        for (std::uint64_t i = at; i < std::min<std::uint64_t>(at + size, bytes->size()); ++i) {
          word = later(word, (*bytes)[i]);
        }
      });
      arrival = later(arrival, delayed(later(word, address), choice_delay(ways)));
    }
    return delayed(arrival, choice_delay(list.size()));
  }

  void store(const llvm::BasicBlock* block, const llvm::Value* pointer, std::uint64_t size, const Arrival& value) {
    std::vector<Place> list;
    const Arrival address = places(pointer, list);
    for (const Place& place : list) {
      Bytes* bytes = bytes_of(place.object);
      if (bytes == nullptr) continue;
      const bool one = list.size() == 1 && place.stride == 0;
      each_start(place, bytes->size(), size, [&](std::uint64_t at) {
        for (std::uint64_t i = at; i < std::min<std::uint64_t>(at + size, bytes->size()); ++i) {
          put(*bytes, place.object, i, block, value, one ? Arrival{} : address, one);
        }
      });
    }
  }

  void put(Bytes& bytes, const llvm::Value* object, std::uint64_t at, const llvm::BasicBlock* block,
           const Arrival& value, const Arrival& address, bool one) {
    const Arrival enable = later(entered(block), address);
    const bool always = one && postdominators_.dominates(block, &function_.getEntryBlock());
    Arrival next = value;
    if (!always) {
      next = later(later(next, enable), bytes[at]);
      // What no state decides is a clock enable.
      if (enable.ns != kNever) next = delayed(next, kMux);
    }
    bytes[at] = next;
    const auto state = first_state_.find(object);
    if (state != first_state_.end()) stored_[static_cast<std::size_t>(state->second) + at] = true;
  }

  Arrival phi_choice(const llvm::PHINode& phi) const {
    const llvm::BasicBlock* block = phi.getParent();
    const auto* node = dominators_.getNode(block)->getIDom();
    Arrival arrival;
    // The branches between the block's dominator and the block decide.
    std::set<const llvm::BasicBlock*> seen;
    std::vector<const llvm::BasicBlock*> next(llvm::pred_begin(block), llvm::pred_end(block));
    while (!next.empty()) {
      const llvm::BasicBlock* at = next.back();
      next.pop_back();
      if (!seen.insert(at).second) continue;
      arrival = later(arrival, condition_of(*at));
      if (at != node->getBlock()) next.insert(next.end(), llvm::pred_begin(at), llvm::pred_end(at));
    }
    return arrival;
  }

  void copy(const llvm::BasicBlock* block, const llvm::MemTransferInst& call) {
    const auto* length = llvm::dyn_cast<llvm::ConstantInt>(call.getLength());
    if (length == nullptr) throw std::runtime_error("a copy of variable length");
    std::vector<Place> from;
    std::vector<Place> to;
    const Arrival address = places(call.getRawSource(), from);
    const Arrival to_address = places(call.getRawDest(), to);
    const std::uint64_t size = length->getZExtValue();
    std::vector<Arrival> values(size);
    for (const Place& place : from) {
      const Bytes* bytes = bytes_of(place.object);
      if (bytes == nullptr) continue;
      each_start(place, bytes->size(), size, [&](std::uint64_t at) {
        for (std::uint64_t i = 0; i < size && at + i < bytes->size(); ++i) {
          values[i] = later(values[i], (*bytes)[at + i]);
          values[i] = later(values[i], address);
        }
      });
    }
    const bool one = to.size() == 1 && to.front().stride == 0;
    for (const Place& place : to) {
      Bytes* bytes = bytes_of(place.object);
      if (bytes == nullptr) continue;
      each_start(place, bytes->size(), size, [&](std::uint64_t at) {
        for (std::uint64_t i = 0; i < size && at + i < bytes->size(); ++i) {
          put(*bytes, place.object, at + i, block, values[i], to_address, one);
        }
      });
    }
  }

  void visit(const llvm::Instruction& instruction) {
    const llvm::BasicBlock* block = instruction.getParent();
    if (ignored(instruction) || instruction.isTerminator()) return;
    if (const auto* transfer = llvm::dyn_cast<llvm::MemTransferInst>(&instruction)) return copy(block, *transfer);
    if (const auto* fill = llvm::dyn_cast<llvm::MemSetInst>(&instruction)) {
      const auto* length = llvm::cast<llvm::ConstantInt>(fill->getLength());
      return store(block, fill->getRawDest(), length->getZExtValue(), of(fill->getValue()));
    }
    if (const auto* write = llvm::dyn_cast<llvm::StoreInst>(&instruction)) {
      const std::uint64_t size = layout_.getTypeStoreSize(write->getValueOperand()->getType());
      return store(block, write->getPointerOperand(), size, of(write->getValueOperand()));
    }
    if (llvm::isa<llvm::AllocaInst>(instruction) || instruction.getType()->isPointerTy()) return;
    Arrival arrival;
    if (const auto* read = llvm::dyn_cast<llvm::LoadInst>(&instruction)) {
      arrival = load(read->getPointerOperand(), layout_.getTypeStoreSize(read->getType()));
    } else if (const auto* phi = llvm::dyn_cast<llvm::PHINode>(&instruction)) {
      arrival = phi_choice(*phi);
      for (const llvm::Value* value : phi->incoming_values()) arrival = later(arrival, of(value));
      arrival = delayed(arrival, choice_delay(phi->getNumIncomingValues()));
    } else {
      for (const llvm::Value* operand : instruction.operands()) arrival = later(arrival, of(operand));
      if (arrival.ns != kNever) arrival = delayed(arrival, operator_delay(instruction, widths_));
    }
    if (arrival.ns != kNever) arrivals_[&instruction] = arrival;
  }

  /// One iteration.
  void pass() {
    arrivals_.clear();
    entered_.clear();
    bytes_.clear();
    stored_.assign(states_.size(), false);
    for (const auto& [global, first] : first_state_) {
      Bytes& bytes = bytes_[global];
      bytes.resize(size_of(global));
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        const int state = first + static_cast<int>(i);
        if (used_.empty() || used_[static_cast<std::size_t>(state)]) {
          bytes[i] = {time_[static_cast<std::size_t>(state)], state, nullptr};
        }
      }
    }
    for (const llvm::Instruction& instruction : llvm::instructions(function_)) {
      if (llvm::isa<llvm::AllocaInst>(instruction)) bytes_[&instruction].resize(size_of(&instruction));
    }
    for (const llvm::BasicBlock* block : blocks_) {
      enter(block);
      for (const llvm::Instruction& instruction : *block) visit(instruction);
    }
  }

  /// States of a cycle whose delays sum up to more than `period` an iteration; none: there is no such cycle.
  std::vector<int> positive_cycle(double period) {
    time_.assign(states_.size(), 0);
    before_.assign(states_.size(), kNoState);
    weight_.assign(states_.size(), 0);
    for (std::size_t round = 0; round <= states_.size(); ++round) {
      pass();
      bool changed = false;
      int latest = kNoState;
      for (const auto& [global, first] : first_state_) {
        const Bytes& bytes = bytes_[global];
        for (std::size_t i = 0; i < bytes.size(); ++i) {
          const auto state = static_cast<std::size_t>(first) + i;
          const Arrival& arrival = bytes[i];
          if (!used_[state] || arrival.state == kNoState) continue;
          const double at = arrival.ns - period;
          if (at <= time_[state] + kTolerance) continue;
          next_[state] = at;
          weight_[state] = arrival.ns - time_[static_cast<std::size_t>(arrival.state)];
          before_[state] = arrival.state;
          changed = true;
          if (latest == kNoState || at > next_[static_cast<std::size_t>(latest)]) latest = static_cast<int>(state);
        }
      }
      if (!changed) return {};
      base_ = time_;
      for (const auto& [state, at] : next_) time_[state] = at;
      next_.clear();
      std::vector<int> cycle = cycle_from(latest);
      if (!cycle.empty()) return cycle;
    }
    throw std::runtime_error("the recurrence does not settle");
  }

  std::vector<int> cycle_from(int state) const {
    std::map<int, std::size_t> seen;
    std::vector<int> chain;
    while (state != kNoState) {
      const auto found = seen.find(state);
      if (found != seen.end()) return {chain.begin() + static_cast<std::ptrdiff_t>(found->second), chain.end()};
      seen[state] = chain.size();
      chain.push_back(state);
      state = before_[static_cast<std::size_t>(state)];
    }
    return {};
  }

  /// The operators on the way to `end`, first one first.
  std::vector<std::string> trace(const Arrival& end) const {
    std::vector<std::string> steps;
    const llvm::Value* value = end.from;
    while (value != nullptr && steps.size() < 200) {
      const auto found = arrivals_.find(value);
      if (found == arrivals_.end()) break;
      const auto* instruction = llvm::cast<llvm::Instruction>(value);
      const auto before = found->second.from == nullptr ? arrivals_.end() : arrivals_.find(found->second.from);
      const double start =
          before != arrivals_.end() ? before->second.ns : base_[static_cast<std::size_t>(found->second.state)];
      const double delay = found->second.ns - start;
      if (delay > kTolerance) {
        const unsigned bits = widths_.needed(*instruction);
        const char* what = llvm::isa<llvm::LoadInst>(instruction) ? "choose" : instruction->getOpcodeName();
        steps.push_back(fmt::format("{:.2f} {} i{} {}", delay, what, bits, instruction->getName().str()));
      }
      value = found->second.from;
    }
    std::reverse(steps.begin(), steps.end());
    return steps;
  }

  /// A state's name as a source would write it: last[2]+17 is byte 17 of that element.
  std::string name_of(int state) const {
    const State& s = states_[static_cast<std::size_t>(state)];
    std::string name = short_name(s.global->getName().str());
    llvm::Type* type = s.global->getValueType();
    std::uint64_t at = s.byte;
    for (;;) {
      if (auto* array = llvm::dyn_cast<llvm::ArrayType>(type)) {
        type = array->getElementType();
        const std::uint64_t size = layout_.getTypeAllocSize(type);
        name += fmt::format("[{}]", at / size);
        at %= size;
      } else if (auto* structure = llvm::dyn_cast<llvm::StructType>(type)) {
        const llvm::StructLayout* places = layout_.getStructLayout(structure);
        const unsigned field = places->getElementContainingOffset(at);
        name += fmt::format(".{}", field);
        at -= places->getElementOffset(field);
        type = structure->getElementType(field);
      } else {
        return name;
      }
    }
  }

  void describe(Recurrence& result, const std::vector<int>& cycle, double mean) const {
    result.ns = mean;
    result.iterations = static_cast<unsigned>(cycle.size());
    result.states.clear();
    result.path.clear();
    // The chain runs from a state to the one before it.
    for (auto state = cycle.rbegin(); state != cycle.rend(); ++state) {
      result.states.push_back(name_of(*state));
      const State& s = states_[static_cast<std::size_t>(*state)];
      const std::vector<std::string> steps = trace(bytes_.at(s.global)[s.byte]);
      result.path.insert(result.path.end(), steps.begin(), steps.end());
    }
  }

  llvm::Function& function_;
  const llvm::DataLayout& layout_;
  KnownWidths widths_;
  llvm::DominatorTree dominators_;
  llvm::PostDominatorTree postdominators_;
  std::vector<llvm::BasicBlock*> blocks_;
  std::map<const llvm::BasicBlock*, std::set<const llvm::BasicBlock*>> controls_;
  std::map<const llvm::Value*, int> first_state_;
  std::vector<const llvm::GlobalVariable*> memories_;
  std::vector<State> states_;
  std::vector<bool> used_;    ///< states that some iteration stores
  std::vector<bool> stored_;  ///< in this pass
  std::vector<double> time_;  ///< when a state is there
  std::vector<double> base_;  ///< the same in the last pass
  std::map<std::size_t, double> next_;
  std::vector<int> before_;     ///< the state that decided it, an iteration before
  std::vector<double> weight_;  ///< the delay from there
  std::unordered_map<const llvm::Value*, Arrival> arrivals_;
  std::unordered_map<const llvm::BasicBlock*, Arrival> entered_;
  std::unordered_map<const llvm::Value*, Bytes> bytes_;
};

/// Whether some part of an object is chosen at run time.
bool indexed(const llvm::Value& object) {
  return std::any_of(object.user_begin(), object.user_end(), [](const llvm::User* user) {
    const auto* step = llvm::dyn_cast<llvm::GEPOperator>(user);
    if (step != nullptr && !step->hasAllConstantIndices()) return true;
    return (step != nullptr || llvm::isa<llvm::BitCastOperator>(user)) && indexed(*user);
  });
}

/// What must not be left in a process once it is inlined and unrolled.
Findings leftovers(const llvm::Function& process) {
  Findings findings;
  llvm::DominatorTree dominators(const_cast<llvm::Function&>(process));
  for (const llvm::Instruction& instruction : llvm::instructions(process)) {
    if (const auto* call = llvm::dyn_cast<llvm::CallBase>(&instruction)) {
      const llvm::Function* callee = call->getCalledFunction();
      if (callee == nullptr) {
        findings.emplace_back("calls through a pointer");
      } else if (!callee->isIntrinsic()) {
        findings.push_back("calls " + short_name(callee->getName().str()) + ", which is not inlined");
      }
    }
    const auto* local = llvm::dyn_cast<llvm::AllocaInst>(&instruction);
    if (local != nullptr && indexed(*local)) {
      findings.push_back(fmt::format("keeps the array {} in a memory of two ports", local->getName().str()));
    }
  }
  for (const llvm::BasicBlock& block : process) {
    for (const llvm::BasicBlock* next : llvm::successors(&block)) {
      if (dominators.dominates(next, &block)) findings.emplace_back("has a loop that is not unrolled");
    }
  }
  return findings;
}

unsigned widest_argument(const llvm::Function& process) {
  const llvm::DataLayout& layout = process.getParent()->getDataLayout();
  unsigned widest = 0;
  for (const llvm::Argument& argument : process.args()) {
    llvm::Type* type = argument.getType();
    if (type->isPointerTy()) type = type->getPointerElementType();
    auto* structure = llvm::dyn_cast<llvm::StructType>(type);
    if (structure != nullptr && !structure->isOpaque() && structure->getName().contains("hls::stream"))
      type = structure->getElementType(0);
    if (type->isSized()) widest = std::max(widest, static_cast<unsigned>(8 * layout.getTypeAllocSize(type)));
  }
  return widest;
}

}  // namespace

std::string short_name(const std::string& mangled) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> whole(
      abi::__cxa_demangle(mangled.c_str(), nullptr, nullptr, &status), &std::free);
  std::string name = status == 0 ? whole.get() : mangled;
  // What stands in brackets is arguments; the last name outside them is the variable's or function's own.
  int depth = 0;
  std::size_t begin = 0;
  std::size_t end = name.size();
  for (std::size_t i = 0; i + 1 < name.size(); ++i) {
    if (name[i] == '(' || name[i] == '<') ++depth;
    if (name[i] == ')' || name[i] == '>') --depth;
    if (depth == 0 && (name.compare(i, 2, "::") == 0 || name[i] == ' ')) begin = i + (name[i] == ' ' ? 1 : 2);
  }
  const std::size_t bracket = name.find_first_of("(<", begin);
  if (bracket != std::string::npos) end = bracket;
  return name.substr(begin, end - begin);
}

Recurrence measure(llvm::Function& process, const std::set<std::string>& memories) {
  Findings findings = leftovers(process);
  const bool loops = std::find(findings.begin(), findings.end(), "has a loop that is not unrolled") != findings.end();
  Recurrence result;
  if (!loops) result = Timing(process, memories).bound();
  result.widest_port = widest_argument(process);
  if (result.widest_port > kWidestWord) {
    findings.push_back(fmt::format("has a port of {} bits, over {}", result.widest_port, kWidestWord));
  }
  for (const MemoryUse& memory : result.memories) {
    if (memory.width > kWidestWord) {
      findings.push_back(fmt::format("has words of {} bits in {}, over {}", memory.width, memory.name, kWidestWord));
    }
  }
  result.findings = findings;
  return result;
}

}  // namespace synward::meter
