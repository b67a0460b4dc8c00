#include "runner/whole_answer.h"

#include <vector>

namespace runner {

std::optional<graph::Error> refuse_update(const CheckOptions& options, const std::string& why) {
  if (!options.baseline.update) return std::nullopt;
  return graph::Error{(why.empty() ? "" : why + ": ") + "mypy itself has to run, and the baseline " +
                          options.baseline.file.value_or("") + " cannot be updated from its answer",
                      "it is as it was; leave out for the update what needs mypy itself"};
}

std::optional<std::string> note_on_filters(const CheckOptions& options) {
  const ChangeOptions& changes = options.changes;
  std::vector<std::string> names;
  if (changes.since) names.emplace_back("--changed-since");
  if (changes.staged) names.emplace_back("--staged");
  if (changes.listed) names.emplace_back("--changed-files");
  if (changes.only_changed) names.emplace_back("--only-changed");
  if (changes.new_since) names.emplace_back("--new-errors-since");
  if (options.baseline.file) names.emplace_back("--baseline");
  if (names.empty()) return std::nullopt;
  std::string text = names.front();
  for (std::size_t i = 1; i < names.size(); ++i) text += (i + 1 < names.size() ? ", " : " and ") + names[i];
  text += names.size() == 1 ? " takes" : " take";
  return "mypy itself ran, so the answer and the exit status are about all it found: " + text +
         " nothing out of it";
}

}  // namespace runner
