#include "runner/seal.h"

#include "graph/digest.h"

namespace runner {

void seal(std::string& bytes) {
  bytes += graph::sha256(bytes).view();
}

std::optional<std::string_view> unsealed(std::string_view bytes) {
  constexpr std::size_t kSize = sizeof(graph::Digest::bytes);
  if (bytes.size() < kSize) return std::nullopt;
  const std::string_view body = bytes.substr(0, bytes.size() - kSize);
  if (graph::sha256(body).view() != bytes.substr(body.size())) return std::nullopt;
  return body;
}

}  // namespace runner
