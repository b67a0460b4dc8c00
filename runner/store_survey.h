// Reads a whole store: what it holds and for whom, and whether every byte of it is sound.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "runner/pack_directory.h"

namespace runner {

struct ProjectShare {
  std::string id;
  std::string label;
  std::size_t records = 0;  // shared ones count for every project
  std::uint64_t bytes = 0;
  std::uint64_t runs = 0;
  std::uint64_t reused = 0;
  std::uint64_t checked = 0;
  std::int64_t first_run_ns = 0;
  std::int64_t last_run_ns = 0;
};

struct StoreSurvey {
  std::size_t packs = 0;
  std::uint64_t bytes = 0;                              // of everything in the store
  std::array<std::size_t, kRecordKinds + 1> records{};  // by kind
  std::int64_t oldest_ns = 0;                           // when the oldest and the newest pack were written
  std::int64_t newest_ns = 0;
  std::uint64_t runs = 0;
  std::uint64_t reused = 0;
  std::uint64_t checked = 0;
  std::size_t broken_packs = 0;
  std::vector<ProjectShare> projects;  // the last used first

  std::size_t record_count() const;
};

StoreSurvey survey_store(const PackDirectory& directory);

struct StoreExamination {
  std::size_t packs = 0;
  std::size_t records = 0;
  std::uint64_t bytes = 0;
  // One sentence for each thing that is wrong.
  std::vector<std::string> findings;
  std::vector<std::string> broken_packs;   // of no use at all
  std::vector<std::string> damaged_packs;  // of which a part is good
  std::size_t incomplete = 0;              // results that name what is not there
};

// Reads and verifies everything. Changes nothing.
StoreExamination examine_store(const PackDirectory& directory);

}  // namespace runner
