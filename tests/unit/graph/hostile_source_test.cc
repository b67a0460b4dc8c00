// What the import scanner does with input that was made to harm it.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "graph/import_scanner.h"

namespace {

using graph::ImportScan;

const graph::ScanTarget kTarget{3, 12, "linux", {"YES"}, {"NO"}};

ImportScan scan(std::string_view source) {
  return graph::scan_imports(source, kTarget);
}

bool sure(std::string_view source) {
  return scan(source).sure;
}

}  // namespace

TEST_CASE("hostile input takes neither much time nor the stack") {
  const auto start = std::chrono::steady_clock::now();
  constexpr std::size_t kSize = 300'000;
  for (const char* piece :
       {"(",   "if not ", "lambda:", "f'{",      "x\\\n",     "not ",           "a.", "a and ", "\"",
        "'''", "#",       "\t\n ",   "@",        "lambda x=", "# type: ignore", ";",  ".",      "f''",
        "{",   "\xC3",    "x=",      "import a,"}) {
    std::string source;
    while (source.size() < kSize) source += piece;
    scan(source);
    scan("if " + source + ": pass");
    scan("class A:\n def f(self):\n  " + source);
  }
  std::string deep;
  for (std::size_t level = 0; level < 2000; ++level) deep += std::string(level, ' ') + "if x:\n";
  CHECK_FALSE(sure(deep));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
}

TEST_CASE("a dotted name that no file can have is left to mypy") {
  std::string name = "a";
  while (name.size() < 8000) name += ".a";
  CHECK(scan("import " + name + "\n").imports.size() == 1);
  const ImportScan refused = scan("import b\nimport " + name + "." + name + "\n");
  CHECK_FALSE(refused.sure);
  CHECK(refused.imports.empty());
}

TEST_CASE("mutated sources are scanned without harm, and always alike") {
  const std::string seed =
      "# mypy: always-true=X\nimport a.b as c\nfrom ..x import (y, z)\nif sys.version_info[0:2] >= (3, 8) "
      "and MYPY:\n"
      "    class A[T: t'']:\n        def f(self, *, x: int = 1) -> str:\n            self.x, [*y] = "
      "f'{a!r:>{w}}' rb'\\''\n"
      "            yield lambda q=1: 0x1f\nmatch x:\n    case [1, _] | {'a': 2} if not PY2:\n        import "
      "d\n"
      "with (a as b, c): '''doc'''; import \xEF\xAC\x81\nassert sys.platform.startswith('win'), 1\n";
  constexpr char kBytes[] = "()[]{}'\"\\\n\t :;,.=fFtTrb#0x_\xC3\xEF\r\f@!\0";
  std::mt19937 random(7);
  const auto below = [&](std::size_t bound) { return random() % bound; };
  for (int round = 0; round < 4000; ++round) {
    std::string source = seed;
    for (std::size_t changes = 1 + below(4); changes > 0 && !source.empty(); --changes) {
      const std::size_t at = below(source.size());
      switch (below(4)) {
        case 0:
          source[at] = kBytes[below(sizeof(kBytes) - 1)];
          break;
        case 1:
          source.erase(at, 1 + below(6));
          break;
        case 2:
          source.insert(at, 1, kBytes[below(sizeof(kBytes) - 1)]);
          break;
        default:
          source.resize(at);
      }
    }
    // A copy of exactly this size: reading past its end is seen by a sanitizer.
    const std::vector<char> exact(source.begin(), source.end());
    const ImportScan result = scan({exact.data(), exact.size()});
    CHECK(result.sure == result.doubt.empty());
    CHECK(std::ranges::is_sorted(result.words));
    CHECK(result == scan(source));
  }
}
