// The packages of a module graph: which modules each holds, and which package lies in which.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graph/module_graph.h"

namespace graph {

inline constexpr std::uint32_t kNoPackage = 0xffffffff;

struct Package {
  std::string name;
  std::uint32_t parent = kNoPackage;
};

// Sorted by name, so that a package comes after the one it lies in. A module that lies in no package is taken
// as one of its own name.
struct PackageTree {
  std::vector<Package> packages;
  std::vector<std::uint32_t> of_module;  // by ModuleId; a package's own module lies in it

  // The packages from the outermost to this one.
  std::vector<std::uint32_t> path_to(std::uint32_t package) const;
};

PackageTree package_tree(const ModuleGraph& graph);

}  // namespace graph
