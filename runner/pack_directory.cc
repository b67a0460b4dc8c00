#include "runner/pack_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <thread>

#include "graph/regular_file.h"
#include "runner/atomic_file.h"
#include "runner/disk_trouble.h"

namespace runner {
namespace {

constexpr std::string_view kPackSuffix = ".pack";
constexpr std::size_t kTimeDigits = 20;
// What a file occupies beyond its bytes, on the whole.
constexpr std::uint64_t kFileSystemBlock = 4096;
// Counting takes well under a millisecond; who does not get its turn in this time meets a stopped process.
constexpr std::chrono::seconds kRoomPatience{10};
constexpr std::chrono::milliseconds kRoomPause{2};

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

std::uint64_t occupied(std::uint64_t bytes) {
  return (bytes + kFileSystemBlock - 1) / kFileSystemBlock * kFileSystemBlock;
}

std::uint64_t occupied_in(const OwnedDirectory& directory) {
  std::uint64_t total = 0;
  for (const std::string& name : directory.names()) {
    struct stat status {};
    if (::fstatat(directory.descriptor(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    total += occupied(std::max(static_cast<std::uint64_t>(status.st_size), claimed_bytes(name)));
  }
  return total;
}

void remove_all(const OwnedDirectory& directory, std::string_view suffix) {
  for (const std::string& name : directory.names()) {
    if (name.ends_with(suffix)) directory.remove(name);
  }
}

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
  graph::Result<OwnedDirectory> uses = version->open_child("uses", creation);
  PackDirectory directory(std::move(*store), std::move(*version), std::move(*packs));
  if (uses) directory.uses_ = std::move(*uses);
  if (!writing) return directory;
  graph::Result<OwnedDirectory> temporary = directory.version_.open_child("tmp", creation);
  if (!temporary) return temporary.error();
  directory.temporary_ = std::move(*temporary);
  return directory;
}

std::vector<std::string> PackDirectory::list() const {
  std::vector<std::string> names = packs_.names();
  std::erase_if(names, [](const std::string& name) { return !name.ends_with(kPackSuffix); });
  std::sort(names.begin(), names.end(), std::greater<>());
  return names;
}

graph::Digest PackDirectory::condition() const {
  graph::DigestBuilder builder;
  for (const std::string& name : list()) {
    graph::FileStat stat;
    builder.field("pack", name);
    if (!graph::stat_file(path_of(name), stat)) continue;
    builder.field("size", stat.size);
    builder.field("inode", stat.inode);
    builder.field("written", static_cast<std::uint64_t>(stat.mtime_ns));
    builder.field("changed", static_cast<std::uint64_t>(stat.ctime_ns));
  }
  return builder.finish();
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

graph::Result<std::optional<AtomicFile>> PackDirectory::admit(const std::string& name, std::uint64_t bytes,
                                                              std::uint64_t ceiling) const {
  const FileHandle turn = take_turn();
  remove_abandoned();
  if (used_bytes() + occupied(bytes) > ceiling) return std::optional<AtomicFile>();
  graph::Result<AtomicFile> file = AtomicFile::create(*temporary_, packs_, name, bytes);
  if (!file) return file.error();
  return std::optional<AtomicFile>(std::move(*file));
}

// One writer after the other, so that no two take the same room. Where nothing can be locked all are let in.
FileHandle PackDirectory::take_turn() const {
  FileHandle file = open_lock("room");
  const auto deadline = std::chrono::steady_clock::now() + kRoomPatience;
  while (file && ::flock(file.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK &&
         std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(kRoomPause);
  }
  return file;
}

graph::Result<std::optional<std::string>> PackDirectory::publish(const PackImage& image,
                                                                 std::uint64_t time_ns,
                                                                 std::uint64_t ceiling) const {
  INVARIANT(temporary_.has_value(), "only a store opened for writing publishes");
  const std::string name = pack_name(time_ns);
  graph::Result<std::optional<AtomicFile>> admitted = admit(name, image.size(), ceiling);
  if (!admitted) return admitted.error();
  if (!*admitted) return std::optional<std::string>();
  AtomicFile& file = **admitted;
  std::optional<graph::Error> error = file.write(image.header);
  for (const std::string_view block : image.blocks) {
    if (!error) error = file.write(block);
  }
  if (!error) error = file.write(image.index);
  if (!error) error = file.publish(Durability::kDurable);
  if (error) return *std::move(error);
  return std::optional(name);
}

std::uint64_t PackDirectory::used_bytes() const {
  std::uint64_t total = occupied_in(packs_);
  if (temporary_) total += occupied_in(*temporary_);
  if (uses_) total += occupied_in(*uses_);
  return total;
}

FileHandle PackDirectory::open_lock(const char* name) const {
  if (version_.is_displaced(name)) version_.remove_anything(name);
  return FileHandle(
      ::openat(version_.descriptor(), name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600));
}

std::optional<FileHandle> PackDirectory::try_lock() const {
  FileHandle file = open_lock("lock");
  if (!file || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0) return std::nullopt;
  return file;
}

std::int64_t PackDirectory::changed_ns() const {
  struct stat status {};
  if (::fstat(packs_.descriptor(), &status) != 0) return 0;
  return std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
}

void PackDirectory::remove_abandoned() const {
  if (temporary_) remove_abandoned_files(*temporary_);
}

void PackDirectory::clear() const {
  remove_all(packs_, kPackSuffix);
  if (uses_) remove_all(*uses_, {});
  remove_abandoned();
  // A new tag is how runs that remember their last answer notice.
  const std::optional<std::string> tag = store_.read("CACHEDIR.TAG");
  if (tag && tag->find("typewave") != std::string::npos && store_.remove("CACHEDIR.TAG")) {
    store_.write_cache_tag();
  }
}

}  // namespace runner
