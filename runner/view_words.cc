#include "runner/view_words.h"

#include <unordered_set>

#include "runner/shown_text.h"

namespace runner {

std::vector<std::string> node_words(const graph::GraphView& view) {
  std::vector<std::string> words;
  std::unordered_set<std::string> taken;
  for (const graph::ViewNode& node : view.nodes) {
    std::string word = shown_line(node.name);
    if (view.level == graph::ViewLevel::kComponent && node.modules.size() > 1) {
      word += " and " + std::to_string(node.modules.size() - 1) + " more";
    }
    // Names that are not text may look alike.
    const std::string plain = word;
    for (int i = 2; !taken.insert(word).second; ++i) word = plain + " (" + std::to_string(i) + ")";
    words.push_back(std::move(word));
  }
  return words;
}

std::string_view use_word(graph::ImportUse use) {
  switch (use) {
    case graph::ImportUse::kRunTime:
      return "run-time";
    case graph::ImportUse::kFunction:
      return "function";
    case graph::ImportUse::kTypeChecking:
      return "type-checking";
    case graph::ImportUse::kImplied:
      break;
  }
  return "implied";
}

std::string_view mark_word(graph::ViewMark mark) {
  switch (mark) {
    case graph::ViewMark::kChanged:
      return "changed";
    case graph::ViewMark::kAffected:
      return "affected";
    case graph::ViewMark::kNone:
      break;
  }
  return "";
}

std::string lines_word(const std::vector<std::uint32_t>& lines) {
  std::string word;
  for (const std::uint32_t line : lines) word += (word.empty() ? "" : ",") + std::to_string(line);
  return word;
}

std::string counted(std::size_t count, const std::string& noun) {
  std::string digits = std::to_string(count);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits + " " + noun + (count == 1 ? "" : "s");
}

}  // namespace runner
