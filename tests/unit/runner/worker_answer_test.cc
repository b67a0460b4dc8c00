// What is made of a worker's word on sources and plugins, whatever it says.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "runner/added_dependencies.h"
#include "runner/scan_answer.h"

using nlohmann::json;
using runner::read_added_dependencies;
using runner::read_added_dependencies_record;
using runner::read_scan_answer;

namespace {

json good_scan() {
  return json::parse(R"({
    "imports": [{"kind": 1, "top_level": true, "mypy_only": false, "in_dropped_body": false, "dots": 2,
                 "line": 7, "module": "a.b", "names": ["x", "y"]}],
    "template_strings": false, "template_strings_kept": false, "ignores_errors": true, "module_getattr": false
  })");
}

}  // namespace

TEST_CASE("a whole scan is taken over") {
  const auto scan = read_scan_answer(good_scan());
  REQUIRE(scan.has_value());
  REQUIRE(scan->imports.size() == 1);
  CHECK(scan->imports[0].kind == graph::ImportKind::kFrom);
  CHECK(scan->imports[0].names == std::vector<std::string>{"x", "y"});
  CHECK(scan->ignores_errors);
}

TEST_CASE("a scan with any field missing, of another type or out of range is refused") {
  const json good = good_scan();
  for (const auto& [name, value] : good.items()) {
    json scan = good_scan();
    scan.erase(name);
    CHECK_FALSE(read_scan_answer(scan).has_value());
  }
  const json statement = good["imports"][0];
  for (const auto& field : statement.items()) {
    const std::string& name = field.key();
    for (const json& wrong : {json(nullptr), json(-1), json(1 << 30), json("text"), json::array({1})}) {
      json scan = good_scan();
      if (name == "line" && wrong == 1 << 30) continue;
      scan["imports"][0][name] = wrong;
      const bool refused = !read_scan_answer(scan).has_value();
      CHECK_MESSAGE((refused || (name == "module" && wrong == "text")), name << " " << wrong.dump());
    }
  }
  CHECK_FALSE(read_scan_answer(json::array()).has_value());
}

TEST_CASE("dependencies that a plugin adds are triples of bounded numbers and names") {
  const auto added = read_added_dependencies(json::parse(R"([[10, "a.b", -1], [5, "c", 3]])"));
  REQUIRE(added.has_value());
  REQUIRE(added->size() == 2);
  CHECK((*added)[0].name == "a.b");
  CHECK((*added)[0].line == 0xffffffff);
  for (const char* wrong : {R"({"a": 1})", R"([[256, "a", 1]])", R"([[-1, "a", 1]])", R"([[1, 2, 3]])",
                            R"([[1, "a"]])", R"([[1, "a", 4294967296]])", R"(["a"])", R"([[1.5, "a", 1]])"}) {
    CHECK_FALSE(read_added_dependencies_record(wrong).has_value());
  }
  CHECK_FALSE(read_added_dependencies_record(std::string(1'000'000, '[')).has_value());
}
