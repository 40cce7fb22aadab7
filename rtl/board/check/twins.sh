#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# twins.sh CHECK NETLISTS ROOT WORK: each of a card's checks passes as the files are, and fails on a copy with one
# fault.
set -euo pipefail
check=$1 netlists=$2 root=$3 work=$4
status=0
rm -rf "$work"
mkdir -p "$work"

fresh() {
  rm -rf "$work/tree"
  mkdir -p "$work/tree"
  cp -r --parents -t "$work/tree" rtl constraints
}
# run [GROUP]: what the check says of the copy, in $work/said; true if it finds nothing.
run() { "$check" ${1:+--only "$1"} --root "$work/tree" --netlists "$netlists" --work "$work/run" > "$work/said" 2>&1; }
# twin GROUP NAME WORDS FILE SED: with FILE so changed, the group finds a fault that has these words.
twin() {
  local group=$1
  shift
  fresh
  sed -i -e "$4" "$work/tree/$3"
  if cmp -s "$3" "$work/tree/$3"; then
    echo "twins: $1: nothing was changed"
    status=1
  elif run "$group"; then
    echo "twins: $1: not found"
    status=1
  elif ! grep -qF -- "$2" "$work/said"; then
    echo "twins: $1: another fault was found"
    grep -A 4 FAULT "$work/said" | head -n 8
    status=1
  fi
}

cd "$root"
fresh
run || { echo "twins: the files as they are:"; cat "$work/said"; exit 1; }

# netlist NAME WORDS: with the netlists in $work/netlists, a fault that has these words is found.
netlist() {
  if "$check" --only vivado_hls --root "$work/tree" --netlists "$work/netlists" --work "$work/run" \
    > "$work/said" 2>&1 || ! grep -qF "$2" "$work/said"; then
    echo "twins: $1: not found"
    status=1
  fi
}
mkdir "$work/netlists"
cp "$netlists"/*.json "$work/netlists"
cp "$netlists/synward_u55c.json" "$work/netlists/synward_u55c_hls.json"
netlist "a netlist with the other engine" "without the cell u_line_card/u_engine"
sed -i 's/\.questions_TDATA(question)/.questions_TDATA()/' "$work/tree/rtl/board/synward_line_card.sv"
"$root/rtl/board/check/netlists.sh" "$work/tree/rtl" "$work/netlists" synward_u55c_hls
netlist "an engine's stream without data" "u_engine/questions_TDATA is left open"

v=rtl/board/vivado t=rtl/board/vitis o=rtl/board/opennic c=constraints
twin sources "a source that is not listed" "is there and not listed" rtl/board/sources.list '/synward_tx_gate/d'
twin sources "a source that is not there" "is listed and not there" rtl/board/sources.list \
  's/synward_tx_gate/synward_tx_door/'
twin sources "a source twice" "is listed twice" rtl/board/sources.list 's/^all board\/synward_tx_gate.sv/&\n&/'
twin vivado "a command that is none" "no command route_desgin" $v/build.tcl 's/^route_design/route_desgin/'
twin vivado "an option that is none" "no option -directives" $v/build.tcl \
  's/^place_design -directive/place_design -directives/'
twin vivado "an IP without a name" "no IP synward_pcie" $v/build.tcl \
  's/synward_pcie_ip synward_clocks_ip}/synward_pcie synward_clocks_ip}/'
twin vivado "a property that is none" "has no CONFIG.INCLUDE_RSFEC" $v/ip.tcl 's/INCLUDE_RS_FEC/INCLUDE_RSFEC/'
twin vivado "another top" "no module synward_u50" $v/build.tcl 's/^set top .*/set top synward_u50/'
twin vivado "a file that is not there" "no file" $v/build.tcl 's/floorplan.xdc/floor.xdc/'
twin vivado "a flash of another card" "the U55C has a" $v/flash.tcl 's/mt25qu01g/mt25ql01g/'
twin vivado "arguments that are missing" "arguments beside the options" $v/program.tcl \
  's/^refresh_hw_device .*/refresh_hw_device/'
