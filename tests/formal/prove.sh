#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# prove.sh BUILD [--quick] [NAME...]: proves what proofs.list says of the RTL, and that the broken twins of each proof
# fail.
# A table on the terminal, BUILD/formal/report.json and report.md. --quick: without the long ones.
# Status 1: something was not proved, or a twin was.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
rtl=$(cd "$here/../../rtl" && pwd)
limit=${SYNWARD_FORMAL_SECONDS:-900}  # CPU seconds of one proof: a bound against hanging, not a measure

die() { echo "formal: $*" >&2; exit 1; }
trim() { sed -E 's/^[[:space:]]+|[[:space:]]+$//g' <<< "$1"; }

# What a harness asks to see of the module: "wire ... x_a, x_b;  //: a_q b_q" joins x_a to dut.a_q.
exposed() {  # HARNESS
  sed -nE 's/^ *wire (\[[^]]*\] )?([^;]*);  \/\/: (.*)$/\2|\3/p' "$1" | while IFS='|' read -r wires names; do
    read -ra names <<< "$names"
    i=0
    for wire in ${wires//,/}; do echo "$wire ${names[i]}"; i=$((i + 1)); done
  done
}

# A memory of N words, "mem:N", as its words' registers in a row.
words() {  # NAME
  local i
  case $1 in
    *:*)
      for ((i = ${1#*:} - 1; i >= 0; --i)); do
        printf '\\%s[%d]' "${1%:*}" $i
        [ $i = 0 ] || printf ,
      done
      ;;
    *) printf '\\%s' "$1" ;;
  esac
}

# The module and its harness as an AIGER file: registers begin at their initial values, all else is free.
translate() {  # OUT HARNESS PARAMETERS FILES...
  local out=$1 top=formal_$2 harness=$here/$2.sv parameters=$3 p wire name
  shift 3
  {
    echo "read_verilog -sv -formal -DFORMAL -DSYNTHESIS -I $rtl $rtl/csr/synward_regs_pkg.sv" \
      "$rtl/common/synward_logic_pkg.sv $* $harness"
    for p in $parameters; do echo "chparam -set ${p%%=*} ${p#*=} $top"; done
    echo "hierarchy -check -top $top"
    echo "proc; flatten; opt_expr; memory_collect; memory_map; async2sync"
    exposed "$harness" | while read -r wire name; do echo "connect -set $wire $(words "$name")"; done
    echo "opt -full -nodffe -nosdff; dffunmap; setundef -undriven -anyseq; opt -nodffe -nosdff; techmap"
    echo "opt -nodffe -nosdff; abc -g AND -fast; opt_clean; delete -output; write_aiger -I -B -zinit $out.aig"
  } > "$out.ys"
  yosys -q -l "$out.log" -s "$out.ys" > "$out.out" 2>&1 || { tail -n 3 "$out.out" >&2; return 1; }
}

# Prints "proved", "clean for N clocks", "fails in clock N" or "undecided".
answer() {  # OUT ENGINE
  local engine=$2
  case $engine in
    pdr) command=pdr ;;
    bmc*) command="bmc3 -F ${engine#bmc }" ;;
    *) die "no engine '$engine'" ;;
  esac
  (ulimit -t "$limit"; yosys-abc -c "read_aiger $1.aig; fold; strash; scleanup; $command" > "$1.abc" 2>&1) || true
  if grep -q 'was asserted in frame' "$1.abc"; then
    sed -nE 's/.*was asserted in frame ([0-9]+).*/fails in clock \1/p' "$1.abc" | head -n 1
  elif grep -q 'Property proved' "$1.abc"; then
    echo proved
  elif grep -qE 'No output asserted|No output failed' "$1.abc"; then
    echo "clean for ${engine#bmc } clocks"
  else
    echo undecided
  fi
}

