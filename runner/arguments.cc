#include "runner/arguments.h"

namespace runner {
namespace {

bool is_short(std::string_view name) {
  return name.size() == 2 && name[0] == '-' && name[1] != '-';
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

enum class Form { kNone, kAlone, kWithValue };

Form form_of(std::string_view token, const OwnOption& option) {
  if (token == option.name) return Form::kAlone;
  if (!option.takes_value || token.size() <= option.name.size() || !token.starts_with(option.name))
    return Form::kNone;
  if (is_short(option.name)) return Form::kWithValue;  // -j4
  return token[option.name.size()] == '=' ? Form::kWithValue : Form::kNone;
}

}  // namespace

graph::Result<SplitArguments> split_arguments(const std::vector<std::string>& arguments,
                                              const std::vector<OwnOption>& options) {
  SplitArguments split;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& token = arguments[i];
    if (token == "--") {
      split.mypy.insert(split.mypy.end(), arguments.begin() + static_cast<std::ptrdiff_t>(i),
                        arguments.end());
      break;
    }
    const OwnOption* found = nullptr;
    Form form = Form::kNone;
    for (const OwnOption& option : options) {
      form = form_of(token, option);
      if (form == Form::kNone) continue;
      found = &option;
      break;
    }
    if (found == nullptr) {
      split.mypy.push_back(token);
      continue;
    }
    split.own.push_back(token);
    if (form == Form::kAlone && found->only_number &&
        (i + 1 == arguments.size() || !is_number(arguments[i + 1]))) {
      continue;
    }
    const std::size_t values = (form == Form::kAlone && found->takes_value ? 1 : 0) + found->more_values;
    if (arguments.size() - i - 1 < values) {
      return graph::Error{
          found->name + " needs " +
          (found->more_values == 0 ? "a value" : std::to_string(1 + found->more_values) + " values")};
    }
    for (std::size_t value = 0; value < values; ++value) split.own.push_back(arguments[++i]);
  }
  return split;
}

}  // namespace runner
