// SPDX-License-Identifier: BSD-2-Clause
#include "completion_command.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "events_command.hpp"
#include "history_command.hpp"
#include "verbs.hpp"

namespace synward::tool {

namespace {

constexpr std::array<std::string_view, 3> kShells{"bash", "zsh", "fish"};

/// A word that may come next.
struct Word {
  std::string text, what;
};

/// A verb, or the program itself.
struct Verb {
  std::string path;                  ///< "/services/add"; of the program empty
  std::vector<Word> verbs, options;  ///< below it
  std::vector<std::string> valued;   ///< options behind which a value stands
  std::vector<std::string> files;    ///< of these, those behind which a file stands
  bool takes_file = false, takes_sysctl = false;
  std::vector<std::string> choices;  ///< of its first word
};

std::vector<std::string> names_of(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const auto& name : option.get_snames()) {
    names.push_back("-" + name);
  }
  for (const auto& name : option.get_lnames()) {
    names.push_back("--" + name);
  }
  return names;
}

std::vector<std::string> words_of(const std::string& list) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin < list.size();) {
    const auto end = std::min(list.find(", ", begin), list.size());
    words.push_back(list.substr(begin, end - begin));
    begin = end + 2;
  }
  return words;
}

void add_option(const CLI::Option& option, Verb& verb) {
  const auto type = option.get_type_name();
  const bool file = type.starts_with(kFileWord);
  if (option.get_positional() && names_of(option).empty()) {
    verb.takes_file = verb.takes_file || file;
    verb.takes_sysctl = verb.takes_sysctl || type.starts_with(kSysctlWord);
    if (type.starts_with(kEventWord)) {
      verb.choices = event_names();
    } else if (type.starts_with(kShellWord)) {
      verb.choices.assign(kShells.begin(), kShells.end());
    } else if (type.starts_with(kFigureWord)) {
      verb.choices = words_of(figure_names());
    }
    return;
  }
  for (const auto& name : names_of(option)) {
    verb.options.push_back({name, option.get_description()});
    if (option.get_items_expected_max() != 0) {
      verb.valued.push_back(name);
      if (file) {
        verb.files.push_back(name);
      }
    }
  }
}

void collect(const CLI::App& app, const std::string& path, std::vector<Verb>& verbs) {
  Verb verb;
  verb.path = path;
  for (const auto* option : app.get_options()) {
    add_option(*option, verb);
  }
  const auto below = app.get_subcommands([](const CLI::App*) { return true; });
  for (const auto* one : below) {
    verb.verbs.push_back({one->get_name(), one->get_description()});
  }
  verbs.push_back(std::move(verb));
  for (const auto* one : below) {
    collect(*one, path + "/" + one->get_name(), verbs);
  }
}

std::vector<std::string> texts(const std::vector<Word>& words) {
  std::vector<std::string> list;
  std::ranges::transform(words, std::back_inserter(list), &Word::text);
  return list;
}

constexpr std::string_view kMade = "made by `synward completion`";

/// bash and zsh differ in how words come in and go out; what is known of each verb is the same.
std::string cases(const std::vector<Verb>& verbs) {
  std::string text;
  for (const auto& verb : verbs) {
    auto words = texts(verb.verbs);
    words.insert(words.end(), verb.choices.begin(), verb.choices.end());
    text += fmt::format("    '{}') words='{}' options='{}' valued=' {} ' files=' {} ' kind={} ;;\n", verb.path,
                        fmt::join(words, " "), fmt::join(texts(verb.options), " "), fmt::join(verb.valued, " "),
                        fmt::join(verb.files, " "),
                        verb.takes_file     ? "file"
                        : verb.takes_sysctl ? "sysctl"
                                            : "word");
  }
  return text;
}

/// Follows the words up to the one that is being written. `item`: how the shell names word i.
std::string walk(std::string_view first, std::string_view end, std::string_view item) {
  return fmt::format(R"(  local path='' words='' options='' valued='' files='' kind='' before='' i item
  _synward_verb ''
  for ((i = {0}; i < {1}; ++i)); do
    item={2}
    if [[ -n $before ]]; then
      before=''
    elif [[ $item == -* ]]; then
      if [[ $valued == *" $item "* ]]; then before=$item; fi
    elif [[ " $words " == *" $item "* ]]; then
      _synward_verb "$path/$item"
    fi
  done
)",
                     first, end, item);
}

std::string verb_function(const std::vector<Verb>& verbs) {
  return "# What may stand behind a verb; one that is none changes nothing.\n_synward_verb() {\n  case $1 in\n" +
         cases(verbs) + "    *) return ;;\n  esac\n  path=$1\n}\n";
}

constexpr const char* kBashEnd = R"SH(  COMPREPLY=()
  if [[ -n $before ]]; then
    if [[ $files == *" $before "* ]]; then kind=file; else return; fi
  elif [[ $word == -* ]]; then
    kind=option
  fi
  case $kind in
    file)
      compopt -o filenames 2> /dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
      ;;
    # The names are the daemon's; without one there are none.
    sysctl) mapfile -t COMPREPLY < <(compgen -W "$(synward sysctl -aN 2> /dev/null)" -- "$word") ;;
    option) mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word") ;;
    *) mapfile -t COMPREPLY < <(compgen -W "${words:-$options}" -- "$word") ;;
  esac
}
complete -F _synward synward
)SH";

