#include "graph/package_tree.h"

#include <algorithm>
#include <map>

#include "graph/module_path.h"

namespace graph {
namespace {

std::string package_of(const Module& module) {
  if (module.is_directory || is_package_file(module.path)) return module.name;
  const std::size_t dot = module.name.rfind('.');
  return dot == std::string::npos ? module.name : module.name.substr(0, dot);
}

}  // namespace

std::vector<std::uint32_t> PackageTree::path_to(std::uint32_t package) const {
  std::vector<std::uint32_t> path;
  for (; package != kNoPackage; package = packages[package].parent) path.push_back(package);
  std::reverse(path.begin(), path.end());
  return path;
}

PackageTree package_tree(const ModuleGraph& graph) {
  std::map<std::string, std::uint32_t> numbers;
  for (const Module& module : graph.modules) {
    std::string name = package_of(module);
    while (numbers.emplace(name, 0).second) {
      const std::size_t dot = name.rfind('.');
      if (dot == std::string::npos) break;
      name.resize(dot);
    }
  }
  PackageTree tree;
  for (auto& [name, number] : numbers) {
    number = static_cast<std::uint32_t>(tree.packages.size());
    const std::size_t dot = name.rfind('.');
    tree.packages.push_back({name, dot == std::string::npos ? kNoPackage : numbers.at(name.substr(0, dot))});
  }
  for (const Module& module : graph.modules) tree.of_module.push_back(numbers.at(package_of(module)));
  return tree;
}

}  // namespace graph
