// The directory of a checkout in which typewave remembers what is true on this machine only.
#pragma once

#include <filesystem>
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

 private:
  Access access_ = Access::kReadOnly;
  std::optional<OwnedDirectory> directory_;
  std::string trouble_;
};

}  // namespace runner
