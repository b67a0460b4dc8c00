#include "runner/mypy_words.h"

#include <algorithm>
#include <string_view>

namespace runner {
namespace {

// The option that a word names: exactly, joined with a value, or cut short.
const TreeOption* option_named(std::string_view word, const std::vector<TreeOption>& options) {
  const std::string_view name = word.starts_with("--") ? word.substr(0, word.find('=')) : word.substr(0, 2);
  const TreeOption* begins = nullptr;
  for (const TreeOption& option : options) {
    for (const std::string& known : option.names) {
      if (known == name) return &option;
      if (name.starts_with("--") && name.size() > 2 && known.starts_with(name)) begins = &option;
    }
  }
  return begins;
}

bool takes_path(const TreeOption& option) {
  return option.kind == ValueKind::kFile || option.kind == ValueKind::kDirectory;
}

bool is_named(const TreeOption& option, const char* name) {
  return std::find(option.names.begin(), option.names.end(), name) != option.names.end();
}

// How long the name is in a word that holds a value too; 0: the value follows.
std::size_t joined_value(const std::string& word) {
  if (!word.starts_with("--")) return word.size() > 2 ? 2 : 0;
  const std::size_t equals = word.find('=');
  return equals == std::string::npos ? 0 : equals + 1;
}

}  // namespace

MypyWords sort_mypy_words(const std::vector<std::string>& arguments, const std::vector<TreeOption>& options,
                          const std::function<std::string(const std::string&)>& change) {
  MypyWords words;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word == "--") {
      words.targets.insert(words.targets.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                           arguments.end());
      break;
    }
    if (!word.starts_with('-') || word == "-") {
      words.targets.push_back(word);
      continue;
    }
    const TreeOption* option = option_named(word, options);
    if (option == nullptr || option->kind == ValueKind::kNone) {
      words.options.push_back(word);
      continue;
    }
    if (is_named(*option, "--module") || is_named(*option, "--package") || is_named(*option, "--command")) {
      words.selects_otherwise = true;
    }
    const auto changed = [&](const std::string& value) {
      return takes_path(*option) ? change(value) : value;
    };
    if (const std::size_t name = joined_value(word); name > 0) {
      words.options.push_back(word.substr(0, name) + changed(word.substr(name)));
      continue;
    }
    words.options.push_back(word);
    if (i + 1 < arguments.size()) words.options.push_back(changed(arguments[++i]));
  }
  return words;
}

std::vector<std::string> take_values(std::vector<std::string>& arguments, const std::string& name) {
  std::vector<std::string> values, left;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word == "--") {
      left.insert(left.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i), arguments.end());
      break;
    }
    if (word == name && i + 1 < arguments.size()) {
      values.push_back(arguments[++i]);
    } else if (word.starts_with(name + "=")) {
      values.push_back(word.substr(name.size() + 1));
    } else {
      left.push_back(word);
    }
  }
  arguments = std::move(left);
  return values;
}

}  // namespace runner
