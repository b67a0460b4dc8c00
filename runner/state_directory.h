// The directory of a checkout in which typewave remembers what is true on this machine only.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "runner/owned_directory.h"

namespace runner {

inline constexpr std::string_view kStateDirectoryName = ".typewave_cache";

class StateDirectory {
 public:
  enum class Access { kReadWrite, kReadOnly };
  // Opens `checkout`/.typewave_cache; for writing it is created, hidden from git and from backups. Where that
  // is not possible nothing is remembered.
  static StateDirectory open(const std::filesystem::path& checkout, Access access);

  // Nothing where there is none.
  const OwnedDirectory* directory() const { return directory_ ? &*directory_ : nullptr; }
  bool writable() const { return directory_.has_value() && access_ == Access::kReadWrite; }
  // Why there is none, for one warning; empty if there is, or if none was to be created.
  const std::string& trouble() const { return trouble_; }

  // To be called for what cannot be decoded: counts it. Thread-safe.
  void count_damage() const { ++*damaged_; }
  // The same, for a whole file, which is removed so that it is met once.
  void drop_damaged(const std::string& name) const;
  // Clears away what has the name of one of our files and is none: a directory, a pipe, a link.
  void drop_displaced(const std::string& name) const;
  // How much was found damaged or of another version, and taken as not there.
  std::uint64_t damaged() const { return damaged_->load(); }

 private:
  Access access_ = Access::kReadOnly;
  std::optional<OwnedDirectory> directory_;
  std::string trouble_;
  std::unique_ptr<std::atomic<std::uint64_t>> damaged_ = std::make_unique<std::atomic<std::uint64_t>>(0);
};

}  // namespace runner
