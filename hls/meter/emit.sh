#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# emit.sh OUT SOURCE...: clang's code of kernel sources, as synward-hls-meter reads it: OUT/NAME.ll with everything
# inlined and unrolled and branches made choices, OUT/NAME.O0.ll as written.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
clang=$(command -v clang++-14) || { echo "emit.sh: clang++-14 is missing; install clang-14" >&2; exit 2; }
out=$1
shift
mkdir -p "$out"
flags=(-std=c++14 -I "$here/.." -I "$here/standin" -Wno-unknown-pragmas -fno-discard-value-names -fno-exceptions
  -fno-rtti -emit-llvm -S)
for source in "$@"; do
  name=$(basename "$source" .cpp)
  "$clang" "${flags[@]}" -O0 "$source" -o "$out/$name.O0.ll"
  "$clang" "${flags[@]}" -O2 -fno-vectorize -fno-slp-vectorize -mllvm -inline-threshold=1000000 \
    -mllvm -unroll-threshold=1000000 -mllvm -phi-node-folding-threshold=1000 \
    -mllvm -two-entry-phi-node-folding-threshold=1000 "$source" -o "$out/$name.ll"
done
