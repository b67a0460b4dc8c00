// Paths of findings as other programs want them: relative to the root of the repository.
#pragma once

#include <string>
#include <string_view>

namespace runner {

class ReportPaths {
 public:
  // Both absolute. The working directory is the root unless it lies below another one.
  ReportPaths(std::string_view working_directory, std::string_view root);
  // With the root that CI says ($GITHUB_WORKSPACE, $CI_PROJECT_DIR).
  static ReportPaths in_checkout(std::string_view working_directory);

  // `file` is as mypy prints it.
  std::string absolute(std::string_view file) const;
  // Without dot segments; absolute when it lies elsewhere.
  std::string in_repository(std::string_view file) const;
  // The same as a reference by RFC 3986: relative to the root, or of the scheme file.
  std::string uri(std::string_view file) const;

 private:
  std::string here_;    // the working directory with one slash at the end
  std::string prefix_;  // the root likewise
};

}  // namespace runner
