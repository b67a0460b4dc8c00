#include "runner/explanation_text.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <nlohmann/json.hpp>

#include "runner/key_change_text.h"
#include "runner/visible_text.h"

namespace runner {
namespace {

using scheduler::Decision;
using scheduler::Verdict;
using Reason = Decision::Reason;

constexpr std::size_t kMaxChanges = 20;
constexpr std::size_t kMaxSymbols = 12;

std::string joined(const std::vector<std::string>& names, std::size_t limit) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), limit); ++i) text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > limit) text += " and " + std::to_string(names.size() - limit) + " more";
  return text;
}

std::string time_text(std::int64_t seconds) {
  const auto moment = static_cast<std::time_t>(seconds);
  std::tm local{};
  char text[32] = "";
  if (::localtime_r(&moment, &local) != nullptr)
    std::strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &local);
  return text;
}

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.3f s", seconds);
  return text;
}

// Writes one explanation, line by line.
class Text {
 public:
  explicit Text(const Explainer& explainer) : explainer_(explainer) {}

  std::string change(const KeyChange& one, const std::string& self) const {
    return key_change_text(one, self, explainer_.option_texts());
  }

  std::string of(const Explanation& explanation) {
    const graph::Module& module = explainer_.graph()[explanation.module];
    self_ = module.name;
    text_ = module.name + (module.path.empty() ? "" : " (" + explainer_.shown(module) + ")") +
            cycle_of(explanation) + "\n";
    text_ += "now: " + verdict_now(explanation) + "\n";
    why(explanation.now, explanation.verdict == Verdict::kReuse);
    if (!explanation.last) {
      text_ += explainer_.history() == nullptr ? "last time: no run here is remembered\n"
                                               : "last time: not part of the run\n";
      return std::move(text_);
    }
    last(*explanation.last);
    return std::move(text_);
  }

 private:
  void line(const std::string& text) { text_ += "  " + visible_text(text) + "\n"; }

  std::string cycle_of(const Explanation& explanation) const {
    const RunSetup& setup = explainer_.run().setup();
    const auto& modules = (*setup.components)[setup.components->of(explanation.module)].modules;
    if (modules.size() == 1) return "";
    std::vector<std::string> names;
    for (const graph::ModuleId id : modules) {
      if (id != explanation.module) names.push_back(setup.graph[id].name);
    }
    return ", in an import cycle with " + joined(names, 5);
  }

  std::string verdict_now(const Explanation& explanation) const {
    switch (explanation.verdict) {
      case Verdict::kReuse:
        return "would be reused";
      case Verdict::kCheck:
        return "would be checked";
      case Verdict::kUndecided:
        return "would be checked, unless the interface of " + explanation.now.detail + " stays what it was";
    }
    return "";
  }

  void why(const Why& one, bool reused) {
    if (reused && one.changes.empty()) line("all it depends on is as it was when it was checked");
    if (reused && !one.changes.empty()) line("the store has a result for what it is now");
    if (one.reason == Reason::kNeverChecked && one.changes.empty()) {
      line(one.compared ? "the store has no result for it, though no input of its key changed"
                        : "there is no result for these inputs, and no earlier ones to compare them with");
    }
    changes(one.changes, self_);
    if (one.reason == Reason::kNotReachable) line(one.detail + ", which it used, is no longer imported");
    for (const InterfaceChange& interface : one.interfaces) interface_change(interface);
    if (one.origin.empty()) return;
    origin(one);
  }

  void changes(const std::vector<KeyChange>& all, const std::string& self) {
    for (std::size_t i = 0; i < std::min(all.size(), kMaxChanges); ++i) line(change(all[i], self));
    if (all.size() > kMaxChanges) line("and " + std::to_string(all.size() - kMaxChanges) + " more changes");
  }

  void interface_change(const InterfaceChange& one) {
    line(one.to.empty() ? "the interface of " + one.module + " (" + one.from + ") may change"
                        : "the interface of " + one.module + " changed: " + one.from + " -> " + one.to);
    if (!one.symbols) return;
    line("  of it the check looked at " +
         (one.symbols->empty() ? "no symbol, only whether names exist" : joined(*one.symbols, kMaxSymbols)));
  }

  void origin(const Why& one) {
    const auto module = explainer_.graph().find(one.origin);
    const std::string path = module ? explainer_.shown(explainer_.graph()[*module]) : "";
    line("it began in " + one.origin + (path.empty() ? "" : " (" + path + ")") +
         (one.origin_changes.empty() ? "" : ":"));
    for (std::size_t i = 0; i < std::min(one.origin_changes.size(), kMaxChanges); ++i) {
      line("  " + change(one.origin_changes[i], one.origin));
    }
    if (one.imports.empty()) return;
    line("the imports from there to here:");
    for (auto step = one.imports.rbegin(); step != one.imports.rend(); ++step) {
      const graph::Module& importer = explainer_.graph()[step->importer];
      line("  " + explainer_.shown(importer) + ":" + std::to_string(step->line) + ": " + importer.name +
           " imports " + explainer_.graph()[step->imported].name);
    }
  }

