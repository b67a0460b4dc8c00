// Remembers answers of the user's mypy together with everything that decided them, relocatably.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "graph/digest.h"
#include "runner/pack_store.h"
#include "runner/path_names.h"

namespace runner {

class ProbeMemo {
 public:
  // `interpreter`: interpreter_identity().
  ProbeMemo(const Whereabouts& whereabouts, std::string interpreter, std::vector<std::string> mypy_arguments,
            PackStore& store);

  // The newest answer whose inputs are all as they were, with the paths of this run.
  std::optional<nlohmann::json> recall();
  void remember(const nlohmann::json& answer);
  // Of the question and the answer recalled or remembered last, the same in every checkout; absent if the
  // answer could not be kept.
  const std::optional<graph::Digest>& identity() const { return identity_; }

 private:
  nlohmann::json relocate(const nlohmann::json& value, bool to_names) const;
  nlohmann::json inputs_of(const nlohmann::json& answer) const;
  bool holds(const nlohmann::json& inputs) const;
  graph::Digest key() const;

  PathNames names_;
  std::string cwd_;
  std::string interpreter_;
  std::vector<std::string> mypy_arguments_;
  PackStore& store_;
  std::optional<graph::Digest> identity_;
};

// A plugin's digest is that of everything it is made of and has read.
void add_plugin_digests(nlohmann::json& answer);

// SHA-256 in hexadecimal of a regular file's content, or nothing if it cannot be read.
std::optional<std::string> digest_of_file(const std::string& path);

}  // namespace runner
