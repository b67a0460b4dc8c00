#include "runner/given_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

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

graph::Result<std::string> read_kept_file(const std::string& path, const std::string& if_missing,
                                          const std::string& option) {
  auto text = read_given_file(path);
  if (text) return text;
  std::error_code trouble;
  const bool missing = !std::filesystem::exists(path, trouble);
  return graph::Error{text.error().message,
                      missing ? if_missing : "give " + option + " a file that can be read"};
}

graph::Result<std::string> read_standard_input() {
  return read_to_end(STDIN_FILENO);
}

}  // namespace runner