twin vivado "a pin twice" "is given to" $c/u55c/pins.xdc 's/PACKAGE_PIN AB42/PACKAGE_PIN AD42/'
twin vivado "a port without a pin" "has no pin" $c/u55c/pins.xdc '/get_ports hbm_cattrip/d'
twin vivado "a port that is none" "no port like pcie_rst" $c/u55c/timing.xdc 's/pcie_rstn/pcie_rst/'
twin vivado "no clock" "no create_clock for qsfp1_refclk_p" $c/u55c/timing.xdc '/qsfp1_refclk_p/d'
twin vivado "a pblock of no cells" "no cell like u_line_cards" $c/u55c/floorplan.xdc 's#u_line_card\]#u_line_cards]#'
twin vivado "an SLR that is none" "has no SLR3" $c/u55c/floorplan.xdc 's/{SLR2}/{SLR3}/'
twin vivado "all on one die" "no wire between pblocks" $c/u55c/floorplan.xdc \
  's/add_cells_to_pblock \[get_pblocks pblock_flows\]/add_cells_to_pblock [get_pblocks pblock_card]/'
twin vivado "what belongs to this side on the other" "is not register to register" $c/u55c/floorplan.xdc \
  's#\(u_line_card/[^]]*u_flows\)/u_table\]#{\1/u_table \1/u_freed}]#'
twin vivado "a register on the wrong side" "is not register to register" $c/u55c/floorplan.xdc \
  's#|| NAME =~ \*/u_flows/\*u_back/launch_q_reg\*##'
twin vivado "words without an exception" "unconstrained crossing" $c/crossings.xdc '/hold_q_reg/d'
twin vivado "pointers without an exception" "commit_gray_q_reg" $c/crossings.xdc \
  's/^set_max_delay -datapath_only 3.000 -from \(.*commit_gray\)/set_bus_skew 3.000 -from \1/'
twin vivado "bits without an exception" "unconstrained crossing" $c/crossings.xdc 's#sync1_q_reg\*/D#sync0_q_reg*/D#'
twin vivado "a delay with skew" "without -datapath_only" $c/crossings.xdc \
  's/set_max_delay -datapath_only 6.000/set_max_delay 6.000/'
twin core "a register of the core that is none" "no pin like" $c/synward_core.xdc 's/caught_q_reg/caught_reg/'
twin packages "a stream without a clock" "has no clock" $t/package.tcl \
  's/set streams {s_axis m_axis}/set streams {s_axis}/'
twin packages "an interface that is none" "has no port" $t/package.tcl 's/s_axi_control \$streams/s_axi_ctrl $streams/'
twin packages "a platform pin that is none" "the platform has no" $t/post_sys_link.tcl \
  's/io_gt_qsfp_\$cage/io_gt_qsfp_0$cage/'
twin packages "a kernel's pin that is none" "no pin" $t/post_sys_link.tcl 's#port/clk_gt_freerun#port/clk_freerun#'
twin kernels "a range that is not the registers'" "registers.toml spans" $t/synward.xml \
  's/range="0x1000"/range="0x2000"/'
twin kernels "a stream that is none" "no stream m_axis_server" $t/synward.xml 's/M_AXIS_HOST/M_AXIS_SERVER/'
twin kernels "a stream's width" "bits wide" $t/synward_cmac_line.xml 's/dataWidth="512"/dataWidth="256"/'
twin kernels "a stream's way" "runs the other way" $t/synward_cmac_host.xml 's/mode="write_only"/mode="read_only"/'
twin kernels "another protocol" "is not user_managed" $t/synward.xml 's/user_managed/ap_ctrl_hs/'
twin link "a stream of no kernel" "has no stream" $t/link.cfg 's/synward_1.s_axis_line/synward_1.s_axis_wan/'
twin link "streams crossed" "is connected twice" $t/link.cfg 's/cmac_host.s_axis/cmac_line.s_axis/'
twin link "a stream left open" "is not connected" $t/link.cfg '/m_axis_host/d'
twin link "a clock too slow" "does not carry" $t/link.cfg 's/freqHz=300000000:synward_1/freqHz=250000000:synward_1/'
twin link "an instance that is none" "slr: cmac_2" $t/link.cfg 's/slr=cmac_host/slr=cmac_2/'
twin engine "a Makefile that takes any engine" 'Makefile ENGINE=vhdl does not say' $v/Makefile '/error ENGINE/d'
twin engine "another word of a Makefile" 'Makefile ENGINE=vhdl does not say' $t/Makefile \
  's/there are rtl and hls/no/'
