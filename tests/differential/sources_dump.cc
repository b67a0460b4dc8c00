// Lists the sources of runs given as JSON, for comparison with mypy's find_sources.
#include "graph/disk_file_system.h"
#include "graph/source_discovery.h"
#include "tests/differential/dump_input.h"

int main() {
  return dump::answer_cases([](const dump::Json& input) {
    const graph::BuildOptions options = dump::build_options(input);
    graph::OptionsTable table({}, dump::sections(input));
    graph::DiskFileSystem files;
    const graph::SourceList list = graph::discover_sources(options, table, files);
    if (list.needs_mypy) return dump::Json{{"needs_mypy", *list.needs_mypy}};
    dump::Json sources = dump::Json::array();
    for (const graph::Source& source : list.sources) {
      const auto optional = [](const std::optional<std::string>& value) {
        return value ? dump::Json(*value) : dump::Json();
      };
      sources.push_back({source.path, source.module, optional(source.base_directory), optional(source.text)});
    }
    return dump::Json{{"sources", sources}, {"python_path", graph::python_path_of(list.sources, options)}};
  });
}
