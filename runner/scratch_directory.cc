// A directory for the time of a run.
#include "runner/scratch_directory.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace runner {
namespace {

std::mutex mutex;
std::set<std::string>& living() {
  static std::set<std::string> paths;
  return paths;
}

constexpr std::string_view kPrefix = "typewave-run-";
constexpr std::size_t kRandomLetters = 6;
constexpr int kMaxTries = 8;

// Not there when somebody else has it, or when it is no directory of ours.
FileHandle lock_directory(const std::string& path) {
  FileHandle directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status {};
  const bool ours = directory && ::fstat(directory.get(), &status) == 0 && status.st_uid == ::geteuid() &&
                    (status.st_mode & 07777) == 0700;
  if (!ours || ::flock(directory.get(), LOCK_EX | LOCK_NB) != 0) return FileHandle();
  return directory;
}

// What runs that were killed left; nobody holds a lock on it.
void remove_abandoned(const std::filesystem::path& parent) {
  std::error_code trouble;
  std::vector<std::string> left;
  for (std::filesystem::directory_iterator it(parent, trouble), end; !trouble && it != end;
       it.increment(trouble)) {
    const std::string name = it->path().filename().string();
    if (name.starts_with(kPrefix) && name.size() == kPrefix.size() + kRandomLetters)
      left.push_back(it->path());
  }
  for (const std::string& path : left) {
    if (const FileHandle lock = lock_directory(path)) std::filesystem::remove_all(path, trouble);
  }
}

}  // namespace

graph::Result<ScratchDirectory> ScratchDirectory::make() {
  const char* place = std::getenv("TMPDIR");
  std::error_code trouble;
  const std::filesystem::path parent =
      std::filesystem::weakly_canonical(place == nullptr || *place == '\0' ? "/tmp" : place, trouble);
  if (!trouble) remove_abandoned(parent);
  for (int tries = 1;; ++tries) {
    std::string path = (parent / (std::string(kPrefix) + std::string(kRandomLetters, 'X'))).string();
    if (trouble || ::mkdtemp(path.data()) == nullptr) {
      return graph::Error{"no temporary directory can be made: " +
                              (trouble ? trouble.message() : std::string(std::strerror(errno))),
                          "set TMPDIR to a directory that can be written"};
    }
    FileHandle held = lock_directory(path);
    // Somebody took it for abandoned before it was locked. Some file systems have no locks.
    if (!held && ::access(path.c_str(), F_OK) != 0 && tries < kMaxTries) continue;
    const std::lock_guard lock(mutex);
    living().insert(path);
    return ScratchDirectory(std::move(path), std::move(held));
  }
}

ScratchDirectory::ScratchDirectory(ScratchDirectory&& other) noexcept
    : path_(std::exchange(other.path_, {})), lock_(std::move(other.lock_)) {}

ScratchDirectory::~ScratchDirectory() {
  if (path_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
  const std::lock_guard lock(mutex);
  living().erase(path_);
}

void remove_scratch_directories() {
  const std::lock_guard lock(mutex);
  for (const std::string& path : living()) {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
}

}  // namespace runner
