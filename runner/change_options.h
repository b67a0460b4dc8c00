// What the user wants to see of an answer: what a change reaches, what is new, what is not known yet.
#pragma once

#include <optional>
#include <string>

namespace runner {

// At most one of the first three.
struct ChangeOptions {
  std::optional<std::string> since;      // --changed-since REVISION
  bool staged = false;                   // --staged
  std::optional<std::string> listed;     // --changed-files FILE; "-" is standard input
  bool only_changed = false;             // --only-changed
  std::optional<std::string> new_since;  // --new-errors-since REVISION
  bool fallback_full = false;            // --fallback full

  bool any() const { return since || staged || listed || new_since; }
};

struct BaselineOptions {
  std::optional<std::string> file;  // --baseline FILE
  bool update = false;              // --update-baseline
};

}  // namespace runner
