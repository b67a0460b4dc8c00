// A frozen answer of a real mypy, and answers that are not one.
#include "runner/probe_answer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "tests/support/repository.h"
#include "tests/support/temporary_directory.h"

namespace runner {
namespace {

using nlohmann::json;
using Strings = std::vector<std::string>;

// Of mypy 2.4.1 for a project with a plugin, sections and --pretty --python-version 3.12.
json sample() {
  const auto root = support::repository();
  return json::parse(support::read_file(root / "testdata/formats/probe_answer.json"));
}

ProbeAnswer interpreted(const json& answer) {
  auto result = interpret_probe(answer, "/project");
  REQUIRE_MESSAGE(result.ok(), result.error().message);
  return std::move(*result);
}

// Values of the key inputs of this name.
Strings inputs(const ProbeAnswer& answer, const std::string& name) {
  Strings values;
  for (const auto& [input, value] : answer.environment) {
    if (input == name) values.push_back(value);
  }
  return values;
}

TEST_CASE("the frozen answer: what is checked, where it is looked for") {
  const ProbeAnswer answer = interpreted(sample());
  CHECK(answer.mypy_version == "2.4.1");
  CHECK(answer.mypy_directory == "/environment/lib/python3.11/site-packages/mypy");
  CHECK(answer.config_file == "pyproject.toml");
  CHECK_FALSE(answer.delegate.has_value());
  CHECK_FALSE(answer.custom_typeshed);
  const graph::BuildOptions& build = answer.build;
  CHECK(build.cwd == "/project");
  CHECK(build.python_major == 3);
  CHECK(build.python_minor == 12);
  CHECK(build.platform == "linux");
  CHECK(build.files == Strings{"src"});
  CHECK(build.exclude == Strings{"build/", "generated_.*\\.py$"});
  CHECK_FALSE(build.command.has_value());
  CHECK(build.search_paths.package_path.front() == "/project");
  CHECK(build.search_paths.typeshed_path.front() ==
        "/environment/lib/python3.11/site-packages/mypy/typeshed/stdlib");
  CHECK(build.sys_path == Strings{"/project", "/environment/lib/python3.11/site-packages"});
  CHECK(build.typeshed_versions.at("_compression") == std::pair<std::string, std::string>("3.5", "3.13"));
  CHECK(build.typeshed_versions.at("builtins") == std::pair<std::string, std::string>("3.0", ""));
  CHECK(build.stubs.flat.at("yaml") == "types-PyYAML");
  CHECK(build.stubs.namespaced.at("google.protobuf") == "types-protobuf");
}

TEST_CASE("the frozen answer: options of modules") {
  const ProbeAnswer answer = interpreted(sample());
  CHECK(answer.module_options.always_true == Strings{"TYPING"});
  CHECK_FALSE(answer.module_options.ignore_errors);
  REQUIRE(answer.sections.size() == 3);
  const graph::OptionsSection& legacy = answer.sections[0];
  CHECK(legacy.pattern == "legacy.*");
  CHECK(legacy.ignore_errors == true);
  CHECK(legacy.follow_imports == graph::FollowImports::kSilent);
  CHECK(legacy.always_false == Strings{"SLOW"});
  CHECK_FALSE(legacy.ignore_missing_imports.has_value());
  CHECK(answer.sections[1].pattern == "vendored");
  CHECK(answer.sections[1].changes == legacy.changes);
  CHECK(answer.sections[2].ignore_missing_imports == true);
  CHECK(answer.sections[2].changes != legacy.changes);
}

TEST_CASE("the frozen answer: how messages are printed") {
  const FormatOptions format = interpreted(sample()).format;
  CHECK(format.pretty);
  CHECK(format.show_column_numbers);
  CHECK_FALSE(format.show_error_end);
  CHECK_FALSE(format.output.has_value());
  CHECK(format.cwd == "/project");
}

TEST_CASE("the frozen answer: plugins count by what they hold, not by where they lie") {
  const ProbeAnswer answer = interpreted(sample());
  CHECK(answer.has_plugins);
  CHECK_FALSE(answer.vouched_plugins);
  CHECK(inputs(answer, "plugin") == Strings{"./plugin.py"});
  CHECK(inputs(answer, "plugin version") == Strings{"\"1.0\""});
  CHECK(inputs(answer, "plugin content").size() == 1);
  json moved = sample();
  moved["plugins"][0]["file"] = "/elsewhere/plugin.py";
  CHECK(interpreted(moved).environment == answer.environment);
  json edited = sample();
  edited["plugins"][0]["digest"] = "another";
  CHECK(interpreted(edited).environment != answer.environment);
  json vouched = sample();
  vouched["plugins"][0]["vouched"] = true;
  CHECK(interpreted(vouched).vouched_plugins);
}

TEST_CASE("no path of this machine is an input of keys") {
  for (const auto& input : interpreted(sample()).environment) {
    CAPTURE(input.first);
    CHECK(input.second.find("/project") == std::string::npos);
    CHECK(input.second.find("/environment") == std::string::npos);
    CHECK(input.second.find("/home") == std::string::npos);
  }
}

TEST_CASE("what the worker calls an option of checks is an input of keys, also one that nobody knows yet") {
  const ProbeAnswer before = interpreted(sample());
  for (const std::string name :
       {"strict_equality", "hide_error_codes", "show_error_code_links", "check_untyped_defs",
        "disable_error_code", "platform", "local_partial_types", "an_option_of_tomorrow"}) {
    CAPTURE(name);
    json answer = sample();
    json& value = answer["keys"][name];
    value = value.is_boolean() ? json(!value.get<bool>()) : value.is_array() ? json{"misc"} : json("other");
    CHECK(interpreted(answer).environment != before.environment);
  }
}

TEST_CASE("other options are no input of keys") {
  const ProbeAnswer before = interpreted(sample());
  for (const std::string name :
       {"pretty", "show_column_numbers", "color_output", "error_summary", "incremental", "cache_dir",
        "num_workers", "verbosity", "files", "exclude", "warn_unused_configs"}) {
    CAPTURE(name);
    json answer = sample();
    REQUIRE(answer["options"].contains(name));
    REQUIRE_FALSE(answer["keys"].contains(name));
    json& value = answer["options"][name];
    value = value.is_boolean() ? json(!value.get<bool>()) : value.is_number() ? json(7) : json{"x"};
    CHECK(interpreted(answer).environment == before.environment);
  }
}

TEST_CASE("mypy's identity is an input of keys") {
  json answer = sample();
  answer["mypy"]["identity"]["ast_serialize"] = "0.99";
  CHECK(inputs(interpreted(answer), "mypy") != inputs(interpreted(sample()), "mypy"));
  answer = sample();
  answer["mypy"]["compiled"] = false;
  CHECK(interpreted(answer).environment != interpreted(sample()).environment);
}

TEST_CASE("why only mypy can run the arguments is passed on") {
  json answer = sample();
  answer["delegate"] = "--junit-xml";
  CHECK(interpreted(answer).delegate == "--junit-xml");
}

// Every path below `value`, as JSON pointers.
void pointers_below(const json& value, const json::json_pointer& at, std::vector<json::json_pointer>& all) {
  if (value.is_object()) {
    for (const auto& [name, item] : value.items()) pointers_below(item, at / name, all);
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) pointers_below(value[i], at / i, all);
  }
  if (!at.empty()) all.push_back(at);
}

TEST_CASE("an answer that lacks a field, or has another kind of value, never crashes") {
  const json whole = sample();
  std::vector<json::json_pointer> pointers;
  pointers_below(whole, json::json_pointer(), pointers);
  REQUIRE(pointers.size() > 200);
  std::size_t refused = 0;
  for (const json::json_pointer& pointer : pointers) {
    json without = whole;
    json& parent = without[pointer.parent_pointer()];
    if (parent.is_object()) {
      parent.erase(pointer.back());
    } else {
      parent.erase(std::stoul(pointer.back()));
    }
    if (!interpret_probe(without, "/project")) ++refused;
    for (const json& odd :
         {json(nullptr), json(7), json("text"), json::array(), json::object(), json(true)}) {
      json other = whole;
      other[pointer] = odd;
      if (!interpret_probe(other, "/project")) ++refused;
    }
  }
  CHECK(refused > 300);
}

TEST_CASE("each field that is read is needed: without it the answer is an error that says so") {
  for (const std::string name : {"mypy", "options", "keys", "sections", "targets", "search",
                                 "typeshed_versions", "stubs", "plugins", "delegate", "stdout", "stderr"}) {
    CAPTURE(name);
    json answer = sample();
    answer.erase(name);
    const auto result = interpret_probe(answer, "/project");
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().message.starts_with("the user's mypy gave an answer of an unknown form"));
  }
  for (const json& answer : {json(), json::array(), json("text"), json::object()}) {
    CHECK_FALSE(interpret_probe(answer, "/project").ok());
  }
}

}  // namespace
}  // namespace runner
