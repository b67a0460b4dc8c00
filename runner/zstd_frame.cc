#include "runner/zstd_frame.h"

#include <zstd.h>

#include <memory>

#include "graph/result.h"

namespace runner {
namespace {

struct ContextDeleter {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

}  // namespace

std::string compress(std::string_view raw, int level) {
  thread_local const std::unique_ptr<ZSTD_CCtx, ContextDeleter> context(ZSTD_createCCtx());
  std::string frame(ZSTD_compressBound(raw.size()), '\0');
  const std::size_t size =
      ZSTD_compressCCtx(context.get(), frame.data(), frame.size(), raw.data(), raw.size(), level);
  INVARIANT(ZSTD_isError(size) == 0, "compressing into a large enough buffer cannot fail");
  frame.resize(size);
  frame.shrink_to_fit();
  return frame;
}

std::optional<std::string> decompress(std::string_view frame, std::size_t raw_size) {
  if (ZSTD_getFrameContentSize(frame.data(), frame.size()) != raw_size) return std::nullopt;
  thread_local const std::unique_ptr<ZSTD_DCtx, ContextDeleter> context(ZSTD_createDCtx());
  std::string raw(raw_size, '\0');
  const std::size_t size =
      ZSTD_decompressDCtx(context.get(), raw.data(), raw.size(), frame.data(), frame.size());
  if (ZSTD_isError(size) != 0 || size != raw_size) return std::nullopt;
  return raw;
}

}  // namespace runner
