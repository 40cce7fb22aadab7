#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# refused.sh: each parameter check of the RTL refuses a value out of its range (parameters.list), by name, and there is
# a row for each check. Status 1 if not.
set -eu
cd "$(dirname "$0")"
dirs=$(find . -type d ! -path './synth*' | sed 's/^/-y /' | tr '\n' ' ')
status=0
rows() { grep -Ev '^(#|$)' parameters.list; }
checks=$(grep -rh --include='*.sv' -c ': gen_refused_' . | awk '{ n += $1 } END { print n }')
if [ "$checks" != "$(rows | wc -l)" ]; then
  echo "refused.sh: $checks checks, but $(rows | wc -l) rows in rtl/parameters.list" >&2
  status=1
fi
while read -r module value; do
  file=$(find . -name "$module.sv")
  # shellcheck disable=SC2086  # a list of options
  said=$(verilator --lint-only -Wno-lint -Werror-USERERROR -I. -Iboard $dirs -G"$value" csr/synward_regs_pkg.sv \
    common/synward_logic_pkg.sv board/synward_port_pkg.sv "$file" --top-module "$module" 2>&1) && {
    echo "refused.sh: $module takes $value" >&2
    status=1
  }
  case $said in
    *"$module: ${value%%=*} must be"*) ;;
    *) echo "refused.sh: $module with $value: no word of its own" >&2; status=1 ;;
  esac
done << END
$(rows)
END
exit $status
