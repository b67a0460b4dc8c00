#include "scheduler/named_modules.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "graph/import_scanner.h"

namespace scheduler {
namespace {

// Of all bit sets together: 128 MB, which is what 30,000 components take.
constexpr std::size_t kMostWords = std::size_t{16} << 20;
constexpr std::size_t kFewQuestions = 200;
constexpr std::uint32_t kFilterMask = (1u << 20) - 1;

std::uint32_t word_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return graph::word_hash(dot == std::string_view::npos ? name : name.substr(dot + 1));
}

}  // namespace

std::string_view suppression_name(graph::SuppressionReason reason) {
  return reason == graph::SuppressionReason::kNotFound ? "not found" : "skipped";
}

class NamedModules::MissingPart final : public KeyPart {
 public:
  MissingPart(const NamedModules& names, const Group& group) : names_(names), group_(group) {}
  void describe(KeySink& sink) const override {
    for (const std::uint32_t position : group_.missing) {
      const auto& [name, reason] = *names_.missing_[position];
      sink.input({}, "missing module", name);
      sink.input({}, "missing module reason", suppression_name(reason));
    }
  }

 private:
  const NamedModules& names_;
  const Group& group_;
};

class NamedModules::VisiblePart final : public KeyPart {
 public:
  VisiblePart(const NamedModules& names, const Group& group, graph::ComponentId id)
      : names_(names), group_(group), id_(id) {}
  // By name, because positions mean something in this run alone.
  void describe(KeySink& sink) const override {
    names_.for_each_reached(group_, id_, [&](std::uint32_t at) {
      sink.input({}, "visible submodule", names_.graph_[names_.by_name_order_[at]].name);
    });
  }

 private:
  const NamedModules& names_;
  const Group& group_;
  const graph::ComponentId id_;
};

NamedModules::NamedModules(const graph::ModuleGraph& graph, const graph::Condensation& condensation,
                           const ComponentClosure& closure, bool for_all)
    : graph_(graph),
      condensation_(condensation),
      closure_(closure),
      order_(graph),
      filter_(kFilterMask + 1, false) {
  struct Named {
    std::uint32_t word;
    graph::ModuleId module;
  };
  std::vector<Named> named;
  for (std::uint32_t i = 0; i < graph.modules.size(); ++i) {
    const std::string& name = graph.modules[i].name;
    if (name.find('.') != std::string::npos) named.push_back({word_of(name), {i}});
  }
  std::sort(named.begin(), named.end(), [&graph](const Named& a, const Named& b) {
    return a.word != b.word ? a.word < b.word : graph[a.module].name < graph[b.module].name;
  });
  groups_.reserve(named.size());
  for (std::uint32_t i = 0; i < named.size(); ++i) {
    Group& group = groups_[named[i].word];
    if (group.first == group.last) group.first = i;
    group.last = i + 1;
    by_name_order_.push_back(named[i].module);
  }
  for (auto missing = graph.missing.begin(); missing != graph.missing.end(); ++missing) {
    groups_[word_of(missing->first)].missing.push_back(static_cast<std::uint32_t>(missing_.size()));
    missing_.push_back(missing);
  }
  for (auto& [word, group] : groups_) {
    filter_[word & kFilterMask] = true;
    if (!group.missing.empty()) group.missing_digest = digest_of(MissingPart(*this, group));
  }
  if (for_all) std::call_once(reaching_, [this] { reach(); });
}

// Once many components were asked about, it pays to be prepared for each.
void NamedModules::note_question() const {
  if (asked_.fetch_add(1, std::memory_order_relaxed) < kFewQuestions) return;
  std::call_once(reaching_, [this] { reach(); });
}

