#include "graph/module_path.h"

#include <filesystem>

namespace graph {
namespace {

std::string_view last_component(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace

bool is_package_file(std::string_view path) {
  return last_component(path).starts_with("__init__.");
}

bool is_package_stub(std::string_view path) {
  return path.ends_with(".pyi") && is_package_file(path);
}

bool is_python_file_name(std::string_view path) {
  return path.ends_with(".py") || path.ends_with(".pyi");
}

bool has_dotted_stem(std::string_view path) {
  const std::string_view name = last_component(path);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  // As in os.path.splitext, leading dots start no suffix.
  const std::size_t first = name.find_first_not_of('.');
  const bool has_suffix = first != std::string_view::npos && first < dot;
  return !has_suffix || name.substr(0, dot).find('.') != std::string_view::npos;
}

bool lies_in_stub_package(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return path.ends_with(".pyi") && slash != std::string_view::npos &&
         path.substr(0, slash).ends_with("-stubs");
}

std::string absolute_path(const std::string& cwd, const std::string& path) {
  if (path.starts_with('/')) return path;
  std::string joined = cwd.ends_with('/') ? cwd + path : cwd + '/' + path;
  // Most relative paths need no work.
  if (joined.find("//") == std::string::npos && joined.find("/.") == std::string::npos &&
      !joined.ends_with('/')) {
    return joined;
  }
  std::string normal = std::filesystem::path(joined).lexically_normal().string();
  while (normal.size() > 1 && normal.ends_with('/')) normal.pop_back();
  return normal;
}

}  // namespace graph
