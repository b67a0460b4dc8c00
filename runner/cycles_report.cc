#include "runner/cycles_report.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "graph/graph_view.h"
#include "runner/shown_text.h"
#include "runner/view_words.h"

namespace runner {
namespace {

using graph::ImportCycle;
using nlohmann::ordered_json;

constexpr std::size_t kNamesShown = 3;

std::string seconds_word(double seconds) {
  char word[32];
  std::snprintf(word, sizeof(word), "%.2f s", seconds);
  return word;
}

// Begins with the place as editors and terminals know it.
std::string cut_line(const CyclesReport& report, const graph::CutImport& cut, std::size_t modules) {
  const std::string path = shown_line(graph::portable_path(report.graph[cut.from]));
  std::string line = "    " + path + ":" + std::to_string(cut.places.lines.front()) + ": " +
                     shown_line(report.graph[cut.to].name);
  if (cut.places.lines.size() > 1) line += " (lines " + lines_word(cut.places.lines) + ")";
  if (cut.places.use == graph::ImportUse::kTypeChecking) line += ", for type checkers only";
  if (cut.places.use == graph::ImportUse::kFunction) line += ", inside of a function";
  if (cut.places.use == graph::ImportUse::kImplied) line += ", as a package above what is imported";
  if (cut.left > 1)
    return line + ": leaves " + std::to_string(cut.left) + " of " + std::to_string(modules) + "\n";
  return line + ": leaves no cycle\n";
}

std::string names_line(const std::vector<std::string>& names) {
  std::string line;
  for (std::size_t i = 0; i < std::min(names.size(), kNamesShown); ++i)
    line += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kNamesShown) line += " and " + std::to_string(names.size() - kNamesShown) + " more";
  return line;
}

std::vector<std::string> names_of(const CyclesReport& report, const ImportCycle& cycle) {
  std::vector<std::string> names;
  for (const graph::ModuleId id : report.components[cycle.component].modules) {
    names.push_back(shown_line(report.graph[id].name));
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string cut_text(const CyclesReport& report, const ImportCycle& cycle, std::size_t most_cuts) {
  if (!cycle.own) return "  it lies in libraries: there is nothing to cut in your sources\n";
  const std::size_t modules = report.components[cycle.component].modules.size();
  if (cycle.cut.empty()) return "  no import in your sources breaks it\n";
  std::size_t uses[4] = {};
  for (const graph::CutImport& cut : cycle.cut) ++uses[static_cast<std::size_t>(cut.places.use)];
  std::string text = "  to " + std::string(cycle.left > 1 ? "split" : "break") + " it, remove " +
                     counted(cycle.cut.size(), "import") + " (" + std::to_string(uses[2]) +
                     " for type checkers only, " + std::to_string(uses[1]) + " inside of functions, " +
                     std::to_string(uses[0] + uses[3]) + " at run time)" +
                     (cycle.left > 1 ? ", which leaves a cycle of " + std::to_string(cycle.left) : "") +
                     ":\n";
  const std::size_t shown = most_cuts == 0 ? cycle.cut.size() : std::min(most_cuts, cycle.cut.size());
  for (std::size_t i = 0; i < shown; ++i) text += cut_line(report, cycle.cut[i], modules);
  if (shown < cycle.cut.size()) {
    text += "    and " + std::to_string(cycle.cut.size() - shown) + " more (--cuts 0 shows all)\n";
  }
  return text;
}

std::string cycle_text(const CyclesReport& report, const ImportCycle& cycle, std::size_t most_cuts) {
  const auto& seconds = report.measured.seconds[cycle.component.value];
  const std::vector<std::string> names = names_of(report, cycle);
  std::string text = "import cycle of " + counted(names.size(), "module");
  if (seconds) text += ", " + seconds_word(*seconds) + " of CPU";
  if (const auto& checks = report.checks[cycle.component.value]) {
    text += ", checked " + counted(*checks, "time") + " in this folder";
  }
  text += "\n  " + names_line(names) + "\n";
  text += "  an edit of one has all of them checked, and may have " +
          counted(cycle.dependent_modules, "module") + " checked that import them\n";
  text += "  the longest chain of imports through it waits for " + counted(cycle.chain, "module");
  if (!cycle.cut.empty()) text += ", " + counted(cycle.chain_after_cut, "module") + " after the cut";
  return text + "\n" + cut_text(report, cycle, most_cuts);
}

ordered_json lines_of(const std::vector<std::uint32_t>& lines) {
  return ordered_json(lines);
}

ordered_json cut_json(const CyclesReport& report, const graph::CutImport& cut) {
  return {{"from", report.graph[cut.from].name},
          {"to", report.graph[cut.to].name},
          {"path", graph::portable_path(report.graph[cut.from])},
          {"line", cut.places.lines.front()},
          {"lines", lines_of(cut.places.lines)},
          {"use", use_word(cut.places.use)},
          {"left", cut.left}};
}

ordered_json cycle_json(const CyclesReport& report, const ImportCycle& cycle) {
  ordered_json modules = ordered_json::array();
  for (const graph::ModuleId id : report.components[cycle.component].modules) {
    modules.push_back(report.graph[id].name);
  }
  ordered_json imports;
  for (const auto use : {graph::ImportUse::kRunTime, graph::ImportUse::kFunction,
                         graph::ImportUse::kTypeChecking, graph::ImportUse::kImplied}) {
    imports[std::string(use_word(use))] = cycle.imports[static_cast<std::size_t>(use)];
  }
  ordered_json cuts = ordered_json::array();
  for (const graph::CutImport& cut : cycle.cut) cuts.push_back(cut_json(report, cut));
  const auto& seconds = report.measured.seconds[cycle.component.value];
  const auto& checks = report.checks[cycle.component.value];
  return {{"component", cycle.component.value},
          {"wave", report.components[cycle.component].wave},
          {"own", cycle.own},
          {"size", modules.size()},
          {"seconds", seconds ? ordered_json(*seconds) : ordered_json(nullptr)},
          {"checks", checks ? ordered_json(*checks) : ordered_json(nullptr)},
          {"dependents", {{"components", cycle.dependent_components}, {"modules", cycle.dependent_modules}}},
          {"chain", {{"modules", cycle.chain}, {"after_cut", cycle.chain_after_cut}}},
          {"imports", std::move(imports)},
          {"left_after_cut", cycle.left},
          {"cut", std::move(cuts)},
          {"modules", std::move(modules)}};
}

}  // namespace

CycleNames names_of(const CyclesReport& report) {
  CycleNames names;
  for (const ImportCycle& cycle : report.cycles) names.push_back(names_of(report, cycle));
  return names;
}

std::string cycles_text(const CyclesReport& report, std::size_t most_cuts) {
  std::string text = counted(report.cycles.size(), "import cycle");
  if (report.in_libraries > 0) {
    text += ", and " + std::to_string(report.in_libraries) + " in libraries (--all shows them)";
  }
  text += "\n";
  for (const ImportCycle& cycle : report.cycles) text += "\n" + cycle_text(report, cycle, most_cuts);
  return text;
}

std::string new_cycles_text(const CyclesReport& report, std::size_t most_cuts) {
  std::string text;
  for (const NewCycle& one : report.news->added) {
    text += std::string(text.empty() ? "" : "\n") +
            (one.grown ? "an import cycle has grown by " : "a new import cycle: ") +
            counted(one.joined.size(), "module") + "\n  " + names_line(one.joined) + "\n" +
            cycle_text(report, report.cycles[one.cycle], most_cuts);
  }
  return text;
}

std::string cycles_json(const CyclesReport& report) {
  ordered_json cycles = ordered_json::array();
  for (const ImportCycle& cycle : report.cycles) cycles.push_back(cycle_json(report, cycle));
  ordered_json document = {{"format", 1},
                           {"modules", report.graph.modules.size()},
                           {"components", report.components.size()},
                           {"in_libraries", report.in_libraries},
                           {"cycles", std::move(cycles)}};
  if (report.news != nullptr) {
    ordered_json news = ordered_json::array();
    for (const NewCycle& one : report.news->added) {
      news.push_back({{"cycle", one.cycle}, {"grown", one.grown}, {"joined", one.joined}});
    }
    document["new"] = std::move(news);
    document["shrunk"] = report.news->shrunk;
  }
  return document.dump(1, ' ', true, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace runner
