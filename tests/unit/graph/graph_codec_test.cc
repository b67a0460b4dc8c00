// A graph comes back from its bytes as it was, or not at all.
#include "graph/graph_codec.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/support/graph_text.h"

namespace graph {
namespace {

std::vector<OptionsSection> sections() {
  std::vector<OptionsSection> all(2);
  all[0].pattern = "p.*";
  all[1].pattern = "*.a";
  return all;
}

struct Sample {
  Sample() : graph(support::graph_from_text("p.a -> b c/20; b -> p.a; c -> b; d")) {
    for (Module& module : graph.modules) {
      ScannedFile& file = files.emplace_back();
      file.digest = sha256(module.name);
      file.code = sha256("code of " + module.name);
      file.shape = sha256("shape of " + module.name);
      file.sha1 = sha1(module.name);
      file.size = module.name.size();
      file.scan = scan_imports("x = 1\nimport b\nfrom c import d\n", {});
      module.file = &file;
      module.path = "src/" + module.name + ".py";
      module.canonical_path = "@root/" + module.path;
      module.order = 7;
      module.options = &table.for_module(module.name);
    }
    graph.modules[3].options = nullptr;
    graph.modules[0].ancestors = {"p"};
    graph.modules[0].root_source = true;
    graph.modules[1].suppressed = {{"gone.one", kPriorityLow, 3}, {"p", kPriorityHigh, 1}};
    graph.modules[1].reports = {{ImportReport::Kind::kSkipped, "gone.one", 3,
                                 NotFoundReason::kApprovedStubsNotInstalled, "gone/one.py"}};
    graph.modules[2].ignore_all = true;
    graph.modules[2].imported_from.emplace(ModuleId{0}, 4);
    graph.modules[3].file = nullptr;
    graph.modules[3].is_directory = true;
    graph.missing = {{"gone.one", SuppressionReason::kSkipped}, {"p", SuppressionReason::kNotFound}};
  }

  std::string bytes() const {
    std::string text;
    ByteWriter out(text);
    write_graph(out, graph, condense(graph));
    return text;
  }

  OptionsTable table{{}, sections()};
  ModuleGraph graph;
  std::deque<ScannedFile> files;
};

bool same(const Dependency& a, const Dependency& b) {
  return a.module == b.module && a.priority == b.priority && a.line == b.line;
}

TEST_CASE("every field of a graph comes back") {
  const Sample sample;
  const std::string bytes = sample.bytes();
  ByteReader in(bytes);
  OptionsTable table({}, sections());
  const StoredGraph stored = read_graph(in, table);
  REQUIRE(in.finished());
  REQUIRE(stored.graph.modules.size() == 4);
  CHECK(stored.graph.missing == sample.graph.missing);
  CHECK(support::text_of(stored.graph, *stored.components) ==
        support::text_of(sample.graph, condense(sample.graph)));
  CHECK(stored.components->wave_count() == condense(sample.graph).wave_count());
  for (std::uint32_t i = 0; i < 4; ++i) {
    const Module& before = sample.graph.modules[i];
    const Module& now = stored.graph.modules[i];
    CHECK(now.name == before.name);
    CHECK(now.path == before.path);
    CHECK(now.canonical_path == before.canonical_path);
    CHECK(now.is_directory == before.is_directory);
    CHECK(now.root_source == before.root_source);
    CHECK(now.ignore_all == before.ignore_all);
    CHECK(now.order == before.order);
    CHECK(now.ancestors == before.ancestors);
    CHECK(now.imported_from == before.imported_from);
    CHECK(now.options == (i < 3 ? &table.for_module(before.name) : nullptr));
    CHECK(stored.graph.find(before.name) == ModuleId{i});
    CHECK(std::equal(now.dependencies.begin(), now.dependencies.end(), before.dependencies.begin(),
                     before.dependencies.end(), same));
    REQUIRE(now.suppressed.size() == before.suppressed.size());
    REQUIRE(now.reports.size() == before.reports.size());
    REQUIRE((now.file == nullptr) == (before.file == nullptr));
    if (now.file == nullptr) continue;
    CHECK(now.file->digest == before.file->digest);
    CHECK(now.file->code == before.file->code);
    CHECK(now.file->shape == before.file->shape);
    CHECK(now.file->sha1 == before.file->sha1);
    CHECK(now.file->size == before.file->size);
    CHECK(stored.imports_of({i}) == import_shape(before.file->scan));
  }
  const SuppressedImport& suppressed = stored.graph.modules[1].suppressed[0];
  CHECK(suppressed.name == "gone.one");
  CHECK(suppressed.priority == kPriorityLow);
  CHECK(suppressed.line == 3);
  const ImportReport& report = stored.graph.modules[1].reports[0];
  CHECK(report.kind == ImportReport::Kind::kSkipped);
  CHECK(report.target == "gone.one");
  CHECK(report.line == 3);
  CHECK(report.reason == NotFoundReason::kApprovedStubsNotInstalled);
  CHECK(report.path == "gone/one.py");
}

TEST_CASE("options of sections that are not there are refused") {
  const std::string bytes = Sample().bytes();
  ByteReader in(bytes);
  OptionsTable table({}, {});
  read_graph(in, table);
  CHECK_FALSE(in.ok());
}

TEST_CASE("bytes that are no graph are refused, wherever they end or differ") {
  const std::string bytes = Sample().bytes();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ByteReader in(std::string_view(bytes).substr(0, size));
    OptionsTable table({}, sections());
    read_graph(in, table);
    CHECK_FALSE(in.ok());
  }
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    ByteReader in(damaged);
    OptionsTable table({}, sections());
    const StoredGraph stored = read_graph(in, table);  // sanitizers look on
    if (!in.ok()) continue;
    for (const Module& module : stored.graph.modules) {
      for (const Dependency& dependency : module.dependencies)
        CHECK(dependency.module.value < stored.graph.modules.size());
    }
  }
}

}  // namespace
}  // namespace graph
