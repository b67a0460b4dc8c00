#include "runner/argument_pipes.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <string_view>

#include "graph/regular_file.h"
#include "runner/disk_trouble.h"
#include "runner/file_handle.h"
#include "runner/memory_file.h"

namespace runner {
namespace {

constexpr std::string_view kPlaces[] = {"/dev/fd/", "/proc/self/fd/"};

enum class Copied { kAll, kUnreadable, kTooLarge, kNoRoom };

Copied copy(int from, const FileHandle& to) {
  char block[1 << 16];
  for (std::uint64_t total = 0; total <= graph::kLargestFile;) {
    const ssize_t got = ::read(from, block, sizeof(block));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return got == 0 ? Copied::kAll : Copied::kUnreadable;
    if (!fill(to, {block, static_cast<std::size_t>(got)})) return Copied::kNoRoom;
    total += static_cast<std::uint64_t>(got);
  }
  return Copied::kTooLarge;
}

bool is_pipe(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 && S_ISFIFO(status.st_mode);
}

}  // namespace

std::vector<int> descriptors_in(const std::string& word) {
  std::vector<int> found;
  for (const std::string_view place : kPlaces) {
    for (std::size_t at = word.find(place); at != std::string::npos; at = word.find(place, at + 1)) {
      int number = -1;
      const char* const end = word.data() + word.size();
      const auto [stop, error] = std::from_chars(word.data() + at + place.size(), end, number);
      if (error == std::errc() && number >= 0 && (stop == end || *stop == ',')) found.push_back(number);
    }
  }
  return found;
}

std::optional<graph::Error> keep_argument_pipes(const std::vector<std::string>& arguments) {
  for (const std::string& word : arguments) {
    if (word.starts_with('@')) continue;  // of arguments: mypy itself reads that twice, and complains
    for (const int descriptor : descriptors_in(word)) {
      if (!is_pipe(descriptor)) continue;
      const FileHandle file = memory_file("argument");
      // What else fails is left as it is: mypy says what it makes of it.
      const Copied copied = file ? copy(descriptor, file) : Copied::kUnreadable;
      if (copied == Copied::kNoRoom) {
        return disk_error("keep what comes from", std::string(kPlaces[0]) + std::to_string(descriptor),
                          errno);
      }
      if (copied == Copied::kAll) ::dup2(file.get(), descriptor);
    }
  }
  return std::nullopt;
}

}  // namespace runner
