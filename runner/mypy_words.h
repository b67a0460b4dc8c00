// mypy's arguments, sorted out: options with their values, and targets.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "runner/cli_tree.h"

namespace runner {

struct MypyWords {
  std::vector<std::string> options;  // with their values, in order
  std::vector<std::string> targets;  // files and folders
  bool selects_otherwise = false;    // -m, -p, -c: what to check is not named by files
};

// Sorts by what is known of mypy's options; of a name that is cut short, by those it may mean. `change` may
// replace the value of an option that takes a file or a folder.
MypyWords sort_mypy_words(const std::vector<std::string>& arguments, const std::vector<TreeOption>& options,
                          const std::function<std::string(const std::string&)>& change);

// Takes every value of an option (--name VALUE, --name=VALUE) out of the arguments.
std::vector<std::string> take_values(std::vector<std::string>& arguments, const std::string& name);

}  // namespace runner
