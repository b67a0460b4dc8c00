#include "runner/owned_directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <memory>
#include <system_error>

#include "runner/disk_trouble.h"

namespace runner {
namespace {

// Far more than anything of ours that is read as a whole.
constexpr std::size_t kLargestRead = std::size_t{1} << 30;

// Root could change our own files as well, so its files are no worse.
bool is_ours(const struct stat& status) {
  return status.st_uid == ::geteuid() || status.st_uid == 0;
}

graph::Error not_ours(const std::string& path) {
  return {path + " belongs to another user", "choose another directory"};
}

struct DirectoryCloser {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

}  // namespace

graph::Result<OwnedDirectory> OwnedDirectory::adopt(int descriptor, int error_number, std::string path) {
  if (descriptor < 0) return disk_error("open", path, error_number);
  FileHandle handle(descriptor);
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return disk_error("open", path, errno);
  if (!is_ours(status)) return not_ours(path);
  return OwnedDirectory(std::move(handle), std::move(path));
}

graph::Result<OwnedDirectory> OwnedDirectory::open(const std::filesystem::path& path, Creation creation) {
  if (creation == Creation::kIfMissing && ::mkdir(path.c_str(), 0700) != 0 && errno == ENOENT) {
    std::error_code ignored;  // mkdir says it again
    if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), ignored);
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
      return disk_error("create", path.string(), errno);
  }
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return adopt(descriptor, errno, path.string());
}

graph::Result<OwnedDirectory> OwnedDirectory::open_child(const std::string& name, Creation creation) const {
  if (creation == Creation::kIfMissing && ::mkdirat(descriptor(), name.c_str(), 0700) != 0 &&
      errno != EEXIST) {
    const int error_number = errno;
    struct stat status {};
    // A read-only file system may say so before it looks whether the directory is there.
    if (::fstatat(descriptor(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      return disk_error("create", path_of(name), error_number);
    }
  }
  const int child = ::openat(descriptor(), name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  graph::Result<OwnedDirectory> opened = adopt(child, errno, path_of(name));
  struct stat status {};
  // We make them for nobody else. The outermost directory may be anybody's to write, like /tmp: nothing in it
  // is used that is not a directory of ours.
  if (opened && ::fstat(child, &status) == 0 && (status.st_mode & S_IWOTH) != 0) {
    return graph::Error{path_of(name) + " can be written by anybody", "remove it, or take that right away"};
  }
  return opened;
}

graph::Result<FileHandle> OwnedDirectory::open_file(const std::string& name) const {
  // O_NONBLOCK: opening a planted pipe must not wait for its writer.
  FileHandle file(::openat(descriptor(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file) return disk_error("open", path_of(name), errno);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return disk_error("open", path_of(name), errno);
  if (!S_ISREG(status.st_mode)) return graph::Error{path_of(name) + " is not a regular file", "remove it"};
  if (!is_ours(status)) return not_ours(path_of(name));
  return file;
}

std::optional<std::string> OwnedDirectory::read(const std::string& name) const {
  return read_end(name, std::nullopt);
}

std::optional<std::string> OwnedDirectory::read_end(const std::string& name,
                                                    std::optional<std::size_t> size) const {
  const graph::Result<FileHandle> file = open_file(name);
  struct stat status {};
  if (!file || ::fstat(file->get(), &status) != 0) return std::nullopt;
  const auto all = static_cast<std::size_t>(status.st_size);
  const std::size_t wanted = size.value_or(all);
  if (wanted > all || wanted > kLargestRead) return std::nullopt;
  std::string bytes(wanted, '\0');
  for (std::size_t filled = 0; filled < bytes.size();) {
    const std::size_t left = bytes.size() - filled;
    const ssize_t count = ::pread(file->get(), bytes.data() + filled, left, static_cast<off_t>(all - left));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return std::nullopt;
    filled += static_cast<std::size_t>(count);
  }
  return bytes;
}

std::vector<std::string> OwnedDirectory::names() const {
  std::vector<std::string> names;
  const int copy = ::openat(descriptor(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (copy < 0) return names;
  const std::unique_ptr<DIR, DirectoryCloser> directory(::fdopendir(copy));
  if (!directory) {
    ::close(copy);
    return names;
  }
  while (const dirent* entry = ::readdir(directory.get())) {
    std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(std::move(name));
  }
  return names;
}

bool OwnedDirectory::remove(const std::string& name) const {
  return ::unlinkat(descriptor(), name.c_str(), 0) == 0;
}

bool OwnedDirectory::is_displaced(const std::string& name) const {
  struct stat status {};
  return ::fstatat(descriptor(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(status.st_mode);
}

bool OwnedDirectory::remove_anything(const std::string& name) const {
  if (remove(name)) return true;
  struct stat status {};
  if (::fstatat(descriptor(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return errno == ENOENT;
  if (!S_ISDIR(status.st_mode)) return false;
  if (::unlinkat(descriptor(), name.c_str(), AT_REMOVEDIR) == 0) return true;
  const graph::Result<OwnedDirectory> inside = open_child(name, Creation::kNever);
  if (!inside) return false;
  for (const std::string& entry : inside->names()) inside->remove_anything(entry);
  return ::unlinkat(descriptor(), name.c_str(), AT_REMOVEDIR) == 0;
}

void OwnedDirectory::sync() const {
  // Some network file systems cannot; then the rename is as durable as they make it.
  static_cast<void>(::fsync(descriptor()));
}

void OwnedDirectory::write_cache_tag() const {
  keep_note("CACHEDIR.TAG",
            "Signature: 8a477f597d28d172789f06886806bc55\n"
            "# This directory holds a cache of typewave; it can be deleted at any time.\n"
            "# See https://bford.info/cachedir/\n");
}

void OwnedDirectory::keep_note(const std::string& name, std::string_view text) const {
  const std::optional<std::string> known = read(name);
  if (known == text) return;
  const bool there = known.has_value() || is_displaced(name);
  if (there && !remove_anything(name)) return;
  const FileHandle file(
      ::openat(descriptor(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return;
  // Half a note is worse than none.
  if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) remove(name);
}

}  // namespace runner
