#include "runner/python_environment.h"

#include <unistd.h>

#include <algorithm>
#include <string_view>

namespace runner {

PythonEnvironment::PythonEnvironment(const std::vector<std::string>& variables) : entries_(variables) {
  entries_.emplace_back("PYTHONHASHSEED=0");
  const std::size_t own = entries_.size();
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::string_view name = text.substr(0, text.find('='));
    const bool overridden =
        std::any_of(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(own),
                    [&](const std::string& one) { return one.starts_with(name) && one[name.size()] == '='; });
    if (!overridden) entries_.emplace_back(text);
  }
  for (std::string& entry : entries_) pointers_.push_back(entry.data());
  pointers_.push_back(nullptr);
}

}  // namespace runner
