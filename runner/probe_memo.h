// Remembers answers of the user's mypy together with everything that decided them, relocatably.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "graph/digest.h"
#include "runner/pack_store.h"
#include "runner/path_names.h"
#include "runner/settled_inputs.h"
#include "runner/state_directory.h"

namespace runner {

class ProbeMemo {
 public:
  // `interpreter`: interpreter_identity(); without one nothing is remembered. `state` may be null.
  ProbeMemo(const Whereabouts& whereabouts, std::string interpreter, std::vector<std::string> mypy_arguments,
            PackStore& store, const StateDirectory* state = nullptr);

  // The newest answer whose inputs are all as they were, with the paths of this run.
  std::optional<nlohmann::json> recall();
  void remember(const nlohmann::json& answer);
  // The same with what look() saw.
  void remember(const nlohmann::json& answer, const SettledInputs& inputs);
  // What an answer rests on, as it is now; nothing if the answer does not say.
  std::optional<SettledInputs> look(const nlohmann::json& answer) const;
  // The same of the answer that was recalled, from before it was compared.
  const std::optional<SettledInputs>& recalled() const { return recalled_; }

  // Whether the inputs of a record are what they were.
  static bool holds(const nlohmann::json& inputs);
  // Of the question and the answer recalled or remembered last, the same in every checkout; absent if the
  // answer could not be kept.
  const std::optional<graph::Digest>& identity() const { return identity_; }

 private:
  nlohmann::json relocate(const nlohmann::json& value, bool to_names) const;
  nlohmann::json relocate(const nlohmann::json& value, bool to_names, std::size_t& left) const;
  nlohmann::json inputs_of(const nlohmann::json& answer) const;
  graph::Digest key() const;
  // The record of this folder's last run, if it answers the same question.
  std::optional<std::string> record_here(const graph::Digest& key) const;
  void keep_here(const graph::Digest& key, const std::string& record) const;
  // The answer in a record, if its inputs are what they were.
  std::optional<nlohmann::json> answer_in(const graph::Digest& key, const std::string& record);

  PathNames names_;
  std::string cwd_;
  const bool repeatable_;
  std::string interpreter_;
  std::vector<std::string> mypy_arguments_;
  PackStore& store_;
  std::optional<SettledInputs> recalled_;
  const StateDirectory* state_;
  std::optional<graph::Digest> identity_;
};

// A plugin's digest is that of everything it is made of and has read.
void add_plugin_digests(nlohmann::json& answer);

// SHA-256 in hexadecimal of a regular file's content, or nothing if it cannot be read.
std::optional<std::string> digest_of_file(const std::string& path);

}  // namespace runner
