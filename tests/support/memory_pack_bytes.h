// A pack that lies in memory.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "runner/pack_index.h"

namespace support {

class MemoryPackBytes final : public runner::PackBytes {
 public:
  explicit MemoryPackBytes(std::string bytes) : bytes_(std::move(bytes)) {}
  std::uint64_t size() const override { return bytes_.size(); }
  bool read(std::uint64_t offset, char* out, std::size_t size) const override {
    if (offset > bytes_.size() || size > bytes_.size() - offset) return false;
    std::memcpy(out, bytes_.data() + offset, size);
    return true;
  }

 private:
  const std::string bytes_;
};

}  // namespace support
