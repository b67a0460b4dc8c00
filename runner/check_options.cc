#include "runner/check_options.h"

#include <algorithm>
#include <filesystem>

namespace runner {

bool CheckOptions::may_reuse() const {
  return !no_store &&
         std::find(mypy_arguments.begin(), mypy_arguments.end(), "--no-incremental") == mypy_arguments.end();
}

std::optional<std::string> CheckOptions::store_directory() const {
  return store ? store : default_store_directory();
}

ChildOptions CheckOptions::child(const std::string& used_python, std::size_t used_jobs) const {
  ChildOptions child{used_python, {"--jobs", std::to_string(used_jobs)}, mypy_arguments};
  const auto directory = store_directory();
  if (!may_reuse() || !directory) {
    child.own.emplace_back("--no-store");
  } else {
    child.own.insert(child.own.end(), {"--store", std::filesystem::absolute(*directory).string()});
  }
  return child;
}

}  // namespace runner
