#include "runner/memory_file.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <utility>

namespace runner {

FileHandle memory_file(const char* name) {
  return FileHandle(::memfd_create(name, MFD_CLOEXEC));
}

bool fill(const FileHandle& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

FileHandle filled_memory_file(const char* name, const std::vector<std::string_view>& blobs) {
  FileHandle file = memory_file(name);
  if (!file) return file;
  for (const std::string_view blob : blobs) {
    if (!fill(file, blob)) return FileHandle();
  }
  return ::lseek(file.get(), 0, SEEK_SET) == 0 ? std::move(file) : FileHandle();
}

}  // namespace runner
