// Builds the module graph breadth first, in mypy's order (build.py: load_graph).
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/build_options.h"
#include "graph/file_system.h"
#include "graph/import_edges.h"
#include "graph/module_graph.h"
#include "graph/module_resolver.h"
#include "graph/source_discovery.h"

namespace graph {

struct ScanRequest {
  std::string path;
  const ScanTarget* target = nullptr;
};

// Reads, digests and scans files; the answers stay valid as long as the scanner. Implementations scan in
// parallel and remember what they know of unchanged files.
class FileScanner {
 public:
  virtual ~FileScanner() = default;
  // One answer for each request, in the same order, never null.
  virtual std::vector<const ScannedFile*> scan(std::span<const ScanRequest> requests) = 0;
  // The same for the text of -c.
  virtual const ScannedFile* scan_text(std::string_view text, const ScanTarget& target) = 0;
};

// mypy's own word on a file the scanner is not sure of: the same scan by the user's mypy, or nothing if mypy
// reports a blocking error there.
using ScanArbiter =
    std::function<std::optional<ImportScan>(const std::string& path, const ScanTarget& target)>;

// What mypy's plugins add to the imports of a batch of modules, in mypy's order: one list for each, or
// nothing if they cannot be asked and mypy has to judge.
using PluginDependencies =
    std::function<std::optional<std::vector<std::vector<AddedDependency>>>(std::span<const Module* const>)>;

struct LoadedGraph {
  ModuleGraph graph;
  // Set when mypy would stop with a blocking error (syntax, a module found twice, a bogus relative import, an
  // unreadable file...). mypy has to give the final text; the graph must not be used. Says why, for people.
  std::optional<std::string> blocker;
};

struct LoadInputs {
  const BuildOptions& options;
  const std::vector<Source>& sources;
  OptionsTable& table;
  ModuleResolver& resolver;
  FileSystem& files;
  FileScanner& scanner;
  ScanArbiter arbiter;
  // Turns a path as mypy prints it into its canonical form.
  std::function<std::string(const std::string& path)> canonical_path;
  PluginDependencies plugins;  // absent when no plugin adds any
};

LoadedGraph load_graph(const LoadInputs& inputs);

}  // namespace graph
