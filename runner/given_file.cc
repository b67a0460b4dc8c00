#include "runner/given_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "runner/file_handle.h"

namespace runner {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 16;

graph::Error reason() {
  return {std::strerror(errno), {}};
}

graph::Result<std::string> read_to_end(int descriptor) {
  std::string text;
  std::array<char, kChunk> chunk;
  for (;;) {
    const ssize_t got = ::read(descriptor, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return reason();  // of a directory, too
    if (got == 0) return text;
    text.append(chunk.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace

graph::Result<std::string> read_given_file(const std::string& path) {
  const FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!file) return reason();
  return read_to_end(file.get());
}

graph::Result<std::string> read_standard_input() {
  return read_to_end(STDIN_FILENO);
}

}  // namespace runner
