#include "runner/python_environment.h"

#include <unistd.h>

#include <string_view>

namespace runner {

PythonEnvironment::PythonEnvironment() {
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!std::string_view(*entry).starts_with("PYTHONHASHSEED=")) entries_.emplace_back(*entry);
  }
  entries_.emplace_back("PYTHONHASHSEED=0");
  for (std::string& entry : entries_) pointers_.push_back(entry.data());
  pointers_.push_back(nullptr);
}

}  // namespace runner
