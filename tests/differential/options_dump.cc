// Answers per-module options given as JSON, for comparison with mypy's Options.clone_for_module.
#include "tests/differential/dump_input.h"

int main() {
  return dump::answer_cases([](const dump::Json& input) {
    graph::OptionsTable table({}, dump::sections(input));
    dump::Json answers = dump::Json::array();
    for (const std::string module : input.at("names")) {
      const graph::ModuleOptions& options = table.for_module(module).options;
      answers.push_back({options.ignore_missing_imports, options.follow_imports_for_stubs,
                         options.follow_untyped_imports, options.ignore_errors, options.local_partial_types,
                         static_cast<int>(options.follow_imports), options.always_true,
                         options.always_false});
    }
    return dump::Json{{"options", answers}, {"unused", table.unused_sections()}};
  });
}
