// Paths as text, computed as Python's posixpath does: mypy's answers depend on its exact spelling.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace graph::posix_path {

// os.path.split: everything before the last slash (trailing slashes dropped unless it is all slashes), and
// the rest.
std::pair<std::string_view, std::string_view> split(std::string_view path);
std::string_view dirname(std::string_view path);
std::string_view basename(std::string_view path);
// os.path.join of two parts.
std::string join(std::string_view directory, std::string_view name);
// os.path.splitext: the name up to its last dot, and the extension with it; leading dots start no extension.
std::pair<std::string_view, std::string_view> split_extension(std::string_view path);
// os.path.normpath: collapses `.`, `..` and repeated slashes without looking at the disk.
std::string normalise(std::string_view path);
// os.path.abspath with `cwd` as the working directory.
std::string absolute(std::string_view path, std::string_view cwd);
// os.path.relpath from `cwd`, both absolute and normalised.
std::string relative(std::string_view path, std::string_view cwd);
// Whether `path` lies strictly below `directory` by text alone (mypy: is_sub_path_normabs).
bool lies_below(std::string_view path, std::string_view directory);

}  // namespace graph::posix_path
