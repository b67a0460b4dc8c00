#include "runner/doctor_command.h"
#include "runner/store_choice.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string_view>
#include <utility>

#include "runner/check_command.h"
#include "runner/console.h"
#include "runner/doctor_report.h"
#include "runner/machine.h"
#include "runner/memory_store.h"
#include "runner/planned_run.h"
#include "runner/project_config.h"
#include "runner/stat_cache.h"
#include "runner/state_directory.h"

namespace runner {
namespace {

constexpr int kBroken = 1;

// Variables that typewave and mypy read and that hold no secrets. Of others, which a configuration or a
// plugin reads, a report says only whether they are set.
constexpr std::string_view kShownVariables[] = {"COLUMNS",
                                                "FORCE_COLOR",
                                                "HOME",
                                                "LANG",
                                                "LC_ALL",
                                                "MYPYPATH",
                                                "MYPY_CACHE_DIR",
                                                "MYPY_FORCE_COLOR",
                                                "MYPY_FORCE_TERMINAL_WIDTH",
                                                "MYPY_NUM_WORKERS",
                                                "NO_COLOR",
                                                "PATH",
                                                "PYTHONHOME",
                                                "PYTHONPATH",
                                                "PYTHONNOUSERSITE",
                                                "PYTHONUSERBASE",
                                                "TERM",
                                                "TYPEWAVE_FALLBACK_PYTHON",
                                                "VIRTUAL_ENV",
                                                "XDG_CACHE_HOME",
                                                "XDG_CONFIG_HOME"};

bool is_shown(const std::string& name) {
  return std::find(std::begin(kShownVariables), std::end(kShownVariables), name) != std::end(kShownVariables);
}

DirectoryFacts look_at(const std::string& path) {
  DirectoryFacts facts;
  facts.path = path;
  facts.file_system = file_system_at(path);
  std::error_code error;
  facts.exists = std::filesystem::exists(std::filesystem::symlink_status(path, error));
  if (!facts.exists) return facts;
  if (auto opened = OwnedDirectory::open(path, Creation::kNever); !opened) {
    facts.trouble = opened.error().message;
    return facts;
  }
  using std::filesystem::recursive_directory_iterator;
  for (recursive_directory_iterator at(path, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    if (!at->is_regular_file(ignored)) continue;
    ++facts.files;
    const auto size = at->file_size(ignored);
    if (!ignored) facts.bytes += size;
  }
  return facts;
}

class Doctor {
 public:
  explicit Doctor(const DoctorOptions& options) : options_(options) {
    facts_.directory = std::filesystem::current_path();
    facts_.arguments = options.mypy_arguments;
    facts_.processors = usable_processors();
    facts_.memory_limit = memory_limit();
    facts_.max_memory = default_max_memory();
    facts_.jobs = default_jobs(facts_.max_memory);
    facts_.checkout = file_system_at(facts_.directory);
  }

  DoctorFacts run() {
    look_at_directories();
    if (const auto config = read_project_config(facts_.directory); config && config->python) {
      facts_.own_settings = true;
    }
    if (auto found = ask_mypy()) {
      take_answer(*found);
      if (!facts_.delegate) look_at_graph(*found);
    } else {
      note_variables({});
    }
    facts_.damaged = store_->counters().corrupt;
    return std::move(facts_);
  }

 private:
  void look_at_directories() {
    facts_.state = look_at(facts_.directory + "/" + std::string(kStateDirectoryName));
    const auto directory = options_.store ? options_.store : default_store_directory();
    store_ = std::make_unique<MemoryStore>();
    if (!directory) return;
    facts_.store = look_at(*directory);
    if (facts_.store.exists && facts_.store.trouble.empty()) {
      store_ = PackStore::open(*directory, PackStore::Access::kReadOnly);
      facts_.store.trouble = store_->trouble();
    }
  }

  std::optional<Probe> ask_mypy() {
    auto interpreters = find_interpreters(options_.python, facts_.directory);
    if (!interpreters) {
      note_trouble(interpreters.error());
      return std::nullopt;
    }
    std::vector<Tried> tried;
    ProbeResult result = ask(*interpreters, options_.mypy_arguments, tried);
    // What mypy checks without being told what may be a matter of its configuration; else it is everything.
    if (std::holds_alternative<EarlyExit>(result) && options_.mypy_arguments.empty()) {
      result = ask(*interpreters, {"."}, tried);
    }
    note_candidates(*interpreters, tried, result);
    if (const auto* error = std::get_if<graph::Error>(&result)) note_trouble(*error);
    if (const auto* exit = std::get_if<EarlyExit>(&result)) {
      std::string said = exit->stderr_text + exit->stdout_text;
      while (said.ends_with('\n')) said.pop_back();
      note_trouble({"mypy stops at its arguments or its configuration: " + said, ""});
    }
    auto* found = std::get_if<Probe>(&result);
    return found == nullptr ? std::nullopt : std::optional(std::move(*found));
  }

  ProbeResult ask(const std::vector<Interpreter>& interpreters, const std::vector<std::string>& arguments,
                  std::vector<Tried>& tried) {
    tried.clear();
    used_arguments_ = arguments;
    return probe({arguments, interpreters, facts_.directory}, *store_, &tried);
  }

  void note_trouble(const graph::Error& error) {
    facts_.mypy_trouble = error.message;
    facts_.mypy_hint = error.hint;
  }

  void note_candidates(const std::vector<Interpreter>& interpreters, const std::vector<Tried>& tried,
                       const ProbeResult& result) {
    for (std::size_t i = 0; i < interpreters.size(); ++i) {
      std::string verdict = "not needed";
      if (i < tried.size()) verdict = tried[i].why;
      if (i == tried.size()) {
        verdict = std::holds_alternative<graph::Error>(result) ? "it failed" : "chosen";
      }
      facts_.candidates.push_back({interpreters[i].path, interpreters[i].origin, std::move(verdict)});
    }
  }

  void note_variables(const std::vector<std::string>& read_by_mypy) {
    std::vector<std::string> names(std::begin(kShownVariables), std::end(kShownVariables));
    names.insert(names.end(), read_by_mypy.begin(), read_by_mypy.end());
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    for (const std::string& name : names) {
      const char* value = std::getenv(name.c_str());
      if (value == nullptr) continue;
      if (!is_shown(name)) facts_.hidden.emplace_back(name, value);
      facts_.variables.emplace_back(name, is_shown(name) ? std::optional<std::string>(value) : std::nullopt);
    }
  }

  void take_answer(const Probe& found) {
    const ProbeAnswer& answer = found.answer;
    facts_.python = found.python;
    facts_.mypy_version = answer.mypy_version;
    facts_.mypy_compiled = answer.compiled;
    facts_.config_file = answer.config_file;
    facts_.config_tried = answer.config_tried;
    facts_.plugins = answer.plugins;
    facts_.key_inputs = answer.environment;
    facts_.delegate = answer.delegate;
    note_variables(answer.variables);
  }

  void look_at_graph(Probe& found) {
    RunSetup setup;
    setup.python = found.python;
    setup.mypy_arguments = used_arguments_;
    setup.probe = std::move(found.answer);
    setup.options = std::make_unique<graph::OptionsTable>(setup.probe.module_options, setup.probe.sections);
    SourceResult sources = list_sources(setup);
    facts_.sources_from_mypy = setup.sources_from_mypy;
    if (const auto* error = std::get_if<graph::Error>(&sources)) return note_trouble(*error);
    if (const auto* exit = std::get_if<EarlyExit>(&sources)) {
      return note_trouble({"mypy stops: " + exit->stderr_text + exit->stdout_text, ""});
    }
    setup.sources = std::move(std::get<std::vector<graph::Source>>(sources));
    const StateDirectory state = StateDirectory::open(facts_.directory, StateDirectory::Access::kReadOnly);
    StatCache memory(state);
    const auto threads = static_cast<unsigned>(facts_.processors);
    if (const auto needs_mypy =
            load_run(setup, {.threads = threads, .memory = &memory, .doubted = {}, .store = store_.get()})) {
      facts_.blocked = needs_mypy->reason;
      return;
    }
    const PlannedRun run(setup, *store_, false, threads);
    facts_.graph = describe(run);
  }

  static GraphFacts describe(const PlannedRun& run) {
    GraphFacts facts;
    const RunSetup& setup = run.setup();
    for (const graph::Module& module : setup.graph.modules) {
      ++(module.ignore_all ? facts.followed_modules : facts.own_modules);
    }
    facts.components = setup.components->size();
    facts.waves = setup.components->wave_count();
    const graph::Component* largest = nullptr;
    for (const graph::Component& component : setup.components->components()) {
      if (largest == nullptr || component.modules.size() > largest->modules.size()) largest = &component;
    }
    if (largest != nullptr) {
      for (const graph::ModuleId id : largest->modules) facts.largest_cycle.push_back(setup.graph[id].name);
    }
    facts.reused = run.state().count(scheduler::ComponentState::kReused);
    facts.checked = facts.components - facts.reused;
    return facts;
  }

  const DoctorOptions& options_;
  std::vector<std::string> used_arguments_;
  std::unique_ptr<PackStore> store_;
  DoctorFacts facts_;
};

bool write_bundle(const std::string& document, const std::string& path) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << document;
  file.flush();
  if (!file) {
    print_error(
        {"cannot write " + path + ": " + std::strerror(errno), "give --bundle a path that can be written"});
    return false;
  }
  print_note("wrote " + path +
             ", without source text; it names modules and paths: read it before you share it");
  return true;
}

}  // namespace

int run_doctor(const DoctorOptions& options) {
  const DoctorFacts facts = Doctor(options).run();
  const std::vector<Remark> findings = find_trouble(facts);
  print_stdout(doctor_text(facts, findings));
  if (options.bundle && !write_bundle(doctor_bundle(facts, findings), *options.bundle)) return kTrouble;
  const bool broken = !findings.empty() && findings.front().kind == Remark::Kind::kBroken;
  return broken ? kBroken : 0;
}

}  // namespace runner
