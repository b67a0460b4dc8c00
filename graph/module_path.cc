#include "graph/module_path.h"

#include "graph/posix_path.h"

namespace graph {

bool is_package_file(std::string_view path) {
  return posix_path::basename(path).starts_with("__init__.");
}

bool is_package_stub(std::string_view path) {
  return path.ends_with(".pyi") && is_package_file(path);
}

bool is_python_file_name(std::string_view path) {
  return path.ends_with(".py") || path.ends_with(".pyi");
}

bool has_dotted_stem(std::string_view path) {
  return posix_path::split_extension(posix_path::basename(path)).first.find('.') != std::string_view::npos;
}

bool lies_in_stub_package(std::string_view path) {
  return path.ends_with(".pyi") && posix_path::dirname(path).ends_with("-stubs");
}

std::string absolute_path(const std::string& cwd, const std::string& path) {
  if (path.starts_with('/')) return path;
  // Most relative paths need no work.
  const bool plain = path.find("//") == std::string::npos && path.find("/.") == std::string::npos &&
                     !path.starts_with('.') && !path.ends_with('/') && cwd.size() > 1;
  return plain ? cwd + '/' + path : posix_path::absolute(path, cwd);
}

}  // namespace graph
