#include "runner/run_report.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

namespace runner {
namespace {

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof(text), seconds < 10 ? "%.3f s" : "%.1f s", seconds);
  return text;
}

nlohmann::ordered_json nothing_if_empty(const std::string& text) {
  return text.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(text);
}

}  // namespace

std::string report_json(const RunReport& report) {
  using nlohmann::ordered_json;
  ordered_json document = {
      {"format", 1},
      {"mypy", report.mypy_version},
      {"exit", report.exit_code},
      {"modules", {{"own", report.own_modules}, {"followed", report.followed_modules}}},
      {"components", report.components},
      {"waves", report.waves},
      {"reused", report.reused},
      {"checked", report.checked},
      {"failed", report.failed},
      {"checked_modules", report.checked_modules},
      {"store",
       {{"hits", report.store.hits}, {"misses", report.store.misses}, {"corrupt", report.store.corrupt}}},
      {"scan", {{"mismatches", report.scan_mismatches}}},
      {"workers", report.workers},
      {"seconds",
       {{"total", report.seconds.total},
        {"probe", report.seconds.probe},
        {"scan", report.seconds.scan},
        {"plan", report.seconds.plan},
        {"check", report.seconds.check}}},
  };
  if (report.verification == Verification::kNothing) document["verified"] = nullptr;
  if (report.verification == Verification::kSame) document["verified"] = true;
  if (report.verification == Verification::kDifferent) document["verified"] = false;
  if (const auto& change = report.change) {
    document["change"] = {{"base", nothing_if_empty(change->base)},
                          {"everything", nothing_if_empty(change->everything)},
                          {"changed_files", change->changed_files},
                          {"reported_files", change->reported_files},
                          {"components", change->components}};
  }
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

graph::Result<bool> write_report_json(const RunReport& report, const std::string& path) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << report_json(report);
  file.flush();
  if (!file) {
    return graph::Error{"cannot write " + path + ": " + std::strerror(errno),
                        "give --summary-json a path that can be written"};
  }
  return true;
}

std::string change_line(const ChangeReport& change, std::size_t components, double seconds) {
  const std::size_t files = change.changed_files.size();
  char time[32];
  std::snprintf(time, sizeof(time), "%.1f s", seconds);
  return "checked " + std::to_string(change.components) + " of " + std::to_string(components) +
         " components, reached from " + std::to_string(files) +
         (files == 1 ? " changed file, " : " changed files, ") + time + "\n";
}

std::string report_text(const RunReport& report) {
  const auto number = [](std::size_t value) { return std::to_string(value); };
  std::string text;
  text += "modules      " + number(report.own_modules) + " own, " + number(report.followed_modules) +
          " followed\n";
  text += "components   " + number(report.components) + " in " + number(report.waves) +
          " waves: " + number(report.reused) + " reused, " + number(report.checked) + " checked, " +
          number(report.failed) + " failed\n";
  text += "store        " + number(report.store.hits) + " hits, " + number(report.store.misses) +
          " misses, " + number(report.store.corrupt) + " corrupt\n";
  text += "workers      " + number(report.workers);
  if (report.workers_replaced > 0) text += ", " + number(report.workers_replaced) + " replaced";
  text += "\n";
  text += "mypy         " + seconds_text(report.cpu_seconds_checked) + " of CPU spent, " +
          seconds_text(report.cpu_seconds_saved) + " saved by reuse\n";
  const StageSeconds& at = report.seconds;
  text += "time         " + seconds_text(at.total) + ": probe " + seconds_text(at.probe) + ", scan " +
          seconds_text(at.scan) + ", plan " + seconds_text(at.plan) + ", check " + seconds_text(at.check) +
          "\n";
  return text;
}

}  // namespace runner
