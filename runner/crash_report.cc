#include "runner/crash_report.h"

#include <algorithm>

namespace runner {
namespace {

// So many modules are named for one reason.
constexpr std::size_t kNamed = 5;

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
