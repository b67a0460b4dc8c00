#include <exception>

#include "runner/cli.h"
#include "runner/console.h"
#include "runner/guard.h"

int main(int argc, char** argv) {
  if (runner::is_guard_call(argc, argv)) return runner::run_guard(argv);
  try {
    return runner::run_cli(argc, argv);
  } catch (const std::exception& error) {
    // No memory, a working directory that is gone: nothing that any part could do something about.
    runner::print_error({error.what(), ""});
    return 2;
  }
}
