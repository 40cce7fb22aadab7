#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# card_page_test.sh ROOT SYNWARD SYNWARD_SIM: what docs/cards.md tells a newcomer to type exists: each verb and option
# of the tool, each file in what is packed for a build machine, each target of its Makefiles.
set -euo pipefail
root=$1 synward=$2 sim=$3
page=$root/docs/cards.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
fault() {
  echo "cards.md: $*" >&2
  status=1
}

# look PROGRAM WORDS...: the leading words are verbs, and what begins with -- is an option of the last.
look() {
  local program=$1 verbs=() word
  shift
  for word in "$@"; do
    [[ $word =~ ^[a-z-]+$ ]] && [[ $word != -* ]] || break
    verbs+=("$word")
  done
  local help=
  while [ ${#verbs[@]} -gt 0 ]; do
    help=$("$program" "${verbs[@]}" --help 2> "$work/said") && break
    unset 'verbs[-1]'
  done
  [ ${#verbs[@]} -gt 0 ] || { fault "no such verb: $*"; return; }
  for word in "$@"; do
    [[ $word != --* ]] || grep -qe "$word\b" <<< "$help" || fault "${verbs[*]} has no $word"
  done
}

count=0
while read -r line; do
  count=$((count + 1))
  # shellcheck disable=SC2086
  set -- ${line//[;\`,|:]/ }
  shift
  look "$synward" "$@"
done < <(grep -oE '(`|build/bin/|; )synward [a-z][^`;]*' "$page" | sed -E 's/^(`|build\/bin\/|; )//')
[ "$count" -ge 10 ] || fault "only $count commands were found"
while read -r line; do
  # shellcheck disable=SC2086
  set -- ${line//[;\`,|:]/ }
  shift
  look "$sim" "$@"
done < <(grep -oE 'build/bin/synward-sim [^`;]*' "$page")

"$root/rtl/board/check/pack.sh" "$root" "$work/card.tar.gz"
tar -xzf "$work/card.tar.gz" -C "$work"
for path in $(grep -oE 'synward-card/[A-Za-z0-9_/.]*[A-Za-z0-9_]' "$page" | sort -u); do
  [ "$path" = synward-card/ ] || [ -e "$work/$path" ] || fault "$path is not packed"
done
for target in program flash; do
  grep -q "^$target:" "$work/synward-card/rtl/board/vivado/Makefile" || fault "make $target: there is no such target"
done
exit $status
