// SPDX-License-Identifier: BSD-2-Clause
#include "synward/driver/kernel.hpp"

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include <memory>

namespace synward::driver {

std::vector<std::string> KernelSupport::missing() const {
  std::vector<std::string> lines;
  if (!btf) return {"the kernel has no BTF (CONFIG_DEBUG_INFO_BTF)"};
  if (!assign) lines.emplace_back("the kernel has no bpf_sk_assign_tcp_reqsk (Linux 6.9, CONFIG_SYN_COOKIES)");
  if (!tcx) lines.emplace_back("the kernel has no TCX links (Linux 6.6)");
  if (!iterator) lines.emplace_back("the kernel has no iterator over TCP sockets (Linux 5.9)");
  return lines;
}

KernelSupport probe_kernel() {
  KernelSupport support;
  const std::unique_ptr<btf, decltype(&btf__free)> types(btf__load_vmlinux_btf(), &btf__free);
  if (libbpf_get_error(types.get()) != 0) return support;
  const auto has = [&](const char* name, unsigned kind) { return btf__find_by_name_kind(types.get(), name, kind) > 0; };
  support.btf = true;
  support.assign = has("bpf_sk_assign_tcp_reqsk", BTF_KIND_FUNC);
  support.tcx = has("tcx_link", BTF_KIND_STRUCT);
  support.iterator = has("bpf_iter__tcp", BTF_KIND_STRUCT);
  return support;
}

}  // namespace synward::driver
