// Prints what the import scanner finds, one JSON line a file; the other half of test_scan.py.
//
//   scan_dump [--quiet] MAJOR.MINOR PLATFORM [+NAME | -NAME]...  < paths, one a line
//
// +NAME is always true, -NAME always false. --quiet scans without printing, to measure.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <span>
#include <sstream>
#include <string>

#include "graph/import_scanner.h"

namespace {

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  return std::move(content).str();
}

nlohmann::json to_json(const graph::ImportStatement& statement) {
  constexpr const char* kKinds[] = {"import", "from", "star"};
  return {kKinds[static_cast<int>(statement.kind)],
          statement.line,
          statement.dots,
          statement.module,
          statement.names,
          statement.top_level,
          statement.mypy_only,
          statement.in_dropped_body};
}

nlohmann::json to_json(const std::string& path, const graph::ImportScan& scan) {
  nlohmann::json line{{"path", path}, {"sure", scan.sure}, {"doubt", scan.doubt}};
  line["imports"] = nlohmann::json::array();
  for (const graph::ImportStatement& statement : scan.imports) line["imports"].push_back(to_json(statement));
  line["template_strings"] = scan.template_strings;
  line["template_strings_kept"] = scan.template_strings_kept;
  line["ignores_errors"] = scan.ignores_errors;
  line["module_getattr"] = scan.module_getattr;
  return line;
}

bool read_target(std::span<char*> arguments, graph::ScanTarget& target) {
  if (arguments.size() < 2) return false;
  if (std::sscanf(arguments[0], "%d.%d", &target.python_major, &target.python_minor) != 2) return false;
  target.platform = arguments[1];
  for (const std::string name : arguments.subspan(2)) {
    if (name.size() < 2 || (name[0] != '+' && name[0] != '-')) return false;
    (name[0] == '+' ? target.always_true : target.always_false).push_back(name.substr(1));
  }
  return true;
}

}  // namespace

int main(int count, char** values) {
  std::span<char*> arguments(values + 1, static_cast<std::size_t>(count) - 1);
  const bool quiet = !arguments.empty() && std::string_view(arguments[0]) == "--quiet";
  if (quiet) arguments = arguments.subspan(1);
  graph::ScanTarget target;
  if (!read_target(arguments, target)) {
    std::cerr << "usage: scan_dump [--quiet] MAJOR.MINOR PLATFORM [+NAME | -NAME]... < paths\n";
    return 2;
  }
  for (std::string path; std::getline(std::cin, path);) {
    const graph::ImportScan scan = graph::scan_imports(read_file(path), target);
    if (!quiet)
      std::cout << to_json(path, scan).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) << '\n';
  }
}
