// What mypy reads off the path of a module.
#pragma once

#include <string>
#include <string_view>

namespace graph {

// `__init__.py`, `__init__.pyi`, `__init__.anything`: a relative import starts one level lower there.
bool is_package_file(std::string_view path);
// An `__init__` stub, whose module-level __getattr__ makes the package a partial one.
bool is_package_stub(std::string_view path);
bool is_python_file_name(std::string_view path);
// Whether the stem of the file name holds a dot: then the module's name says nothing about packages.
bool has_dotted_stem(std::string_view path);
// A stub directly inside of a directory `*-stubs` (util.py: is_stub_package_file looks at no other parent).
bool lies_in_stub_package(std::string_view path);
// As os.path.normpath(join(cwd, path)) for relative paths; absolute ones stay as they are.
std::string absolute_path(const std::string& cwd, const std::string& path);

}  // namespace graph
