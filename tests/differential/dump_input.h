// Reads the graph's inputs from JSON for the differential tests' small programs.
#pragma once

#include <unistd.h>

#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "graph/build_options.h"
#include "graph/result.h"

namespace dump {

using Json = nlohmann::json;

template <typename T>
void read(const Json& from, const char* key, std::optional<T>& value) {
  if (from.contains(key)) value = from.at(key).get<T>();
}

inline graph::FollowImports follow_imports(const std::string& name) {
  static const std::map<std::string, graph::FollowImports> kNames{{"normal", graph::FollowImports::kNormal},
                                                                  {"silent", graph::FollowImports::kSilent},
                                                                  {"skip", graph::FollowImports::kSkip},
                                                                  {"error", graph::FollowImports::kError}};
  return kNames.at(name);
}

inline std::vector<graph::OptionsSection> sections(const Json& input) {
  std::vector<graph::OptionsSection> all;
  for (const Json& json : input.value("sections", Json::array())) {
    graph::OptionsSection section;
    section.pattern = json.at("pattern");
    const Json& changes = json.at("changes");
    read(changes, "ignore_missing_imports", section.ignore_missing_imports);
    read(changes, "follow_imports_for_stubs", section.follow_imports_for_stubs);
    read(changes, "follow_untyped_imports", section.follow_untyped_imports);
    read(changes, "ignore_errors", section.ignore_errors);
    read(changes, "local_partial_types", section.local_partial_types);
    read(changes, "always_true", section.always_true);
    read(changes, "always_false", section.always_false);
    if (changes.contains("follow_imports"))
      section.follow_imports = follow_imports(changes["follow_imports"]);
    section.changes = changes.dump();
    all.push_back(std::move(section));
  }
  return all;
}

// The options of one case; the process moves to its `cwd`.
inline graph::BuildOptions build_options(const Json& input) {
  graph::BuildOptions options;
  options.cwd = input.at("cwd");
  INVARIANT(::chdir(options.cwd.c_str()) == 0, "the case's cwd has to be there");
  options.python_major = input.value("python_major", 3);
  options.python_minor = input.value("python_minor", 12);
  options.namespace_packages = input.value("namespace_packages", true);
  options.explicit_package_bases = input.value("explicit_package_bases", false);
  options.fast_module_lookup = input.value("fast_module_lookup", false);
  options.scripts_are_modules = input.value("scripts_are_modules", false);
  options.exclude = input.value("exclude", std::vector<std::string>{});
  options.files = input.value("files", std::vector<std::string>{});
  options.packages = input.value("packages", std::vector<std::string>{});
  options.modules = input.value("modules", std::vector<std::string>{});
  read(input, "command", options.command);
  options.search_paths.python_path = input.value("python_path", std::vector<std::string>{});
  options.search_paths.mypy_path = input.value("mypy_path", std::vector<std::string>{});
  options.search_paths.package_path = input.value("package_path", std::vector<std::string>{});
  options.search_paths.typeshed_path = input.value("typeshed_path", std::vector<std::string>{});
  options.sys_path = input.value("sys_path", std::vector<std::string>{});
  using Names = std::unordered_map<std::string, std::string>;
  options.typeshed_versions = input.value("typeshed_versions", decltype(options.typeshed_versions){});
  options.stubs.flat = input.value("stubs_flat", Names{});
  options.stubs.namespaced = input.value("stubs_namespaced", Names{});
  return options;
}

// Answers {"shared": {...}, "cases": [...]} on standard input with a list on standard output, one for each
// case with what is shared.
template <typename Answer>
int answer_cases(Answer answer) {
  const Json input = Json::parse(std::cin);
  const Json shared = input.value("shared", Json::object());
  Json output = Json::array();
  for (const Json& own : input.at("cases")) {
    Json merged = shared;
    merged.update(own);
    output.push_back(answer(merged));
  }
  std::cout << output.dump() << '\n';
  return 0;
}

}  // namespace dump
