// What a worker is told of a component, and how both sides name the imports of a file.
#include "runner/check_request.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "tests/support/graph_text.h"
#include "tests/support/keyed_project.h"

namespace runner {
namespace {

using graph::ImportKind;
using graph::ImportScan;
using nlohmann::json;
using support::KeyedProject;

ImportScan sample_scan() {
  ImportScan scan;
  scan.imports = {
      {.kind = ImportKind::kImport, .line = 1, .module = "os.path", .names = {}},
      {.kind = ImportKind::kFrom,
       .top_level = false,
       .in_dropped_body = true,
       .dots = 2,
       .line = 3,
       .module = "pkg",
       .names = {"x", "y"}},
      {.kind = ImportKind::kFromStar, .mypy_only = true, .line = 7, .module = "m", .names = {}},
  };
  return scan;
}

// The digests are those that runner/worker/imports.py computes of
//   import os.path / from ..pkg import x, y (line 3, in a function) / from m import * (line 7, for checkers
//   only)

TEST_CASE("the digest of imports agrees with the worker's") {
  CHECK(imports_digest(sample_scan(), false) == "ac586b6c65a16e3a0d19602a7041601c7331c257");
  CHECK(imports_digest(sample_scan(), true) == "e38dd628093378079251badfb321b4285a083b94");
  CHECK(imports_digest({}, false) == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

TEST_CASE("names beyond ASCII are hashed as UTF-8") {
  ImportScan scan;
  scan.imports = {{.line = 1,
                   .module = "m\xc3\xb3"
                             "dulo",
                   .names = {}}};
  CHECK(imports_digest(scan, false) == "5d3ba89682b8bd20d52f9d8c4acf8586ad9c8500");
}

TEST_CASE("a t-string counts where it is left") {
  ImportScan scan = sample_scan();
  scan.template_strings = true;
  CHECK(imports_digest(scan, false) == "d8466fe64d92d41d61bd1a8eddfc46ce2b7dac57");
  CHECK(imports_digest(scan, true) == "e38dd628093378079251badfb321b4285a083b94");
  scan.template_strings_kept = true;
  CHECK(imports_digest(scan, true) != "e38dd628093378079251badfb321b4285a083b94");
}

json component(KeyedProject& project, const std::string& module) {
  graph::OptionsTable table(project.options, project.sections);
  for (graph::Module& one : project.graph.modules) one.options = &table.for_module(one.name);
  const graph::Condensation components = graph::condense(project.graph);
  return component_request(components[components.of(*project.graph.find(module))], project.graph);
}

TEST_CASE("a component's modules come in processing order with all that mypy needs of them") {
  KeyedProject project("a -> b c/20; b -> a");
  graph::Module& a = project["a"];
  a.suppressed = {{.name = "gone", .priority = 10, .line = 4}, {.name = "skipped", .priority = 5, .line = 5}};
  a.reports = {{.kind = graph::ImportReport::Kind::kNotFound,
                .target = "gone",
                .line = 4,
                .reason = graph::NotFoundReason::kApprovedStubsNotInstalled,
                .path = ""},
               {.kind = graph::ImportReport::Kind::kSkipped, .target = "skipped", .line = 5, .path = "s.py"}};
  a.ancestors = {"p"};
  project.graph.missing = {{"gone", graph::SuppressionReason::kNotFound},
                           {"skipped", graph::SuppressionReason::kSkipped}};
  const json request = component(project, "a");
  REQUIRE(request.at("modules").size() == 2);
  CHECK(request.at("modules")[0].at("number") == 1);
  json module = request.at("modules")[1];
  CHECK(module.at("source_sha1").get<std::string>().size() == 40);
  module.erase("source_sha1");
  module.erase("imports");
  CHECK(module == json::parse(R"({
    "number": 0, "path": "a.py", "text": null, "canonical": "@root/a.py", "root": true, "ignore_all": false,
    "order": 1, "dependencies": [[1, 5, 1], [2, 20, 1]],
    "suppressed": [["gone", 10, 4, 1], ["skipped", 5, 5, 2]],
    "reports": [{"kind": "not_found", "target": "gone", "line": 4, "reason": "approved_stubs_not_installed", "path": ""},
                {"kind": "skipped", "target": "skipped", "line": 5, "reason": "not_found", "path": "s.py"}],
    "ancestors": ["p"]})"));
}

TEST_CASE("a namespace package has no source to compare, a program given with -c no path") {
  KeyedProject project("a");
  project["a"].is_directory = true;
  CHECK(component(project, "a").at("modules")[0].at("source_sha1").is_null());
  CHECK(component(project, "a").at("modules")[0].at("imports").is_null());
  project["a"].is_directory = false;
  project["a"].path = "";
  project["a"].text = "x = 1";
  CHECK(component(project, "a").at("modules")[0].at("path").is_null());
  CHECK(component(project, "a").at("modules")[0].at("text") == "x = 1");
}

TEST_CASE("imports are compared as mypy sees them: without bodies where errors are ignored") {
  const std::string all = "ac586b6c65a16e3a0d19602a7041601c7331c257";
  const std::string kept = "e38dd628093378079251badfb321b4285a083b94";
  KeyedProject project("a");
  project.file("a").scan = sample_scan();
  const auto imports = [&] { return component(project, "a").at("modules")[0].at("imports"); };
  CHECK(imports() == all);
  SUBCASE("silenced") {
    project["a"].ignore_all = true;
  }
  SUBCASE("by option") {
    project.options.ignore_errors = true;
  }
  SUBCASE("by a comment in the file") {
    project.file("a").scan.ignores_errors = true;
  }
  if (project["a"].ignore_all || project.options.ignore_errors || project.file("a").scan.ignores_errors) {
    CHECK(imports() == kept);
  }
}

TEST_CASE("the base of type variables is a function of the component, not zero and apart from others") {
  KeyedProject one("a"), other("x -> a b; y");
  const auto base = [](KeyedProject& project, const char* module) {
    return component(project, module).at("type_variable_base").get<std::uint64_t>();
  };
  CHECK(base(one, "a") == base(other, "a"));
  CHECK(base(other, "a") != base(other, "b"));
  CHECK(base(one, "a") > 0);
}

TEST_CASE("a component to load says where its modules lie here and which are constant") {
  KeyedProject project("a -> b c; b -> a; c");
  project["a"].path = "src/a.py";
  project["b"].path = "";
  const graph::Condensation components = graph::condense(project.graph);
  std::vector<bool> constant(3, false);
  constant[project.graph.find("b")->value] = true;
  const json request =
      load_request(components[components.of(*project.graph.find("a"))], project.graph, constant);
  CHECK(request == json::parse(R"([{"number": 1, "path": null, "constant": true, "dependencies": [0]},
                                   {"number": 0, "path": "src/a.py", "constant": false, "dependencies": [1, 2]}])"));
}

TEST_CASE("a run starts with arguments, sources and search paths") {
  WorkerSetup setup;
  setup.mypy_arguments = {"--strict"};
  setup.sources = {{.path = "a.py", .module = "a", .base_directory = "/p", .text = {}},
                   {.path = "", .module = "__main__", .base_directory = {}, .text = "x"}};
  setup.search_paths.python_path = {"/p"};
  KeyedProject project("a -> b");
  for (graph::Module& module : project.graph.modules) module.root_source = module.name == "a";
  project.graph.missing = {{"gone", graph::SuppressionReason::kNotFound}};
  const StartRequest request = start_request(setup, project.graph);
  CHECK(request.header == json::parse(R"({
    "do": "start", "argv": ["--strict"],
    "search": {"python_path": ["/p"], "mypy_path": [], "package_path": [], "typeshed_path": []},
    "missing_reasons": "1"})"));
  using namespace std::string_literals;
  CHECK(request.lists ==
        std::vector{"a\0b\0"s, "gone\0"s, "a\0__main__\0"s, "a.py\0\0"s, number_blob({0, 1}), ""s, ""s});
}

TEST_CASE("sources that are modules are not named twice, unless their paths count") {
  WorkerSetup setup;
  setup.sources = {{.path = "b.py", .module = "b", .base_directory = "/p", .text = {}}};
  KeyedProject project("a -> b");
  for (graph::Module& module : project.graph.modules) module.root_source = module.name == "b";
  using namespace std::string_literals;
  StartRequest request = start_request(setup, project.graph);
  CHECK(request.lists[2] == "");
  CHECK(request.lists[3] == "");
  CHECK(request.lists[6] == number_blob({project.graph.find("b")->value}));
  setup.fast_module_lookup = true;
  request = start_request(setup, project.graph);
  CHECK(request.lists[2] == "b\0"s);
  CHECK(request.lists[3] == "b.py\0"s);
  CHECK(request.lists[6] == "");
}

TEST_CASE("a worker is told which submodules a package has") {
  KeyedProject project("p -> p.a; p.a -> p.b; p.b");
  const StartRequest request = start_request({}, project.graph);
  const auto number = [&](const char* name) { return project.graph.find(name)->value; };
  std::vector<std::uint32_t> below = {number("p.a"), number("p.b")};
  std::sort(below.begin(), below.end());
  CHECK(request.lists[4] == number_blob({below[0], below[1], number("p")}));
  CHECK(request.lists[5] == number_blob({number("p"), 0, 2}));
}

TEST_CASE("numbers travel as 32 bits each, and only whole ones come back") {
  const std::vector<std::uint32_t> numbers = {1, 0x01020304, UINT32_MAX};
  const std::string blob = number_blob(numbers);
  CHECK(blob.substr(4, 4) == std::string("\x04\x03\x02\x01"));
  CHECK(read_number_blob(blob) == numbers);
  CHECK(read_number_blob("") == std::vector<std::uint32_t>{});
  CHECK_FALSE(read_number_blob(blob.substr(1)).has_value());
}

}  // namespace
}  // namespace runner
