// Reads the records of one pack; what fails its checksum is absent.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runner/pack_index.h"
#include "runner/record_layer.h"

namespace runner {

// Thread-safe.
class PackReader : public RecordLayer {
 public:
  // `layer` is this pack's number in the caches; `corrupt` counts blocks found broken. Both must outlive it.
  PackReader(std::unique_ptr<const PackBytes> bytes, PackIndex index, std::uint32_t layer,
             BlockCaches& caches, std::atomic<std::uint64_t>& corrupt);

  const PackIndex& index() const { return index_; }
  std::uint64_t size() const { return bytes_->size(); }

  // What is there, whatever its key says.
  std::optional<std::string> read(const RecordPlace& place);
  std::optional<std::string> read(const graph::Digest& key, const RecordPlace& place) override;
  bool is_broken(std::uint32_t block) const override;
  // Whether any block was found broken so far.
  bool has_broken_block() const;
  // The compressed bytes of a block, verified.
  std::optional<std::string> read_stored(std::uint32_t block);

 private:
  BlockBytes load(RecordKind kind, std::uint32_t block);
  void mark_broken(std::uint32_t block);

  const std::unique_ptr<const PackBytes> bytes_;
  const PackIndex index_;
  const std::uint32_t layer_;
  BlockCaches& caches_;
  std::atomic<std::uint64_t>& corrupt_;
  std::vector<std::atomic<bool>> broken_;  // by block
};

RecordPlace place_of(const PackedRecord& record);

}  // namespace runner
