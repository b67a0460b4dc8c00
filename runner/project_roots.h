// The projects of a repository: folders with a configuration of mypy of their own.
#pragma once

#include <string>
#include <vector>

#include "graph/result.h"

namespace runner {

// What is to be checked in one project.
struct ProjectTargets {
  std::string root;  // relative to where the user stands; "." for that folder itself
  std::vector<std::string>
      targets;  // relative to the root, as the user named them else; empty: as configured
};

// Whether mypy would take its configuration from this folder, if called there.
bool has_mypy_config(const std::string& directory);

// Whether that configuration says what to check.
bool config_names_targets(const std::string& directory);

// Each target under the nearest of `listed` above it, or, if none is, under the nearest folder with a
// configuration, at most `cwd`. A target above listed projects stands for all of them. Without targets all of
// `listed`. Sorted by root.
graph::Result<std::vector<ProjectTargets>> group_by_project(const std::string& cwd,
                                                            const std::vector<std::string>& targets,
                                                            const std::vector<std::string>& listed);

}  // namespace runner
