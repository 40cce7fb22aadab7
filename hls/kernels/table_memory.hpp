// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "kernels/packed.hpp"

namespace synward {

/// The memory of a table: 2^kLog buckets in URAM. What it holds after reset is anything.
template <typename Bucket, unsigned kLog>
class TableMemory {
 public:
  PackedBucket<Bucket> read(std::uint32_t index) const { return rows_[index]; }
  void write(std::uint32_t index, const PackedBucket<Bucket>& row) {
// Reads that are too old are mended by the WriteHistory: the tool need not wait for writes.
#pragma HLS DEPENDENCE variable = rows_ type = inter direction = RAW false
    rows_[index] = row;
  }
  /// Binds the memory; called once in the kernel's body.
  void bind() {
#pragma HLS BIND_STORAGE variable = rows_ type = ram_2p impl = uram latency = 3
#pragma HLS AGGREGATE variable = rows_ compact = bit
  }

 private:
  PackedBucket<Bucket> rows_[1u << kLog];
};

/// The last kDepth writes to a table, newest first, for reads that come before a write has landed. kDepth is at least
/// the number of iterations from the read of a bucket to the landing of its write (the schedule tells); more is safe.
template <typename Bucket, unsigned kDepth>
class WriteHistory {
 public:
  WriteHistory() {
    for (unsigned i = 0; i < kDepth; ++i) valid_[i] = false;
  }

  /// What bucket `index` holds, where the memory said `row`.
  PackedBucket<Bucket> forward(std::uint32_t index, const PackedBucket<Bucket>& row) const {
    PackedBucket<Bucket> out = row;
    for (unsigned i = kDepth; i-- > 0;) {
#pragma HLS UNROLL
      if (valid_[i] && index_[i] == index) out = row_[i];
    }
    return out;
  }

  /// Every iteration: what it wrote, if it did.
  void shift(bool write, std::uint32_t index, const PackedBucket<Bucket>& row) {
    for (unsigned i = kDepth - 1; i > 0; --i) {
#pragma HLS UNROLL
      valid_[i] = valid_[i - 1];
      index_[i] = index_[i - 1];
      row_[i] = row_[i - 1];
    }
    valid_[0] = write;
    index_[0] = index;
    row_[0] = row;
  }

  /// Keeps it in registers; called once in the kernel's body.
  void bind() {
#pragma HLS ARRAY_PARTITION variable = valid_ type = complete
#pragma HLS ARRAY_PARTITION variable = index_ type = complete
#pragma HLS ARRAY_PARTITION variable = row_ type = complete
  }

 private:
  bool valid_[kDepth];
  std::uint32_t index_[kDepth];
  PackedBucket<Bucket> row_[kDepth];
};

}  // namespace synward
