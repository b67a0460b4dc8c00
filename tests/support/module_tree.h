// A source tree in memory whose files hold imports as text (import_text.h), loaded by the real loader and
// resolver.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "graph/graph_loader.h"

namespace support {

// The working directory is /project, site-packages is /site, typeshed is /typeshed/stdlib and holds the
// modules that mypy insists on.
class ModuleTree {
 public:
  ModuleTree();
  ~ModuleTree();

  // Relative paths lie in /project. A file without a parent directory makes it.
  ModuleTree& file(const std::string& path, const std::string& imports = "");
  ModuleTree& unreadable(const std::string& path);
  ModuleTree& section(graph::OptionsSection section);

  // Loads "p/a.py" as module p.a, "name=path" as said, "-m name" by look-up. The tree keeps what the graph
  // refers to.
  graph::LoadedGraph load(const std::vector<std::string>& sources);

  graph::ModuleOptions module_options;
  graph::BuildOptions options;
  graph::ScanArbiter arbiter;
  graph::PluginDependencies plugins;

 private:
  class Files;
  class Scanner;
  std::unique_ptr<Files> files_;
  std::unique_ptr<Scanner> scanner_;
  std::vector<graph::OptionsSection> sections_;
  std::deque<graph::OptionsTable> tables_;
};

// "a p p.b": the modules in load order, without those of typeshed.
std::string modules_of(const graph::LoadedGraph& loaded);
// "b/10 gone!/5": dependencies of a module, without builtins, then suppressed ones with a `!`.
std::string imports_of(const graph::LoadedGraph& loaded, const std::string& module);
// "missing gone:1, skipped x:2, ancestor p:1"
std::string reports_of(const graph::LoadedGraph& loaded, const std::string& module);

}  // namespace support
