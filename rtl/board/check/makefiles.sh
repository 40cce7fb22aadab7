#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# makefiles.sh CARD ROOT MODULES WORK: the Makefiles of CARD, which was unpacked, come to their end with both engines
# where stand-ins of ROOT take the place of the vendor's tools (MODULES: for standin.tcl), and make what they say. The
# HLS kernel is compiled with g++ and the stand-in headers.
set -euo pipefail
card=$(cd "$1" && pwd) root=$(cd "$2" && pwd) modules=$(realpath "$3")
rm -rf "$4"
mkdir -p "$4/bin" "$4/vivado" "$4/vitis"
work=$(cd "$4" && pwd)
export STAND_IN=$root/rtl/board/check/standin.tcl MODULES=$modules SHIM=$root/hls/shim PATH=$work/bin:$PATH
unset ENGINE

cat > "$work/bin/vivado" << 'END'
#!/usr/bin/env bash
while [ $# -gt 0 ] && [ "$1" != -source ]; do shift; done
script=$2
shift 2
[ "${1:-}" != -tclargs ] || shift
exec tclsh "$STAND_IN" "$MODULES" record "$script" "$@"
END
# Vitis HLS, and the linker: files that are named have to be there.
cat > "$work/bin/v++" << 'END'
#!/usr/bin/env bash
set -euo pipefail
configs=() inputs=() output='' link=0
for ((i = 1; i <= $#; i++)); do
  next=$((i + 1))
  case ${!i} in
    --link) link=1 ;;
    --config) configs+=("${!next}") ;;
    --output) output=${!next} ;;
    *.xo) [ "${!i}" = "$output" ] || inputs+=("${!i}") ;;
  esac
done
value() { sed -n "s/^$1=//p" "${configs[@]}"; }
there() { [ -f "$1" ] || { echo "v++: no file $1" >&2; exit 1; }; }
for file in "${configs[@]}" "${inputs[@]}"; do there "$file"; done
if [ $link = 1 ]; then
  there "$(value param | sed -n 's/^compiler.userPostSysLinkOverlayTcl=//p')"
  # Each kernel that is placed comes from a file, and no other.
  for kernel in $(value nk | sed 's/:.*//'); do
    printf '%s\n' "${inputs[@]}" | grep -Eq "(^|/)${kernel}(_hls)?\\.xo$" ||
      { echo "v++: no kernel $kernel" >&2; exit 1; }
  done
  [ "$(value nk | wc -l)" = ${#inputs[@]} ] || { echo "v++: kernels that are not placed" >&2; exit 1; }
  touch "$output"
  exit
fi
folder=$(dirname "${configs[0]}")
for file in $(sed -n 's/^\(syn\|tb\)\.file=//p' "${configs[@]}"); do there "$folder/$file"; done
# shellcheck disable=SC2046  # a list of options
(cd "$folder" && g++ $(value syn.cflags) -isystem "$SHIM" -w -fsyntax-only "$(value syn.file)" &&
  g++ $(value tb.cflags) -isystem "$SHIM" -w -fsyntax-only "$(value tb.file | head -n 1)")
top=$(value syn.top)
mkdir -p work
for process in ingest look tables answer mark; do
  printf '%s\n' '<PipelineInitiationInterval>2</PipelineInitiationInterval>' '<PipelineDepth>14</PipelineDepth>' \
    > work/${process}_process_csynth.xml
done
records=$folder/../../rtl/synward_records.svh
for pair in questions:QUESTION settings:SETTING answers:ANSWER; do
  bits=$(sed -n "s/^\`define SYNWARD_KERNEL_${pair#*:}_W //p" "$records")
  echo "inout [$((bits - 1)):0] ${pair%:*}_TDATA;"
done > "work/$top.v"
END
cat > "$work/bin/vitis-run" << 'END'
#!/usr/bin/env bash
set -euo pipefail
case $* in
  *--package*) touch "$(sed -n 's/^package.output.file=//p' output.cfg)" ;;
  *) exit 1 ;;
esac
END
chmod +x "$work"/bin/*

# makes WAY FILES OPTION...
makes() {
  local way=$1 files=$2
  shift 2
  rm -rf "${work:?}/$way"
  mkdir "$work/$way"
  make -s -C "$work/$way" -f "$card/rtl/board/$way/Makefile" "$@"
  for file in $files; do
    [ -f "$work/$way/$file" ] || { echo "makefiles: $way $*: no $file" >&2; exit 1; }
  done
}
makes vivado "synward_u55c.bit synward_u55c.mcs"
makes vivado "synward_u55c_hls.bit synward_u55c_hls.mcs" ENGINE=hls
makes vitis synward.xclbin
makes vitis synward_hls.xclbin ENGINE=hls
