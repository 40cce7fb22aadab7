// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>
#include <vector>

namespace synward::driver {

/// What the running kernel has of what the hand-off needs.
struct KernelSupport {
  bool btf = false;       ///< types of its own structures (CONFIG_DEBUG_INFO_BTF)
  bool assign = false;    ///< bpf_sk_assign_tcp_reqsk, Linux 6.9 (CONFIG_SYN_COOKIES, CONFIG_NET_CLS_ACT)
  bool tcx = false;       ///< links at TC ingress, Linux 6.6
  bool iterator = false;  ///< bpf_iter/tcp, Linux 5.9

  bool whole() const { return btf && assign && tcx && iterator; }
  /// What is missing, one line each, with the kernel that has it.
  std::vector<std::string> missing() const;
};

/// Asks the running kernel's own types.
KernelSupport probe_kernel();

}  // namespace synward::driver
