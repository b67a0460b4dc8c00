#include "runner/pack_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>

#include "runner/atomic_file.h"
#include "runner/disk_trouble.h"

namespace runner {
namespace {

constexpr std::string_view kPackSuffix = ".pack";
constexpr std::size_t kTimeDigits = 20;
constexpr std::int64_t kStaleSeconds = 24 * 60 * 60;

// Read with pread, never mapped: a file that somebody truncates must not kill the process.
class FileBytes : public PackBytes {
 public:
  FileBytes(FileHandle file, std::uint64_t size) : file_(std::move(file)), size_(size) {}

  std::uint64_t size() const override { return size_; }
  bool read(std::uint64_t offset, char* out, std::size_t size) const override {
    while (size > 0) {
      const ssize_t count = ::pread(file_.get(), out, size, static_cast<off_t>(offset));
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return false;
      out += count;
      offset += static_cast<std::uint64_t>(count);
      size -= static_cast<std::size_t>(count);
    }
    return true;
  }

 private:
  const FileHandle file_;
  const std::uint64_t size_;
};

std::string pack_name(std::uint64_t time_ns) {
  std::string digits = std::to_string(time_ns);
  digits.insert(0, kTimeDigits - std::min(kTimeDigits, digits.size()), '0');
  return digits + "-" + random_name() + std::string(kPackSuffix);
}

}  // namespace

std::uint64_t pack_time_ns(const std::string& name) {
  std::uint64_t time = 0;
  const char* const end = name.data() + std::min(kTimeDigits, name.size());
  const auto [stop, error] = std::from_chars(name.data(), end, time);
  return error == std::errc() && stop == end ? time : 0;
}

std::uint64_t now_ns() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

graph::Result<PackDirectory> PackDirectory::open(const std::filesystem::path& path,
                                                 PackStore::Access access) {
  if (path.empty()) {
    return graph::Error{"no directory for the store is known", "set HOME or XDG_CACHE_HOME, or name one"};
  }
  const bool writing = access == PackStore::Access::kReadWrite;
  const Creation creation = writing ? Creation::kIfMissing : Creation::kNever;
  graph::Result<OwnedDirectory> store = OwnedDirectory::open(path, creation);
  if (!store) return store.error();
  // Backups skip what has the tag: never put it into a directory that holds anything else.
  const std::vector<std::string> names = writing ? store->names() : std::vector<std::string>();
  const auto is_ours = [](const std::string& name) { return name == "v1" || name == "CACHEDIR.TAG"; };
  if (writing && std::all_of(names.begin(), names.end(), is_ours)) store->write_cache_tag();
  graph::Result<OwnedDirectory> version = store->open_child("v1", creation);
  if (!version) return version.error();
  graph::Result<OwnedDirectory> packs = version->open_child("packs", creation);
  if (!packs) return packs.error();
  if (!writing) return PackDirectory(std::move(*version), std::move(*packs), std::nullopt);
  graph::Result<OwnedDirectory> temporary = version->open_child("tmp", creation);
  if (!temporary) return temporary.error();
  return PackDirectory(std::move(*version), std::move(*packs), std::move(*temporary));
}

std::vector<std::string> PackDirectory::list() const {
  std::vector<std::string> names = packs_.names();
  std::erase_if(names, [](const std::string& name) { return !name.ends_with(kPackSuffix); });
  std::sort(names.begin(), names.end(), std::greater<>());
  return names;
}

graph::Result<std::unique_ptr<const PackBytes>> PackDirectory::open_pack(const std::string& name) const {
  graph::Result<FileHandle> file = packs_.open_file(name);
  if (!file) {
    struct stat status {};
    const bool gone =
        ::fstatat(packs_.descriptor(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT;
    if (gone) return std::unique_ptr<const PackBytes>();
    return file.error();
  }
  struct stat status {};
  if (::fstat(file->get(), &status) != 0) return disk_error("open", path_of(name), errno);
  return std::unique_ptr<const PackBytes>(
      std::make_unique<const FileBytes>(std::move(*file), static_cast<std::uint64_t>(status.st_size)));
}

graph::Result<std::string> PackDirectory::publish(const PackImage& image, std::uint64_t time_ns) const {
  INVARIANT(temporary_.has_value(), "only a store opened for writing publishes");
  std::string name = pack_name(time_ns);
  graph::Result<AtomicFile> file = AtomicFile::create(*temporary_, packs_, name);
  if (!file) return file.error();
  std::optional<graph::Error> error = file->write(image.header);
  for (const std::string_view block : image.blocks) {
    if (!error) error = file->write(block);
  }
  if (!error) error = file->write(image.index);
  if (!error) error = file->publish(Durability::kDurable);
  if (error) return *std::move(error);
  return name;
}

std::optional<FileHandle> PackDirectory::try_lock() const {
  if (version_.is_displaced("lock")) version_.remove_anything("lock");
  FileHandle file(
      ::openat(version_.descriptor(), "lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600));
  if (!file || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0) return std::nullopt;
  return file;
}

void PackDirectory::remove_stale_files() const {
  if (!temporary_) return;
  const auto now = static_cast<std::int64_t>(now_ns() / 1'000'000'000);
  for (const std::string& name : temporary_->names()) {
    struct stat status {};
    if (!name.ends_with(AtomicFile::kSuffix)) continue;
    if (::fstatat(temporary_->descriptor(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (status.st_mtim.tv_sec < now - kStaleSeconds) temporary_->remove(name);
  }
}

}  // namespace runner
