// Finds the file of a module by mypy's rules (modulefinder.py: FindModuleCache). Look-ups are stateful, as in
// mypy: ask in mypy's order.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "graph/build_options.h"
#include "graph/file_system.h"
#include "graph/name_table.h"

namespace graph {

// Why a module has no file (mypy: ModuleNotFoundReason).
enum class NotFoundReason : std::uint8_t {
  kNotFound,
  kFoundWithoutTypeHints,
  kWrongWorkingDirectory,
  kApprovedStubsNotInstalled,
};

struct Resolution {
  bool found = false;
  std::string path{};  // absolute unless the search path is not; a directory for a namespace package
  NotFoundReason reason = NotFoundReason::kNotFound;
};

class ModuleResolver {
 public:
  // `source_modules`: module name -> path of the run's sources (mypy: BuildSourceSet), for
  // fast_module_lookup. All references must outlive the resolver.
  ModuleResolver(const BuildOptions& options, SearchPaths paths, OptionsTable& table, FileSystem& files,
                 std::unordered_map<std::string, std::string> source_modules);
  ~ModuleResolver();

  // The names the resolver knows, for all who look up many.
  NameTable& names();
  // mypy's find_module; `fast_path` as there (skips the search for a wrong working directory).
  // The reference stays valid until the next call.
  const Resolution& find(NameId module, bool fast_path);
  const Resolution& find(std::string_view module, bool fast_path) {
    return find(names().intern(module), fast_path);
  }
  // All modules of a package (-p): names with paths, in mypy's order (find_modules_recursive); empty if none.
  // Nothing when mypy has to be asked (a doubtful `exclude`, a directory that cannot be listed).
  std::optional<std::vector<std::pair<std::string, std::string>>> find_recursive(const std::string& package);

  const SearchPaths& paths() const;
  // Whether `path` lies in package_path or typeshed, where errors are silenced (mypy:
  // is_silent_import_module, without its option).
  bool lies_in_site_packages_or_typeshed(std::string_view path) const;
  bool lies_in_typeshed(std::string_view path) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace graph
