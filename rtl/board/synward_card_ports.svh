// SPDX-License-Identifier: BSD-2-Clause
/// Ports of the core as a kernel, whichever its engine is.
    input  wire          ap_clk,
    input  wire          ap_rst_n,  ///< at any time, for any time; it needs no synchroniser outside

    input  wire  [11:0]  s_axi_control_awaddr,
    input  wire  [2:0]   s_axi_control_awprot,
    input  wire          s_axi_control_awvalid,
    output logic         s_axi_control_awready,
    input  wire  [31:0]  s_axi_control_wdata,
    input  wire  [3:0]   s_axi_control_wstrb,
    input  wire          s_axi_control_wvalid,
    output logic         s_axi_control_wready,
    output logic [1:0]   s_axi_control_bresp,
    output logic         s_axi_control_bvalid,
    input  wire          s_axi_control_bready,
    input  wire  [11:0]  s_axi_control_araddr,
    input  wire  [2:0]   s_axi_control_arprot,
    input  wire          s_axi_control_arvalid,
    output logic         s_axi_control_arready,
    output logic [31:0]  s_axi_control_rdata,
    output logic [1:0]   s_axi_control_rresp,
    output logic         s_axi_control_rvalid,
    input  wire          s_axi_control_rready,

    input  wire          s_axis_line_tvalid,
    output logic         s_axis_line_tready,  ///< always 1: the line is never stalled
    input  wire  [511:0] s_axis_line_tdata,
    input  wire  [63:0]  s_axis_line_tkeep,
    input  wire          s_axis_line_tlast,
    input  wire  [0:0]   s_axis_line_tuser,   ///< with tlast: the frame is damaged
    output logic         m_axis_line_tvalid,
    input  wire          m_axis_line_tready,
    output logic [511:0] m_axis_line_tdata,
    output logic [63:0]  m_axis_line_tkeep,
    output logic         m_axis_line_tlast,
    output logic [0:0]   m_axis_line_tuser,

    input  wire          s_axis_host_tvalid,
    output logic         s_axis_host_tready,  ///< always 1
    input  wire  [511:0] s_axis_host_tdata,
    input  wire  [63:0]  s_axis_host_tkeep,
    input  wire          s_axis_host_tlast,
    input  wire  [0:0]   s_axis_host_tuser,
    output logic         m_axis_host_tvalid,
    input  wire          m_axis_host_tready,
    output logic [511:0] m_axis_host_tdata,
    output logic [63:0]  m_axis_host_tkeep,
    output logic         m_axis_host_tlast,
    output logic [0:0]   m_axis_host_tuser
