// A run about a change.
#include "runner/changed_run.h"

#include <algorithm>
#include <set>
#include <unordered_set>
#include <utility>

#include "graph/posix_path.h"
#include "runner/console.h"
#include "runner/first_reports.h"
#include "runner/new_errors.h"
#include "runner/widening.h"

namespace runner {
namespace {

namespace posix_path = graph::posix_path;

graph::Result<ChangeSet> ask(const ChangeOptions& options, const std::string& cwd) {
  if (options.listed) return listed_changes(*options.listed, cwd);
  if (options.staged) return staged_changes(cwd);
  return changes_since(options.since ? *options.since : *options.new_since, cwd);
}

// mypy prints the link of each error code once a run: where, only a whole run tells.
bool prints_links(const ProbeAnswer& probe) {
  return std::find(probe.environment.begin(), probe.environment.end(),
                   std::pair<std::string, std::string>("option show_error_code_links", "true")) !=
         probe.environment.end();
}

scheduler::Side side_of(const PlannedRun& run) {
  return {run.setup().graph, *run.setup().components, run.state()};
}

}  // namespace

std::optional<graph::Error> ChangedRun::find_changes() {
  if (!options_.any()) {
    if (!options_.only_changed) return std::nullopt;
    return graph::Error{"--only-changed does not say since when",
                        "add --changed-since, --staged or --changed-files"};
  }
  auto found = ask(options_, cwd_);
  if (!found && !options_.fallback_full) return found.error();
  if (found) {
    changes_ = std::move(*found);
  } else {
    changes_.emplace();
    changes_->unknown = found.error().message;
  }
  const bool other =
      options_.since != options_.new_since && (options_.since || options_.staged || options_.listed);
  if (!options_.new_since || !other) return std::nullopt;
  auto reference = changes_since(*options_.new_since, cwd_);
  if (!reference && !options_.fallback_full) return reference.error();
  reference_ = reference ? std::move(*reference) : ChangeSet{};
  return std::nullopt;
}

bool ChangedRun::is_changed(const graph::Module& module) const {
  return !module.path.empty() && changes_->paths.contains(posix_path::absolute(module.path, cwd_));
}

void ChangedRun::widen(const std::string& reason) {
  everything_ = reason;
  if (!std::exchange(said_why_, true)) print_note("everything is checked: " + reason);
}

void ChangedRun::narrow(RunSetup& setup, PlannedRun& run, PackStore& store, const StateDirectory& state,
                        unsigned threads) {
  affected_.reset();
  earlier_.reset();
  moving_.clear();
  setup_ = &setup;
  store_ = &store;
  threads_ = threads;
  const auto foundation = changed_foundation(*changes_, setup.probe);
  const auto surroundings = Surroundings(setup).change_since(state, changes_->base);
  if (!changes_->unknown.empty()) return widen(changes_->unknown);
  if (foundation) return widen(*foundation);
  if (surroundings) return widen(*surroundings);
  if (prints_links(setup.probe))
    return widen("mypy prints each link once a run, which only a whole run shows");
  if (changes_->earlier.empty()) {
    reported_ = scheduler::ComponentSet(run.state().size());
    scheduler::leave_out_all_but(reported_, run.state());
    return;
  }
  auto earlier = EarlierRun::load(setup, changes_->earlier, store, threads);
  if (!earlier)
    return widen("mypy could not check " + changes_->title + " (" + earlier.error().message + ")");
  earlier_ = std::move(*earlier);
  std::vector<bool> changed;
  for (const graph::Module& module : setup.graph.modules) changed.push_back(is_changed(module));
  affected_.emplace(side_of(run), side_of(earlier_->run()), changed);
  const scheduler::ComponentSet wanted = reaching(run, affected_->possible());
  scheduler::leave_out_all_but(scheduler::needed_for(wanted, run.closure(), run.state().size()), run.state());
}

// What has to be checked besides what the change can reach: the modules that decide where mypy prints a
// report that may have moved.
scheduler::ComponentSet ChangedRun::reaching(const PlannedRun& run, scheduler::ComponentSet possible) {
  const RunSetup& setup = run.setup();
  std::set<std::string> moving;
  const auto note_kinds = [&](const graph::ModuleGraph& graph, const graph::Component& component) {
    for (const graph::ModuleId module : component.modules) {
      for (std::string& kind : kinds_of_reports(graph[module])) moving.insert(std::move(kind));
    }
  };
  for (const graph::ComponentId id : possible.members()) note_kinds(setup.graph, (*setup.components)[id]);
  std::unordered_set<std::string> keys;
  for (std::uint32_t i = 0; i < run.state().size(); ++i) keys.emplace(run.state()[{i}].static_key.view());
  const RunSetup& before = earlier_->setup();
  for (std::uint32_t i = 0; i < earlier_->run().state().size(); ++i) {
    if (keys.contains(std::string(earlier_->run().state()[{i}].static_key.view()))) continue;
    note_kinds(before.graph, (*before.components)[{i}]);
  }
  const FirstReports first = first_reports(setup.graph);
  for (const std::string& kind : moving) {
    const auto holders = first.find(kind);
    if (holders == first.end()) continue;
    for (const graph::ModuleId module : holders->second) possible.insert(setup.components->of(module));
  }
  moving_.assign(moving.begin(), moving.end());
  return possible;
}

void ChangedRun::settle(const PlannedRun& run) {
  if (!affected_) return;
  earlier_->plan();
  reported_ = affected_->actual();
  add_moved_reports(run);
}

void ChangedRun::add_moved_reports(const PlannedRun& run) {
  if (moving_.empty()) return;
  const RunSetup& setup = run.setup();
  const scheduler::ComponentSet affected = reported_;
  const FirstReports now = first_reports(setup.graph);
  const FirstReports before = first_reports(earlier_->setup().graph);
  for (const std::string& kind : moving_) {
    const auto holders = now.find(kind);
    if (holders == now.end()) continue;
    const auto earlier = before.find(kind);
    bool same = true;  // so far nothing that stands before has changed
    for (std::size_t i = 0; i < holders->second.size(); ++i) {
      const graph::ModuleId module = holders->second[i];
      same = same && earlier != before.end() && i < earlier->second.size() &&
             earlier_->setup().graph[earlier->second[i]].name == setup.graph[module].name;
      const graph::ComponentId home = setup.components->of(module);
      if (!same) reported_.insert(home);
      same = same && !affected.contains(home);
    }
  }
}

void ChangedRun::cut(const PlannedRun& run, AnswerParts& parts) const {
  const RunSetup& setup = run.setup();
  std::unordered_set<std::string> paths;
  std::unordered_set<std::string> names;
  // Where git had no answer, no file is known to be unchanged.
  const bool only_changed = options_.only_changed && changes_->unknown.empty();
  for (std::uint32_t i = 0; i < setup.graph.modules.size(); ++i) {
    const graph::Module& module = setup.graph[{i}];
    const bool reported = !everything_.empty() || reported_.contains(setup.components->of({i}));
    parts.covered[i] = reported && (!only_changed || is_changed(module));
    if (!parts.covered[i]) continue;
    paths.insert(printed_path(module));
    names.insert(module.name);
  }
  std::erase_if(parts.modules, [&](const ModuleDiagnostics& one) { return !paths.contains(one.path); });
  parts.sources = static_cast<std::size_t>(
      std::count_if(setup.sources.begin(), setup.sources.end(), [&](const graph::Source& source) {
        return names.contains(source.module.empty() ? "__main__" : source.module);
      }));
  // These belong to no file: they are news when they were not there before.
  if (everything_.empty() && (!earlier_ || unused_sections_note(earlier_->setup()) == parts.closing)) {
    parts.closing.clear();
  }
}

// Where files were then, as far as they were there.
std::vector<std::string> ChangedRun::files_then(const ChangeSet& reference,
                                                const std::vector<std::string>& files) const {
  std::vector<std::string> then;
  for (const std::string& file : files) {
    const auto renamed = reference.renamed.find(file);
    const std::string& path = renamed == reference.renamed.end() ? file : renamed->second;
    const auto content = reference.earlier.find(path);
    if (content == reference.earlier.end() || content->second) then.push_back(path);
  }
  return then;
}

void ChangedRun::keep_new(const PlannedRun& run, const ChildOptions& child, AnswerParts& parts) {
  if (!options_.new_since || parts.modules.empty()) return;
  const ChangeSet& reference = reference_ ? *reference_ : *changes_;
  const auto all_new = [&](const std::string& why) {
    print_note(*options_.new_since + " could not be checked, so everything counts as new: " + why);
  };
  if (!reference.repository)
    return all_new(reference.unknown.empty() ? "git does not know it" : reference.unknown);
  std::unique_ptr<EarlierRun> other;
  if (reference_ && everything_.empty()) {
    auto loaded = EarlierRun::load(*setup_, reference.earlier, *store_, threads_);
    if (!loaded) return all_new(loaded.error().message);
    other = std::move(*loaded);
  }
  const EarlierRun* earlier = reference_ ? other.get() : earlier_.get();
  const std::vector<std::string> files = files_then(reference, covered_files(run, parts));
  if (files.empty()) return;
  std::optional<Baseline> before = earlier != nullptr ? stored_answer(*earlier, files) : std::nullopt;
  if (!before) {
    store_->flush();  // what is known by now helps
    auto computed = computed_answer(reference, earlier, setup_->probe, child,
                                    everything_.empty() ? std::optional(files) : std::nullopt);
    if (!computed) return all_new(computed.error().message);
    before = std::move(*computed);
  }
  keep_new_errors(*before, reference, cwd_, parts);
}

ChangeReport ChangedRun::report(const PlannedRun& run, const AnswerParts& parts) const {
  const RunSetup& setup = run.setup();
  ChangeReport report;
  report.base = changes_->base;
  report.everything = everything_;
  const auto shown = [&](const std::string& path) { return posix_path::relative(path, cwd_); };
  std::set<std::string> changed;
  const auto note_changed = [&](const graph::ModuleGraph& graph) {
    for (const graph::Module& module : graph.modules) {
      if (is_changed(module)) changed.insert(shown(posix_path::absolute(module.path, cwd_)));
    }
  };
  note_changed(setup.graph);
  if (earlier_) note_changed(earlier_->setup().graph);
  report.changed_files.assign(changed.begin(), changed.end());
  for (std::uint32_t i = 0; i < run.state().size(); ++i) {
    if (!everything_.empty() || reported_.contains({i})) ++report.components;
  }
  for (const std::string& file : covered_files(run, parts)) report.reported_files.push_back(shown(file));
  return report;
}

}  // namespace runner
