// Which components this process is checking, told to others that share the store.
#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_set>
#include <utility>

#include "graph/digest.h"
#include "runner/file_handle.h"

namespace runner {

// A claim is a lock on one byte of a file, at the place that the key gives: it goes with the process, however
// that ends. Claims save work, nothing else: where locks do not work everything is free. Thread-safe.
class ComponentClaims {
 public:
  // `file` is open for reading and writing, or not open.
  explicit ComponentClaims(FileHandle file) : file_(std::move(file)) {}

  // False when another process has it. Claiming again what is claimed is no error.
  bool take(const graph::Digest& key);
  void release(const graph::Digest& key);
  void release_all();

  // Whether this process waits for others, and whether others wait.
  void note_waiting(bool waiting);
  bool others_wait() const;

 private:
  const FileHandle file_;
  std::mutex mutex_;
  std::unordered_set<std::int64_t> held_;  // places
  bool waiting_ = false;
};

}  // namespace runner
