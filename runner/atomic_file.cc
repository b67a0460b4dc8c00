#include "runner/atomic_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <ctime>

#include "graph/digest.h"
#include "runner/disk_trouble.h"

namespace runner {
namespace {

// How often a temporary file is made anew because somebody took it for abandoned before it was locked.
constexpr int kMaxTries = 8;
constexpr std::int64_t kAbandonedSeconds = 24 * 60 * 60;

// False when somebody is removing the file. A file system without locks has nobody who could.
bool lock_new_file(const FileHandle& file) {
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) return errno != EWOULDBLOCK;
  struct stat status {};
  return ::fstat(file.get(), &status) != 0 || status.st_nlink > 0;
}

// Locked until it is gone: its writer may just be about to lock it.
void remove_if_abandoned(const OwnedDirectory& directory, const std::string& name) {
  const graph::Result<FileHandle> file = directory.open_file(name);
  struct stat status {};
  if (!file || ::fstat(file->get(), &status) != 0) return;
  const bool locked = ::flock(file->get(), LOCK_EX | LOCK_NB) == 0;
  const bool old = status.st_mtim.tv_sec < ::time(nullptr) - kAbandonedSeconds;
  if (locked || (errno != EWOULDBLOCK && old)) directory.remove(name);
}

}  // namespace

bool write_losable(const OwnedDirectory& directory, const std::string& name, std::string_view bytes) {
  graph::Result<AtomicFile> file = AtomicFile::create(directory, directory, name);
  return file && !file->write(bytes) && !file->publish(Durability::kLosable);
}

std::uint64_t claimed_bytes(std::string_view temporary_name) {
  const std::size_t dash = temporary_name.find('-');
  if (dash == std::string_view::npos || !temporary_name.ends_with(AtomicFile::kSuffix)) return 0;
  std::uint64_t bytes = 0;
  std::from_chars(temporary_name.data() + dash + 1, temporary_name.data() + temporary_name.size(), bytes);
  return bytes;
}

void remove_abandoned_files(const OwnedDirectory& temporary) {
  for (const std::string& name : temporary.names()) {
    if (name.ends_with(AtomicFile::kSuffix)) remove_if_abandoned(temporary, name);
  }
}

std::string random_name() {
  std::uint64_t bits = 0;
  if (::getrandom(&bits, sizeof(bits), GRND_NONBLOCK) != sizeof(bits)) {
    static std::atomic<std::uint64_t> counter{0};
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    bits = static_cast<std::uint64_t>(now.tv_nsec) ^ (static_cast<std::uint64_t>(::getpid()) << 32) ^
           (counter.fetch_add(1) << 56);
  }
  return graph::to_hex({reinterpret_cast<const char*>(&bits), sizeof(bits)});
}

AtomicFile::AtomicFile(FileHandle file, const OwnedDirectory& temporary, const OwnedDirectory& target,
                       std::string temporary_name, std::string name)
    : file_(std::move(file)),
      temporary_(&temporary),
      target_(&target),
      temporary_name_(std::move(temporary_name)),
      name_(std::move(name)) {}

AtomicFile::~AtomicFile() {
  if (file_) temporary_->remove(temporary_name_);
}

graph::Result<AtomicFile> AtomicFile::create(const OwnedDirectory& temporary, const OwnedDirectory& target,
                                             std::string name, std::uint64_t claim) {
  for (int tries = 1;; ++tries) {
    std::string temporary_name = random_name();
    if (claim > 0) temporary_name += "-" + std::to_string(claim);
    temporary_name += kSuffix;
    FileHandle file(::openat(temporary.descriptor(), temporary_name.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file) return disk_error("write", temporary.path(), errno);
    if (lock_new_file(file) || tries == kMaxTries) {
      return AtomicFile(std::move(file), temporary, target, std::move(temporary_name), std::move(name));
    }
  }
}

std::int64_t AtomicFile::moment_ns() const {
  struct stat status {};
  if (::fstat(file_.get(), &status) != 0) return 0;
  return std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
}

std::optional<graph::Error> AtomicFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return disk_error("write", target_->path(), written < 0 ? errno : ENOSPC);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return std::nullopt;
}

std::optional<graph::Error> AtomicFile::publish(Durability durability) {
  // A file system that delays writing may report the lack of space only here.
  if (durability == Durability::kDurable && ::fsync(file_.get()) != 0) {
    return disk_error("write", target_->path(), errno);
  }
  const bool exchanged = durability == Durability::kLosable && exchange();
  if (!exchanged && ::renameat(temporary_->descriptor(), temporary_name_.c_str(), target_->descriptor(),
                               name_.c_str()) != 0) {
    return disk_error("write", target_->path(), errno);
  }
  file_ = FileHandle();
  if (durability == Durability::kDurable) target_->sync();
  return std::nullopt;
}

bool AtomicFile::exchange() {
  struct stat status {};
  if (::fstatat(target_->descriptor(), name_.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 ||
      !S_ISREG(status.st_mode) ||
      ::renameat2(temporary_->descriptor(), temporary_name_.c_str(), target_->descriptor(), name_.c_str(),
                  RENAME_EXCHANGE) != 0) {
    return false;
  }
  temporary_->remove(temporary_name_);
  return true;
}

}  // namespace runner
