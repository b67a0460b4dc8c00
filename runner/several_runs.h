// Several checks in one command: of the projects of a repository, or for a matrix of targets.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace runner {

struct SeveralRuns {
  std::vector<std::string> own_arguments;   // typewave's for each run, without those below
  std::vector<std::string> mypy_arguments;  // as given
  bool per_project = false;
  bool matrix = false;
  std::optional<std::string> summary_json;
};

// Runs them one after the other, prints each answer and gives the worst exit status. They share the store.
int run_several(const SeveralRuns& request);

// The combinations of what --matrix names: arguments of mypy for each. Values are taken out of
// `mypy_arguments`: of --python-version and --platform, of the words python-version=A,B and platform=C,D.
std::vector<std::vector<std::string>> matrix_of(std::vector<std::string>& mypy_arguments);

}  // namespace runner
