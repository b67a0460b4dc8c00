// Which records each project used when: what is collected last, and what `typewave store status` counts.
//
//   STORE/v1/uses/<id>.use := "TWUSES\r\n" u32 version
//                             string label, i64 first run, i64 last run, varint runs, reused, checked
//                             varint layers, layers, digest
//   layer                  := i64 moment, varint count, { u64 start of the key }*, ascending
//
// Moments are nanoseconds of the wall clock, the newest layer first; a key is in one layer only. The digest
// is the SHA-256 of everything before it. The modification time of the file is when the project's last answer
// was repeated: what is in the newest layer was of use until then.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/digest.h"
#include "runner/owned_directory.h"
#include "runner/pack_store.h"

namespace runner {

// The start of a record's key: enough to tell records apart where a mistake costs no more than time.
std::uint64_t key_start(const graph::Digest& key);

struct UseLayer {
  std::int64_t moment_ns = 0;
  std::vector<std::uint64_t> keys;  // ascending
  bool operator==(const UseLayer&) const = default;
};

struct ProjectUses {
  std::string label;  // the name of the project's folder
  std::int64_t first_run_ns = 0;
  std::int64_t last_run_ns = 0;
  std::uint64_t runs = 0;  // that looked anything up
  std::uint64_t reused = 0;
  std::uint64_t checked = 0;  // components, over all runs
  std::vector<UseLayer> layers;
  bool operator==(const ProjectUses&) const = default;
};

std::string encode_uses(const ProjectUses& uses);
std::optional<ProjectUses> decode_uses(std::string_view bytes);

// Adds a run that used `keys` (any order). The oldest keys beyond `most` are forgotten.
void add_run(ProjectUses& uses, const ProjectRun& run, std::int64_t now_ns, std::vector<std::uint64_t> keys,
             std::size_t most);

// Keeps a run in the store's directory of uses. What cannot be written is left.
void note_run(const OwnedDirectory& directory, const ProjectRun& run, std::vector<std::uint64_t> keys,
              std::size_t most);
// Counts a run that repeated an answer. False if nothing is known of the project yet.
bool note_repetition(const OwnedDirectory& directory, const ProjectRun& run);

// A project of the store, by the first digits of its id.
struct NamedUses {
  std::string id;
  ProjectUses uses;
};
// All projects, the last used first. Broken files are removed if `remove_broken`.
std::vector<NamedUses> read_uses(const OwnedDirectory& directory, bool remove_broken);

// When each key was last of use to anybody.
std::unordered_map<std::uint64_t, std::int64_t> last_uses(const std::vector<NamedUses>& projects);

}  // namespace runner
