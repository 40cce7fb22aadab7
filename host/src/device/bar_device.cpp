// SPDX-License-Identifier: BSD-2-Clause
#include "synward/bar_device.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "device/hwmon.hpp"
#include "device/sticky_device.hpp"
#include "synward/port_registers.hpp"
#include "synward/unix_socket.hpp"

namespace synward {

namespace {

/// Pages of a file, mapped.
class Mapping {
 public:
  Mapping(void* start, std::size_t size) : start_(start), size_(size) {}
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  Mapping(Mapping&& other) noexcept : start_(std::exchange(other.start_, nullptr)), size_(other.size_) {}
  Mapping& operator=(Mapping&&) = delete;
  ~Mapping() {
    if (start_ != nullptr) {
      munmap(start_, size_);
    }
  }

  volatile std::uint32_t* word(std::uint64_t offset) const {
    return reinterpret_cast<volatile std::uint32_t*>(static_cast<std::uint8_t*>(start_) + offset);
  }

 private:
  void* start_;
  std::size_t size_;
};

class BarDevice final : public StickyDevice {
 public:
  BarDevice(Mapping mapping, std::uint64_t offset, std::uint32_t space, std::string folder, std::string path,
            std::optional<std::uint32_t> clock_hz)
      : mapping_(std::move(mapping)),
        offset_(offset),
        space_(space),
        folder_(std::move(folder)),
        path_(std::move(path)),
        clock_hz_(clock_hz) {}

  std::uint32_t space() const override { return space_; }
  std::vector<Sensor> sensors() override { return read_hwmon(folder_); }
  std::optional<std::uint32_t> clock_hz() const override { return clock_hz_; }

 private:
  // Single 32-bit accesses: the compiler may neither merge nor repeat them.
  Expected<std::uint32_t> read(std::uint32_t offset) override {
    if (auto right = check(offset); !right) {
      return right.error();
    }
    return std::uint32_t{*mapping_.word(offset_ + offset)};
  }
  Expected<void> write(std::uint32_t offset, std::uint32_t value) override {
    if (auto right = check(offset); !right) {
      return right;
    }
    *mapping_.word(offset_ + offset) = value;
    return {};
  }
  Expected<void> check(std::uint32_t offset) const {
    if (offset % 4 != 0 || offset >= space_) {
      return Error{fmt::format("{}: no register at offset {:#x}", path_, offset)};
    }
    return {};
  }

  Mapping mapping_;
  std::uint64_t offset_;  ///< of the register space in the mapping
  std::uint32_t space_;
  std::string folder_;  ///< of the function, in sysfs
  std::string path_;
  std::optional<std::uint32_t> clock_hz_;
};

}  // namespace

Expected<std::unique_ptr<Device>> open_bar_device(const BarDeviceConfig& config, const std::string& sysfs) {
  const auto folder = fmt::format("{}/bus/pci/devices/{}", sysfs, config.bdf);
  const auto path = fmt::format("{}/resource{}", folder, config.bar);
  const auto failed = [&path] { return Error{fmt::format("{}: {}", path, std::strerror(errno))}; };
  const FileDescriptor file(open(path.c_str(), O_RDWR | O_SYNC | O_CLOEXEC));
  struct stat info {};
  if (!file || fstat(file.get(), &info) != 0) {
    return failed();
  }
  const auto size = static_cast<std::uint64_t>(info.st_size);
  if (config.offset % 4 != 0) {
    return Error{fmt::format("{}: offset {:#x} is not a multiple of 4", path, config.offset)};
  }
  if (size < kRegisterSpace || config.offset > size - kRegisterSpace) {
    return Error{fmt::format("{}: {:#x} bytes have no room for the {:#x} of the registers at {:#x}", path, size,
                             kRegisterSpace, config.offset)};
  }
  const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  const auto first = config.offset / page * page;
  const auto space = size - config.offset < kCardSpace ? kRegisterSpace : kCardSpace;
  const auto length = static_cast<std::size_t>(config.offset - first + space);
  void* start = mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), static_cast<off_t>(first));
  if (start == MAP_FAILED) {
    return failed();
  }
  return Expected<std::unique_ptr<Device>>(
      std::make_unique<BarDevice>(Mapping(start, length), config.offset - first, space, folder, path, config.clock_hz));
}

}  // namespace synward
