#include "runner/child_streams.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace runner {

Drain::Drain(std::function<void(std::string_view)> take) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return;
  reading_ = FileHandle(ends[0]);
  writing_ = FileHandle(ends[1]);
  reader_ = std::thread([this, take = std::move(take)] { read(take); });
}

void Drain::finish() {
  writing_ = FileHandle();
  if (reader_.joinable()) reader_.join();
}

void Drain::read(const std::function<void(std::string_view)>& take) const {
  char block[1 << 16];
  for (;;) {
    const ssize_t count = ::read(reading_.get(), block, sizeof(block));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    take({block, static_cast<std::size_t>(count)});
  }
}

Feed::Feed(std::string_view text) {
  int ends[2] = {-1, -1};
  // Not a pipe: where a child reads no more, only a socket can be written to without a signal.
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return;
  theirs_ = FileHandle(ends[0]);
  ours_ = FileHandle(ends[1]);
  writer_ = std::thread([this, text] { write(text); });
}

void Feed::finish() {
  if (ours_) ::shutdown(ours_.get(), SHUT_RDWR);
  if (writer_.joinable()) writer_.join();
}

void Feed::write(std::string_view text) const {
  while (!text.empty()) {
    const ssize_t count = ::send(ours_.get(), text.data(), text.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  ::shutdown(ours_.get(), SHUT_WR);
}

}  // namespace runner
