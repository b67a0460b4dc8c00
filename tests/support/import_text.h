// Import scans written as text, for tests that need no scanner.
#pragma once

#include <string>
#include <string_view>

#include "graph/import_scanner.h"

namespace support {

// One statement a line: `import a.b`, `from ..a import x, y`, `from a import *`, each perhaps after `local`
// (inside a function that is kept), `dropped` (inside one that stripping drops) or `typing` (for type
// checkers only). Besides: `t-string`, `dropped t-string`, `ignore-errors`, `getattr` (a module-level
// __getattr__) and `unsure`.
graph::ImportScan scan_of_text(std::string_view text);

}  // namespace support
