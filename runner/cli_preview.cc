#include "runner/cli_preview.h"

#include <CLI/CLI.hpp>

#include "runner/preview_request.h"

namespace runner {

void add_preview_options(CLI::App& app, PreviewRequest& request) {
  app.add_option("--store", request.store, "Directory results are kept in")->type_name("DIR");
  app.add_option("--python", request.python, "Interpreter that holds the mypy to use")->type_name("FILE");
}

}  // namespace runner
