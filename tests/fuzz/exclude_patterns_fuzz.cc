// Any text as patterns of `exclude`, one a line, and a path they are matched against; patterns of sections
// too.
#include <string>
#include <vector>

#include "graph/build_options.h"
#include "graph/exclude_patterns.h"
#include "tests/fuzz/fuzz_input.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = fuzz::text_of(data, size);
  const std::string_view path = fuzz::take_until(rest, '\n');
  std::vector<std::string> patterns;
  std::vector<graph::OptionsSection> sections;
  while (!rest.empty() && patterns.size() < 8) {
    patterns.emplace_back(fuzz::take_until(rest, '\n'));
    sections.emplace_back().pattern = patterns.back();
  }
  const graph::ExcludePatterns exclude(patterns);
  if (!exclude.doubt()) static_cast<void>(exclude.found_in(path));
  graph::OptionsTable table({}, sections);
  static_cast<void>(table.for_module(path));
  return 0;
}
