#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# promtool.sh METRICS_PROGRAM RULES TESTS: Prometheus' own tool on what is shipped for it. Where it is not installed
# (package prometheus), the test is skipped; test_host looks at the same rules for names by itself.
set -euo pipefail
command -v promtool > /dev/null || { echo "skipped: no promtool"; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
echo "check metrics"
"$1" exposition | promtool check metrics
cp "$2" "$3" "$folder"
echo "check rules"
promtool check rules --lint-fatal "$folder/$(basename "$2")"
echo "test rules"
cd "$folder"
promtool test rules "$(basename "$3")"
