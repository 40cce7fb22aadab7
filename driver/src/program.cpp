// SPDX-License-Identifier: BSD-2-Clause
#include "synward/driver/program.hpp"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "handoff.skel.h"
#include "synward/file_descriptor.hpp"

namespace synward::driver {

namespace {

/// BPF_TCX_INGRESS, and the first place there; libbpf 1.1 has no names for them.
constexpr auto kTcxIngress = static_cast<bpf_attach_type>(46);

struct Fate {
  std::string_view name, text;
};
constexpr std::array<Fate, SYNWARD_FATES_COUNT> kFates{{
#define X(name, text) {#name, text},
    SYNWARD_FATES(X)
#undef X
}};

Error failed(std::string_view what, int error) {
  return Error{fmt::format("{}: {}", what, std::generic_category().message(error))};
}

/// libbpf tells the terminal what it tells its caller as well.
int be_quiet(libbpf_print_level, const char*, va_list) { return 0; }

/// Ids of the programs at an interface's ingress, in their order.
std::vector<__u32> attached_to(unsigned ifindex) {
  std::vector<__u32> ids(64);
  auto count = static_cast<__u32>(ids.size());
  __u32 flags = 0;
  const int error = bpf_prog_query(static_cast<int>(ifindex), kTcxIngress, 0, &flags, ids.data(), &count);
  ids.resize(error == 0 ? count : 0);
  return ids;
}

void put_key(const Key* key, __u64 (&words)[2], __u8& have) {
  have = key != nullptr ? 1 : 0;
  if (key != nullptr) std::memcpy(words, key->bytes().data(), Key::kSize);
}

/// Whether a map that lies at `path` may be used for `map`: the kernel has it of the same shape.
bool has_same_shape(const std::string& path, const bpf_map* map) {
  const FileDescriptor pinned(bpf_obj_get(path.c_str()));
  bpf_map_info info{};
  __u32 size = sizeof info;
  return pinned && bpf_obj_get_info_by_fd(pinned.get(), &info, &size) == 0 && info.type == bpf_map__type(map) &&
         info.key_size == bpf_map__key_size(map) && info.value_size == bpf_map__value_size(map) &&
         info.max_entries == bpf_map__max_entries(map);
}

/// Has `map` taken from the folder, or laid down there. What another version left there in another shape goes first:
/// the program that is attached keeps it until it is replaced.
Expected<void> pin(bpf_map* map, const std::string& folder) {
  const std::string path = fmt::format("{}/{}", folder, bpf_map__name(map));
  std::error_code none;
  if (std::filesystem::exists(path, none) && !has_same_shape(path, map) && unlink(path.c_str()) != 0)
    return failed(path, errno);
  if (bpf_map__set_pin_path(map, path.c_str()) != 0) return failed(path, errno);
  return {};
}

}  // namespace

std::string_view fate_name(unsigned fate) { return kFates[fate].name; }
std::string_view fate_text(unsigned fate) { return kFates[fate].text; }

void Program::Deleter::operator()(handoff_bpf* skeleton) const { handoff_bpf__destroy(skeleton); }
void Program::Deleter::operator()(ring_buffer* ring) const { ring_buffer__free(ring); }

Program::Program(std::unique_ptr<handoff_bpf, Deleter> skeleton) : skeleton_(std::move(skeleton)) {}
Program::Program(Program&&) noexcept = default;
Program& Program::operator=(Program&&) noexcept = default;
Program::~Program() = default;

Expected<Program> Program::load(const std::string& pins) {
  libbpf_set_print(&be_quiet);
  std::unique_ptr<handoff_bpf, Deleter> skeleton(handoff_bpf__open());
  if (!skeleton) return failed("the hand-off program cannot be opened", errno);
  bpf_map* map = nullptr;
  bpf_object__for_each_map(map, skeleton->obj) {
    if (pins.empty()) break;
    if (const auto pinned = pin(map, pins); !pinned) return pinned.error();
  }
  if (const int error = handoff_bpf__load(skeleton.get()); error != 0)
    return failed("the kernel does not take the hand-off program", -error);
  return Program(std::move(skeleton));
}

int Program::fd() const { return bpf_program__fd(skeleton_->progs.synward_handoff); }

Expected<void> Program::set_keys(const HandoffKeys& keys) {
  synward_keys value{};
  put_key(keys.mark, value.mark[0], value.have_mark[0]);
  put_key(keys.former_mark, value.mark[1], value.have_mark[1]);
  put_key(keys.control, value.control[0], value.have_control[0]);
  put_key(keys.former_control, value.control[1], value.have_control[1]);
  const __u32 zero = 0;
  const int error = bpf_map_update_elem(bpf_map__fd(skeleton_->maps.keys), &zero, &value, BPF_ANY);
  OPENSSL_cleanse(&value, sizeof value);
  if (error != 0) return failed("the keys cannot be set", -error);
  return {};
}

Expected<std::vector<synward_place>> Program::places() const {
  const int map = bpf_map__fd(skeleton_->maps.places);
  std::vector<synward_place> places;
  synward_place place{};
  for (const void* before = nullptr; bpf_map_get_next_key(map, before, &place) == 0; before = &places.back())
    places.push_back(place);
  return places;
}

bool Program::is_attached(unsigned ifindex, const std::string& link) {
  const FileDescriptor pinned(bpf_obj_get(link.c_str()));
  bpf_link_info info{};
  __u32 size = sizeof info;
  if (!pinned || bpf_obj_get_info_by_fd(pinned.get(), &info, &size) != 0) return false;
  const auto there = attached_to(ifindex);
  return std::ranges::find(there, info.prog_id) != there.end();
}

Expected<FateCounts> Program::counts() const {
  const int processors = libbpf_num_possible_cpus();
  if (processors < 0) return failed("the number of processors", -processors);
  FateCounts counts{};
  std::vector<std::uint64_t> values(static_cast<std::size_t>(processors));
  for (__u32 fate = 0; fate < counts.size(); ++fate) {
    const int error = bpf_map_lookup_elem(bpf_map__fd(skeleton_->maps.fates), &fate, values.data());
    if (error != 0) return failed("the counters cannot be read", -error);
    for (const std::uint64_t value : values) counts[fate] += value;
  }
  return counts;
}

Expected<void> Program::take_failures(const FailureSink& sink) {
  if (!ring_) {
    const auto give = [](void* taker, void* data, std::size_t size) {
      const auto& take = **static_cast<const FailureSink**>(taker);
      if (size >= sizeof(synward_failure)) {
        synward_failure failure{};
        std::memcpy(&failure, data, sizeof failure);
        take(failure);
      }
      return 0;
    };
    ring_.reset(ring_buffer__new(bpf_map__fd(skeleton_->maps.failures), give, taker_.get(), nullptr));
    if (!ring_) return failed("the ring of failures cannot be opened", errno);
  }
  *taker_ = &sink;
  const int got = ring_buffer__consume(ring_.get());
  *taker_ = nullptr;
  if (got < 0) return failed("the ring of failures cannot be read", -got);
  return {};
}

Expected<Program::Attached> Program::attach(unsigned ifindex, const std::string& link) {
  if (const FileDescriptor old(bpf_obj_get(link.c_str())); old) {
    bpf_link_info info{};
    __u32 size = sizeof info;
    if (const int error = bpf_obj_get_info_by_fd(old.get(), &info, &size); error != 0) return failed(link, -error);
    if (is_attached(ifindex, link)) {
      if (const int error = bpf_link_update(old.get(), fd(), nullptr); error != 0)
        return failed(fmt::format("{}: the program cannot be replaced", link), -error);
      return Attached::replaced;
    }
    // A TCX link's interface stands where an XDP link's does; 0 once it is gone.
    if (info.xdp.ifindex != 0)
      return Error{
          fmt::format("{}: belongs to another network namespace or interface; each needs pins of its own", link)};
    if (unlink(link.c_str()) != 0) return failed(link, errno);
  }
  const bool alone = attached_to(ifindex).empty();
  const FileDescriptor made(bpf_link_create(fd(), static_cast<int>(ifindex), kTcxIngress, nullptr));
  if (!made) return failed("the program cannot be attached", errno);
  if (bpf_obj_pin(made.get(), link.c_str()) != 0) return failed(link, errno);
  return alone ? Attached::first : Attached::behind_another;
}

}  // namespace synward::driver
