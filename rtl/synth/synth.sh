#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# synth.sh BUILD [BLOCK...]: what each block costs and how deep its logic is (BUILD/synth/report.json, report.md), and
# each block's own test once more against the netlist that Yosys makes of it. Needs BUILD/bin/synward-levels and
# synward-synth-report. A block is not done again while it, what it is made of, and this script say the same. Status 1:
# a block is over the gate, or a test failed.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
rtl=$(dirname "$here")
list=$here/blocks.list

die() { echo "synth: $*" >&2; exit 1; }

rows() { grep -Ev '^(#|[[:space:]]*$)' "$list"; }

# Yosys commands that read the RTL and make MODULE the top, with the parameters given.
elaborate() {
  module=$1
  shift
  # The board's modules are made around vendors' blocks: ./dev card looks at those.
  sources=$(find "$rtl" -path "$rtl/board" -prune -o -name '*.sv' ! -name '*_pkg.sv' -print | sort | tr '\n' ' ')
  echo "read_verilog -sv -DSYNTHESIS -I $rtl $rtl/csr/synward_regs_pkg.sv $rtl/common/synward_logic_pkg.sv $sources"
  # All at once: between two of them a check of one against the other would fail.
  sets=
  for p; do sets="$sets -set ${p%%=*} ${p#*=}"; done
  [ -z "$sets" ] || echo "chparam$sets $module"
  echo "hierarchy -check -top $module"
}

