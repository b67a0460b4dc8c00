#include "runner/report_paths.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "runner/shown_path.h"
#include "runner/shown_text.h"

namespace runner {
namespace {

std::string with_slash(std::string path) {
  if (!path.ends_with('/')) path += '/';
  return path;
}

}  // namespace

ReportPaths::ReportPaths(std::string_view working_directory, std::string_view root)
    : here_(with_slash(normalized_path(working_directory))), prefix_(with_slash(normalized_path(root))) {
  if (!prefix_.starts_with('/') || !here_.starts_with(prefix_)) prefix_ = here_;
}

ReportPaths ReportPaths::in_checkout(std::string_view working_directory) {
  for (const char* name : {"GITHUB_WORKSPACE", "CI_PROJECT_DIR"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value != '/') continue;
    std::error_code error;
    const std::filesystem::path root = std::filesystem::weakly_canonical(value, error);
    if (!error) return {working_directory, root.string()};
  }
  return {working_directory, working_directory};
}

std::string ReportPaths::absolute(std::string_view file) const {
  return normalized_path(file.starts_with('/') ? std::string(file) : here_ + std::string(file));
}

std::string ReportPaths::in_repository(std::string_view file) const {
  const std::string path = absolute(file);
  return path.starts_with(prefix_) ? path.substr(prefix_.size()) : path;
}

std::string ReportPaths::uri(std::string_view file) const {
  const std::string path = in_repository(file);
  return (path.starts_with('/') ? "file://" : "") + percent_encoded(path);
}

}  // namespace runner
