#include "runner/worker_frame.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include "runner/bounded_json.h"
#include "runner/memory_file.h"

namespace runner {
namespace {

constexpr std::uint32_t kMagic = 0x31575754;  // "TWW1"
constexpr std::uint32_t kMaxHeader = 1u << 28;
constexpr std::uint64_t kMaxPayload = std::uint64_t{1} << 32;
// What a socket takes at once, more or less.
constexpr std::uint64_t kLargePayload = 1u << 17;

struct Prefix {
  std::uint32_t magic;
  std::uint32_t header_bytes;
  std::uint64_t payload_bytes;
};
static_assert(sizeof(Prefix) == 16);

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// A frame mostly arrives in one piece: it is waited for only where there is nothing to read yet.
bool read_all(int fd, char* out, std::size_t size, const AwaitBytes& await) {
  while (size > 0) {
    const ssize_t count = await ? ::recv(fd, out, size, MSG_DONTWAIT) : ::read(fd, out, size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && await && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      if (!await()) return false;
      continue;
    }
    if (count <= 0) return false;
    out += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

// Grows with what really arrives: a length alone allocates nothing.
bool read_string(int fd, std::string& out, std::uint64_t size, const AwaitBytes& await) {
  constexpr std::uint64_t kStep = 1u << 22;
  while (size > 0) {
    const auto step = static_cast<std::size_t>(std::min(size, kStep));
    const std::size_t start = out.size();
    out.resize(start + step);
    if (!read_all(fd, out.data() + start, step, await)) return false;
    size -= step;
  }
  return true;
}

graph::Error broken(const char* what) {
  return {std::string("the worker ") + what};
}

}  // namespace

graph::Error worker_is_gone() {
  return broken("is gone");
}

OutgoingFrame outgoing_frame(nlohmann::json header, const std::vector<std::string_view>& blobs,
                             PayloadPlace place) {
  std::uint64_t payload = 0;
  nlohmann::json lengths = nlohmann::json::array();
  for (const std::string_view blob : blobs) {
    lengths.push_back(blob.size());
    payload += blob.size();
  }
  if (!blobs.empty()) header["blobs"] = std::move(lengths);
  // Paths that are not UTF-8 must not throw here; the worker will not find the file and say so.
  const std::string text = header.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  const Prefix prefix{kMagic, static_cast<std::uint32_t>(text.size()), payload};
  OutgoingFrame frame;
  frame.bytes.append(reinterpret_cast<const char*>(&prefix), sizeof(prefix));
  frame.bytes += text;
  if (place == PayloadPlace::kBesideIfLarge && payload >= kLargePayload) {
    frame.payload = filled_memory_file("payload", blobs);
  }
  if (!frame.payload) {
    for (const std::string_view blob : blobs) frame.bytes += blob;
  }
  return frame;
}

graph::Result<bool> write_frame(int fd, nlohmann::json header, const std::vector<std::string_view>& blobs) {
  const OutgoingFrame frame = outgoing_frame(std::move(header), blobs, PayloadPlace::kInFrame);
  if (!write_all(fd, frame.bytes)) return worker_is_gone();
  return true;
}

graph::Result<WorkerFrame> read_frame(int fd, const AwaitBytes& await) {
  Prefix prefix{};
  if (!read_all(fd, reinterpret_cast<char*>(&prefix), sizeof(prefix), await)) return worker_is_gone();
  if (prefix.magic != kMagic || prefix.header_bytes > kMaxHeader || prefix.payload_bytes > kMaxPayload) {
    return broken("sent something that is not a frame");
  }
  std::string text;
  if (!read_string(fd, text, prefix.header_bytes, await)) return worker_is_gone();
  WorkerFrame frame;
  auto header = parse_bounded_json(text);
  if (!header || !header->is_object()) return broken("sent a header that is not a JSON object");
  frame.header = std::move(*header);
  std::uint64_t left = prefix.payload_bytes;
  if (const auto blobs = frame.header.find("blobs"); blobs != frame.header.end()) {
    if (!blobs->is_array()) return broken("sent a malformed list of blobs");
    for (const nlohmann::json& length : *blobs) {
      if (!length.is_number_unsigned() || length.get<std::uint64_t>() > left) {
        return broken("sent blobs that are longer than their frame");
      }
      left -= length.get<std::uint64_t>();
      if (!read_string(fd, frame.blobs.emplace_back(), length.get<std::uint64_t>(), await))
        return worker_is_gone();
    }
  }
  if (left != 0) return broken("sent bytes that belong to no blob");
  return frame;
}

}  // namespace runner
