// Per-module options by mypy's precedence, and which sections were ever used.
#include <algorithm>
#include <optional>
#include <utility>

#include "graph/build_options.h"
#include "graph/result.h"

namespace graph {
namespace {

// "a.*.b" is unstructured: a star before the end. "a.*" and "a" are structured.
bool is_unstructured(std::string_view pattern) {
  return !pattern.empty() && pattern.substr(0, pattern.size() - 1).find('*') != std::string_view::npos;
}

// Matches as mypy's compile_glob: a leading `*` is any text, every later `.*` nothing or a dot and any text.
// Any text ends at a newline. Runs over the set of positions the pattern's start can end at, so that no
// number of stars makes it slow.
class GlobMatch {
 public:
  explicit GlobMatch(std::string_view text) : text_(text), reached_(text.size() + 1, false) {
    reached_[0] = true;
  }

  bool matches(std::string_view pattern) {
    for (std::size_t start = 0; start <= pattern.size();) {
      const std::size_t end = std::min(pattern.find('.', start), pattern.size());
      const std::string_view part = pattern.substr(start, end - start);
      if (part == "*") {
        any_text(start != 0);
      } else {
        literal(start == 0 ? part : pattern.substr(start - 1, end - start + 1));
      }
      start = end + 1;
    }
    return reached_.back();
  }

 private:
  void any_text(bool optional_after_dot) {
    std::vector<bool> next = optional_after_dot ? reached_ : std::vector<bool>(reached_.size(), false);
    bool open = false;  // inside a stretch of any text
    for (std::size_t i = 0; i < reached_.size(); ++i) {
      if (!optional_after_dot && reached_[i]) open = true;
      if (open) next[i] = true;
      if (i == text_.size()) break;
      if (text_[i] == '\n') open = false;
      if (optional_after_dot && reached_[i] && text_[i] == '.') open = true;
    }
    reached_ = std::move(next);
  }

  void literal(std::string_view part) {
    std::vector<bool> next(reached_.size(), false);
    for (std::size_t i = 0; i + part.size() <= text_.size(); ++i) {
      if (reached_[i] && text_.substr(i, part.size()) == part) next[i + part.size()] = true;
    }
    reached_ = std::move(next);
  }