twin engine "the other engine by default" 'vitis/Makefile says "synward_engine"' $t/Makefile \
  's/^ENGINE ?= rtl/ENGINE ?= hls/'
twin engine "scripts that take any engine" 'build.tcl vhdl does not say' rtl/board/read_sources.tcl \
  's/if {$engine ni/if {0 \&\& $engine ni/'
twin engine "OpenNIC with the HLS kernel" 'ENGINE=hls does not say' $o/build_box_322mhz.tcl '/not offered/d'
twin vivado_hls "the card without its kernel's IP" "without the IP synward_engine_ip" $v/build.tcl \
  '/{ synward_engine_ip \[/d'
twin vivado_hls "the RTL's engine all the same" "without SYNWARD_ENGINE_HLS" $v/build.tcl '/set defines {-verilog/d'
twin vivado_hls "files of both engines" "with engine/synward_engine.sv" rtl/board/sources.list \
  's#^rtl engine/synward_engine.sv#all engine/synward_engine.sv#'
twin vivado_hls "files of no engine" "without synward_hls_core.sv" rtl/board/sources.list \
  's#^hls synward_hls_core.sv#opennic synward_hls_core.sv#'
twin vivado_hls "the other engine's floorplan" "no cell like u_line_card/u_card/u_core/u_engine" $v/build.tcl \
  's/floorplan_hls.xdc/floorplan.xdc/'
twin vivado_hls "a kernel of another name" "synward_motor is not in the table" $v/ip.tcl \
  's/-name synward_engine /-name synward_motor /'
twin vivado_hls "a reset of the core without an exception" \
  "no pin like NAME =~ */u_core/u_rst" $c/crossings.xdc 's#u_core/u_reset#u_core/u_rst#'
twin packages "an engine's stream without a clock" "m_axis_setting has no clock" $t/package.tcl \
  's/lappend streams $bus/lappend none $bus/'
twin kernels "an engine's stream's width" "m_axis_question is 736 bits wide" rtl/synward_records.svh \
  's/^`define SYNWARD_KERNEL_QUESTION_W .*/`define SYNWARD_KERNEL_QUESTION_W 744/'
twin kernels "an engine's stream's way" "s_axis_answer runs the other way" $t/package.tcl \
  's/{\[string match s_\* $bus\]/{0/'
twin kernels "an engine's stream unnamed" "does not name m_axis_setting" $t/package.tcl 's/{m_axis_setting SETTING /{/'
twin kernels "arguments of one number" "two arguments have id" $t/package.tcl '/^    incr id/d'
twin link_hls "an engine's stream left open" "engine_1.settings is not connected" $t/link_hls.cfg \
  '/engine_1.settings/d'
twin link_hls "an engine's stream twice" "is connected twice" $t/link_hls.cfg 's/^stream_connect=engine_1.*/&\n&/'
twin link_hls "streams of other widths" "has 1000 bits, engine_1.questions has 736" $t/link_hls.cfg \
  's/m_axis_setting:engine_1.settings/m_axis_setting:engine_1.questions/'
twin link_hls "an engine's stream of other signals" "have other signals" $t/link.cfg \
  's/synward_1.m_axis_line:cmac_line.s_axis/synward_1.m_axis_line:synward_1.s_axis_answer/'
twin link_hls "an engine's stream backwards" "runs the other way" $t/link_hls.cfg \
  's/engine_1.answers:synward_1.s_axis_answer/synward_1.s_axis_answer:engine_1.answers/'
twin link_hls "no engine" "no instance engine_1" $t/link_hls.cfg '/^nk=/d'
twin opennic "a port of the box left open" "is not connected" $o/box_322mhz/user_plugin_322mhz_inst.vh \
  's/\.mod_rst_done(mod_rst_done\[0\]),//'
twin opennic "a port of the box that is none" "no port cmac_clock" $o/box_322mhz/user_plugin_322mhz_inst.vh \
  's/\.cmac_clk(/.cmac_clock(/'
[ $status -ne 0 ] || echo "twins: each fault was found"
exit $status
