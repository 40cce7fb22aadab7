// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "handoff.h"
#include "synward/expected.hpp"
#include "synward/secrets.hpp"

struct handoff_bpf;
struct ring_buffer;

namespace synward::driver {

/// The keys that a server needs: of marks, the current one and perhaps the former, and of statuses.
struct HandoffKeys {
  const Key* mark = nullptr;
  const Key* former_mark = nullptr;
  const Key* control = nullptr;
  const Key* former_control = nullptr;  ///< of the statuses of marks with the former key
};

/// How many frames met each fate, on all processors, in the order of enum synward_fate.
using FateCounts = std::array<std::uint64_t, SYNWARD_FATES_COUNT>;
/// Name of a fate, as in handoff.h, and what it means.
std::string_view fate_name(unsigned fate);
std::string_view fate_text(unsigned fate);

/// The TC program, loaded into the kernel with its maps.
class Program {
 public:
  /// Loads it. With `pins`, a folder of a bpf file system, the maps are those that lie there, or are laid down there,
  /// so that counters, keys and ports outlive the caller; one that another version left there in another shape is made
  /// anew. Errors: what the kernel said.
  static Expected<Program> load(const std::string& pins = {});

  Program(Program&&) noexcept;
  Program& operator=(Program&&) noexcept;
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  /// For the kernel's own tests of a program (BPF_PROG_RUN).
  int fd() const;

  Expected<void> set_keys(const HandoffKeys& keys);
  /// What the card protects, as far as marks have come since the maps were made, in no order.
  Expected<std::vector<synward_place>> places() const;
  Expected<FateCounts> counts() const;

  using FailureSink = std::function<void(const synward_failure&)>;
  /// Marks that were not taken since the last call; of many at once the first 700 or so.
  Expected<void> take_failures(const FailureSink& sink);

  enum class Attached : std::uint8_t { first, replaced, behind_another };
  /// Attaches it to the ingress of an interface. `link` is the path of the link's pin: where one is, its program is
  /// replaced in place, without a frame between that meets none. Otherwise the link is made and pinned; so it is where
  /// the pinned one's interface is gone. Error where the pinned one belongs to another network namespace.
  Expected<Attached> attach(unsigned ifindex, const std::string& link);
  /// Whether the pinned link is at this interface of the caller's network namespace.
  static bool is_attached(unsigned ifindex, const std::string& link);

 private:
  struct Deleter {
    void operator()(handoff_bpf* skeleton) const;
    void operator()(ring_buffer* ring) const;
  };
  explicit Program(std::unique_ptr<handoff_bpf, Deleter> skeleton);

  /// Who takes failures now; it stays where it is, whatever moves.
  std::unique_ptr<const FailureSink*> taker_ = std::make_unique<const FailureSink*>(nullptr);
  std::unique_ptr<handoff_bpf, Deleter> skeleton_;
  std::unique_ptr<ring_buffer, Deleter> ring_;
};

}  // namespace synward::driver
