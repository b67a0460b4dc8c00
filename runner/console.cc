#include "runner/console.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "runner/visible_text.h"

namespace runner {
namespace {

// How often somebody who waits for a full pipe looks whether the process is about to end.
constexpr int kLookMs = 100;

std::atomic<bool> silent{false};
std::atomic<int> stdout_error{0};

// Gives the system's error, or zero. A reader that went away (`typewave check | head`) is no failure.
int write_all(int fd, std::string_view text) {
  while (!text.empty() && !silent) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) {  // whoever shares the stream made it so
      pollfd stream{fd, POLLOUT, 0};
      ::poll(&stream, 1, kLookMs);
      continue;
    }
    if (written < 0) return errno == EPIPE ? 0 : errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace

void open_missing_streams() {
  // open() gives the lowest free descriptor: one of the three as long as any is closed.
  int fd = ::open("/dev/null", O_RDWR);
  while (fd >= 0 && fd <= STDERR_FILENO) fd = ::open("/dev/null", O_RDWR);
  if (fd >= 0) ::close(fd);
}

void silence_console() {
  silent = true;
}

void print_stdout(const std::string& text) {
  if (const int error = write_all(STDOUT_FILENO, text); error != 0) stdout_error = error;
}

std::optional<graph::Error> lost_output() {
  const int error = stdout_error;
  if (error == 0) return std::nullopt;
  return graph::Error{std::string("cannot write to standard output: ") + std::strerror(error),
                      "what was to be printed there is incomplete; make room, or redirect it elsewhere"};
}

void print_stderr(const std::string& text) {
  write_all(STDERR_FILENO, text);
}

void print_error(const graph::Error& error) {
  std::string text = "typewave: error: " + error.message + "\n";
  if (!error.hint.empty()) text += "typewave: hint: " + error.hint + "\n";
  print_stderr(visible_text(text));
}

int fail(const graph::Error& error) {
  print_error(error);
  return kTrouble;
}

void print_warning(const std::string& message) {
  print_stderr("typewave: warning: " + visible_text(message) + "\n");
}

void print_note(const std::string& message) {
  print_stderr("typewave: note: " + visible_text(message) + "\n");
}

}  // namespace runner
