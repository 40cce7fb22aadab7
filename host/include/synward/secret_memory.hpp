// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <openssl/crypto.h>
#include <sys/mman.h>

#include <stdexcept>
#include <type_traits>

namespace synward {

/// A T of zeros in pages of its own, which are not dumped, not swapped where the system allows it, and cleansed.
template <typename T>
class SecretMemory {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  /// Throws std::runtime_error where there is no memory.
  SecretMemory() : place_(mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) {
    if (place_ == MAP_FAILED) {
      throw std::runtime_error("no memory for secrets");
    }
    locked_ = mlock(place_, sizeof(T)) == 0;
    madvise(place_, sizeof(T), MADV_DONTDUMP);
  }
  SecretMemory(const SecretMemory&) = delete;
  SecretMemory& operator=(const SecretMemory&) = delete;
  ~SecretMemory() {
    OPENSSL_cleanse(place_, sizeof(T));
    munmap(place_, sizeof(T));
  }

  T& operator*() const { return *static_cast<T*>(place_); }
  T* operator->() const { return static_cast<T*>(place_); }
  /// False where the operating system did not allow the memory to be locked.
  bool locked() const { return locked_; }

 private:
  void* place_;
  bool locked_ = false;
};

}  // namespace synward
