// Any text as what the user's mypy answered about itself, and as a plugin's record: decoded, nothing looked
// up.
#include <string>

#include "runner/added_dependencies.h"
#include "runner/bounded_json.h"
#include "runner/probe_answer.h"
#include "tests/fuzz/fuzz_input.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  static_cast<void>(runner::read_added_dependencies_record(text));
  if (const auto answer = runner::parse_bounded_json(text)) {
    static_cast<void>(runner::interpret_probe(*answer, "/checkout"));
  }
  return 0;
}