# The RTL's modules that MODULE is made of, itself among them: files.
made_of() {
  # shellcheck disable=SC2016  # awk's
  find "$rtl" -path "$rtl/board" -prune -o -name '*.sv' -print | sort | xargs awk -v top="$1" '
    FNR == 1 { module = FILENAME; gsub(/.*\/|\.sv$/, "", module); file[module] = FILENAME }
    {
      sub(/\/\/.*/, "")
      while (match($0, /synward_[a-z0-9_]+/)) {
        uses[module] = uses[module] " " substr($0, RSTART, RLENGTH)
        $0 = substr($0, RSTART + RLENGTH)
      }
    }
    END {
      todo[n = 1] = top
      seen[top]
      for (i = 1; i <= n; ++i) {
        print file[todo[i]]
        count = split(uses[todo[i]], names, " ")
        for (k = 1; k <= count; ++k)
          if (names[k] in file && !(names[k] in seen)) { seen[names[k]]; todo[++n] = names[k] }
      }
    }'
}
# What a job's result depends on, in a word: MODULE KIND PARAMETERS...
origin() {
  measures=
  [ "$2" != cells ] || measures=$(for t in levels netlist paths physical primitives; do echo "$here/$t".?pp; done)
  # shellcheck disable=SC2086  # names without blanks
  { echo "$*"; yosys -V; made_of "$1" | sort | xargs cat "$0" "$rtl"/*.svh $measures; } | sha256sum | cut -c 1-64
}

# One job of the list of jobs below. A log is kept, and its end shown if Yosys fails.
run_yosys() {
  yosys -q -l "$1.log" -s "$1.ys" > "$1.out" 2>&1 || { tail -n 5 "$1.out" >&2; die "Yosys failed, see $1.log"; }
}

# As every board has it (rtl/board): the time that simulators give is tied off.
tie_off() {
  echo "cd $1"
  echo "delete -input w:time_given_i"
  echo "connect -set time_given_i 1'b0"
  echo "cd .."
}

do_cells() {  # OUT MODULE
  from=$(origin "$2" cells)
  {
    elaborate "$2"
    [ "$2" != synward_core ] || tie_off "$2"
    echo "synth_xilinx -family xcup -flatten -noiopad -noclkbuf"
    echo "write_json $1/$2.cells.json"
  } > "$1/$2.cells.ys"
  run_yosys "$1/$2.cells"
  "$levels" --json "$1/$2.cells.json" > "$1/$2.json.new"
  rm "$1/$2.cells.json"
  rm -f "$1/$2.json.from"
  mv "$1/$2.json.new" "$1/$2.json"
  echo "$from" > "$1/$2.json.from"
}

do_netlist() {  # OUT TEST MODULE KIND PARAMETERS...
  out=$1 test=$2 module=$3 kind=$4
  shift 4
  from=$(origin "$module" "$kind" "$@")
  case $kind in
    gates) synth="synth -flatten -top $module" ;;
    words) synth="prep -flatten -rdff -top $module" ;;
    *) die "$list: $test: netlist must be gates or words, not '$kind'" ;;
  esac
  # A module with parameters set is called by its own name again.
  {
    elaborate "$module" "$@"
    echo "$synth"
    echo "rename -top $module"
    echo "write_verilog -noattr $out/$test.new"
  } > "$out/$test.ys"
  run_yosys "$out/$test"
  rm -f "$out/$test.net.v.from"
  mv "$out/$test.new" "$out/$test.net.v"
  echo "$from" > "$out/$test.net.v.from"
}

job() {  # OUT LEVELS cells|netlist ...
  out=$1 levels=$2 what=$3
  shift 3
  began=$(date +%s)
  echo "synth: $what of $1 ..."
  case $what in
    cells) do_cells "$out" "$@" ;;
    netlist) do_netlist "$out" "$@" ;;
  esac
  echo "synth: $what of $1, $(($(date +%s) - began)) s"
}

case ${1:-} in
  --job)
    shift
    job "$@"
    exit
    ;;
  --origin)  # for its test
    shift
    origin "$@"
    exit
    ;;
esac

[ $# -ge 1 ] || die "usage: synth.sh BUILD [BLOCK...]"
build=$1
shift
mkdir -p "$build/synth"
build=$(cd "$build" && pwd)
out=$build/synth
levels=$build/bin/synward-levels
command -v yosys > /dev/null || die "yosys is not installed"
[ -x "$levels" ] || die "$levels is missing: build first"
for b; do rows | awk '{print $2}' | grep -qx "$b" || die "$b is not in $list"; done

wanted() { [ -z "$blocks" ] || echo " $blocks " | grep -q " $1 "; }
# True if FILE is missing, or made of something else: FILE MODULE KIND PARAMETERS...
stale() {
  made=$1
  shift
  [ ! -e "$made" ] || [ "$(cat "$made.from" 2> /dev/null)" != "$(origin "$@")" ]
}
blocks=$*
modules=$(rows | awk '{print $2}' | uniq)

# The long jobs first, so that both cores have work to the end.
jobs=$out/jobs
: > "$jobs"
for m in synward_core synward_parse synward_engine $modules; do
  if ! wanted "$m" || grep -qx "cells $m" "$jobs"; then continue; fi
  if stale "$out/$m.json" "$m" cells; then echo "cells $m" >> "$jobs"; fi
done
tests=
while read -r test module kind parameters; do
  if [ "$test" = - ] || ! wanted "$module"; then continue; fi
  tests="$tests $test"
  # shellcheck disable=SC2086  # words
  if stale "$out/$test.net.v" "$module" "$kind" $parameters; then
    echo "netlist $test $module $kind${parameters:+ $parameters}" >> "$jobs"
  fi
done << END
$(rows)
END

if [ -s "$jobs" ]; then
  echo "synth: $(wc -l < "$jobs") jobs, two at a time"
  xargs -P 2 -L 1 "$0" --job "$out" "$levels" < "$jobs" || die "not all blocks could be synthesised"
fi

status=0
reports=
for m in $modules; do if wanted "$m"; then reports="$reports $out/$m.json"; fi; done
# shellcheck disable=SC2086  # a list of names without blanks
"$build/bin/synward-synth-report" --open "$here/physical.open" --out "$out/report" $reports || status=1

if [ -n "$tests" ]; then
  echo "synth: tests against the netlists"
  cmake -S "$rtl/.." -B "$out/tests" -G Ninja -DSYNWARD_NETLISTS="$out" > "$out/cmake.log" 2>&1 ||
    { tail -n 5 "$out/cmake.log" >&2; die "cmake failed"; }
  rm -f "$out/build.failed"
  # shellcheck disable=SC2046,SC2086
  { cmake --build "$out/tests" --target $(printf 'test_%s ' $tests) 2>&1 || touch "$out/build.failed"; } |
    tee "$out/build.log" |
    awk '/Verilating/ { print "synth: " $0; fflush() }'
  [ ! -e "$out/build.failed" ] || { tail -n 20 "$out/build.log" >&2; die "the netlists' tests do not build"; }
  for t in $tests; do
    if "$out/tests/bin/test_$t" --gtest_brief=1 > "$out/$t.test.log" 2>&1; then
      echo "  $t: netlist ok"
    else
      echo "  $t: netlist FAILS, see $out/$t.test.log"
      status=1
    fi
  done
fi
exit $status
