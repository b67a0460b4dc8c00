// Answers module look-ups given as JSON, for comparison with mypy's FindModuleCache.
#include <unordered_map>

#include "graph/disk_file_system.h"
#include "graph/module_resolver.h"
#include "tests/differential/dump_input.h"

int main() {
  return dump::answer_cases([](const dump::Json& input) {
    const graph::BuildOptions options = dump::build_options(input);
    graph::OptionsTable table({}, dump::sections(input));
    graph::DiskFileSystem files;
    graph::ModuleResolver resolver(
        options, options.search_paths, table, files,
        input.value("source_modules", std::unordered_map<std::string, std::string>{}));
    dump::Json found = dump::Json::array();
    for (const dump::Json& lookup : input.at("lookups")) {
      const graph::Resolution& answer = resolver.find(lookup.at(0).get<std::string>(), lookup.at(1));
      answer.found ? found.push_back(answer.path) : found.push_back(static_cast<int>(answer.reason));
    }
    dump::Json packages = dump::Json::array();
    for (const dump::Json& package : input.value("recursive", dump::Json::array())) {
      const auto modules = resolver.find_recursive(package);
      modules ? packages.push_back(*modules) : packages.push_back(nullptr);
    }
    return dump::Json{{"found", found}, {"recursive", packages}, {"unused", table.unused_sections()}};
  });
}