void NamedModules::reach() const {
  const std::size_t words = (by_name_order_.size() + 63) / 64;
  if (words * condensation_.size() > kMostWords) return;
  std::vector<std::uint32_t> position(graph_.modules.size(), UINT32_MAX);
  for (std::uint32_t i = 0; i < by_name_order_.size(); ++i) position[by_name_order_[i].value] = i;
  closures_.assign(condensation_.size(), Bits(words));
  for (std::uint32_t i = 0; i < condensation_.size(); ++i) {
    Bits& closure = closures_[i];
    for (const graph::ComponentId dependency : condensation_[{i}].dependencies) {
      const Bits& below = closures_[dependency.value];
      for (std::size_t k = 0; k < closure.size(); ++k) closure[k] |= below[k];
    }
    for (const graph::ModuleId module : condensation_[{i}].modules) {
      const std::uint32_t at = position[module.value];
      if (at != UINT32_MAX) closure[at / 64] |= std::uint64_t{1} << (at % 64);
    }
  }
  reached_.store(true, std::memory_order_release);
}

std::vector<std::uint32_t> NamedModules::words_of(graph::ComponentId id) const {
  std::vector<std::uint32_t> words;
  for (const graph::ModuleId module : condensation_[id].modules) {
    const graph::ScannedFile* file = graph_[module].file;
    if (file == nullptr) continue;
    for (const std::uint32_t word : file->imports().words) {
      if (filter_[word & kFilterMask]) words.push_back(word);
    }
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

template <typename Visit>
void NamedModules::for_each_reached(const Group& group, graph::ComponentId id, Visit visit) const {
  if (!reached_.load(std::memory_order_acquire)) {
    const ComponentSet& reached = closure_[id];
    for (std::uint32_t at = group.first; at < group.last; ++at) {
      if (reached.contains(condensation_.of(by_name_order_[at]))) visit(at);
    }
    return;
  }
  const Bits& closure = closures_[id.value];
  for (std::uint32_t at = group.first; at < group.last;) {
    const std::uint64_t rest = closure[at / 64] >> (at % 64);
    const auto skip = rest == 0 ? 64 - at % 64 : static_cast<std::uint32_t>(std::countr_zero(rest));
    at += skip;
    if (rest == 0) continue;
    if (at >= group.last) return;
    visit(at++);
  }
}

NamedInputs NamedModules::inputs(graph::ComponentId id) const {
  note_question();
  NamedInputs result;
  Bits visible((order_.size() + 63) / 64);  // by place: no sorting
  for (const std::uint32_t word : words_of(id)) {
    const auto it = groups_.find(word);
    if (it == groups_.end()) continue;
    for_each_reached(it->second, id, [&](std::uint32_t at) {
      const std::uint32_t place = order_.place(by_name_order_[at]);
      visible[place / 64] |= std::uint64_t{1} << (place % 64);
    });
    result.missing.insert(result.missing.end(), it->second.missing.begin(), it->second.missing.end());
  }
  for (std::size_t k = 0; k < visible.size(); ++k) {
    for (std::uint64_t rest = visible[k]; rest != 0; rest &= rest - 1) {
      result.visible.push_back(static_cast<std::uint32_t>(k * 64) +
                               static_cast<std::uint32_t>(std::countr_zero(rest)));
    }
  }
  std::sort(result.missing.begin(), result.missing.end());
  return result;
}

void NamedModules::reached(const Group& group, graph::ComponentId id, std::string& positions) const {
  positions.assign(reinterpret_cast<const char*>(&group.first), sizeof(group.first));
  for_each_reached(
      group, id, [&](std::uint32_t at) { positions.append(reinterpret_cast<const char*>(&at), sizeof(at)); });
}

void NamedModules::describe(graph::ComponentId id, Memo& memo, KeySink& sink) const {
  note_question();
  std::string bits;
  for (const std::uint32_t word : words_of(id)) {
    const auto it = groups_.find(word);
    if (it == groups_.end()) continue;
    const Group& group = it->second;
    if (!group.missing.empty())
      sink.part("missing in the run", group.missing_digest, MissingPart(*this, group));
    if (group.first == group.last) continue;
    reached(group, id, bits);
    if (bits.size() == sizeof(group.first)) continue;
    const VisiblePart visible(*this, group, id);
    auto [known, is_new] = memo.digests_.try_emplace(bits);
    if (is_new) known->second = digest_of(visible);
    sink.part("visible submodules", known->second, visible);
  }
}

}  // namespace scheduler
