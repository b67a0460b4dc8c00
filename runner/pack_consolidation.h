// Merges the records of several packs into one.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "runner/pack_builder.h"
#include "runner/pack_reader.h"

namespace runner {

// How many records one key keeps, for the kinds of which several may share a key.
inline constexpr std::size_t kRecordsPerKey = 8;

// Whether a record, named by the numbers of its pack and of its place in the pack's table, may stay.
using KeepRecord = std::function<bool(std::size_t pack, std::uint32_t record)>;

// Adds to `merged` what is worth keeping of `packs` (newest first): for each name the newest records, the
// same bytes once. Broken records are left out, and with kDistrust those that are not what their key says.
// The order among records of one name stays.
enum class Contents { kTrust, kDistrust };
void merge_packs(const std::vector<std::shared_ptr<PackReader>>& packs, PackBuilder& merged,
                 const KeepRecord& keep = {}, Contents contents = Contents::kTrust);

}  // namespace runner
