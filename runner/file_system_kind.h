// What a directory lies on: a disk, memory, another machine.
#pragma once

#include <cstdint>
#include <string>

namespace runner {

struct FileSystemKind {
  std::string name;        // "ext4", "nfs"...; "unknown" when it is none we know
  bool remote = false;     // reached over a network or through another process
  bool in_memory = false;  // gone after the next start of the machine
};

// By the number that statfs() reports.
FileSystemKind file_system_of_type(std::uint64_t type);

struct FileSystemState {
  FileSystemKind kind;
  std::uint64_t free_bytes = 0;  // for this user
  bool writable = false;         // the directory, or the nearest one above it that exists
};

FileSystemState file_system_at(const std::string& directory);

}  // namespace runner
