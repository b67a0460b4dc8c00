#include "runner/file_system_kind.h"

#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <filesystem>

namespace runner {
namespace {

struct KnownType {
  std::uint64_t type;
  const char* name;
  bool remote;
  bool in_memory;
};

constexpr std::array kKnownTypes = {
    KnownType{0xEF53, "ext4", false, false},        KnownType{0x58465342, "xfs", false, false},
    KnownType{0x9123683E, "btrfs", false, false},   KnownType{0x2FC12FC1, "zfs", false, false},
    KnownType{0x794C7630, "overlay", false, false}, KnownType{0x01021994, "tmpfs", false, true},
    KnownType{0x858458F6, "ramfs", false, true},    KnownType{0x6969, "nfs", true, false},
    KnownType{0x517B, "smb", true, false},          KnownType{0xFE534D42, "smb2", true, false},
    KnownType{0xFF534D42, "cifs", true, false},     KnownType{0x01021997, "9p", true, false},
    KnownType{0x65735546, "fuse", true, false},     KnownType{0x5346414F, "afs", true, false},
    KnownType{0x00C36400, "ceph", true, false},     KnownType{0x6A656A63, "virtiofs", true, false},
};

}  // namespace

FileSystemKind file_system_of_type(std::uint64_t type) {
  for (const KnownType& known : kKnownTypes) {
    if (known.type == type) return {known.name, known.remote, known.in_memory};
  }
  return {"unknown"};
}

FileSystemState file_system_at(const std::string& directory) {
  std::filesystem::path existing = std::filesystem::absolute(directory);
  std::error_code ignored;
  while (!std::filesystem::exists(existing, ignored) && existing.has_relative_path()) {
    existing = existing.parent_path();
  }
  FileSystemState state;
  state.writable = ::access(existing.c_str(), W_OK | X_OK) == 0;
  struct statfs info {};
  if (::statfs(existing.c_str(), &info) != 0) return state;
  state.kind = file_system_of_type(static_cast<std::uint32_t>(info.f_type));
  state.free_bytes = static_cast<std::uint64_t>(info.f_bavail) * static_cast<std::uint64_t>(info.f_bsize);
  return state;
}

}  // namespace runner
