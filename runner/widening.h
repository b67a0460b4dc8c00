// When a change reaches further than the module graph can tell, so that everything has to be checked.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "runner/change_set.h"
#include "runner/run_setup.h"
#include "runner/state_directory.h"

namespace runner {

// A changed file that everything depends on: configuration, a plugin, a lock file. Nothing if there is none.
std::optional<std::string> changed_foundation(const ChangeSet& changes, const ProbeAnswer& probe);

// What a run stands on besides the repository: mypy, typeshed, installed packages, code on mypy's search path
// that lies elsewhere. git does not know these; they are remembered in the state directory, by the commit
// that they were first compared with.
class Surroundings {
 public:
  // Of a run whose graph is loaded.
  explicit Surroundings(RunSetup& setup);

  // Why they are not what they were when `base` was last looked at here; nothing if they are, or if that is
  // not known.
  std::optional<std::string> change_since(const StateDirectory& state, const std::string& base) const;
  // A whole run has shown what they lead to: from here on they are what later ones are compared with.
  void remember(const StateDirectory& state) const;

 private:
  void note_installed(RunSetup& setup);
  nlohmann::json document() const;
  std::optional<std::string> difference(const nlohmann::json& then) const;

  using Table = std::map<std::string, std::string>;
  std::string mypy_;
  Table installed_;    // directories that packages are installed in, and those of distributions
  Table modules_;      // outside of the repository, or not found at all -> state
  Table directories_;  // outside, in which a module was found, or would be looked for -> state
  Table files_;        // configuration outside -> digest
};

}  // namespace runner
