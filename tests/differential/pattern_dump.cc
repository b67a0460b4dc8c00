// Matches `exclude` patterns given as JSON, for comparison with Python's re.
#include "graph/exclude_patterns.h"
#include "tests/differential/dump_input.h"

int main() {
  return dump::answer_cases([](const dump::Json& input) {
    const graph::ExcludePatterns patterns({input.at("pattern").get<std::string>()});
    if (patterns.doubt()) return dump::Json();
    dump::Json answers = dump::Json::array();
    for (const std::string text : input.at("texts")) {
      const std::optional<bool> found = patterns.found_in(text);
      found ? answers.push_back(*found) : answers.push_back(nullptr);
    }
    return answers;
  });
}
