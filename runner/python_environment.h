// The environment Python processes get: the user's, with a fixed hash seed, because mypy joins some sets into
// messages.
#pragma once

#include <string>
#include <vector>

namespace runner {

class PythonEnvironment {
 public:
  // `variables` are "NAME=value" and override those of the user.
  explicit PythonEnvironment(const std::vector<std::string>& variables = {});
  PythonEnvironment(const PythonEnvironment&) = delete;
  PythonEnvironment& operator=(const PythonEnvironment&) = delete;
  // For posix_spawn; valid as long as this object.
  char* const* pointers() { return pointers_.data(); }

 private:
  std::vector<std::string> entries_;
  std::vector<char*> pointers_;
};

}  // namespace runner
