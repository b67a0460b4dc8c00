// Names for paths that are the same in every checkout and environment.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runner {

// The directories of this run that may lie elsewhere in another: working directory, Python environment, home.
struct Whereabouts {
  std::string cwd;
  std::string environment;  // bin/.. of the interpreter
  std::string home;         // may be empty
};

Whereabouts whereabouts_of(const std::string& python, const std::string& cwd);

class PathNames {
 public:
  explicit PathNames(const Whereabouts& whereabouts);

  // Directory and name, longest directory first.
  const std::vector<std::pair<std::string, std::string>>& directories() const { return directories_; }

  // Relative paths are their own names. What lies in a directory above the working directory is named from
  // there. Absent for a path that looks like a name.
  std::optional<std::string> name_of(const std::string& path) const;
  std::string path_of(const std::string& name) const;

  // Whether a text says where something of this run lies.
  bool occur_in(std::string_view text) const;

 private:
  std::string root_;
  std::vector<std::pair<std::string, std::string>> directories_;
};

}  // namespace runner
