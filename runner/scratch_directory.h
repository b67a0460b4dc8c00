// A directory for the time of a run, gone afterwards, also after a signal; what a killed run left is removed
// by the next one that needs such a directory.
#pragma once

#include <string>

#include "graph/result.h"
#include "runner/file_handle.h"

namespace runner {

class ScratchDirectory {
 public:
  // Below $TMPDIR or /tmp, for this user only.
  static graph::Result<ScratchDirectory> make();
  ScratchDirectory(ScratchDirectory&& other) noexcept;
  ScratchDirectory& operator=(ScratchDirectory&&) = delete;
  ~ScratchDirectory();

  const std::string& path() const { return path_; }

 private:
  ScratchDirectory(std::string path, FileHandle lock) : path_(std::move(path)), lock_(std::move(lock)) {}
  std::string path_;
  FileHandle lock_;  // while it is held, the directory is not abandoned
};

// Removes all there are; for a process that ends without unwinding.
void remove_scratch_directories();

}  // namespace runner
