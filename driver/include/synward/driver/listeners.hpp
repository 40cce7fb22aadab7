// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <vector>

#include "handoff.h"
#include "synward/expected.hpp"

struct bpf_link;
struct listeners_bpf;

namespace synward::driver {

/// The iterator over TCP sockets, loaded once: to load it costs more than to run it.
class ListenerReader {
 public:
  /// Needs CAP_BPF and CAP_PERFMON.
  static Expected<ListenerReader> open();

  /// As list_listeners().
  Expected<std::vector<synward_listener>> list() const;

 private:
  struct Deleter {
    void operator()(listeners_bpf* skeleton) const;
    void operator()(bpf_link* link) const;
  };
  ListenerReader() = default;

  std::unique_ptr<listeners_bpf, Deleter> skeleton_;
  std::unique_ptr<bpf_link, Deleter> link_;
};

/// The TCP listeners of the caller's network namespace, in the order of port and address, each once: of those that
/// share a port (SO_REUSEPORT) the first. Needs CAP_BPF and CAP_PERFMON.
Expected<std::vector<synward_listener>> list_listeners();

}  // namespace synward::driver
