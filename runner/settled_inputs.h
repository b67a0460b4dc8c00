// What an answer of the user's mypy about itself rests on, watched for the rest of the run: configuration,
// plugins and what those read, path files, installed packages.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "graph/scan_memory.h"
#include "runner/pack_store.h"

namespace runner {

class SettledInputs {
 public:
  // Looks at everything now. `inputs` is a record's, as ProbeMemo keeps them; throws json::exception if it is
  // not.
  explicit SettledInputs(nlohmann::json inputs);

  // Whether nothing can have changed since that moment, by coarse_clock_ns().
  bool older_than(std::int64_t moment_ns) const;
  // Whether two looks saw the same.
  bool operator==(const SettledInputs&) const = default;
  // The same, but for what else lies in the directories.
  bool rests_on_the_same(const SettledInputs& other) const {
    return inputs_ == other.inputs_ && files_ == other.files_;
  }
  // What is not the same, in words.
  std::string difference(const SettledInputs& other) const;
  // A pipe or a device: it cannot be read again.
  bool can_be_read_once() const { return can_be_read_once_; }
  // As they were given.
  const nlohmann::json& inputs() const { return inputs_; }
  // What is not as it was, in words; nothing if all is.
  std::optional<std::string> change() const;

 private:
  using Look = std::pair<std::string, std::optional<graph::FileStat>>;

  nlohmann::json inputs_;
  std::vector<Look> files_;
  std::vector<Look> directories_;  // also those of files that are not there
  bool can_be_read_once_ = false;
};

// The clock by which the kernel stamps files on this machine.
std::int64_t coarse_clock_ns();

// Flushes the store, unless the settings that its new records were made with have changed since: what was
// computed by then may belong to other keys. `settings` may be null.
void publish(PackStore& store, const SettledInputs* settings);

}  // namespace runner
