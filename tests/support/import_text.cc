#include "tests/support/import_text.h"

#include <sstream>

namespace support {
namespace {

void add_import(graph::ImportScan& scan, std::istringstream& words, graph::ImportStatement statement,
                const std::string& keyword) {
  words >> statement.module;
  if (keyword == "from") {
    const std::size_t dots = statement.module.find_first_not_of('.');
    statement.dots = static_cast<std::uint16_t>(dots == std::string::npos ? statement.module.size() : dots);
    statement.module.erase(0, statement.dots);
    statement.kind = graph::ImportKind::kFrom;
    std::string name;
    for (words >> name; words >> name;) {
      if (name.ends_with(',')) name.pop_back();
      statement.names.push_back(name);
    }
    if (statement.names.front() == "*") {
      statement.kind = graph::ImportKind::kFromStar;
      statement.names.clear();
    }
  }
  scan.imports.push_back(std::move(statement));
}

}  // namespace

graph::ImportScan scan_of_text(std::string_view text) {
  graph::ImportScan scan;
  std::istringstream lines{std::string(text)};
  std::uint32_t line = 0;
  for (std::string content; std::getline(lines, content);) {
    graph::ImportStatement statement;
    statement.line = ++line;
    std::istringstream words(content);
    std::string word;
    while (words >> word && (word == "local" || word == "dropped" || word == "typing")) {
      if (word == "typing") statement.mypy_only = true;
      if (word != "typing") statement.top_level = false;
      if (word == "dropped") statement.in_dropped_body = true;
    }
    if (word == "import" || word == "from") add_import(scan, words, statement, word);
    if (word == "t-string") scan.template_strings = true;
    if (word == "t-string" && !statement.in_dropped_body) scan.template_strings_kept = true;
    if (word == "ignore-errors") scan.ignores_errors = true;
    if (word == "getattr") scan.module_getattr = true;
    if (word == "unsure") scan.sure = false;
  }
  return scan;
}

}  // namespace support
