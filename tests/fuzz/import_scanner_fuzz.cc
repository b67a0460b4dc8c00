// Any bytes as a Python source: scanned, remembered, and its imports resolved with and without function
// bodies.
#include <string>
#include <vector>

#include "graph/import_edges.h"
#include "graph/import_scanner.h"
#include "runner/stat_cache_file.h"
#include "tests/fuzz/fuzz_input.h"

namespace {

// A module exists when its name has an even length: arbitrary, but both happen.
class SomeModules final : public graph::ModuleLookup {
 public:
  explicit SomeModules(const graph::NameTable& names) : names_(names) {}
  bool is_module(graph::NameId name) override { return names_.text(name).size() % 2 == 0; }

 private:
  const graph::NameTable& names_;
};

const std::vector<graph::ScanTarget> kTargets = {
    {3, 12, "linux", {"YES"}, {"NO"}}, {3, 9, "win32", {}, {}}, {3, 14, "darwin", {}, {"TYPE_CHECKING"}}};

void follow_imports(const graph::ImportScan& scan) {
  graph::NameTable names;
  graph::ImportEdges edges(names);
  SomeModules lookup(names);
  const graph::NameId name = names.intern("package.sub.module");
  for (const bool stripped : {false, true}) {
    for (const char* path : {"package/sub/module.py", "package/sub/module/__init__.pyi"}) {
      const auto found = edges.edges_of({.name = name, .path = path, .stripped = stripped}, scan, lookup);
      if (!found) continue;
      for (const graph::ImportEdge& edge : *found) {
        fuzz::require(edge.priority < 30, "an import has one of mypy's priorities");
        fuzz::require(!names.text(edge.name).empty(), "an imported module has a name");
      }
    }
  }
}

// What is remembered of a scan is the scan.
void remember(const graph::ImportScan& scan) {
  graph::ScannedFile file;
  file.scan = scan;
  runner::StringTable strings;
  const std::string body = runner::encode_scan(file, strings);
  runner::StatCacheEntry entry;
  entry.body = body;
  entry.digest = runner::body_digest(body);
  const auto decoded = runner::decode_scan(entry, strings);
  fuzz::require(decoded && decoded->scan == scan, "a scan survives being remembered");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = fuzz::text_of(data, size);
  const graph::ScanTarget& target = kTargets[fuzz::take_byte(rest) % kTargets.size()];
  // A copy of exactly this size, so that reading past its end is noticed.
  const std::vector<char> exact(rest.begin(), rest.end());
  const graph::ImportScan scan = graph::scan_imports({exact.data(), exact.size()}, target);
  fuzz::require(scan == graph::scan_imports(rest, target), "a scan is a function of the source");
  if (scan.sure) follow_imports(scan);
  remember(scan);
  return 0;
}
