// The modules mypy insists on taking from typeshed (build.py: CORE_BUILTIN_MODULES).
#pragma once

#include <string_view>

namespace graph {

inline constexpr std::string_view kCoreModules[] = {
    "_collections_abc", "_typeshed", "abc",   "builtins", "collections",      "collections.abc",
    "mypy_extensions",  "sys",       "types", "typing",   "typing_extensions"};

}  // namespace graph
