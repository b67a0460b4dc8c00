// A directory for the time of a run, gone afterwards, also after a signal.
#pragma once

#include <string>

#include "graph/result.h"

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
  explicit ScratchDirectory(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

// Removes all there are; for a process that ends without unwinding.
void remove_scratch_directories();

}  // namespace runner
