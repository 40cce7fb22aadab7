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
twin vivado "a pblock of no cells" "no cell like u_line_cards/u_line" $c/u55c/floorplan.xdc \
  's#{u_line_card/u_line u_line_card/u_host}#u_line_cards/u_line#'
twin vivado "an SLR that is none" "has no SLR3" $c/u55c/floorplan.xdc 's/{SLR1 SLR2}/{SLR1 SLR3}/'
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
twin opennic "a port of the box left open" "is not connected" $o/box_322mhz/user_plugin_322mhz_inst.vh \
  's/\.mod_rst_done(mod_rst_done\[0\]),//'
twin opennic "a port of the box that is none" "no port cmac_clock" $o/box_322mhz/user_plugin_322mhz_inst.vh \
  's/\.cmac_clk(/.cmac_clock(/'
[ $status -ne 0 ] || echo "twins: each fault was found"
exit $status
