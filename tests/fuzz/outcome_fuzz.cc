// Records of the store as any bytes: manifest entries with their diagnostics, touched symbols; what can be
// read is written back the same, and printed.
#include <string>
#include <utility>
#include <vector>

#include "runner/diagnostic_codec.h"
#include "runner/diagnostic_formatter.h"
#include "runner/stored_outcomes.h"
#include "tests/fuzz/fuzz_input.h"

namespace {

// Prints as every set of options would have it.
void print(const scheduler::Outcome& outcome) {
  runner::Terminal terminal;
  const runner::SourceReader source = [](const std::string&) {
    return std::vector<std::string>{"x = 1", "", "\tdef f(): return '\xC3\xA9\xE4\xB8\xAD'"};
  };
  for (const scheduler::ModuleOutcome& module : outcome.modules) {
    const std::vector<std::pair<std::string, int>> context = {{"a.py", 3}};
    const std::vector<runner::FileDiagnostics> files = {{"package/module.py", module.diagnostics, context}};
    runner::FormatOptions options;
    options.cwd = "/checkout";
    options.show_column_numbers = options.show_error_end = options.show_error_context = true;
    runner::format_diagnostics(files, options, terminal, source, {{}, 1});
    options.pretty = options.show_absolute_path = true;
    runner::format_diagnostics(files, options, terminal, source, {{}, 1});
    options.output = "json";
    runner::format_diagnostics(files, options, terminal, source, {{}, 1});
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::text_of(data, size);
  if (const auto entry = runner::decode_entry(bytes)) {
    fuzz::require(runner::encode_entry(*entry) == bytes, "a manifest entry has one form");
    print(entry->outcome);
  }
  if (const auto outcome = runner::decode_outcome(bytes)) {
    fuzz::require(runner::encode_outcome(*outcome) == bytes, "an outcome has one form");
    print(*outcome);
  }
  if (const auto touched = runner::decode_touched(bytes)) {
    fuzz::require(runner::encode_touched(*touched) == bytes, "touched symbols have one form");
  }
  return 0;
}
