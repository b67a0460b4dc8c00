#include "runner/report_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "runner/atomic_file.h"
#include "runner/disk_trouble.h"
#include "runner/file_handle.h"

namespace runner {
namespace {

constexpr mode_t kReadableByAll = 0666;  // less the umask

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

std::optional<graph::Error> write_in_place(const std::string& path, std::string_view bytes, int flags) {
  const FileHandle file(
      ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY | flags, kReadableByAll));
  if (file.get() < 0 || !write_all(file.get(), bytes)) return disk_error("write", path, errno);
  return std::nullopt;
}

}  // namespace

std::optional<graph::Error> write_report_file(const std::string& path, std::string_view bytes) {
  struct stat old {};
  const bool exists = ::stat(path.c_str(), &old) == 0;
  const bool of_the_system = path.starts_with("/dev/") || path.starts_with("/proc/");
  if (exists && (of_the_system || !S_ISREG(old.st_mode))) return write_in_place(path, bytes, 0);

  std::error_code unresolved;
  std::filesystem::path target = path;
  if (exists) target = std::filesystem::canonical(path, unresolved);
  if (unresolved) return disk_error("write", path, unresolved.value());
  const std::string temporary = (target.parent_path() / (".typewave-" + random_name() + ".tmp")).string();
  const FileHandle file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kReadableByAll));
  if (file.get() < 0) return disk_error("write", path, errno);
  // What is not allowed here (another owner's mode) changes nothing for the content.
  if (exists) [[maybe_unused]]
    const int ignored = ::fchmod(file.get(), old.st_mode & 07777);
  if (write_all(file.get(), bytes) && ::rename(temporary.c_str(), target.c_str()) == 0) return std::nullopt;
  const int reason = errno;
  ::unlink(temporary.c_str());
  return disk_error("write", path, reason);
}

std::optional<graph::Error> append_to_file(const std::string& path, std::string_view bytes) {
  return write_in_place(path, bytes, O_CREAT);
}

}  // namespace runner
