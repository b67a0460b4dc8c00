// Which components this process is checking, told to others that share the store.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_set>
#include <utility>

#include "graph/digest.h"
#include "runner/file_handle.h"

namespace runner {

// A claim is a lock on one byte of a file, at the place that the key gives: it goes with the process, however
// that ends. There are several files, since the kernel looks at all locks of a file for each new one. Claims
// save work, nothing else: where locks do not work everything is free. Thread-safe.
class ComponentClaims {
 public:
  // A file in the store, opened for reading and writing; not open where that fails.
  using Open = std::function<FileHandle(const std::string& name)>;

  explicit ComponentClaims(Open open) : open_(std::move(open)) {}

  // False when another process has it. Claiming again what is claimed is no error.
  bool take(const graph::Digest& key);
  void release(const graph::Digest& key);
  void release_all();

  // Whether this process waits for others, and whether others wait.
  void note_waiting(bool waiting);
  bool others_wait() const;

 private:
  struct File {
    bool opened = false;
    FileHandle handle;
  };

  // Need mutex_.
  const FileHandle& file_of(std::int64_t place) const;
  const FileHandle& file(std::size_t number) const;

  const Open open_;
  mutable std::mutex mutex_;
  mutable std::array<File, 16> files_;     // opened when first needed
  std::unordered_set<std::int64_t> held_;  // places
  bool waiting_ = false;
};

}  // namespace runner
