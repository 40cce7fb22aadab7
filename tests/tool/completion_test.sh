#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# completion_test.sh SYNWARD FOLDER: what each shell offers behind each verb is what the program's help names, and
# nothing else; zsh and fish where they are.
set -euo pipefail
synward=$1 folder=$2
PATH=$(dirname "$synward"):$PATH
. "$folder/synward"
fail() { echo "completion_test.sh: $*" >&2; exit 1; }

offered_bash() {  # WORD...: what is offered for the last
  COMP_WORDS=(synward "$@")
  COMP_CWORD=$#
  COMPREPLY=()
  _synward
  printf '%s\n' "${COMPREPLY[@]}"
}
offered_zsh() {
  zsh -f -c 'compdef() { :; }; compadd() { shift; print -l -- "$@"; }; _files() { print FILES; }
    . $1; shift; words=(synward "$@"); CURRENT=${#words}; _synward' zsh "$folder/_synward" "$@"
}
offered_fish() {
  local typed
  printf -v typed '%q ' synward "${@:1:$#-1}"
  fish --no-config -c "source $folder/synward.fish; complete -C '$typed${*: -1}'" | cut -f 1
}
help_of() { "$synward" "$@" --help | sed '/^Example/,$d'; }
options_of() { help_of "$@" | grep -oE '^ +(-[a-zA-Z],)*(-[a-zA-Z]|--[a-z0-9-]+)(,--[a-z0-9-]+)*' | tr -d ' ' |
  tr , '\n' | sort -u; }
verbs_of() { help_of "$@" | sed -n '/^Subcommands:/,/^$/p' | awk '/^  [a-z]/ { print $1 }' | sort; }

shells=(bash)
for shell in zsh fish; do if command -v $shell > /dev/null; then shells+=("$shell"); fi; done

check_verb() {  # WORD...
  local shell verbs
  for shell in "${shells[@]}"; do
    # fish offers short options only behind one dash.
    local filter=.
    [ "$shell" != fish ] || filter=^--
    diff <(options_of "$@" | grep "$filter") <({ offered_$shell "$@" --; [ "$shell" != bash ] ||
      offered_bash "$@" -; } | grep -e "$filter" | sort -u) ||
      fail "$shell: options of '$*' differ (< help, > offered)"
  done
  verbs=$(verbs_of "$@")
  [ -n "$verbs" ] || return 0
  for shell in "${shells[@]}"; do
    diff <(echo "$verbs") <(offered_$shell "$@" '' | grep -v '^-' | sort) || fail "$shell: verbs of '$*' differ"
  done
  for verb in $verbs; do [ "$verb" = sim ] || check_verb "$@" "$verb"; done
}
[ "$(verbs_of | wc -l)" -gt 10 ] || fail "no verbs in the help"
check_verb
for shell in "${shells[@]}"; do
  offered_$shell events '' | grep -qx ack_invalid || fail "$shell: no events"
  offered_$shell --socket /x services '' | grep -qx pass || fail "$shell: a value is taken for a verb"
  offered_$shell history '' | grep -qx offered || fail "$shell: no figures"
done
echo "completion of ${shells[*]}"
