// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <istream>
#include <ostream>
#include <string>

#include "kernels/fields.hpp"

namespace synward {

// Vectors of a kernel's test bench, a line each: a letter (S setting, Q question, A the answer to the question before)
// and the fields in hexadecimal.

/// Writes fields as they come.
class VectorWriter {
 public:
  explicit VectorWriter(std::ostream& out) : out_(out) {}
  void operator()(const Wide128& value, unsigned) {
    put(value.hi);
    put(value.lo);
  }
  template <typename T>
  void operator()(const T& value, unsigned) {
    put(static_cast<std::uint64_t>(value));
  }

 private:
  void put(std::uint64_t value) { out_ << ' ' << std::hex << value; }

  std::ostream& out_;
};

/// Reads them in the same order.
class VectorReader {
 public:
  explicit VectorReader(std::istream& in) : in_(in) {}
  void operator()(Wide128& value, unsigned) {
    value.hi = take();
    value.lo = take();
  }
  template <typename T>
  void operator()(T& value, unsigned) {
    value = static_cast<T>(take());
  }

 private:
  std::uint64_t take() {
    std::uint64_t value = 0;
    in_ >> std::hex >> value;
    return value;
  }

  std::istream& in_;
};

/// One line.
template <typename T>
void write_vector(std::ostream& out, char letter, T value) {
  out << letter;
  VectorWriter writer(out);
  each_field(value, writer);
  out << '\n';
}

template <typename T>
T read_vector(std::istream& in) {
  T value = T();
  VectorReader reader(in);
  each_field(value, reader);
  return value;
}

}  // namespace synward