std::string bash_text(const std::vector<Verb>& verbs) {
  return fmt::format("# bash completion for synward, {}.\n{}_synward() {{\n", kMade, verb_function(verbs)) +
         "  local word=${COMP_WORDS[COMP_CWORD]}\n" + walk("1", "COMP_CWORD", "${COMP_WORDS[i]}") + kBashEnd;
}

constexpr const char* kZshEnd = R"SH(  if [[ -n $before ]]; then
    if [[ $files == *" $before "* ]]; then _files; fi
    return
  fi
  if [[ ${typed[current]} == -* ]]; then
    compadd -- ${=options}
  elif [[ $kind == file ]]; then
    _files
  elif [[ $kind == sysctl ]]; then
    compadd -- ${(f)"$(synward sysctl -aN 2> /dev/null)"}
  else
    compadd -- ${=${words:-$options}}
  fi
}
# Loaded by its name it is the function's first call, else it is to be known.
if [[ ${funcstack[1]} == _synward ]]; then _synward "$@"; else compdef _synward synward; fi
)SH";

std::string zsh_text(const std::vector<Verb>& verbs) {
  // words is zsh's own array of what was typed.
  return fmt::format("#compdef synward\n# zsh completion for synward, {}.\n{}_synward() {{\n", kMade,
                     verb_function(verbs)) +
         "  local -a typed=(\"${(@)words}\")\n  local current=$CURRENT\n" + walk("2", "current", "${typed[i]}") +
         kZshEnd;
}

std::string fish_quoted(std::string text) {
  for (std::size_t at = 0; (at = text.find_first_of("'\\", at)) != std::string::npos; at += 2) {
    text.insert(at, 1, '\\');
  }
  return "'" + text + "'";
}

std::string fish_text(const std::vector<Verb>& verbs) {
  auto text = fmt::format("# fish completion for synward, {}.\n", kMade);
  std::vector<std::string> paths;
  std::vector<std::string> valued;
  for (const auto& verb : verbs) {
    paths.push_back(fish_quoted(verb.path));
    valued.insert(valued.end(), verb.valued.begin(), verb.valued.end());
  }
  std::ranges::sort(valued);
  valued.erase(std::ranges::unique(valued).begin(), valued.end());
  text += fmt::format(R"(function __synward_at
    set -l path ''
    set -l skip 0
    for word in (commandline -opc)[2..]
        if test $skip = 1
            set skip 0
        else if contains -- $word {}
            set skip 1
        else if contains -- "$path/$word" {}
            set path "$path/$word"
        end
    end
    test "$path" = "$argv[1]"
end
complete -c synward -f
)",
                      fmt::join(valued, " "), fmt::join(paths, " "));
  for (const auto& verb : verbs) {
    const auto at = fmt::format("complete -c synward -n \"__synward_at {}\"", fish_quoted(verb.path));
    for (const auto& word : verb.verbs) {
      text += fmt::format("{} -a {} -d {}\n", at, word.text, fish_quoted(word.what));
    }
    for (const auto& option : verb.options) {
      const bool wide = option.text.starts_with("--");
      const auto has = [&](const std::vector<std::string>& list) {
        return std::ranges::find(list, option.text) != list.end();
      };
      text += fmt::format("{} -{} {}{}{} -d {}\n", at, wide ? 'l' : 's', option.text.substr(wide ? 2 : 1),
                          has(verb.valued) ? " -r" : "", has(verb.files) ? " -F" : "", fish_quoted(option.what));
    }
    if (!verb.choices.empty()) {
      text += fmt::format("{} -a {}\n", at, fish_quoted(fmt::format("{}", fmt::join(verb.choices, " "))));
    }
    if (verb.takes_file) {
      text += at + " -F\n";
    }
    if (verb.takes_sysctl) {
      text += at + " -a '(synward sysctl -aN 2> /dev/null)'\n";
    }
  }
  return text;
}

}  // namespace

std::string completion_text(const CLI::App& app, std::string_view shell) {
  std::vector<Verb> verbs;
  collect(app, "", verbs);
  return shell == "bash" ? bash_text(verbs) : shell == "zsh" ? zsh_text(verbs) : fish_text(verbs);
}

void add_completion(const Verbs& verbs) {
  const auto shell = std::make_shared<std::string>();
  auto& verb = add_verb(verbs.app, "completion", "A shell's completion of all this",
                        "synward completion zsh > ~/.zfunc/_synward");
  verb.add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->type_name(kShellWord)
      ->check([](const std::string& name) {
        return std::ranges::find(kShells, name) == kShells.end() ? name + ": neither bash, zsh nor fish"
                                                                 : std::string();
      });
  verbs.does(verb, [shell, &app = verbs.app](ApiClient&) -> Outcome { return completion_text(app, *shell); });
}

}  // namespace synward::tool
