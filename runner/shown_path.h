// How mypy writes the path of a file in its messages.
#pragma once

#include <string>
#include <string_view>

namespace runner {

// Python's posixpath.normpath: purely lexical.
std::string normalized_path(std::string_view path);

// Shortens or completes paths for one working directory.
class ShownPath {
 public:
  // `cwd` is absolute. `absolute` is --show-absolute-path.
  ShownPath(std::string_view cwd, bool absolute);

  // The path of a file that has messages: absolute, or without the working directory before it.
  std::string of_file(std::string_view path) const;
  // The path of an importing file in an import context: only ever shortened, never normalised.
  std::string_view of_importer(std::string_view path) const;

 private:
  std::string cwd_;
  std::string prefix_;  // the working directory with one slash at the end
  bool absolute_;
};

}  // namespace runner
