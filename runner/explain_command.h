// `typewave explain`: why a module was checked or reused, or would be.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "runner/preview_request.h"

namespace runner {

struct ExplainOptions {
  PreviewRequest about;               // the last run here when it has no arguments
  std::optional<std::string> module;  // a name, or the path of a file
  std::optional<std::size_t> slowest;
  std::optional<std::size_t> most_rechecked;
  bool json = false;
};

int run_explain(const ExplainOptions& options);

}  // namespace runner
