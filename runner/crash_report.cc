#include "runner/crash_report.h"

#include <algorithm>
#include <string_view>

namespace runner {
namespace {

// So many modules are named for one reason.
constexpr std::size_t kNamed = 5;

std::string quoted(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,@%+";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) c == '\'' ? text.append("'\\''") : text.append(1, c);
  return text + "'";
}

// Failures of several components for one reason.
struct Crash {
  const scheduler::CheckFailure* first;
  std::vector<std::string> modules;
};

std::string list_of(const std::vector<std::string>& modules) {
  std::string text = modules.front();
  for (std::size_t i = 1; i < std::min(modules.size(), kNamed); ++i) text += ", " + modules[i];
  if (modules.size() > kNamed) text += " and " + std::to_string(modules.size() - kNamed) + " more";
  return text;
}

}  // namespace

std::string reproducing_command(const std::string& python, const std::vector<std::string>& mypy_arguments) {
  std::string text = quoted(python) + " -m mypy --no-incremental --show-traceback";
  for (const std::string& argument : mypy_arguments) text += " " + quoted(argument);
  return text;
}

std::vector<graph::Error> crash_messages(const std::vector<scheduler::CheckFailure>& crashes,
                                         const std::string& reproducing) {
  std::vector<Crash> sorted;
  for (const scheduler::CheckFailure& failure : crashes) {
    auto known = std::find_if(sorted.begin(), sorted.end(),
                              [&](const Crash& crash) { return crash.first->text == failure.text; });
    if (known == sorted.end()) known = sorted.insert(known, Crash{&failure, {}});
    known->modules.push_back(failure.module);
  }
  std::vector<graph::Error> messages;
  for (const Crash& crash : sorted) {
    const std::string& known = crash.first->hint;
    std::string hint =
        (known.empty() ? "this is a crash of mypy or of a plugin" : known) + "; to see it without typewave: ";
    hint += reproducing;
    if (!messages.empty() && messages.back().hint == hint) messages.back().hint.clear();
    messages.push_back(
        {"checking " + list_of(crash.modules) + " failed: " + crash.first->text, std::move(hint)});
  }
  return messages;
}

}  // namespace runner
