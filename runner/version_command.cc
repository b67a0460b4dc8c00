#include "runner/version_command.h"

#include <filesystem>
#include <memory>

#include "runner/check_command.h"
#include "runner/console.h"
#include "runner/interpreter.h"
#include "runner/memory_store.h"
#include "runner/probe.h"

namespace runner {

int print_versions() {
  print_stdout("typewave " TYPEWAVE_VERSION "\n");
  const std::string cwd = std::filesystem::current_path();
  const auto interpreters = find_interpreters(std::nullopt, cwd);
  if (!interpreters) return 0;
  MemoryStore store;
  // A target is needed for mypy to accept its arguments; one of the project's configuration would be one too
  // many.
  const ProbeResult result = probe({{"--config-file=/dev/null", "-c", "pass"}, *interpreters, cwd}, store);
  if (const auto* found = std::get_if<Probe>(&result)) {
    print_stdout("mypy " + found->answer.mypy_version + " (" + found->python + ")\n");
  } else {
    print_stdout("mypy: none found\n");
  }
  return 0;
}

}  // namespace runner
