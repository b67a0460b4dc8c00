// The store's directory: lists, opens, publishes and removes packs.
//
//   STORE/CACHEDIR.TAG
//   STORE/v1/packs/<time>-<random>.pack   complete and immutable; <time> in nanoseconds, 20 digits
//   STORE/v1/tmp/<random>-<bytes>.tmp     packs being written, locked by their writers
//   STORE/v1/uses/<project>.use           what each project used when, see project_uses.h
//   STORE/v1/lock                         held while packs are consolidated or collected
//   STORE/v1/claims                       locked byte by byte, see component_claims.h
//   STORE/v1/room                         held while a pack that is to be written is counted
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graph/result.h"
#include "runner/atomic_file.h"
#include "runner/owned_directory.h"
#include "runner/pack_builder.h"
#include "runner/pack_index.h"
#include "runner/pack_store.h"

namespace runner {

class PackDirectory {
 public:
  static graph::Result<PackDirectory> open(const std::filesystem::path& path, PackStore::Access access);

  // The packs that are there, newest first.
  std::vector<std::string> list() const;
  // Of the packs' names and of what the system says of them.
  graph::Digest condition() const;
  // Nothing if the pack is gone; an error if it is there and cannot be opened.
  graph::Result<std::unique_ptr<const PackBytes>> open_pack(const std::string& name) const;
  bool remove(const std::string& name) const { return packs_.remove_anything(name); }
  // Whether it is a directory, a pipe or a link instead of a file.
  bool is_displaced(const std::string& name) const { return packs_.is_displaced(name); }
  // Writes a pack that will sort by `time_ns`; complete and durable when this returns its name. Nothing when
  // the store would become larger than `ceiling` bytes.
  graph::Result<std::optional<std::string>> publish(const PackImage& image, std::uint64_t time_ns,
                                                    std::uint64_t ceiling) const;
  // What the store occupies, with what others are about to write.
  std::uint64_t used_bytes() const;
  // An exclusive lock, or nothing if another process has it. Released with the handle, and with the process.
  std::optional<FileHandle> try_lock() const;
  // A file to lock, or none.
  FileHandle open_lock(const char* name) const;
  // When packs were last added or removed, for comparison.
  std::int64_t changed_ns() const;
  // Null if there is none.
  const OwnedDirectory* uses() const { return uses_ ? &*uses_ : nullptr; }
  // Removes what processes that died while writing left behind.
  void remove_abandoned() const;
  // Empties the store. What others are about to publish stays.
  void clear() const;
  std::string path_of(const std::string& name) const { return packs_.path_of(name); }

 private:
  PackDirectory(OwnedDirectory store, OwnedDirectory version, OwnedDirectory packs)
      : store_(std::move(store)), version_(std::move(version)), packs_(std::move(packs)) {}

  FileHandle take_turn() const;
  // A file that may grow by `bytes`; nothing when there is no room.
  graph::Result<std::optional<AtomicFile>> admit(const std::string& name, std::uint64_t bytes,
                                                 std::uint64_t ceiling) const;

  OwnedDirectory store_;
  OwnedDirectory version_;
  OwnedDirectory packs_;
  std::optional<OwnedDirectory> temporary_;  // only to write
  std::optional<OwnedDirectory> uses_;
};

// The time in a pack's name; 0 if there is none.
std::uint64_t pack_time_ns(const std::string& name);

// The wall clock.
std::uint64_t now_ns();

}  // namespace runner