  void last(const LastTime& one) {
    text_ += "last time: ";
    if (one.verdict == LastTime::Verdict::kLeftOut) text_ += "left out, as the change did not reach it\n";
    if (one.verdict == LastTime::Verdict::kReused) text_ += "reused\n";
    if (one.checks == 0) {
      line("no run that is remembered here checked it");
      return;
    }
    if (one.verdict != LastTime::Verdict::kChecked) text_ += "its last check: ";
    text_ += (one.verdict == LastTime::Verdict::kChecked ? "checked at " : "") + time_text(one.checked_at) +
             " (" + seconds_text(one.seconds) + " of CPU; " + std::to_string(one.checks) +
             (one.checks == 1 ? " check" : " checks") + " here so far)\n";
    if (one.why.reason == Reason::kNeverChecked && one.why.changes.empty()) {
      line("there was no result for these inputs");
      return;
    }
    why(one.why, false);
  }

  const Explainer& explainer_;
  std::string self_;
  std::string text_;
};

const char* reason_name(Reason reason) {
  switch (reason) {
    case Reason::kSame:
      return "same";
    case Reason::kNeverChecked:
      return "no-result";
    case Reason::kInterfaceChanged:
      return "interface-changed";
    case Reason::kNotReachable:
      return "no-longer-imported";
    case Reason::kWaiting:
      return "waiting";
  }
  return "";
}

const char* verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kReuse:
      return "reuse";
    case Verdict::kCheck:
      return "check";
    case Verdict::kUndecided:
      return "undecided";
  }
  return "";
}

const char* last_verdict_name(LastTime::Verdict verdict) {
  switch (verdict) {
    case LastTime::Verdict::kChecked:
      return "check";
    case LastTime::Verdict::kReused:
      return "reuse";
    case LastTime::Verdict::kLeftOut:
      return "left-out";
  }
  return "";
}

nlohmann::ordered_json optional_json(const std::optional<std::string>& value) {
  if (!value) return nullptr;
  return *value;
}

nlohmann::ordered_json changes_json(const std::vector<KeyChange>& changes, const std::string& self,
                                    const Text& text) {
  auto list = nlohmann::ordered_json::array();
  for (const KeyChange& change : changes) {
    list.push_back({{"module", change.subject.empty() ? nlohmann::ordered_json(nullptr)
                                                      : nlohmann::ordered_json(change.subject)},
                    {"input", change.name},
                    {"item", change.item.empty() ? nlohmann::ordered_json(nullptr)
                                                 : nlohmann::ordered_json(change.item)},
                    {"from", optional_json(change.from)},
                    {"to", optional_json(change.to)},
                    {"text", text.change(change, self)}});
  }
  return list;
}

void add_why(nlohmann::ordered_json& document, const Why& why, const std::string& self,
             const Explainer& explainer, const Text& text) {
  document["reason"] = reason_name(why.reason);
  document["detail"] =
      why.detail.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(why.detail);
  document["compared"] = why.compared;
  document["changes"] = changes_json(why.changes, self, text);
  auto interfaces = nlohmann::ordered_json::array();
  for (const InterfaceChange& one : why.interfaces) {
    nlohmann::ordered_json entry = {
        {"module", one.module}, {"from", one.from}, {"to", nullptr}, {"symbols", nullptr}};
    if (!one.to.empty()) entry["to"] = one.to;
    if (one.symbols) entry["symbols"] = *one.symbols;
    interfaces.push_back(std::move(entry));
  }
  document["interfaces"] = std::move(interfaces);
  if (why.origin.empty()) {
    document["origin"] = nullptr;
  } else {
    document["origin"] = {{"module", why.origin},
                          {"changes", changes_json(why.origin_changes, why.origin, text)}};
  }
  auto imports = nlohmann::ordered_json::array();
  for (auto step = why.imports.rbegin(); step != why.imports.rend(); ++step) {
    const graph::Module& importer = explainer.graph()[step->importer];
    imports.push_back({{"path", explainer.shown(importer)},
                       {"line", step->line},
                       {"importer", importer.name},
                       {"imported", explainer.graph()[step->imported].name}});
  }
  document["imports"] = std::move(imports);
}

}  // namespace

std::string explanation_text(const Explanation& explanation, const Explainer& explainer) {
  return Text(explainer).of(explanation);
}

nlohmann::ordered_json explanation_json(const Explanation& explanation, const Explainer& explainer) {
  const Text text(explainer);
  const RunSetup& setup = explainer.run().setup();
  const graph::Module& module = setup.graph[explanation.module];
  nlohmann::ordered_json document = {
      {"format", 1}, {"module", module.name}, {"path", explainer.shown(module)}};
  auto cycle = nlohmann::ordered_json::array();
  for (const graph::ModuleId id : (*setup.components)[setup.components->of(explanation.module)].modules) {
    cycle.push_back(setup.graph[id].name);
  }
  document["component"] = std::move(cycle);
  document["now"] = {{"verdict", verdict_name(explanation.verdict)}};
  add_why(document["now"], explanation.now, module.name, explainer, text);
  document["last"] = nullptr;
  if (!explanation.last) return document;
  const LastTime& last = *explanation.last;
  document["last"] = {{"verdict", last_verdict_name(last.verdict)},
                      {"checks", last.checks},
                      {"checked_at", last.checked_at},
                      {"seconds", last.seconds}};
  if (last.checks > 0) add_why(document["last"], last.why, module.name, explainer, text);
  return document;
}

}  // namespace runner
