// SPDX-License-Identifier: BSD-2-Clause
#include "synward/driver/listeners.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>
#include <tuple>

#include "listeners.skel.h"
#include "synward/file_descriptor.hpp"

namespace synward::driver {

namespace {

Error failed(const char* what, int error) {
  return Error{fmt::format("{}: {}", what, std::generic_category().message(error))};
}

auto place_of(const synward_listener& listener) {
  std::array<std::uint8_t, 16> address{};
  std::copy_n(listener.laddr, address.size(), address.begin());
  return std::tuple(listener.lport, listener.v6, address, listener.bound_dev);
}

}  // namespace

void ListenerReader::Deleter::operator()(listeners_bpf* skeleton) const { listeners_bpf__destroy(skeleton); }
void ListenerReader::Deleter::operator()(bpf_link* link) const { bpf_link__destroy(link); }

Expected<ListenerReader> ListenerReader::open() {
  ListenerReader reader;
  reader.skeleton_.reset(listeners_bpf__open_and_load());
  if (!reader.skeleton_) return failed("the iterator over TCP sockets cannot be loaded", errno);
  reader.link_.reset(bpf_program__attach_iter(reader.skeleton_->progs.synward_listeners, nullptr));
  if (!reader.link_) return failed("the iterator over TCP sockets cannot be attached", errno);
  return reader;
}

Expected<std::vector<synward_listener>> list_listeners() {
  const auto reader = ListenerReader::open();
  return reader ? reader->list() : reader.error();
}

Expected<std::vector<synward_listener>> ListenerReader::list() const {
  const FileDescriptor file(bpf_iter_create(bpf_link__fd(link_.get())));
  if (!file) return failed("the iterator over TCP sockets cannot be opened", errno);

  std::vector<synward_listener> listeners;
  std::array<char, 64 * sizeof(synward_listener)> buffer{};
  std::size_t filled = 0;
  for (;;) {
    const ssize_t got = read(file.get(), buffer.data() + filled, buffer.size() - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("the list of TCP sockets cannot be read", errno);
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
    std::size_t taken = 0;
    for (; filled - taken >= sizeof(synward_listener); taken += sizeof(synward_listener))
      std::memcpy(&listeners.emplace_back(), buffer.data() + taken, sizeof(synward_listener));
    std::memmove(buffer.data(), buffer.data() + taken, filled - taken);
    filled -= taken;
  }
  std::ranges::stable_sort(listeners, {}, place_of);
  const auto same = [](const auto& one, const auto& other) { return place_of(one) == place_of(other); };
  listeners.erase(std::unique(listeners.begin(), listeners.end(), same), listeners.end());
  return listeners;
}

}  // namespace synward::driver
