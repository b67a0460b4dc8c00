// A file that appears under its name complete or not at all.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "graph/result.h"
#include "runner/file_handle.h"
#include "runner/owned_directory.h"

namespace runner {

// Whether a file must survive a power failure. A file with checksums that is cheap to lose need not wait for
// the disk.
enum class Durability { kDurable, kLosable };

// Written under a temporary name of its own and renamed by publish(); removed if it never is. As long as it
// is being written it is locked, which tells it from one whose writer died. Both directories must be on one
// file system and outlive this object.
class AtomicFile {
 public:
  // `claim`: how many bytes are to come, told to others in the temporary name (see claimed_bytes).
  static graph::Result<AtomicFile> create(const OwnedDirectory& temporary, const OwnedDirectory& target,
                                          std::string name, std::uint64_t claim = 0);
  AtomicFile(AtomicFile&&) noexcept = default;
  AtomicFile& operator=(AtomicFile&&) = delete;
  ~AtomicFile();

  // The file's modification time: what the file system's own clock says now.
  std::int64_t moment_ns() const;
  // Appends; an error is final.
  std::optional<graph::Error> write(std::string_view bytes);
  std::optional<graph::Error> publish(Durability durability);

  // The end of temporary names.
  static constexpr std::string_view kSuffix = ".tmp";

 private:
  AtomicFile(FileHandle file, const OwnedDirectory& temporary, const OwnedDirectory& target,
             std::string temporary_name, std::string name);
  // Takes the place of a file that is there, which goes. A file that is renamed onto another is written to
  // the disk at once by some file systems (ext4's auto_da_alloc), which takes as long as all else here. False
  // if nothing happened.
  bool exchange();

  FileHandle file_;
  const OwnedDirectory* temporary_;
  const OwnedDirectory* target_;
  std::string temporary_name_;
  std::string name_;
};

// Writes a whole file that is cheap to lose. False if it could not be written: what was there is still there.
bool write_losable(const OwnedDirectory& directory, const std::string& name, std::string_view bytes);

// How many bytes a file of this temporary name will have; 0 if the name does not say.
std::uint64_t claimed_bytes(std::string_view temporary_name);

// Removes the temporary files of writers that died.
void remove_abandoned_files(const OwnedDirectory& temporary);

// 64 bits of randomness in hexadecimal, for names nobody else has.
std::string random_name();

}  // namespace runner
