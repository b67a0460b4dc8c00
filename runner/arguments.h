// Splits the command line between typewave and mypy before any library sees it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "graph/result.h"

namespace runner {

// An option of ours: its name and whether a value follows.
struct OwnOption {
  std::string name;  // "--jobs" or "-j"
  bool takes_value = false;
  bool only_number = false;     // the value may be left out; it is taken only if it is a number
  std::size_t more_values = 0;  // that follow the first
};

struct SplitArguments {
  std::vector<std::string> own;   // options of ours with their values, in order
  std::vector<std::string> mypy;  // everything else, verbatim and in order
};

// Tokens named in `options` (and `--name=value`, `-jN`) are ours; every other token, and all after `--`, is
// mypy's. Fails when a value is missing.
graph::Result<SplitArguments> split_arguments(const std::vector<std::string>& arguments,
                                              const std::vector<OwnOption>& options);

}  // namespace runner
