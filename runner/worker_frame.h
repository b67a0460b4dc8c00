// The frames typewave and its Python workers speak in: a JSON header and a list of byte blobs.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "graph/result.h"
#include "runner/file_handle.h"

namespace runner {

// On the wire, little-endian: u32 magic, u32 header length, u64 payload length, header (UTF-8 JSON object),
// payload (the blobs, whose lengths the header lists under "blobs"). A descriptor that comes with the magic
// is that of a file with the payload, which does not follow then.
struct WorkerFrame {
  nlohmann::json header;
  std::vector<std::string> blobs;
};

// A frame to be sent.
struct OutgoingFrame {
  std::string bytes;
  FileHandle payload;  // to be passed with the first byte, if there is one
};

enum class PayloadPlace : std::uint8_t {
  kInFrame,
  // A payload that a socket does not hold would make both sides wait for each other, part by part. So it is
  // in a file in memory, if it is of that size and there can be one.
  kBesideIfLarge,
};
OutgoingFrame outgoing_frame(nlohmann::json header, const std::vector<std::string_view>& blobs,
                             PayloadPlace place);

// What a failure to send or receive means.
graph::Error worker_is_gone();

// Blocks until all is written; fails when the peer is gone.
graph::Result<bool> write_frame(int fd, nlohmann::json header, const std::vector<std::string_view>& blobs);

// Called where there is nothing to read yet; false ends it.
using AwaitBytes = std::function<bool()>;

// Blocks until a whole frame has arrived. Fails at the end of the stream and on anything that is not a frame.
// With `await` the descriptor has to be a socket.
graph::Result<WorkerFrame> read_frame(int fd, const AwaitBytes& await = {});

}  // namespace runner
