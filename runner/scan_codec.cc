#include "runner/scan_codec.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

namespace runner {
namespace {

using graph::ByteReader;
using graph::ByteWriter;

// Flags of a scan.
constexpr std::uint8_t kSure = 1;
constexpr std::uint8_t kTemplateStrings = 2;
constexpr std::uint8_t kTemplateStringsKept = 4;
constexpr std::uint8_t kIgnoresErrors = 8;
constexpr std::uint8_t kModuleGetattr = 16;
// Flags of an import, above the two bits of its kind.
constexpr std::uint8_t kKindMask = 3;
constexpr std::uint8_t kTopLevel = 4;
constexpr std::uint8_t kMypyOnly = 8;
constexpr std::uint8_t kInDroppedBody = 16;
// flags, dots, line, module
constexpr std::size_t kSmallestImport = 4;

constexpr std::uint8_t flag(bool set, std::uint8_t bit) {
  return set ? bit : std::uint8_t{0};
}

void write_import(ByteWriter& out, const graph::ImportStatement& import, std::uint32_t line_before,
                  StringTable& strings) {
  out.fixed<std::uint8_t>(static_cast<std::uint8_t>(
      static_cast<std::uint8_t>(import.kind) | flag(import.top_level, kTopLevel) |
      flag(import.mypy_only, kMypyOnly) | flag(import.in_dropped_body, kInDroppedBody)));
  out.varint(import.dots);
  out.signed_varint(std::int64_t{import.line} - line_before);
  out.varint(strings.intern(import.module));
  if (import.kind != graph::ImportKind::kFrom) return;
  out.varint(import.names.size());
  for (const std::string& name : import.names) out.varint(strings.intern(name));
}

void read_string(ByteReader& in, const StringTable& strings, std::string& text) {
  const auto id = in.narrow<std::uint32_t>();
  if (!in.ok() || id >= strings.size()) {
    in.fail();
    return;
  }
  text = strings[id];
}

void read_import(ByteReader& in, std::uint32_t line_before, const StringTable& strings,
                 graph::ImportStatement& import) {
  const auto flags = in.fixed<std::uint8_t>();
  if ((flags & kKindMask) > static_cast<std::uint8_t>(graph::ImportKind::kFromStar)) in.fail();
  import.kind = static_cast<graph::ImportKind>(flags & kKindMask);
  import.top_level = (flags & kTopLevel) != 0;
  import.mypy_only = (flags & kMypyOnly) != 0;
  import.in_dropped_body = (flags & kInDroppedBody) != 0;
  import.dots = in.narrow<std::uint16_t>();
  import.line = static_cast<std::uint32_t>(std::int64_t{line_before} + in.signed_varint());
  read_string(in, strings, import.module);
  if (import.kind != graph::ImportKind::kFrom) return;
  import.names.resize(in.count(1));
  for (std::string& name : import.names) read_string(in, strings, name);
}

}  // namespace

void write_scan(ByteWriter& out, const graph::ScannedFile& file, StringTable& strings) {
  const graph::ImportScan& scan = file.scan;
  out.digest(file.digest);
  out.digest(file.code);
  out.digest(file.shape);
  out.raw({reinterpret_cast<const char*>(file.sha1.data()), file.sha1.size()});
  out.varint(file.size);
  out.fixed<std::uint8_t>(static_cast<std::uint8_t>(
      flag(scan.sure, kSure) | flag(scan.template_strings, kTemplateStrings) |
      flag(scan.template_strings_kept, kTemplateStringsKept) | flag(scan.ignores_errors, kIgnoresErrors) |
      flag(scan.module_getattr, kModuleGetattr)));
  out.string(scan.doubt);
  out.varint(scan.imports.size());
  std::uint32_t line = 0;
  for (const graph::ImportStatement& import : scan.imports) {
    write_import(out, import, line, strings);
    line = import.line;
  }
  out.varint(scan.words.size());
  out.raw({reinterpret_cast<const char*>(scan.words.data()), scan.words.size() * sizeof(std::uint32_t)});
}

graph::ScannedFile read_scan(ByteReader& in, const StringTable& strings) {
  graph::ScannedFile file;
  graph::ImportScan& scan = file.scan;
  file.digest = in.digest();
  file.code = in.digest();
  file.shape = in.digest();
  const std::string_view sha1 = in.raw(file.sha1.size());
  std::copy(sha1.begin(), sha1.end(), file.sha1.begin());
  file.size = in.varint();
  const auto flags = in.fixed<std::uint8_t>();
  scan.sure = (flags & kSure) != 0;
  scan.template_strings = (flags & kTemplateStrings) != 0;
  scan.template_strings_kept = (flags & kTemplateStringsKept) != 0;
  scan.ignores_errors = (flags & kIgnoresErrors) != 0;
  scan.module_getattr = (flags & kModuleGetattr) != 0;
  scan.doubt = in.string();
  scan.imports.resize(in.count(kSmallestImport));
  std::uint32_t line = 0;
  for (graph::ImportStatement& import : scan.imports) {
    read_import(in, line, strings, import);
    if (!in.ok()) return file;
    line = import.line;
  }
  const std::size_t word_count = in.count(sizeof(std::uint32_t));
  const std::string_view words = in.raw(word_count * sizeof(std::uint32_t));
  if (words.empty()) return file;
  scan.words.resize(word_count);
  std::memcpy(scan.words.data(), words.data(), words.size());
  return file;
}

std::optional<std::vector<std::string_view>> read_string_table(ByteReader& in, std::size_t count) {
  const std::string_view ends = in.raw(std::size_t{count} * sizeof(std::uint32_t));
  if (!in.ok()) return std::nullopt;
  std::vector<std::string_view> strings;
  strings.reserve(count);
  std::uint32_t start = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t end = 0;
    std::memcpy(&end, ends.data() + i * sizeof(end), sizeof(end));
    if (end < start || end - start > in.remaining()) return std::nullopt;
    strings.push_back(in.raw(end - start));
    start = end;
  }
  return strings;
}

void write_string_table(ByteWriter& out, const StringTable& strings) {
  std::uint32_t end = 0;
  for (std::uint32_t id = 0; id < strings.size(); ++id) {
    end += static_cast<std::uint32_t>(strings[id].size());
    out.fixed(end);
  }
  for (std::uint32_t id = 0; id < strings.size(); ++id) out.raw(strings[id]);
}

}  // namespace runner
