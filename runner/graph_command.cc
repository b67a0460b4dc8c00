#include "runner/graph_command.h"

#include <filesystem>
#include <fstream>

#include "graph/graph_export.h"
#include "runner/console.h"
#include "runner/preview.h"
#include "runner/state_directory.h"

namespace runner {
namespace {

constexpr int kTrouble = 2;

int write_graph(const RunSetup& setup, const GraphOptions& options) {
  const std::string text = options.format == GraphFormat::kDot
                               ? graph::graph_to_dot(setup.graph, *setup.components)
                               : graph::graph_to_json(setup.graph, *setup.components);
  if (!options.output) {
    print_stdout(text);
    return 0;
  }
  std::ofstream file(*options.output, std::ios::binary | std::ios::trunc);
  file << text;
  file.flush();
  if (file) return 0;
  print_error({"cannot write " + *options.output, "give --output a path that can be written"});
  return kTrouble;
}

}  // namespace

int run_graph(const GraphOptions& options) {
  const StateDirectory state =
      StateDirectory::open(std::filesystem::current_path(), StateDirectory::Access::kReadWrite);
  Preview preview;
  if (const auto code =
          prepare_preview({options.mypy_arguments, options.python, options.store}, state, preview)) {
    return *code;
  }
  return write_graph(preview.setup, options);
}

}  // namespace runner
