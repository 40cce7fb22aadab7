// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <iosfwd>
#include <random>
#include <string>
#include <systemc>

#include "board/axi_lite.hpp"

namespace synward::test {

/// What sc_signal of these asks for.
std::ostream& operator<<(std::ostream& out, const AxiLiteRequest& request);
std::ostream& operator<<(std::ostream& out, const AxiLiteResponse& response);
void sc_trace(sc_core::sc_trace_file* file, const AxiLiteRequest& request, const std::string& name);
void sc_trace(sc_core::sc_trace_file* file, const AxiLiteResponse& response, const std::string& name);

/// Bus functional model: one write and one read at a time, both at once if asked. As AXI allows, address and data of a
/// write come in any order, and the master takes its time with bready and rready: the delays are random.
class AxiLiteMaster : public sc_core::sc_module {
 public:
  sc_core::sc_in<bool> clk{"clk"};
  sc_core::sc_out<AxiLiteRequest> request{"request"};
  sc_core::sc_in<AxiLiteResponse> response{"response"};

  explicit AxiLiteMaster(const sc_core::sc_module_name& name);

  void seed(std::uint64_t value) { random_.seed(value); }
  void write(std::uint32_t offset, std::uint32_t value);
  void read(std::uint32_t offset);
  bool write_done() const { return write_ == Step::idle; }
  bool read_done() const { return read_ == Step::idle; }
  /// What the last read gave.
  std::uint32_t read_value() const { return value_; }

 private:
  enum class Step : std::uint8_t { idle, asking, answering };
  void on_clock();
  void step_write(const AxiLiteResponse& in);
  void step_read(const AxiLiteResponse& in);
  bool now() { return random_() % 3 == 0; }

  std::mt19937_64 random_;
  Step write_ = Step::idle, read_ = Step::idle;
  bool address_left_ = false, data_left_ = false;  ///< to be taken by the slave
  AxiLiteRequest out_, next_;                      ///< on the bus; addresses and data of what is to be done
  std::uint32_t value_ = 0;
};

}  // namespace synward::test
