#include "runner/waves_report.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "runner/shown_text.h"
#include "runner/view_words.h"

namespace runner {
namespace {

using nlohmann::ordered_json;

constexpr std::uint32_t kProcessors[] = {2, 4, 8, 16, 0};  // 0: as many as one likes

std::string cost_word(const WavesReport& report, double cost) {
  char word[32];
  std::snprintf(word, sizeof(word), report.in_seconds ? "%.2f s" : "%.0f kB",
                report.in_seconds ? cost : cost / 1000);
  return word;
}

// How many times as fast as on one processor.
double speed(double work, double time) {
  return time > 0 ? work / time : 1;
}

// What time no order of checks can go below, even if interfaces came for nothing.
double limit_of(const scheduler::WavePlan& plan, std::uint32_t processors) {
  return processors == 0 ? plan.longest : std::max(plan.longest, plan.work / processors);
}

std::string right(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

std::string component_word(const WavesReport& report, graph::ComponentId id) {
  const std::vector<graph::ModuleId>& modules = report.components[id].modules;
  std::string first = report.graph[modules.front()].name;
  for (const graph::ModuleId module : modules) first = std::min(first, report.graph[module].name);
  std::string word = shown_line(first);
  if (modules.size() > 1) word += " and " + std::to_string(modules.size() - 1) + " more in its cycle";
  return word;
}

std::string title(const WavesReport& report) {
  std::string line = counted(report.plan.waves.size(), "wave") + " of " +
                     counted(report.components.size(), "component") + " (" +
                     counted(report.graph.modules.size(), "module") + "), ";
  if (!report.in_seconds) {
    return line + cost_word(report, report.plan.work) +
           " of source; nothing is measured yet, so work is told by size\n";
  }
  line += cost_word(report, report.plan.work) + " of work";
  const std::size_t guessed = report.components.size() - report.measured;
  if (guessed > 0) line += ", that of " + counted(guessed, "component") + " estimated by size";
  return line + "\n";
}

std::string speed_word(double value) {
  char word[32];
  std::snprintf(word, sizeof(word), "%.2f", value);
  return word;
}

}  // namespace

std::string waves_text(const WavesReport& report) {
  const scheduler::WavePlan& plan = report.plan;
  std::string text = title(report) + "\n  wave  components   modules        work\n";
  for (std::size_t i = 0; i < plan.waves.size(); ++i) {
    const scheduler::WaveLoad& wave = plan.waves[i];
    text += right(std::to_string(i), 6) + right(std::to_string(wave.components), 12) +
            right(std::to_string(wave.modules), 10) + right(cost_word(report, wave.work), 12) + "\n";
  }
  text += "\ncritical path: " + counted(plan.chain.size(), "component") + ", " +
          cost_word(report, plan.chain_work) + "\n";
  for (const graph::ComponentId id : plan.chain) {
    text += right(cost_word(report, report.costs[id.value]), 12) + "  " + component_word(report, id) + "\n";
  }
  text += "\n  processors   time at least   speed at most   limit\n";
  for (const std::uint32_t processors : kProcessors) {
    const double time = plan.least_time(processors);
    text += right(processors == 0 ? "any" : std::to_string(processors), 12) +
            right(cost_word(report, time), 16) + right(speed_word(speed(plan.work, time)), 16) +
            right(speed_word(speed(plan.work, limit_of(plan, processors))), 8) + "\n";
  }
  return text +
         "\nWhere a check waits for the whole checks of what it imports, it cannot be faster than that. It "
         "may start as\n"
         "soon as their interfaces are known; the limit is for interfaces that cost nothing: the largest "
         "component\n"
         "remains (" +
         cost_word(report, plan.longest) + ").\n";
}

std::string waves_json(const WavesReport& report) {
  const scheduler::WavePlan& plan = report.plan;
  ordered_json waves = ordered_json::array();
  for (const scheduler::WaveLoad& wave : plan.waves) {
    waves.push_back({{"components", wave.components}, {"modules", wave.modules}, {"work", wave.work}});
  }
  ordered_json chain = ordered_json::array();
  for (const graph::ComponentId id : plan.chain) {
    ordered_json modules = ordered_json::array();
    for (const graph::ModuleId module : report.components[id].modules) {
      modules.push_back(report.graph[module].name);
    }
    chain.push_back({{"component", id.value}, {"work", report.costs[id.value]}, {"modules", modules}});
  }
  ordered_json speeds = ordered_json::array();
  for (const std::uint32_t processors : kProcessors) {
    const double time = plan.least_time(processors);
    ordered_json entry;
    entry["processors"] = processors == 0 ? ordered_json(nullptr) : ordered_json(processors);
    entry["time_at_least"] = time;
    entry["speed_at_most"] = speed(plan.work, time);
    entry["limit"] = speed(plan.work, limit_of(plan, processors));
    speeds.push_back(std::move(entry));
  }
  const ordered_json document = {
      {"format", 1},
      {"unit", report.in_seconds ? "seconds" : "bytes"},
      {"components", report.components.size()},
      {"modules", report.graph.modules.size()},
      {"measured", report.measured},
      {"work", plan.work},
      {"waves", std::move(waves)},
      {"critical_path", {{"work", plan.chain_work}, {"components", std::move(chain)}}},
      {"longest_component", plan.longest},
      {"speed", std::move(speeds)}};
  return document.dump(1, ' ', true, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace runner
