// What is in a static key and what is not: a change of an input changes the key, nothing else does.
#include "scheduler/static_key.h"

#include <doctest/doctest.h>

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "tests/support/keyed_project.h"

namespace scheduler {
namespace {

using support::KeyedProject;
using Edit = std::function<void(KeyedProject&)>;
using Strings = std::vector<std::string>;

constexpr const char* kGraph = "a -> b c; b -> c; other -> c; c";

// Whether an edit changes the key of `module`. Key and explanation have to agree on it, and so does what is
// remembered for the next run to compare with.
bool changes(const std::string& module, const Edit& edit, const char* text = kGraph, const Edit& base = {}) {
  KeyedProject before(text), after(text);
  if (base) {
    base(before);
    base(after);
  }
  edit(after);
  const bool changed = before.key(module) != after.key(module);
  CHECK(changed == (before.explanation(module) != after.explanation(module)));
  CHECK(changed == !runner::compare_inputs(before.remembered(module), after.remembered(module)).empty());
  return changed;
}

graph::OptionsSection section(const std::string& pattern, const std::string& content) {
  graph::OptionsSection result;
  result.pattern = pattern;
  result.changes = content;
  return result;
}

TEST_CASE("the same project gives the same key, in any run") {
  CHECK_FALSE(changes("a", [](KeyedProject&) {}));
}

TEST_CASE("a component's own source is in its key, an import's is not: that is what interfaces are for") {
  const Edit edit = [](KeyedProject& p) { p.file("c").code = graph::sha256("edited"); };
  CHECK(changes("c", edit));
  CHECK_FALSE(changes("a", edit));
  CHECK_FALSE(changes("other", edit));
}

TEST_CASE("every module of a cycle is in the key of its component") {
  const char* cycle = "a -> b; b -> a c; c";
  CHECK(changes(
      "a", [](KeyedProject& p) { p.file("b").code = graph::sha256("edited"); }, cycle));
  CHECK(changes(
      "b", [](KeyedProject& p) { p["a"].ignore_all = true; }, cycle));
}

TEST_CASE("the order of modules in a component is in the key") {
  // Equally strong imports: mypy takes the module that was loaded last first.
  KeyedProject one("a -> b; b -> a"), other("b -> a; a -> b");
  CHECK(one.key("a") != other.key("a"));
}

// A new field of a module does not compile here: say below whether it is in the key, and test it.
[[maybe_unused]] void every_field(graph::Module& module, graph::Dependency& dependency,
                                  graph::SuppressedImport& suppressed_import, graph::ImportReport& report,
                                  RunInputs& inputs) {
  [[maybe_unused]] auto& [name, path, canonical_path, text, is_directory, root_source, ignore_all, order,
                          file, options, dependencies, suppressed, reports, ancestors, imported_from] =
      module;
  [[maybe_unused]] auto& [target, priority, line] = dependency;
  [[maybe_unused]] auto& [missing_name, missing_priority, missing_line] = suppressed_import;
  [[maybe_unused]] auto& [kind, report_target, report_line, reason, report_path] = report;
  [[maybe_unused]] auto& [environment, typeshed_names, depends_on_all_sources] = inputs;
}

struct FieldCase {
  std::string field;
  bool in_key;
  Edit edit;
};

TEST_CASE("every field of a module that may change an outcome is in the key, no other") {
  const Edit with_imports = [](KeyedProject& p) {
    p["a"].suppressed = {{.name = "gone", .priority = 5, .line = 3}};
    p["a"].reports = {{.kind = graph::ImportReport::Kind::kNotFound,
                       .target = "gone",
                       .line = 3,
                       .reason = graph::NotFoundReason::kNotFound,
                       .path = ""}};
    p.graph.missing["gone"] = graph::SuppressionReason::kNotFound;
  };
  const FieldCase cases[] = {
      {"name", true, [](KeyedProject& p) { p.rename("a", "renamed").rename("b", "a"); }},
      {"canonical path", true, [](KeyedProject& p) { p["a"].canonical_path = "@site/a.py"; }},
      {"stub instead of source", true, [](KeyedProject& p) { p["a"].canonical_path = "@root/a.pyi"; }},
      {"source", true, [](KeyedProject& p) { p.file("a").code = graph::sha256("edited"); }},
      {"comments", false, [](KeyedProject& p) { p.file("a").digest = graph::sha256("commented"); }},
      {"no file", true, [](KeyedProject& p) { p["a"].file = nullptr; }},
      {"options", true, [](KeyedProject& p) { p.sections = {section("a", "strict")}; }},
      {"errors silenced", true, [](KeyedProject& p) { p["a"].ignore_all = true; }},
      {"an import less", true, [](KeyedProject& p) { p["a"].dependencies.pop_back(); }},
      {"order of imports", true,
       [](KeyedProject& p) { std::swap(p["a"].dependencies[0], p["a"].dependencies[1]); }},
      {"priority of an import", true, [](KeyedProject& p) { p["a"].dependencies[0].priority = 20; }},
      {"target of an import", true, [](KeyedProject& p) { p.rename("b", "renamed"); }},
      {"an import that became constant", true, [](KeyedProject& p) { p.constant = {"b"}; }},
      {"missing import", true, [](KeyedProject& p) { p["a"].suppressed[0].name = "lost"; }},
      {"a missing import more", true, [](KeyedProject& p) { p["a"].suppressed.push_back({.name = "lost"}); }},
      {"options of a missing import", true,
       [](KeyedProject& p) {
         p.sections = {section("gone", "ignored")};
         p.sections[0].ignore_missing_imports = true;
       }},
      {"follow_imports of a missing import", true,
       [](KeyedProject& p) {
         p.sections = {section("gone", "skipped")};
         p.sections[0].follow_imports = graph::FollowImports::kSkip;
       }},
      {"reason of a missing import", true,
       [](KeyedProject& p) { p.graph.missing["gone"] = graph::SuppressionReason::kSkipped; }},
      {"import error", true, [](KeyedProject& p) { p["a"].reports.clear(); }},
      {"kind of an import error", true,
       [](KeyedProject& p) { p["a"].reports[0].kind = graph::ImportReport::Kind::kSkipped; }},
      {"target of an import error", true, [](KeyedProject& p) { p["a"].reports[0].target = "lost"; }},
      {"line of an import error", true, [](KeyedProject& p) { p["a"].reports[0].line = 4; }},
      {"reason of an import error", true,
       [](KeyedProject& p) { p["a"].reports[0].reason = graph::NotFoundReason::kFoundWithoutTypeHints; }},
      // Where the file lies; the canonical path says what counts of it.
      {"path", false, [](KeyedProject& p) { p["a"].path = "/elsewhere/a.py"; }},
      {"path of an import error", false, [](KeyedProject& p) { p["a"].reports[0].path = "/elsewhere/b.py"; }},
      // The source's digest holds it.
      {"text", false, [](KeyedProject& p) { p["a"].text = "x = 1"; }},
      {"line of an import", false, [](KeyedProject& p) { p["a"].dependencies[0].line = 99; }},
      {"line of a missing import", false, [](KeyedProject& p) { p["a"].suppressed[0].line = 99; }},
      {"size", false, [](KeyedProject& p) { p.file("a").size = 12345; }},
      // Follows from file and path.
      {"directory", false, [](KeyedProject& p) { p["a"].is_directory = true; }},
      // Decides about ignore_all, which is in.
      {"root source", false, [](KeyedProject& p) { p["a"].root_source = false; }},
      // How many modules were loaded before.
      {"order", false, [](KeyedProject& p) { p["a"].order = 1000; }},
      // Follows from the name.
      {"ancestors", false, [](KeyedProject& p) { p["a"].ancestors = {"p"}; }},
      // Only for printing.
      {"imported from", false,
       [](KeyedProject& p) {
         p["a"].imported_from = {{{3}, 7}};
       }},
  };
  for (const FieldCase& one : cases) {
    CAPTURE(one.field);
    CHECK(changes("a", one.edit, kGraph, with_imports) == one.in_key);
  }
}

TEST_CASE("options of others do not count") {
  CHECK_FALSE(changes("a", [](KeyedProject& p) { p.sections = {section("b", "strict")}; }));
  CHECK_FALSE(changes("a", [](KeyedProject& p) { p.sections = {section("unknown.*", "strict")}; }));
}

TEST_CASE("a missing import of one module is nothing to another") {
  CHECK_FALSE(changes("a", [](KeyedProject& p) {
    p["other"].suppressed = {{.name = "gone"}};
    p["other"].reports = {{.target = "gone", .path = ""}};
    p.graph.missing["gone"] = graph::SuppressionReason::kNotFound;
  }));
}

TEST_CASE("modules that a component does not reach are nothing to it") {
  CHECK(KeyedProject(kGraph).key("c") == KeyedProject("c; new.module; x -> new.module").key("c"));
}

// The run's inputs.

TEST_CASE("everything the probe vouches for is in every key") {
  const Edit base = [](KeyedProject& p) {
    p.run.environment = {{"mypy", "2.4.1"}, {"option strict", "true"}};
  };
  const Edit edits[] = {
      [](KeyedProject& p) { p.run.environment[0].second = "2.4.2"; },
      [](KeyedProject& p) { p.run.environment[1].first = "option stricter"; },
      [](KeyedProject& p) { p.run.environment.pop_back(); },
      [](KeyedProject& p) {
        p.run.environment.push_back({"plugin", "x 1"});
      },
      [](KeyedProject& p) {
        p.run.environment = {{"mypy", "2.4.1option strict"}, {"", "true"}};
      },
  };
  for (const Edit& edit : edits) {
    CHECK(changes("a", edit, kGraph, base));
    CHECK(changes("c", edit, kGraph, base));
  }
}

TEST_CASE("with a plugin that nobody vouches for, every source is in every key") {
  const Edit base = [](KeyedProject& p) {
    p.run.depends_on_all_sources = true;
    p["other"].root_source = false;
  };
  CHECK(changes("c", [](KeyedProject& p) { p.run.depends_on_all_sources = true; }));
  CHECK(changes(
      "c", [](KeyedProject& p) { p.file("a").digest = graph::sha256("edited"); }, kGraph, base));
  CHECK(changes(
      "c", [](KeyedProject& p) { p.rename("a", "z"); }, kGraph, base));
  // Also one that nobody named: a plugin may look at it.
  CHECK(changes(
      "c", [](KeyedProject& p) { p.file("other").digest = graph::sha256("edited"); }, kGraph, base));
}

// Modules that have the name of one of typeshed.

constexpr const char* kShadowed = "a -> b; b -> types; c; types; types.sub";

TEST_CASE("a module that shadows one of typeshed is in the keys of all that reach it") {
  const Edit base = [](KeyedProject& p) { p.constant = {"types"}; };
  const Edit shadow = [](KeyedProject& p) {
    p.constant = {};
    p.run.typeshed_names = {"types"};
  };
  const Edit named = [](KeyedProject& p) { p.run.typeshed_names = {"types"}; };
  CHECK(changes("a", shadow, kShadowed, base));  // although it imports it only through b
  CHECK_FALSE(changes("c", shadow, kShadowed, base));
  CHECK_FALSE(changes("a", named, kShadowed, base));  // typeshed's own shadows nothing
}

TEST_CASE("a submodule of a package of typeshed shadows too, a longer name does not") {
  const Edit named = [](KeyedProject& p) { p.run.typeshed_names = {"types"}; };
  CHECK(changes("a", named, "a -> b; b -> types.sub"));
  CHECK_FALSE(changes("a", named, "a -> b; b -> typesetting"));
  CHECK_FALSE(changes("a", named, "a -> b; b -> sub.types"));
}

// Inputs looked up by name.

TEST_CASE("a submodule in the closure is visible to a component whose source has its last part as a word") {
  KeyedProject p("a -> m; m -> p.sub p.other; unrelated -> q.sub");
  p.words("a", {"import", "p", "sub", "x"});
  CHECK(p.visible("a") == Strings{"p.sub"});
  CHECK(p.visible("m").empty());
}

TEST_CASE("visible submodules are in the key only for the word") {
  const char* with = "a -> m; m -> p.sub";
  const char* without = "a -> m; m; x -> p.sub";
  const auto key = [](const char* text, const Strings& words) {
    return KeyedProject(text).words("a", words).key("a");
  };
  CHECK(key(with, {"sub"}) != key(without, {"sub"}));
  CHECK(key(with, {"subs", "p"}) == key(without, {"subs", "p"}));
}

TEST_CASE("a module missing anywhere in the run counts where its last part is a word") {
  const Edit words = [](KeyedProject& p) { p.words("a", {"gone"}).words("b", {"lost"}); };
  const Edit missing = [](KeyedProject& p) {
    p.graph.missing["x.gone"] = graph::SuppressionReason::kNotFound;
  };
  CHECK(changes("a", missing, kGraph, words));
  CHECK_FALSE(changes("b", missing, kGraph, words));
  const Edit both = [&](KeyedProject& p) {
    words(p);
    missing(p);
  };
  CHECK(changes(
      "a", [](KeyedProject& p) { p.graph.missing["x.gone"] = graph::SuppressionReason::kSkipped; }, kGraph,
      both));
  CHECK(changes(
      "a", [](KeyedProject& p) { p.graph.missing["gone"] = graph::SuppressionReason::kNotFound; }, kGraph,
      both));
}

TEST_CASE("named inputs are sorted and come from all modules of a component") {
  KeyedProject p("a -> b; b -> a z.one y.one x.two");
  p.words("a", {"one"}).words("b", {"two", "three"});
  p.graph.missing = {{"q.three", graph::SuppressionReason::kSkipped},
                     {"one", graph::SuppressionReason::kNotFound},
                     {"other", graph::SuppressionReason::kNotFound}};
  CHECK(p.visible("a") == Strings{"x.two", "y.one", "z.one"});
  CHECK(p.named_inputs("a").missing == std::vector<std::uint32_t>{0, 2});
}

TEST_CASE("a key does not depend on what else is in the run, nor on the order in which keys are computed") {
  const char* small = "a -> p.one q.one r.one";
  // The same component among modules whose names lie between and around.
  const char* large =
      "x -> n.one; y -> p.zero.one; z -> zz.one s.two; a -> p.one q.one r.one; b -> q.one; q.a.one";
  KeyedProject one(small), many(large);
  for (KeyedProject* p : {&one, &many}) p->words("a", {"one", "two"});
  many.words("b", {"one"}).words("x", {"one"}).words("y", {"one"});
  CHECK(one.key("a") == many.key("a"));
  const std::vector<graph::Digest> forwards = many.keys({"a", "b", "x", "y"});
  const std::vector<graph::Digest> backwards = many.keys({"y", "x", "b", "a"});
  CHECK(forwards == std::vector<graph::Digest>(backwards.rbegin(), backwards.rend()));
  CHECK(forwards[0] == one.key("a"));
}

TEST_CASE("many submodules of one name: exactly those in the closure are visible") {
  std::string text = "a -> p0.sub p63.sub p64.sub p129.sub;";
  for (int i = 0; i < 200; ++i) text += "p" + std::to_string(i) + ".sub;";
  KeyedProject p(text);
  p.words("a", {"sub"});
  CHECK(p.visible("a") == Strings{"p0.sub", "p129.sub", "p63.sub", "p64.sub"});
}

TEST_CASE("an explanation names every input with the module it belongs to") {
  KeyedProject p("a -> b/20");
  p.words("a", {"gone"});
  p.graph.missing["gone"] = graph::SuppressionReason::kNotFound;
  p["a"].suppressed = {{.name = "gone"}};
  Strings lines = p.explanation("a");
  REQUIRE(lines.size() == 14);
  CHECK(lines[0] == "part run");
  CHECK(lines[1].starts_with("|format|"));
  CHECK(lines[2] == "a|path|@root/a.py");
  CHECK(lines[3].starts_with("a|source|"));
  CHECK(lines[4].starts_with("a|options|"));
  CHECK(Strings(lines.begin() + 5, lines.end()) ==
        Strings{"a|errors silenced|no", "a|import|b", "a|import priority|Dv", "a|missing import|gone",
                "a|missing import options|follow_imports = normal", "a|missing import reason|not found",
                "part missing in the run", "|missing module|gone", "|missing module reason|not found"});
}

TEST_CASE("two keys are equal exactly when their explanations are") {
  const Edit edits[] = {
      [](KeyedProject& p) { p.file("a").code = graph::sha256("edited"); },
      [](KeyedProject& p) {
        p.words("a", {"one", "gone"});
      },
      [](KeyedProject& p) { p.words("a", {"two"}); },
      [](KeyedProject& p) { p.graph.missing["m.gone"] = graph::SuppressionReason::kNotFound; },
      [](KeyedProject& p) { p.graph.missing["two"] = graph::SuppressionReason::kSkipped; },
      [](KeyedProject& p) { p["a"].suppressed = {{.name = "m.gone"}}; },
      [](KeyedProject& p) { p["a"].dependencies.pop_back(); },
      [](KeyedProject& p) { p["b"].dependencies.pop_back(); },
      [](KeyedProject& p) { p.run.typeshed_names = {"q"}; },
      [](KeyedProject& p) { p.constant = {"q.one"}; },
      [](KeyedProject& p) { p.sections = {section("a", "strict")}; },
      [](KeyedProject& p) { p["a"].ignore_all = true; },
  };
  std::mt19937 random(99);
  std::vector<std::pair<graph::Digest, Strings>> seen;
  for (int i = 0; i < 150; ++i) {
    KeyedProject p("a -> b p.one; b -> p.two q.one; c -> q.two");
    for (const Edit& edit : edits) {
      if (random() % 3 == 0) edit(p);
    }
    seen.emplace_back(p.key("a"), p.explanation("a"));
  }
  int equal = 0, differing = 0, wrong = 0;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      const bool same = seen[i].first == seen[k].first;
      (same ? equal : differing) += 1;
      wrong += same != (seen[i].second == seen[k].second);
    }
  }
  CHECK(wrong == 0);
  CHECK(equal > 10);
  CHECK(differing > 1000);
}

}  // namespace
}  // namespace scheduler
