// Any bytes as runs since a history, their checksum put right.
#include <string>

#include "graph/digest.h"
#include "runner/recent_runs.h"
#include "runner/seal.h"
#include "tests/fuzz/fuzz_input.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(fuzz::text_of(data, size));
  runner::seal(bytes);
  const auto recent = runner::RecentRuns::decode(bytes);
  if (!recent) return 0;
  fuzz::require(runner::RecentRuns::decode(recent->encode()).has_value(), "what was read can be written");
  runner::RunHistory followed;
  followed.seal = recent->history();
  followed.strings.intern("");
  constexpr std::size_t kMost = 16;
  for (std::size_t count = 0; count < kMost && !recent->bring_up_to_date(followed); ++count) {
    followed.components.emplace_back();
  }
  for (const runner::ComponentPast& past : followed.components) {
    runner::compare_inputs(followed.inputs(past.before), followed.inputs(past.inputs));
  }
  return 0;
}
