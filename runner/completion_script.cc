#include "runner/completion_script.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace runner {
namespace {

constexpr const char* kTopOptions = "--version --help";

// In single quotes, for any of the shells.
std::string quoted(std::string_view text, const char* quote_inside) {
  std::string result = "'";
  for (const char c : text) c == '\'' ? result.append(quote_inside) : result.append(1, c);
  return result + "'";
}

std::string joined(const std::vector<std::string>& words, const char* between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

// A command's options with those of mypy behind them, where it takes them; each name once.
std::vector<TreeOption> all_options(const TreeCommand& command, const std::vector<TreeOption>& mypy) {
  std::vector<TreeOption> all = command.options;
  if (command.rest != Rest::kMypy) return all;
  std::set<std::string> known;
  for (const TreeOption& option : all) known.insert(option.names.begin(), option.names.end());
  for (const TreeOption& option : mypy) {
    if (option.hidden) continue;
    TreeOption left = option;
    left.names.clear();
    for (const std::string& name : option.names) {
      if (!known.contains(name)) left.names.push_back(name);
    }
    if (!left.names.empty()) all.push_back(std::move(left));
  }
  return all;
}

std::vector<std::string> names_of(const std::vector<TreeOption>& options) {
  std::vector<std::string> names;
  for (const TreeOption& option : options)
    names.insert(names.end(), option.names.begin(), option.names.end());
  return names;
}

// --- bash ---

const char* bash_words(ValueKind kind) {
  switch (kind) {
    case ValueKind::kFile:
      return "local IFS=$'\\n'; compopt -o filenames; COMPREPLY=($(compgen -f -- \"$current\"))";
    case ValueKind::kDirectory:
      return "local IFS=$'\\n'; compopt -o filenames; COMPREPLY=($(compgen -d -- \"$current\"))";
    default:
      return "COMPREPLY=()";
  }
}

std::string bash_values(const std::vector<TreeOption>& options) {
  std::string text;
  for (const TreeOption& option : options) {
    if (option.kind == ValueKind::kNone) continue;
    text += "        " + joined(option.names, "|") + ") ";
    text +=
        option.kind == ValueKind::kChoice
            ? "COMPREPLY=($(compgen -W " + quoted(joined(option.choices, " "), "'\\''") + " -- \"$current\"))"
            : bash_words(option.kind);
    text += option.may_be_alone ? " ;;\n" : "; return ;;\n";
  }
  return text.empty() ? "" : "      case \"$previous\" in\n" + text + "      esac\n";
}

std::string bash_rest(const TreeCommand& command) {
  std::vector<std::string> words;
  for (const TreeCommand& branch : command.branches) words.push_back(branch.name);
  bool files = command.rest == Rest::kMypy;
  for (const TreeOption& place : command.places) {
    words.insert(words.end(), place.choices.begin(), place.choices.end());
    files = files || place.kind == ValueKind::kFile || place.kind == ValueKind::kDirectory;
  }
  std::string text;
  if (!words.empty()) {
    text += "      COMPREPLY=($(compgen -W " + quoted(joined(words, " "), "'\\''") + " -- \"$current\"))\n";
  }
  if (files)
    text += "      local IFS=$'\\n'; compopt -o filenames; COMPREPLY+=($(compgen -f -- \"$current\"))\n";
  return text;
}

std::string bash_command(const TreeCommand& command, const std::vector<TreeOption>& mypy) {
  std::vector<TreeOption> options = all_options(command, mypy);
  for (const TreeCommand& branch : command.branches) {
    options.insert(options.end(), branch.options.begin(), branch.options.end());
  }
  const std::vector<std::string> names = names_of(options);
  const std::vector<std::string> unique = {[&names] {
    const std::set<std::string> sorted(names.begin(), names.end());
    return std::vector<std::string>(sorted.begin(), sorted.end());
  }()};
  return "    " + command.name + ")\n" + bash_values(options) +
         "      if [[ $current == -* ]]; then\n"
         "        COMPREPLY=($(compgen -W " +
         quoted(joined(unique, " "), "'\\''") + " -- \"$current\"))\n        return\n      fi\n" +
         bash_rest(command) + "      ;;\n";
}

// --- zsh ---

// For a description in the specifications of _arguments.
std::string zsh_text(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') result += '\\';
    result += c;
  }
  return result;
}

std::string zsh_action(const TreeOption& option) {
  const std::string title =
      ":" + zsh_text(option.value.find('|') == std::string::npos ? option.value : "value");
  switch (option.kind) {
    case ValueKind::kNone:
      return "";
    case ValueKind::kWord:
      return title + ": ";
    case ValueKind::kChoice:
      return title + ":(" + joined(option.choices, " ") + ")";
    case ValueKind::kFile:
      return title + ":_files";
    case ValueKind::kDirectory:
      return title + ":_files -/";
  }
  return "";
}

std::string zsh_option(const TreeOption& option) {
  std::string text;
  for (const std::string& name : option.names) {
    const bool is_long = name.starts_with("--");
    const bool has_value = option.kind != ValueKind::kNone;
    std::string spec = "*" + name + (has_value ? (is_long ? "=" : "+") : "");
    if (option.may_be_alone) spec += "-";
    if (!option.text.empty()) spec += "[" + zsh_text(option.text) + "]";
    if (option.may_be_alone) spec += ":";
    text += "        " + quoted(spec + zsh_action(option), "'\\''") + " \\\n";
  }
  return text;
}

std::string zsh_command(const TreeCommand& command, const std::vector<TreeOption>& mypy) {
  std::string text = "    " + command.name + ")\n      _arguments -s \\\n";
  for (const TreeOption& option : all_options(command, mypy)) text += zsh_option(option);
  std::vector<std::string> branches;
  for (const TreeCommand& branch : command.branches) {
    branches.push_back(branch.name);
    for (const TreeOption& option : branch.options) {
      if (option.names != std::vector<std::string>{"-h", "--help"}) text += zsh_option(option);
    }
  }
  std::size_t number = 1;
  if (!branches.empty()) {
    text += "        '" + std::to_string(number++) + ":subcommand:(" + joined(branches, " ") + ")' \\\n";
  }
  for (const TreeOption& place : command.places) {
    text += "        " + quoted(std::to_string(number++) + zsh_action(place), "'\\''") + " \\\n";
  }
  text += command.rest == Rest::kMypy ? "        '*:target:_files'\n" : "        && return 0\n";
  return text + "      ;;\n";
}

// --- fish ---

std::string fish_option(const std::string& condition, const TreeOption& option) {
  std::string text = "complete -c typewave -n " + condition;
  for (const std::string& name : option.names) {
    text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  switch (option.kind) {
    case ValueKind::kNone:
      break;
    case ValueKind::kWord:
      text += option.may_be_alone ? "" : " -x";
      break;
    case ValueKind::kChoice:
      text += " -x -a " + quoted(joined(option.choices, " "), "\\'");
      break;
    case ValueKind::kFile:
      text += " -r -F";
      break;
    case ValueKind::kDirectory:
      text += " -x -a '(__fish_complete_directories)'";
      break;
  }
  if (!option.text.empty()) text += " -d " + quoted(option.text, "\\'");
  return text + "\n";
}

std::string fish_command(const TreeCommand& command, const std::vector<TreeOption>& mypy) {
  const std::string condition = "'__fish_seen_subcommand_from " + command.name + "'";
  std::string text;
  for (const TreeOption& option : all_options(command, mypy)) text += fish_option(condition, option);
  for (const TreeCommand& branch : command.branches) {
    text += "complete -c typewave -n " + condition + " -a " + branch.name + " -d " +
            quoted(branch.summary, "\\'") + "\n";
    for (const TreeOption& option : branch.options) {
      text += fish_option("'__fish_seen_subcommand_from " + command.name +
                              "; and __fish_seen_subcommand_from " + branch.name + "'",
                          option);
    }
  }
  for (const TreeOption& place : command.places) {
    if (!place.choices.empty()) {
      text +=
          "complete -c typewave -n " + condition + " -a " + quoted(joined(place.choices, " "), "\\'") + "\n";
    }
  }
  if (command.rest == Rest::kMypy) text += "complete -c typewave -n " + condition + " -F\n";
  return text;
}

}  // namespace

std::string bash_completion(const std::vector<TreeCommand>& tree, const std::vector<TreeOption>& mypy) {
  std::vector<std::string> commands;
  std::string cases;
  for (const TreeCommand& command : tree) {
    commands.push_back(command.name);
    cases += bash_command(command, mypy);
  }
  return "# Completion of typewave for bash: source <(typewave completion bash)\n"
         "_typewave() {\n"
         "  local IFS=$' \\t\\n'\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}\n"
         "  # bash takes --name=value for three words.\n"
         "  if [[ $current == = ]]; then\n"
         "    current=\n"
         "  elif [[ $previous == = ]]; then\n"
         "    previous=${COMP_WORDS[COMP_CWORD-2]}\n"
         "  fi\n"
         "  COMPREPLY=()\n"
         "  if (( COMP_CWORD == 1 )); then\n"
         "    COMPREPLY=($(compgen -W " +
         quoted(joined(commands, " ") + " " + kTopOptions, "'\\''") +
         " -- \"$current\"))\n"
         "    return\n"
         "  fi\n"
         "  case ${COMP_WORDS[1]} in\n" +
         cases +
         "  esac\n"
         "}\n"
         "complete -F _typewave typewave\n";
}

std::string zsh_completion(const std::vector<TreeCommand>& tree, const std::vector<TreeOption>& mypy) {
  std::string commands;
  std::string cases;
  for (const TreeCommand& command : tree) {
    commands += "    " + quoted(command.name + ":" + zsh_text(command.summary), "'\\''") + "\n";
    cases += zsh_command(command, mypy);
  }
  return "#compdef typewave\n"
         "# Completion of typewave for zsh: source <(typewave completion zsh)\n"
         "_typewave() {\n"
         "  local -a commands\n"
         "  commands=(\n" +
         commands +
         "  )\n"
         "  if (( CURRENT == 2 )); then\n"
         "    if [[ $words[2] == -* ]]; then\n"
         "      compadd -- " +
         kTopOptions +
         "\n"
         "    else\n"
         "      _describe command commands\n"
         "    fi\n"
         "    return\n"
         "  fi\n"
         "  shift words\n"
         "  (( CURRENT-- ))\n"
         "  case $words[1] in\n" +
         cases +
         "  esac\n"
         "}\n"
         "if [[ $funcstack[1] == _typewave ]]; then\n"
         "  _typewave \"$@\"\n"
         "elif (( $+functions[compdef] )); then\n"
         "  compdef _typewave typewave\n"
         "fi\n";
}

std::string fish_completion(const std::vector<TreeCommand>& tree, const std::vector<TreeOption>& mypy) {
  std::string text =
      "# Completion of typewave for fish: typewave completion fish | source\n"
      "complete -c typewave -f\n"
      "complete -c typewave -n __fish_use_subcommand -l version -d 'the versions of typewave and of the mypy "
      "found'\n"
      "complete -c typewave -n __fish_use_subcommand -l help -d 'the commands'\n";
  for (const TreeCommand& command : tree) {
    text += "complete -c typewave -n __fish_use_subcommand -a " + command.name + " -d " +
            quoted(command.summary, "\\'") + "\n";
  }
  for (const TreeCommand& command : tree) text += fish_command(command, mypy);
  return text;
}

}  // namespace runner
