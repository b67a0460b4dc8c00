// Any text as pyproject.toml and as an environment's pyvenv.cfg.
#include <string>

#include "runner/interpreter.h"
#include "runner/project_config.h"
#include "tests/fuzz/fuzz_input.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::text_of(data, size));
  static_cast<void>(runner::parse_project_config(text, "pyproject.toml"));
  static_cast<void>(runner::has_system_packages(text));
  return 0;
}
