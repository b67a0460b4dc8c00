// Any bytes as a run history, its checksum put right.
#include <string>

#include "runner/run_history.h"
#include "runner/seal.h"
#include "tests/fuzz/fuzz_input.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(fuzz::text_of(data, size));
  runner::seal(bytes);
  const auto history = runner::RunHistory::decode(bytes);
  if (!history) return 0;
  fuzz::require(runner::RunHistory::decode(history->encode()).has_value(), "what was read can be written");
  for (const runner::ComponentPast& past : history->components) {
    fuzz::require(history->find(history->name(past.names.front())) != nullptr, "a module has its component");
    runner::compare_inputs(history->inputs(past.before), history->inputs(past.inputs));
    runner::StringTable others;
    runner::renumber_inputs(past.inputs, history->strings, others);
  }
  return 0;
}
