// A directory for the time of a run.
#include "runner/scratch_directory.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <set>
#include <utility>

namespace runner {
namespace {

std::mutex mutex;
std::set<std::string>& living() {
  static std::set<std::string> paths;
  return paths;
}

}  // namespace

graph::Result<ScratchDirectory> ScratchDirectory::make() {
  const char* place = std::getenv("TMPDIR");
  std::error_code trouble;
  const std::filesystem::path parent =
      std::filesystem::weakly_canonical(place == nullptr || *place == '\0' ? "/tmp" : place, trouble);
  std::string path = (parent / "typewave-XXXXXX").string();
  if (trouble || ::mkdtemp(path.data()) == nullptr) {
    return graph::Error{"no temporary directory can be made: " +
                            (trouble ? trouble.message() : std::string(std::strerror(errno))),
                        "set TMPDIR to a directory that can be written"};
  }
  const std::lock_guard lock(mutex);
  living().insert(path);
  return ScratchDirectory(std::move(path));
}

ScratchDirectory::ScratchDirectory(ScratchDirectory&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

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
