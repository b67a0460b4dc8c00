// Completion scripts for shells, from the option tree.
#pragma once

#include <string>
#include <vector>

#include "runner/cli_tree.h"

namespace runner {

// `mypy` are the options that commands pass on.
std::string bash_completion(const std::vector<TreeCommand>& tree, const std::vector<TreeOption>& mypy);
std::string zsh_completion(const std::vector<TreeCommand>& tree, const std::vector<TreeOption>& mypy);
std::string fish_completion(const std::vector<TreeCommand>& tree, const std::vector<TreeOption>& mypy);

}  // namespace runner
