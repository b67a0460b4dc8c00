// Makes a store smaller: merges packs, heals them, and drops what was used least recently.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graph/result.h"
#include "runner/live_records.h"
#include "runner/pack_consolidation.h"
#include "runner/pack_directory.h"
#include "runner/store_limit.h"

namespace runner {

// Everything here opens the packs anew, and what changes the store needs its lock. Other processes go on
// reading the packs that go through their open descriptors.
class PackCollection {
 public:
  PackCollection(const PackDirectory& directory, StoreLimit limit) : directory_(directory), limit_(limit) {}

  // Puts the good records of these packs (newest first) into as few packs as they need.
  std::optional<graph::Error> merge(const std::vector<std::string>& names,
                                    Contents contents = Contents::kTrust);
  // Merges small packs if there are many.
  std::optional<graph::Error> merge_small_packs();

  struct Result {
    std::uint64_t bytes_before = 0;
    std::uint64_t bytes_after = 0;
    std::size_t records_before = 0;
    std::size_t records_removed = 0;
    bool complete = true;  // false: more went than was meant to, some of which other records name
    std::optional<graph::Error> trouble;
  };
  // Drops what nobody can use any more and then what was used least recently, until the store occupies at
  // most about `bytes`. Not `thorough`: no more than needed for that.
  Result collect(std::uint64_t bytes, bool thorough);

 private:
  struct Opened;
  Result collect_once(std::uint64_t bytes, bool thorough);
  // False when there was no room, or the disk failed.
  bool replace(const std::vector<CountedPack>& packs, const std::vector<std::size_t>& members,
               const LiveRecords* live, BlockCaches& caches, Contents contents = Contents::kTrust);
  std::optional<graph::Error> trouble_;
  const PackDirectory& directory_;
  const StoreLimit limit_;
  std::uint64_t ceiling_ = 0;
};

}  // namespace runner