  std::string_view text_;
  std::vector<bool> reached_;
};

template <typename T>
void override_with(T& value, const std::optional<T>& change) {
  if (change) value = *change;
}

void apply(ModuleOptions& options, const OptionsSection& section) {
  override_with(options.ignore_missing_imports, section.ignore_missing_imports);
  override_with(options.follow_imports_for_stubs, section.follow_imports_for_stubs);
  override_with(options.follow_untyped_imports, section.follow_untyped_imports);
  override_with(options.ignore_errors, section.ignore_errors);
  override_with(options.local_partial_types, section.local_partial_types);
  override_with(options.follow_imports, section.follow_imports);
  override_with(options.always_true, section.always_true);
  override_with(options.always_false, section.always_false);
}

}  // namespace

const std::string* StubTables::distribution_of(std::string_view module) const {
  const auto known = [](const auto& table, std::string_view name) -> const std::string* {
    const auto it = table.find(std::string(name));
    return it == table.end() || it->second.empty() ? nullptr : &it->second;
  };
  if (const std::string* found = known(flat, module.substr(0, module.find('.')))) return found;
  while (!namespaced.empty()) {
    if (const std::string* found = known(namespaced, module)) return found;
    const std::size_t dot = module.rfind('.');
    if (dot == std::string_view::npos) break;
    module = module.substr(0, dot);
  }
  return nullptr;
}

OptionsTable::OptionsTable(ModuleOptions global, std::vector<OptionsSection> sections)
    : global_(std::move(global)) {
  for (OptionsSection& section : sections) {
    const auto index = static_cast<std::uint32_t>(sections_.size());
    const auto [known, is_new] = by_pattern_.emplace(section.pattern, index);
    if (is_new) {
      sections_.push_back(std::move(section));
    } else {
      sections_[known->second] = std::move(section);
    }
  }
  used_.assign(sections_.size(), false);
  inherit_sections();
}

// mypy's build_per_module_cache: `a.*` before `a.b.*`, those before concrete names, so that each section
// inherits from what is already there.
void OptionsTable::inherit_sections() {
  std::vector<std::uint32_t> wildcards, concrete;
  for (std::uint32_t i = 0; i < sections_.size(); ++i) {
    const std::string& pattern = sections_[i].pattern;
    auto& kind = is_unstructured(pattern) ? globs_ : pattern.ends_with(".*") ? wildcards : concrete;
    kind.push_back(i);
  }
  std::sort(wildcards.begin(), wildcards.end(),
            [this](std::uint32_t a, std::uint32_t b) { return sections_[a].pattern < sections_[b].pattern; });
  std::vector<std::uint32_t> structured = std::move(wildcards);
  structured.insert(structured.end(), concrete.begin(), concrete.end());
  for (const std::uint32_t index : structured) {
    Applied applied = applied_to(sections_[index].pattern);
    applied.push_back(index);
    structured_.emplace(sections_[index].pattern, std::move(applied));
  }
  // Only modules use structured sections; globs stay used by what inherited from them just now.
  for (const std::uint32_t index : structured) used_[index] = false;
}

void OptionsTable::mark_used(std::string_view pattern) {
  const auto it = by_pattern_.find(pattern);
  INVARIANT(it != by_pattern_.end(), "a structured section has to be in the table");
  used_[it->second] = true;
}

// mypy's clone_for_module.
OptionsTable::Applied OptionsTable::applied_to(std::string_view module) {
  if (const auto own = structured_.find(module); own != structured_.end()) {
    mark_used(module);
    return own->second;
  }
  Applied applied;
  for (std::string_view parent = module; !structured_.empty();) {
    const std::string pattern = std::string(parent) + ".*";
    if (const auto above = structured_.find(pattern); above != structured_.end()) {
      mark_used(pattern);
      applied = above->second;
      break;
    }
    const std::size_t dot = parent.rfind('.');
    if (dot == std::string_view::npos) break;
    parent = parent.substr(0, dot);
  }
  if (module.ends_with(".*")) return applied;
  for (const std::uint32_t index : globs_) {
    if (!GlobMatch(module).matches(sections_[index].pattern)) continue;
    used_[index] = true;
    applied.push_back(index);
  }
  return applied;
}

const EffectiveOptions& OptionsTable::intern(Applied applied) {
  if (const auto known = interned_.find(applied); known != interned_.end()) return known->second;
  EffectiveOptions effective{.options = global_, .sections = applied, .digest = {}};
  DigestBuilder digest;
  for (const std::uint32_t index : applied) {
    apply(effective.options, sections_[index]);
    digest.field("changes", sections_[index].changes);
  }
  effective.digest = digest.finish();
  return interned_.emplace(std::move(applied), std::move(effective)).first->second;
}

const EffectiveOptions& OptionsTable::for_module(std::string_view module) {
  if (const auto known = by_module_.find(module); known != by_module_.end()) return *known->second;
  const EffectiveOptions& effective = intern(applied_to(module));
  by_module_.emplace(std::string(module), &effective);
  return effective;
}

const EffectiveOptions* OptionsTable::of_sections(std::vector<std::uint32_t> sections) {
  const auto is_known = [&](std::uint32_t index) { return index < sections_.size(); };
  return std::all_of(sections.begin(), sections.end(), is_known) ? &intern(std::move(sections)) : nullptr;
}

bool OptionsTable::restore_used(const std::vector<bool>& used) {
  if (used.size() != used_.size()) return false;
  used_ = used;
  return true;
}

std::vector<std::string> OptionsTable::unused_sections() const {
  std::vector<std::string> unused;
  for (std::size_t i = 0; i < sections_.size(); ++i) {
    if (!used_[i]) unused.push_back(sections_[i].pattern);
  }
  std::sort(unused.begin(), unused.end());
  return unused;
}

}  // namespace graph
