#include "runner/known_cycles.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "runner/json_string.h"

namespace runner {

using nlohmann::json;

std::string known_cycles_text(CycleNames cycles) {
  std::sort(cycles.begin(), cycles.end());
  std::string text = "{\"format\": 1, \"cycles\": [";
  bool first = true;
  for (const std::vector<std::string>& cycle : cycles) {
    text += first ? "\n[" : ",\n[";
    first = false;
    for (std::size_t i = 0; i < cycle.size(); ++i)
      text += (i == 0 ? "\n  " : ",\n  ") + json_string(cycle[i]);
    text += "\n]";
  }
  return text + "\n]}\n";
}

graph::Result<CycleNames> read_known_cycles(std::string_view text) {
  const json document = json::parse(text, nullptr, false);
  const graph::Error malformed{"it is no file of import cycles", "write it with --update"};
  if (!document.is_object() || document.value("format", json()) != 1 || !document.contains("cycles")) {
    return malformed;
  }
  CycleNames cycles;
  for (const json& cycle : document["cycles"]) {
    if (!cycle.is_array()) return malformed;
    std::vector<std::string>& names = cycles.emplace_back();
    for (const json& name : cycle) {
      if (!name.is_string()) return malformed;
      names.push_back(name.get<std::string>());
    }
    std::sort(names.begin(), names.end());
  }
  return cycles;
}

CycleNews compare_cycles(const CycleNames& known, const CycleNames& now) {
  std::map<std::string, std::vector<std::size_t>> holders;
  for (std::size_t i = 0; i < known.size(); ++i) {
    for (const std::string& name : known[i]) holders[name].push_back(i);
  }
  CycleNews news;
  std::set<std::size_t> kept;  // known cycles that are as they were, or have grown
  for (std::size_t i = 0; i < now.size(); ++i) {
    std::map<std::size_t, std::size_t> shared;
    for (const std::string& name : now[i]) {
      const auto found = holders.find(name);
      if (found == holders.end()) continue;
      for (const std::size_t holder : found->second) ++shared[holder];
    }
    const auto most = std::max_element(shared.begin(), shared.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    for (const auto& [holder, count] : shared) {
      if (count == known[holder].size()) kept.insert(holder);
    }
    if (most == shared.end()) {
      news.added.push_back({i, now[i], false});
      continue;
    }
    NewCycle grown{i, {}, true};
    std::set_difference(now[i].begin(), now[i].end(), known[most->first].begin(), known[most->first].end(),
                        std::back_inserter(grown.joined));
    if (!grown.joined.empty()) news.added.push_back(std::move(grown));
  }
  news.shrunk = known.size() - kept.size();
  return news;
}

}  // namespace runner
