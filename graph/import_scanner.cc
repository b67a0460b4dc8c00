#include "graph/import_scanner.h"

#include <cstddef>
#include <string>

#include "graph/scannable_text.h"
#include "graph/source_scanner.h"
#include "graph/source_text.h"
#include "graph/word_collector.h"

namespace graph {

namespace {

// Every start of a dotted name up to a dot is a name of its own, which together grow with the square of its
// length. No file can have so long a name.
constexpr std::size_t kLongestModule = 8192;

void refuse_endless_names(ImportScan& scan) {
  for (const ImportStatement& import : scan.imports) {
    if (import.module.size() <= kLongestModule) continue;
    scan.sure = false;
    scan.doubt = "it imports a module with a name of " + std::to_string(import.module.size()) + " characters";
    scan.imports.clear();
    return;
  }
}

// What a thread keeps from one scan to the next.
struct Scratch {
  ScannableText source;
  WordCollector words;
};

}  // namespace

ImportScan scan_imports(std::string_view source, const ScanTarget& target) {
  return scan_source(source, target).imports;
}

SourceScan scan_source(std::string_view source, const ScanTarget& target) {
  SourceScan found;
  ImportScan& scan = found.imports;
  static thread_local Scratch scratch;
  const SourceText text(source);
  scratch.source.assign(text.doubt().empty() ? text.text() : source);
  if (text.doubt().empty()) {
    SourceScanner scanner(scratch.source, target);
    scan = scanner.run();
    if (text.text().data() == source.data() && text.text().size() == source.size()) {
      found.digests = scanner.code_digests();
    }
    const InlineOptions& inlined = scanner.inline_options();
    if (!inlined.always_true.empty() || !inlined.always_false.empty()) {
      // They hold for the whole file, also above the comment: once more, now knowing them.
      ScanTarget extended = target;
      extended.always_true.insert(extended.always_true.end(), inlined.always_true.begin(),
                                  inlined.always_true.end());
      extended.always_false.insert(extended.always_false.end(), inlined.always_false.begin(),
                                   inlined.always_false.end());
      scan = SourceScanner(scratch.source, extended).run();
    }
  } else {
    scan.sure = false;
    scan.doubt = text.doubt();
  }
  refuse_endless_names(scan);
  scan.words = scratch.words.collect(scratch.source);
  scratch.source.release_large();
  return found;
}

}  // namespace graph
