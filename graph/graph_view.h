// What a picture or a list of the import graph shows: nodes, edges and clusters, at one of three levels.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graph/condensation.h"
#include "graph/import_uses.h"
#include "graph/module_graph.h"
#include "graph/package_tree.h"

namespace graph {

enum class ViewLevel : std::uint8_t { kModule, kComponent, kPackage };

// What an earlier revision has to do with a node.
enum class ViewMark : std::uint8_t { kNone, kAffected, kChanged };

struct ViewNode {
  std::string name;               // of the module or package; of a component: of its first module by name
  std::vector<ModuleId> modules;  // that it stands for, those of a component in its order
  std::uint32_t cluster = kNoPackage;
  std::uint32_t cycle = 0;  // nodes of one import cycle have one number, from 1; 0: in none
  bool own = false;         // holds a module whose diagnostics are reported
  ViewMark mark = ViewMark::kNone;
};

struct ViewEdge {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  ImportUse use = ImportUse::kRunTime;  // the strongest of all imports it stands for
  std::uint32_t imports = 1;            // how many dependencies of modules it stands for
  std::vector<std::uint32_t> lines;     // module level: of all statements
  bool in_cycle = false;                // between nodes of one cycle
};

struct GraphView {
  ViewLevel level = ViewLevel::kModule;
  std::vector<ViewNode> nodes;
  std::vector<ViewEdge> edges;  // by start, then in the order of the imports
  PackageTree packages;         // of the whole graph; clusters are some of them
  bool marked = false;          // marks mean something
};

struct ViewOptions {
  ViewLevel level = ViewLevel::kModule;
  bool own_only = false;
  // By ModuleId, or empty.
  std::vector<bool> changed;
  std::vector<bool> affected;
};

// Everything. Modules are in load order, components in processing order, packages by name. A component of
// several modules is one cycle, and so are packages that import each other.
GraphView whole_view(const ModuleGraph& graph, const Condensation& components, const ImportUses& uses,
                     const ViewOptions& options);

// The nodes that are `kept`, by number, with the edges between them.
GraphView part_of(const GraphView& view, const std::vector<bool>& kept);

// Where a module lies, the same in every checkout where it can be: below the working directory as it is, else
// below a role (@site/..., @typeshed/...).
std::string portable_path(const Module& module);

}  // namespace graph
