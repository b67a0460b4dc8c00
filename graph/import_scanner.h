// Finds the imports of one Python source exactly as mypy 2.4's native parser (ast_serialize) finds them, with
// a lexer and an indentation stack, without building a tree. A pure function of the bytes and the target.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/digest.h"

namespace graph {

// What decides about reachability besides the bytes.
struct ScanTarget {
  int python_major = 3;
  int python_minor = 0;
  std::string platform;  // sys.platform of the target, e.g. "linux"
  std::vector<std::string> always_true;
  std::vector<std::string> always_false;

  bool operator==(const ScanTarget&) const = default;
};

enum class ImportKind : std::uint8_t { kImport, kFrom, kFromStar };

// One reachable import. `import a, b` gives one for each alias, `from m import x, y` one for all names.
struct ImportStatement {
  ImportKind kind = ImportKind::kImport;
  bool top_level = true;           // not inside any `def`
  bool mypy_only = false;          // reachable for type checkers only
  bool in_dropped_body = false;    // gone when mypy strips function bodies (modules whose errors are ignored)
  std::uint16_t dots = 0;          // leading dots of `from ..m import x`
  std::uint32_t line = 0;          // 1-based; `import`: of the alias, `from`: of the statement
  std::string module;              // dotted name behind the dots, may be empty for `from . import x`
  std::vector<std::string> names;  // imported names of a kFrom (not their aliases)

  bool operator==(const ImportStatement&) const = default;
};

// What a scan found. When `sure` is false (a syntax error, an encoding the lexer does not know), nothing else
// but `words` may be relied on and mypy's own parser has to be asked.
struct ImportScan {
  bool sure = true;
  std::string doubt;                     // why not sure, for people
  std::vector<ImportStatement> imports;  // in source order, unreachable ones left out
  bool template_strings = false;         // a t-string occurs anywhere
  bool template_strings_kept = false;    // ... outside of the bodies that stripping drops
  bool ignores_errors = false;           // inline `# mypy: ignore-errors`
  bool module_getattr = false;  // a module-level `def __getattr__`, as mypy's is_partial_stub_package sees it
  std::vector<std::uint32_t> words;  // word_hash of every identifier-like word, sorted, unique

  bool operator==(const ImportScan&) const = default;
};

ImportScan scan_imports(std::string_view source, const ScanTarget& target);

// The same, with the digest of what mypy sees of the source: the text without comments that mean nothing, the
// blanks before them, and blank lines at the end. Two sources with one code digest give mypy the same tree
// with the same positions. Absent where that cannot be told (a scan that is not sure, a source that is not
// UTF-8 with plain newlines, no statement at all).
struct CodeDigests {
  Digest code;
  // Of the same without the empty lines between statements: two sources with one shape give mypy the same
  // tree but for the numbers of lines, which keep their order.
  Digest shape;
};
struct SourceScan {
  ImportScan imports;
  std::optional<CodeDigests> digests;
};
SourceScan scan_source(std::string_view source, const ScanTarget& target);

// Hash of one identifier (32-bit FNV-1a). Words are taken from the whole text, strings and comments included;
// a collision makes a key coarser, never wrong.
std::uint32_t word_hash(std::string_view word);

}  // namespace graph
