#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# completion_test.sh SYNWARD COMPLETION: the completion knows every verb and every long option that the program's help names, and no other.
set -euo pipefail
synward=$1
. "$2"
PATH=$(dirname "$synward"):$PATH

complete_words() {  # WORD...: what is offered behind them
  COMP_WORDS=(synward "$@" '')
  COMP_CWORD=$(($# + 1))
  COMPREPLY=()
  _synward
  printf '%s\n' "${COMPREPLY[@]}" | sort -u
}
help_of() { "$synward" "$@" --help | sed '/^Example/,$d'; }
long_options() { grep -oE '(^|[ ,])--[a-z]+' | tr -d ' ,' | sort -u; }

offered=$(complete_words | grep -v '^--' | sort)
verbs=$("$synward" --help | sed -n '/^Subcommands:/,/^$/p' | awk '/^  [a-z]/ { print $1 }' | sort)
[ -n "$verbs" ] || { echo "no verbs in the help" >&2; exit 1; }
diff <(echo "$verbs") <(echo "$offered") || { echo "verbs differ (< help, > completion)" >&2; exit 1; }
for verb in $verbs; do
  [ "$verb" != sim ] || continue
  # What is offered behind a dash: the options of all subcommands of the verb.
  COMP_WORDS=(synward "$verb" --)
  COMP_CWORD=2
  COMPREPLY=()
  _synward
  offered=$(printf '%s\n' "${COMPREPLY[@]}" | sort -u)
  help=$({ help_of "$verb"; [ "$verb" != secrets ] || help_of secrets rekey; [ "$verb" != attack ] || help_of attack list; } | long_options)
  diff <(echo "$help") <(echo "$offered") || { echo "options of $verb differ (< help, > completion)" >&2; exit 1; }
done
