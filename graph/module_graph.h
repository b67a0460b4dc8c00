// The module graph: every module of a run with what it imports, as mypy's load_graph would build it.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/build_options.h"
#include "graph/digest.h"
#include "graph/import_scanner.h"
#include "graph/module_resolver.h"

namespace graph {

// Index of a module in its graph; modules are numbered in mypy's load order.
struct ModuleId {
  std::uint32_t value = 0;
  auto operator<=>(const ModuleId&) const = default;
};

// mypy's import priorities (build.py: PRI_*); lower binds stronger.
inline constexpr std::uint8_t kPriorityHigh = 5;
inline constexpr std::uint8_t kPriorityMedium = 10;
inline constexpr std::uint8_t kPriorityLow = 20;
inline constexpr std::uint8_t kPriorityMypyOnly = 25;

// A line as mypy counts it: what a plugin adds may stand on line -1.
inline std::int32_t signed_line(std::uint32_t line) {
  return static_cast<std::int32_t>(line);
}

struct Dependency {
  ModuleId module;
  std::uint8_t priority = kPriorityHigh;
  std::uint32_t line = 1;  // of the first import
};

// mypy's SuppressionReason.
enum class SuppressionReason : std::uint8_t { kNotFound = 1, kSkipped = 2 };

// An import without a module in the graph.
struct SuppressedImport {
  std::string name;
  std::uint8_t priority = kPriorityHigh;
  std::uint32_t line = 1;
};

// An import error that mypy reports at this module while it loads the graph, in the order it does.
struct ImportReport {
  enum class Kind : std::uint8_t { kNotFound, kSkipped, kSkippedAncestor };
  Kind kind = Kind::kNotFound;
  std::string target;
  std::uint32_t line = 1;
  NotFoundReason reason = NotFoundReason::kNotFound;  // kNotFound only
  std::string path;  // kSkipped, kSkippedAncestor: the file that was not followed
};

struct ScannedFile;

// Has the scans of files into which a run did not look, because it knows from an earlier one what they lead
// to. Thread-safe.
class ScanSource {
 public:
  virtual ~ScanSource() = default;
  // Valid as long as the source.
  virtual const ImportScan& scan_of(const ScannedFile& file) = 0;
};

// What one file holds, independent of who imports it.
struct ScannedFile {
  Digest digest;
  Digest code;   // of what mypy sees of it, and
  Digest shape;  // without empty lines (CodeDigests); the same as `digest` where that cannot be told
  Sha1 sha1{};
  std::uint64_t size = 0;
  ImportScan scan;
  std::string unreadable;        // the system's message when the file could not be read
  ScanSource* source = nullptr;  // where the scan is, if not here

  const ImportScan& imports() const { return source != nullptr ? source->scan_of(*this) : scan; }
};

struct Module {
  std::string name;
  std::string
      path;  // as mypy would print it (relative as given, or absolute); a directory for namespace packages
  std::string canonical_path;         // @root/..., @site/..., @typeshed/...: the same in every checkout
  std::optional<std::string> text;    // -c
  bool is_directory = false;          // a namespace package
  bool root_source = false;           // named on the command line or in the config
  bool ignore_all = false;            // all its errors are silenced (followed, silent)
  std::uint32_t order = 0;            // mypy's State.order; creations that failed count too
  const ScannedFile* file = nullptr;  // null for directories
  const EffectiveOptions* options = nullptr;
  std::vector<Dependency> dependencies;      // in mypy's order
  std::vector<SuppressedImport> suppressed;  // in mypy's order
  std::vector<ImportReport> reports;
  std::vector<std::string> ancestors;  // nearest first, found or not
  // The module and line this one was first imported from; absent for roots and ancestors.
  std::optional<std::pair<ModuleId, std::uint32_t>> imported_from;
};

class ModuleGraph {
 public:
  std::vector<Module> modules;  // by ModuleId
  // Names any module failed to import or was told to skip (mypy: BuildManager.missing_modules), sorted.
  std::map<std::string, SuppressionReason> missing;

  const Module& operator[](ModuleId id) const { return modules[id.value]; }
  // Of the modules that were added to the names.
  std::optional<ModuleId> find(std::string_view name) const;
  // The module gets to be found by its name, which stays from then on; false if another one has it.
  bool add_name(ModuleId id);
  // For so many modules in all.
  void reserve_names(std::size_t count);

 private:
  std::size_t slot_of(std::string_view name) const;

  // Ids by the hashes of names, with linear probing; kFree: none. A power of two, at most half of them taken.
  static constexpr std::uint32_t kFree = 0xffffffff;
  std::vector<std::uint32_t> slots_;
  std::size_t named_ = 0;
};

}  // namespace graph
