// A file of known diagnostics: they are not printed and do not fail a run.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "graph/result.h"
#include "runner/answer.h"
#include "runner/known_diagnostics.h"

namespace runner {

// Diagnostics by the path of their file, relative to the folder the baseline lies in.
using Baseline = std::map<std::string, std::vector<KnownDiagnostic>>;

// JSON, one diagnostic a line, sorted: equal baselines are equal bytes.
std::string baseline_text(const Baseline& baseline);
graph::Result<Baseline> parse_baseline(const std::string& text);
graph::Result<Baseline> read_baseline(const std::string& file);
std::optional<graph::Error> write_baseline(const Baseline& baseline, const std::string& file);

// What applying a baseline told.
struct BaselineReport {
  std::size_t known = 0;           // diagnostics that are in it
  std::size_t added = 0;           // by an update
  std::vector<std::string> stale;  // "file:line: message" of those that were not found any more
};

// Takes known diagnostics out of an answer. With an update all of them are known afterwards: `baseline` then
// holds what was found, and what it said of files the answer is not about. `is_covered` says whether the
// answer is about a file, by absolute path.
BaselineReport apply_baseline(Baseline& baseline, bool update, const std::string& folder,
                              const std::string& cwd,
                              const std::function<bool(const std::string&)>& is_covered, AnswerParts& parts);

}  // namespace runner