# One row: a proof, or one of its twins, as "name|kind|engine|answer|seconds|ok|says".
row() {  # OUT NAME KIND HARNESS PARAMETERS FILES ENGINE SED SAYS
  local out=$1 name=$2 kind=$3 harness=$4 parameters=$5 files=$6 engine=$7 fault=$8 says=$9 file
  local paths=() seconds got ok=no
  mkdir -p "$out/$name.rtl"
  for file in $files; do
    paths+=("$out/$name.rtl/$(basename "$file")")
    sed "${fault:-p;d}" "$rtl/$file" > "${paths[-1]}"
  done
  if [ -n "$fault" ] && diff -rq <(cd "$rtl" && cat $files) <(cat "${paths[@]}") > /dev/null; then
    die "$name: the fault changes nothing: $fault"
  fi
  TIMEFORMAT='%U %S'
  {
    time {
      if translate "$out/$name" "$harness" "$parameters" "${paths[@]}"; then
        answer "$out/$name" "$engine"
      else
        echo "Yosys failed"
      fi > "$out/$name.answer"
    }
  } 2> "$out/$name.time"
  got=$(cat "$out/$name.answer")
  seconds=$(tail -n 1 "$out/$name.time" | awk '{ printf "%.1f", $1 + $2 }')
  case $kind,$got in
    proof,proved | proof,clean* | twin,fails*) ok=yes ;;
  esac
  printf '%s|%s|%s|%s|%s|%s|%s\n' "$name" "$kind" "$engine" "$got" "$seconds" $ok "$says" > "$out/$name.row"
  printf '  %-28s %-22s %s\n' "$name" "$got" "$([ $ok = yes ] && echo ok || echo WRONG)"
}

if [ "${1:-}" = --row ]; then
  shift
  row "$@"
  exit
fi

[ $# -ge 1 ] || die "usage: prove.sh BUILD [--quick] [NAME...]"
out=$1/formal
shift
quick=no
[ "${1:-}" != --quick ] || { quick=yes; shift; }
command -v yosys-abc > /dev/null || die "yosys-abc is not installed (Debian: yosys)"
[ $# -gt 0 ] || rm -rf "$out"  # those named join the others
mkdir -p "$out"
out=$(cd "$out" && pwd)

# Jobs as NUL-separated words for xargs, nine a job.
jobs() {
  local wanted=no twin=0 a b c d e f name harness parameters files engine says
  while IFS='@' read -r a b c d e f; do
    case $a in '#'* | '') continue ;; esac
    if [ "$(trim "$a")" = twin ]; then
      [ $wanted = yes ] || continue
      twin=$((twin + 1))
      printf '%s\0' "$out" "$name.twin$twin" twin "$harness" "$parameters" "$files" "$engine" "$(trim "$b")" \
        "$(trim "$c")"
      continue
    fi
    name=$(trim "$a") harness=$(trim "$b") parameters=$(trim "$c") files=$(trim "$d") engine=$(trim "$e")
    says=$(trim "$f") twin=0
    wanted=yes
    case $engine in long*) engine=$(trim "${engine#long}"); [ $quick = no ] || wanted=no ;; esac
    if [ $# -gt 0 ] && ! grep -qw -- "$name" <<< "$*"; then wanted=no; fi
    [ $wanted = no ] || printf '%s\0' "$out" "$name" proof "$harness" "$parameters" "$files" "$engine" "" "$says"
  done < "$here/proofs.list"
}
jobs "$@" | xargs -0 -n 9 -P "$(nproc)" "$0" --row || die "not every proof could be tried"
rows=("$out"/*.row)
[ -e "${rows[0]}" ] || die "nothing of that name in proofs.list"

{
  echo '| proof | what it says | answer | CPU s |'
  echo '| --- | --- | --- | --- |'
  cat "${rows[@]}" | LC_ALL=C sort -t'|' -k1,1 | while IFS='|' read -r name kind engine got seconds _ says; do
    [ "$kind" = proof ] || says="broken twin: $says"
    echo "| \`$name\` | $says | $got | $seconds |"
  done
} > "$out/report.md"
cat "${rows[@]}" | LC_ALL=C sort -t'|' -k1,1 | awk -F'|' '
  BEGIN { printf "[" }
  {
    gsub(/[\\"]/, "\\\\&")
    if (NR > 1) printf ","
    printf "\n{\"name\":\"%s\",\"kind\":\"%s\",\"engine\":\"%s\",\"answer\":\"%s\",", $1, $2, $3, $4
    printf "\"cpu_seconds\":%s,\"ok\":%s,\"says\":\"%s\"}", $5, ($6 == "yes" ? "true" : "false"), $7
  }
  END { print "\n]" }' > "$out/report.json"
count() { awk -F'|' -v kind="$1" -v ok="$2" '$2 ~ kind && $6 == ok' "${rows[@]}" | wc -l; }
bad=$(count . no)
echo "formal: $(count proof yes) proved, $(count twin yes) broken twins caught, $bad wrong"
[ "$bad" = 0 ]
