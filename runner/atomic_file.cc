#include "runner/atomic_file.h"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <ctime>

#include "graph/digest.h"
#include "runner/disk_trouble.h"

namespace runner {

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
                                             std::string name) {
  std::string temporary_name = random_name();
  temporary_name += kSuffix;
  FileHandle file(::openat(temporary.descriptor(), temporary_name.c_str(),
                           O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return disk_error("write", temporary.path(), errno);
  return AtomicFile(std::move(file), temporary, target, std::move(temporary_name), std::move(name));
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
  if (::renameat(temporary_->descriptor(), temporary_name_.c_str(), target_->descriptor(), name_.c_str()) !=
      0) {
    return disk_error("write", target_->path(), errno);
  }
  file_ = FileHandle();
  if (durability == Durability::kDurable) target_->sync();
  return std::nullopt;
}

}  // namespace runner
