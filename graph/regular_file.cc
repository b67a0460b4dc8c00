#include "graph/regular_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace graph {
namespace {

constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

FileStat file_stat_of(const struct stat& raw) {
  return FileStat{.size = static_cast<std::uint64_t>(raw.st_size),
                  .mtime_ns = raw.st_mtim.tv_sec * kNanosecondsPerSecond + raw.st_mtim.tv_nsec,
                  .ctime_ns = raw.st_ctim.tv_sec * kNanosecondsPerSecond + raw.st_ctim.tv_nsec,
                  .inode = raw.st_ino,
                  .device = raw.st_dev,
                  .mode = raw.st_mode};
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

std::string system_message(int error) {
  return std::generic_category().message(error);
}

bool stat_descriptor(int fd, FileStat& stat) {
  struct stat raw {};
  if (::fstat(fd, &raw) != 0) return false;
  stat = file_stat_of(raw);
  return true;
}

// Reads to the end, whatever size the file had a moment ago. False with errno on failure.
bool read_all(int fd, std::uint64_t expected, std::string& text) {
  if (expected > kLargestFile) {
    errno = EFBIG;
    return false;
  }
  // One byte more than expected, so that the usual file needs no second growth to see its end.
  text.resize(static_cast<std::size_t>(expected) + 1);
  std::size_t done = 0;
  for (;;) {
    if (done > kLargestFile) {
      errno = EFBIG;
      return false;
    }
    if (done == text.size()) text.resize(text.size() * 2);
    const ssize_t got = ::read(fd, text.data() + done, text.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
    // There was room for more: that is the end, of what is still as large as it was.
    if (done == expected) break;
  }
  text.resize(done);
  return true;
}

}  // namespace

bool is_regular(const FileStat& stat) {
  return S_ISREG(stat.mode);
}

bool stat_file(const char* path, FileStat& stat) {
  struct stat raw {};
  if (::stat(path, &raw) != 0) return false;
  stat = file_stat_of(raw);
  return true;
}

FileRead read_file(const std::string& path) {
  FileRead result;
  // A pipe without a writer would block the opening of it.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.get() < 0 || !stat_descriptor(file.get(), result.stat)) {
    result.error = system_message(errno);
    return result;
  }
  if (S_ISDIR(result.stat.mode)) return result;
  if (!is_regular(result.stat)) {
    result.error = "Not a regular file";
    return result;
  }
  if (!read_all(file.get(), result.stat.size, result.text)) {
    result.error = system_message(errno);
    result.text = {};
    return result;
  }
  FileStat after;
  result.stable =
      stat_descriptor(file.get(), after) && after == result.stat && result.text.size() == result.stat.size;
  return result;
}

}  // namespace graph
