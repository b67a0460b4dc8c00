#include "scheduler/named_modules.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "graph/import_scanner.h"

namespace scheduler {
namespace {

// Of all bit sets together: 128 MB, which is what 30,000 components take.
constexpr std::size_t kMostWords = std::size_t{16} << 20;
constexpr std::size_t kFewQuestions = 16;
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
  MissingPart(const Index& index, const Group& group) : index_(index), group_(group) {}
  void describe(KeySink& sink) const override {
    for (const std::uint32_t position : group_.missing) {
      const auto& [name, reason] = *index_.missing[position];
      sink.input({}, "missing module", name);
      sink.input({}, "missing module reason", suppression_name(reason));
    }
  }

 private:
  const Index& index_;
  const Group& group_;
};

class NamedModules::VisiblePart final : public KeyPart {
 public:
  VisiblePart(const NamedModules& names, const Index& index, const Group& group, graph::ComponentId id)
      : names_(names), index_(index), group_(group), id_(id) {}
  // By name, because positions mean something in this run alone.
  void describe(KeySink& sink) const override {
    names_.for_each_reached(index_, group_, id_, [&](std::uint32_t at) {
      sink.input({}, "visible submodule", names_.graph_[index_.by_name[at]].name);
    });
  }

 private:
  const NamedModules& names_;
  const Index& index_;
  const Group& group_;
  const graph::ComponentId id_;
};

NamedModules::NamedModules(const graph::ModuleGraph& graph, const graph::Condensation& condensation,
                           const ComponentClosure& closure, bool for_all)
    : graph_(graph), condensation_(condensation), closure_(closure), for_all_(for_all) {}

const SubmoduleOrder& NamedModules::order() const {
  std::call_once(ordering_, [this] { order_.emplace(graph_); });
  return *order_;
}

const NamedModules::Index& NamedModules::index_for(graph::ComponentId id, Index& own) const {
  if (!for_all_ && asked_.fetch_add(1, std::memory_order_relaxed) < kFewQuestions) {
    const Words words = words_of(id, nullptr);
    fill(own, &words);
    return own;
  }
  std::call_once(indexing_, [this] {
    fill(index_, nullptr);
    reach(index_);
  });
  return index_;
}

void NamedModules::fill(Index& index, const Words* words) const {
  struct Named {
    std::uint32_t word;
    graph::ModuleId module;
  };
  const auto counts = [words](std::uint32_t word) {
    return words == nullptr || std::binary_search(words->begin(), words->end(), word);
  };
  std::vector<Named> named;
  for (std::uint32_t i = 0; i < graph_.modules.size(); ++i) {
    const std::string& name = graph_.modules[i].name;
    if (name.find('.') == std::string::npos) continue;
    if (const std::uint32_t word = word_of(name); counts(word)) named.push_back({word, {i}});
  }
  std::sort(named.begin(), named.end(), [this](const Named& a, const Named& b) {
    return a.word != b.word ? a.word < b.word : graph_[a.module].name < graph_[b.module].name;
  });
  index.groups.reserve(named.size());
  for (std::uint32_t i = 0; i < named.size(); ++i) {
    Group& group = index.groups[named[i].word];
    if (group.first == group.last) group.first = i;
    group.last = i + 1;
    index.by_name.push_back(named[i].module);
  }
  for (auto missing = graph_.missing.begin(); missing != graph_.missing.end(); ++missing) {
    if (const std::uint32_t word = word_of(missing->first); counts(word)) {
      index.groups[word].missing.push_back(static_cast<std::uint32_t>(index.missing.size()));
    }
    index.missing.push_back(missing);
  }
  index.filter.assign(kFilterMask + 1, false);
  for (auto& [word, group] : index.groups) {
    index.filter[word & kFilterMask] = true;
    if (!group.missing.empty()) group.missing_digest = digest_of(MissingPart(index, group));
  }
}

void NamedModules::reach(Index& index) const {
  const std::size_t words = (index.by_name.size() + 63) / 64;
  if (words * condensation_.size() > kMostWords) return;
  std::vector<std::uint32_t> position(graph_.modules.size(), UINT32_MAX);
  for (std::uint32_t i = 0; i < index.by_name.size(); ++i) position[index.by_name[i].value] = i;
  index.closures.assign(condensation_.size(), Bits(words));
  for (std::uint32_t i = 0; i < condensation_.size(); ++i) {
    Bits& closure = index.closures[i];
    for (const graph::ComponentId dependency : condensation_[{i}].dependencies) {
      const Bits& below = index.closures[dependency.value];
      for (std::size_t k = 0; k < closure.size(); ++k) closure[k] |= below[k];
    }
    for (const graph::ModuleId module : condensation_[{i}].modules) {
      const std::uint32_t at = position[module.value];
      if (at != UINT32_MAX) closure[at / 64] |= std::uint64_t{1} << (at % 64);
    }
  }
}

NamedModules::Words NamedModules::words_of(graph::ComponentId id, const std::vector<bool>* filter) const {
  Words words;
  for (const graph::ModuleId module : condensation_[id].modules) {
    const graph::ScannedFile* file = graph_[module].file;
    if (file == nullptr) continue;
    for (const std::uint32_t word : file->imports().words) {
      if (filter == nullptr || (*filter)[word & kFilterMask]) words.push_back(word);
    }
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

template <typename Visit>
void NamedModules::for_each_reached(const Index& index, const Group& group, graph::ComponentId id,
                                    Visit visit) const {
  if (index.closures.empty()) {
    const ComponentSet& reached = closure_[id];
    for (std::uint32_t at = group.first; at < group.last; ++at) {
      if (reached.contains(condensation_.of(index.by_name[at]))) visit(at);
    }
    return;
  }
  const Bits& closure = index.closures[id.value];
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
  Index own;
  const Index& index = index_for(id, own);
  NamedInputs result;
  Bits visible((order().size() + 63) / 64);  // by place: no sorting
  for (const std::uint32_t word : words_of(id, &index.filter)) {
    const auto it = index.groups.find(word);
    if (it == index.groups.end()) continue;
    for_each_reached(index, it->second, id, [&](std::uint32_t at) {
      const std::uint32_t place = order().place(index.by_name[at]);
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

void NamedModules::reached(const Index& index, const Group& group, graph::ComponentId id,
                           std::string& positions) const {
  positions.assign(reinterpret_cast<const char*>(&group.first), sizeof(group.first));
  for_each_reached(index, group, id, [&](std::uint32_t at) {
    positions.append(reinterpret_cast<const char*>(&at), sizeof(at));
  });
}

void NamedModules::describe(graph::ComponentId id, Memo& memo, KeySink& sink) const {
  Index own;
  const Index& index = index_for(id, own);
  Memo own_memo;  // positions in an index of its own mean nothing elsewhere
  Memo& memoised = &index == &own ? own_memo : memo;
  std::string bits;
  for (const std::uint32_t word : words_of(id, &index.filter)) {
    const auto it = index.groups.find(word);
    if (it == index.groups.end()) continue;
    const Group& group = it->second;
    if (!group.missing.empty())
      sink.part("missing in the run", group.missing_digest, MissingPart(index, group));
    if (group.first == group.last) continue;
    reached(index, group, id, bits);
    if (bits.size() == sizeof(group.first)) continue;
    const VisiblePart visible(*this, index, group, id);
    auto [known, is_new] = memoised.digests_.try_emplace(bits);
    if (is_new) known->second = digest_of(visible);
    sink.part("visible submodules", known->second, visible);
  }
}

}  // namespace scheduler
