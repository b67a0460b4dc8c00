#include "graph/import_shape.h"

#include <string_view>

namespace graph {
namespace {

constexpr std::uint32_t kImplicitLine = 1;

}  // namespace

ImportShape import_shape(const ImportScan& scan) {
  ImportShape shape;
  DigestBuilder builder;
  const auto flag = [&builder](std::string_view name, bool value) { builder.field(name, value ? 1U : 0U); };
  flag("sure", scan.sure);
  flag("template strings", scan.template_strings);
  flag("template strings kept", scan.template_strings_kept);
  flag("ignores errors", scan.ignores_errors);
  flag("module getattr", scan.module_getattr);
  shape.lines.reserve(scan.imports.size());
  for (const ImportStatement& import : scan.imports) {
    builder.field("kind", static_cast<std::uint64_t>(import.kind));
    flag("top level", import.top_level);
    flag("mypy only", import.mypy_only);
    flag("in dropped body", import.in_dropped_body);
    builder.field("dots", std::uint64_t{import.dots});
    builder.field("module", import.module);
    for (const std::string& name : import.names) builder.field("name", name);
    shape.lines.push_back(import.line);
  }
  shape.digest = builder.finish();
  return shape;
}

std::optional<MovedLines> moved_lines(const ImportShape& before, const ImportShape& now) {
  if (before.lines.size() != now.lines.size()) return std::nullopt;
  MovedLines moved;
  for (std::size_t i = 0; i < before.lines.size(); ++i) {
    const auto [line, is_new] = moved.emplace(before.lines[i], now.lines[i]);
    if (!is_new && line->second != now.lines[i]) return std::nullopt;
    if (before.lines[i] != now.lines[i] &&
        (before.lines[i] == kImplicitLine || now.lines[i] == kImplicitLine))
      return std::nullopt;
  }
  return moved;
}

}  // namespace graph
