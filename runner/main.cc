#include <exception>

#include "runner/cli.h"
#include "runner/file_size_limit.h"
#include "runner/guard.h"
#include "runner/last_words.h"

int main(int argc, char** argv) {
  if (runner::is_guard_call(argc, argv)) return runner::run_guard(argv);
  runner::survive_file_size_limit();
  runner::tell_last_of_threads();
  try {
    return runner::run_cli(argc, argv);
  } catch (const std::exception& error) {
    // No memory, a working directory that is gone: nothing that any part could do something about.
    return runner::tell_last(error);
  }
}
