// The store's directory: lists, opens, publishes and removes packs.
//
//   STORE/CACHEDIR.TAG
//   STORE/v1/packs/<time>-<random>.pack   complete and immutable; <time> in nanoseconds, 20 digits
//   STORE/v1/tmp/*.tmp                    packs being written
//   STORE/v1/lock                         held while packs are consolidated
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graph/result.h"
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
  // Nothing if the pack is gone; an error if it is there and cannot be opened.
  graph::Result<std::unique_ptr<const PackBytes>> open_pack(const std::string& name) const;
  bool remove(const std::string& name) const { return packs_.remove_anything(name); }
  // Whether it is a directory, a pipe or a link instead of a file.
  bool is_displaced(const std::string& name) const { return packs_.is_displaced(name); }
  // Writes a pack that will sort by `time_ns`; complete and durable when this returns its name.
  graph::Result<std::string> publish(const PackImage& image, std::uint64_t time_ns) const;
  // An exclusive lock, or nothing if another process has it. Released with the handle.
  std::optional<FileHandle> try_lock() const;
  // Removes what processes that died while writing left behind.
  void remove_stale_files() const;
  std::string path_of(const std::string& name) const { return packs_.path_of(name); }

 private:
  PackDirectory(OwnedDirectory version, OwnedDirectory packs, std::optional<OwnedDirectory> temporary)
      : version_(std::move(version)), packs_(std::move(packs)), temporary_(std::move(temporary)) {}

  OwnedDirectory version_;
  OwnedDirectory packs_;
  std::optional<OwnedDirectory> temporary_;  // only to write
};

// The time in a pack's name; 0 if there is none.
std::uint64_t pack_time_ns(const std::string& name);

// The wall clock.
std::uint64_t now_ns();

}  // namespace runner
