// The environment Python processes get: the user's, with a fixed hash seed, because mypy joins some sets into
// messages.
#pragma once

#include <string>
#include <vector>

namespace runner {

class PythonEnvironment {
 public:
  PythonEnvironment();
  PythonEnvironment(const PythonEnvironment&) = delete;
  PythonEnvironment& operator=(const PythonEnvironment&) = delete;
  // For posix_spawn; valid as long as this object.
  char* const* pointers() { return pointers_.data(); }

 private:
  std::vector<std::string> entries_;
  std::vector<char*> pointers_;
};

}  // namespace runner
