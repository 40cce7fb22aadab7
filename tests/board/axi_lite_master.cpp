// SPDX-License-Identifier: BSD-2-Clause
#include "board/axi_lite_master.hpp"

#include <ostream>

namespace synward::test {

std::ostream& operator<<(std::ostream& out, const AxiLiteRequest& r) {
  return out << "write " << r.awaddr << '=' << r.wdata << ", read " << r.araddr;
}
std::ostream& operator<<(std::ostream& out, const AxiLiteResponse& r) { return out << "read data " << r.rdata; }

void sc_trace(sc_core::sc_trace_file* file, const AxiLiteRequest& r, const std::string& name) {
  sc_core::sc_trace(file, r.awaddr, name + ".awaddr");
  sc_core::sc_trace(file, r.awvalid, name + ".awvalid");
  sc_core::sc_trace(file, r.wdata, name + ".wdata");
  sc_core::sc_trace(file, r.wvalid, name + ".wvalid");
  sc_core::sc_trace(file, r.bready, name + ".bready");
  sc_core::sc_trace(file, r.araddr, name + ".araddr");
  sc_core::sc_trace(file, r.arvalid, name + ".arvalid");
  sc_core::sc_trace(file, r.rready, name + ".rready");
}
void sc_trace(sc_core::sc_trace_file* file, const AxiLiteResponse& r, const std::string& name) {
  sc_core::sc_trace(file, r.awready, name + ".awready");
  sc_core::sc_trace(file, r.wready, name + ".wready");
  sc_core::sc_trace(file, r.bvalid, name + ".bvalid");
  sc_core::sc_trace(file, r.arready, name + ".arready");
  sc_core::sc_trace(file, r.rdata, name + ".rdata");
  sc_core::sc_trace(file, r.rvalid, name + ".rvalid");
}

AxiLiteMaster::AxiLiteMaster(const sc_core::sc_module_name& name) : sc_module(name) {
  SC_HAS_PROCESS(AxiLiteMaster);
  SC_METHOD(on_clock);
  sensitive << clk.pos();
  dont_initialize();
}

void AxiLiteMaster::write(std::uint32_t offset, std::uint32_t value) {
  next_.awaddr = static_cast<std::uint16_t>(offset);
  next_.wdata = value;
  address_left_ = data_left_ = true;
  write_ = Step::asking;
}

void AxiLiteMaster::read(std::uint32_t offset) {
  next_.araddr = static_cast<std::uint16_t>(offset);
  read_ = Step::asking;
}

void AxiLiteMaster::on_clock() {
  const AxiLiteResponse& in = response.read();
  step_write(in);
  step_read(in);
  request.write(out_);
}

void AxiLiteMaster::step_write(const AxiLiteResponse& in) {
  if (out_.awvalid && in.awready) address_left_ = out_.awvalid = false;
  if (out_.wvalid && in.wready) data_left_ = out_.wvalid = false;
  if (out_.bready && in.bvalid) {
    out_.bready = false;
    write_ = Step::idle;
  }
  if (write_ == Step::asking) {
    // Once valid, always valid until taken.
    if (address_left_ && !out_.awvalid && now()) {
      out_.awvalid = true;
      out_.awaddr = next_.awaddr;
    }
    if (data_left_ && !out_.wvalid && now()) {
      out_.wvalid = true;
      out_.wdata = next_.wdata;
    }
    if (!address_left_ && !data_left_) write_ = Step::answering;
  }
  if (write_ == Step::answering && !out_.bready) out_.bready = now();
}

void AxiLiteMaster::step_read(const AxiLiteResponse& in) {
  if (out_.arvalid && in.arready) {
    out_.arvalid = false;
    read_ = Step::answering;
  }
  if (out_.rready && in.rvalid) {
    value_ = in.rdata;
    out_.rready = false;
    read_ = Step::idle;
  }
  if (read_ == Step::asking && !out_.arvalid && now()) {
    out_.arvalid = true;
    out_.araddr = next_.araddr;
  }
  if (read_ == Step::answering && !out_.rready) out_.rready = now();
}

}  // namespace synward::test
