#include "runner/check_command.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <future>
#include <memory>
#include <set>
#include <string_view>
#include <utility>

#include "runner/answer.h"
#include "runner/check_request.h"
#include "runner/console.h"
#include "runner/dry_run.h"
#include "runner/interruption.h"
#include "runner/machine.h"
#include "runner/memory_store.h"
#include "runner/plain_mypy.h"
#include "runner/planned_run.h"
#include "runner/progress_line.h"
#include "runner/run_memory.h"
#include "runner/run_report.h"
#include "runner/stat_cache.h"
#include "runner/state_directory.h"
#include "runner/store_choice.h"
#include "runner/trace_log.h"
#include "runner/verification.h"
#include "runner/verify_bundle.h"
#include "runner/worker_checker.h"
#include "scheduler/flow.h"

namespace runner {
namespace {

constexpr int kTrouble = 2;
// How often a run starts over because the sources changed under it, a stored interface was gone, or mypy
// found other imports than the scanner.
constexpr int kMaxAttempts = 4;

// What a run that could not finish has to be told about, sorted out.
struct Failures {
  bool blocking = false;
  bool start_over = false;
  std::string beyond;                // why only a whole run of mypy gives the answer
  std::vector<std::string> crashed;  // complete messages
};

std::string quoted(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,@%+";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) c == '\'' ? text.append("'\\''") : text.append(1, c);
  return text + "'";
}

// For a shell: plain mypy on the same arguments.
std::string reproducing_command(const RunSetup& setup) {
  std::string text = quoted(setup.python) + " -m mypy --no-incremental --show-traceback";
  for (const std::string& argument : setup.mypy_arguments) text += " " + quoted(argument);
  return text;
}

class CheckCommand {
 public:
  explicit CheckCommand(const CheckOptions& options)
      : options_(options),
        jobs_(options.jobs.value_or(default_jobs())),
        cwd_(std::filesystem::current_path()) {}

  int run() {
    if (options_.verify) report_.verification = Verification::kNothing;
    open_store();
    const Interruption interruption([this](int code) { keep_what_is_finished(code); });
    const int code = check();
    finish(code);
    return code;
  }

 private:
  int check() {
    const StateDirectory state = StateDirectory::open(cwd_, StateDirectory::Access::kReadWrite);
    const auto directory = store_directory();
    const bool may_repeat = may_reuse() && !options_.dry_run && !options_.trace && directory;
    // Read while mypy's memoised answer is looked up; both take some milliseconds.
    std::future<std::optional<LastRun>> last;
    if (may_repeat)
      last =
          std::async(std::launch::async | std::launch::deferred, [&state] { return recall_last_run(state); });
    RunSetup setup;
    if (const auto code = ask_mypy(setup, state)) return *code;
    if (may_repeat) {
      memory_.emplace(
          state, *store_,
          RunQuestion{cwd_, *directory, setup.python, setup.mypy_arguments, setup.probe, options_.color},
          started_ns_);
      repeated_ = memory_->recall(last.get(), static_cast<unsigned>(usable_processors()));
      report_.seconds.scan = watch_.lap();
      if (repeated_ && !options_.verify) return repeat(*repeated_, setup.probe.stderr_text);
    }
    if (!options_.dry_run) start_spare(setup.python);
    for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
      StatCache memory(state);
      run_.reset();
      setup_ = std::make_unique<RunSetup>();
      setup_->python = setup.python;
      setup_->mypy_arguments = setup.mypy_arguments;
      setup_->probe = setup.probe;
      const auto code = attempt_check(*setup_, memory);
      memory.save();
      if (!code) continue;
      if (outcome_) memory_->remember(std::move(seen_), *outcome_);
      return *code;
    }
    print_error(
        {"the run had to start over " + std::to_string(kMaxAttempts) + " times, last because of " + why_over_,
         "if something writes to the sources, run it again when that is done"});
    return kTrouble;
  }

  // Called from another thread while the run goes on: what it counted so far is not looked at.
  void keep_what_is_finished(int code) {
    store_->flush();
    if (!options_.summary_json) return;
    RunReport report;
    report.exit_code = code;
    if (options_.verify) report.verification = Verification::kNothing;
    report.store = store_->counters();
    report.seconds.total = Stopwatch(total_).lap();
    [[maybe_unused]] const auto written = write_report_json(report, *options_.summary_json);
  }

  bool may_reuse() const {
    return !options_.no_store && std::find(options_.mypy_arguments.begin(), options_.mypy_arguments.end(),
                                           "--no-incremental") == options_.mypy_arguments.end();
  }

  std::optional<std::string> store_directory() const {
    return options_.store ? options_.store : default_store_directory();
  }

  int repeat(const RunAnswer& last, const std::string& stderr_text) {
    print_stderr(stderr_text);
    print_stdout(last.output);
    report_.own_modules = last.own_modules;
    report_.followed_modules = last.followed_modules;
    report_.components = report_.reused = last.components;
    report_.waves = last.waves;
    report_.cpu_seconds_saved = last.cpu_seconds;
    return last.exit_code;
  }

  void open_store() {
    const auto directory = store_directory();
    if (!may_reuse()) {
      store_ = std::make_unique<MemoryStore>();
    } else if (!directory) {
      print_warning(
          "no place for a store: neither XDG_CACHE_HOME nor HOME is set; nothing is kept (see --store)");
      store_ = std::make_unique<MemoryStore>();
    } else {
      store_ = PackStore::open(
          *directory, options_.dry_run ? PackStore::Access::kReadOnly : PackStore::Access::kReadWrite,
          store_limit_of(options_.store_limit, cwd_));
    }
  }

  // Fills in interpreter, options and identity; gives an exit status if that was all.
  std::optional<int> ask_mypy(RunSetup& setup, const StateDirectory& state) {
    auto interpreters = find_interpreters(options_.python, cwd_);
    if (!interpreters) {
      print_error(interpreters.error());
      return kTrouble;
    }
    ProbeResult result = probe({options_.mypy_arguments, std::move(*interpreters), cwd_, &state}, *store_);
    store_->flush();  // what mypy says of itself holds, however the run ends
    report_.seconds.probe = watch_.lap();
    if (const auto* error = std::get_if<graph::Error>(&result)) {
      print_error(*error);
      return kTrouble;
    }
    if (const auto* exit = std::get_if<EarlyExit>(&result)) return pass_on(*exit);
    Probe& found = std::get<Probe>(result);
    setup.python = found.python;
    setup.mypy_arguments = options_.mypy_arguments;
    setup.probe = std::move(found.answer);
    report_.mypy_version = setup.probe.mypy_version;
    if (setup.probe.delegate) {
      if (options_.dry_run) {
        print_stdout(*setup.probe.delegate + ": mypy itself would run, and check everything\n");
        return 0;
      }
      print_note(*setup.probe.delegate + ": mypy itself runs, nothing is reused or kept");
      note_nothing_to_verify();
      return plain_mypy(setup.python, setup.mypy_arguments);
    }
    return std::nullopt;
  }

  // One try at the whole run; nothing when it has to start over.
  std::optional<int> attempt_check(RunSetup& setup, StatCache& memory) {
    setup.options = std::make_unique<graph::OptionsTable>(setup.probe.module_options, setup.probe.sections);
    SourceResult sources = list_sources(setup);
    if (const auto* error = std::get_if<graph::Error>(&sources)) {
      print_error(*error);
      return kTrouble;
    }
    if (const auto* exit = std::get_if<EarlyExit>(&sources)) return pass_on(*exit);
    setup.sources = std::move(std::get<std::vector<graph::Source>>(sources));
    const auto threads = static_cast<unsigned>(usable_processors());
    const auto needs_mypy =
        load_run(setup, {.threads = threads, .memory = &memory, .doubted = doubted_, .store = store_.get()});
    report_.seconds.scan += watch_.lap();
    // mypy has the words for an error that stops it.
    if (needs_mypy) return cold_mypy(setup);

    // From here on the graph does not change.
    const std::future<void> told =
        std::async(std::launch::async | std::launch::deferred, [&] { tell_spare(setup); });
    run_ = std::make_unique<PlannedRun>(setup, *store_, verify_store_, threads);
    PlannedRun& run = *run_;
    told.wait();
    report_.seconds.plan += watch_.lap();
    if (options_.dry_run) {
      print_stderr(setup.probe.stderr_text);
      print_stdout(describe_plan(run));
      note_counts(run);
      return 0;
    }
    check_what_changed(run);
    report_.seconds.check += watch_.lap();
    note_counts(run);

    // From here on every component has its final state.
    const Failures failures = sort_failures(run);
    if (failures.blocking) {
      store_->discard();
      if (!failures.beyond.empty()) {
        print_note(failures.beyond + ": mypy itself runs, nothing is reused or kept");
      }
      return cold_mypy(setup);
    }
    if (failures.start_over) return std::nullopt;
    return print_answer(run, failures);
  }

  // A worker that imports mypy while the plan is being made. Should it be needed for nothing, it ends.
  void start_spare(const std::string& python) {
    if (usable_processors() < 2) return;
    if (auto started = WorkerProcess::start(python)) spare_ = std::move(*started);
  }

  void tell_spare(const RunSetup& setup) {
    if (!spare_) return;
    auto done = spare_->send(start_request(worker_setup(setup), setup.graph));
    if (done) done = spare_->drain();
    if (!done) spare_.reset();
  }

  WorkerSetup worker_setup(const RunSetup& setup) {
    return {.python = setup.python,
            .mypy_arguments = setup.mypy_arguments,
            .sources = setup.sources,
            .search_paths = setup.resolver->paths(),
            .workers = jobs_,
            .spare = nullptr,
            .track_everything = setup.probe.has_plugins,
            .trace = options_.trace ? &trace_ : nullptr};
  }

  void check_what_changed(PlannedRun& run) {
    scheduler::RunState& state = run.state();
    if (state.count(scheduler::ComponentState::kUndecided) == 0) return;
    RunSetup const& setup = run.setup();
    WorkerSetup workers = worker_setup(setup);
    workers.workers = std::min(jobs_, state.count(scheduler::ComponentState::kUndecided));
    workers.spare = std::move(spare_);
    WorkerChecker checker(std::move(workers), setup.graph, *setup.components, run.closure(), run.keys(),
                          setup.constant, *store_);
    ProgressLine progress(::isatty(STDERR_FILENO) != 0, state.size(),
                          state.count(scheduler::ComponentState::kReused));
    const scheduler::FlowInputs inputs{run.decisions(), run.costs(), checker, progress};
    run_flow(inputs, state);
    progress.stop();
    report_.workers = checker.workers();
    report_.workers_replaced += checker.replaced();
  }

  Failures sort_failures(const PlannedRun& run) {
    Failures failures;
    for (std::uint32_t i = 0; i < run.state().size(); ++i) {
      const auto& failure = run.state()[{i}].failure;
      if (!failure) continue;
      why_over_ = failure->module + ": " + failure->text;
      switch (failure->kind) {
        case scheduler::CheckFailure::Kind::kBlocking:
          failures.blocking = true;
          break;
        case scheduler::CheckFailure::Kind::kWhole:
          failures.blocking = true;
          failures.beyond = failure->text;
          break;
        case scheduler::CheckFailure::Kind::kMismatch:
          ++report_.scan_mismatches;
          if (const auto module = run.setup().graph.find(failure->module)) {
            doubted_.insert(run.setup().graph[*module].path);
          }
          failures.start_over = true;
          break;
        case scheduler::CheckFailure::Kind::kLost:
          verify_store_ = true;
          failures.start_over = true;
          break;
        case scheduler::CheckFailure::Kind::kChanged:
          failures.start_over = true;
          break;
        case scheduler::CheckFailure::Kind::kCrash:
          failures.crashed.push_back("checking " + failure->module + " failed: " + failure->text);
          break;
      }
    }
    return failures;
  }

  int print_answer(const PlannedRun& run, const Failures& failures) {
    const FormattedOutput formatted = format_answer(run, options_.color);
    const ProbeAnswer& probe = run.setup().probe;
    PrintedAnswer answer{formatted.exit_code, probe.stdout_text + formatted.text, probe.stderr_text};
    // What is verified is what is printed without --verify.
    if (repeated_) answer = {repeated_->exit_code, repeated_->output, probe.stderr_text};
    print_stderr(answer.stderr_text);
    print_stdout(answer.stdout_text);
    for (const std::string& message : failures.crashed) {
      print_error({message, "this is a crash of mypy or of a plugin; to see it without typewave: " +
                                reproducing_command(run.setup())});
    }
    const std::size_t skipped = run.state().count(scheduler::ComponentState::kSkipped);
    if (skipped > 0) {
      print_warning(std::to_string(skipped) + " components were not checked because of that");
    }
    const bool complete = failures.crashed.empty() && skipped == 0;
    if (!complete) answer.exit_code = kTrouble;
    if (complete && memory_ && !repeated_ && !run.setup().sources_from_mypy) note_outcome(run, answer);
    return options_.verify ? verify(run, answer) : answer.exit_code;
  }

  int verify(const PlannedRun& run, const PrintedAnswer& answer) {
    store_->flush();  // the reference takes its time
    const auto verified = verify_answer(run.setup(), answer, options_.color);
    if (!verified) {
      print_error(verified.error());
      return kTrouble;
    }
    const bool same = verified->difference.diff.empty();
    report_.verification = same ? Verification::kSame : Verification::kDifferent;
    if (same) {
      print_note("verified: cold mypy gives the same answer");
      return answer.exit_code;
    }
    outcome_.reset();
    print_stdout(verified->difference.diff);
    print_error({"the answer differs from that of cold mypy: see the diff on standard output",
                 options_.verify_bundle ? "" : "--verify-bundle FILE writes down all that a report needs"});
    if (!options_.verify_bundle) return kTrouble;
    const auto written =
        write_bundle(bundle_json(run, answer, *verified, repeated_.has_value()), *options_.verify_bundle);
    if (!written) print_error(written.error());
    if (written) print_note("wrote " + *options_.verify_bundle + ", with source text of the files involved");
    return kTrouble;
  }

  void note_nothing_to_verify() {
    if (options_.verify) print_note("nothing to verify: the answer is mypy's own");
  }

  void note_outcome(const PlannedRun& run, const PrintedAnswer& answer) {
    outcome_ = RunAnswer{.output = answer.stdout_text,
                         .exit_code = answer.exit_code,
                         .own_modules = report_.own_modules,
                         .followed_modules = report_.followed_modules,
                         .components = report_.components,
                         .waves = report_.waves,
                         .cpu_seconds = report_.cpu_seconds_saved + report_.cpu_seconds_checked};
    seen_ = run.setup().files.observations();
    run.setup().scanner->add_to(seen_);
  }

  void note_counts(const PlannedRun& run) {
    using enum scheduler::ComponentState;
    const scheduler::RunState& state = run.state();
    report_.own_modules = report_.followed_modules = 0;
    for (const graph::Module& module : run.setup().graph.modules) {
      ++(module.ignore_all ? report_.followed_modules : report_.own_modules);
    }
    report_.components = state.size();
    report_.waves = run.setup().components->wave_count();
    report_.reused = state.count(kReused);
    report_.checked += state.count(kChecked);
    report_.failed = state.count(kFailed) + state.count(kSkipped);
    for (std::uint32_t i = 0; i < state.size(); ++i) {
      if (!state[{i}].outcome) continue;
      const bool checked = state.state({i}) == kChecked;
      (checked ? report_.cpu_seconds_checked : report_.cpu_seconds_saved) += state[{i}].outcome->seconds;
      if (!checked) continue;
      for (const graph::ModuleId id : (*run.setup().components)[{i}].modules) {
        report_.checked_modules.push_back(run.setup().graph[id].name);
      }
    }
    std::sort(report_.checked_modules.begin(), report_.checked_modules.end());
  }

  // mypy had all there is to say already.
  int pass_on(const EarlyExit& exit) {
    note_nothing_to_verify();
    return stop_as_mypy(exit);
  }

  // An answer that only mypy has: nothing of it is kept.
  int cold_mypy(const RunSetup& setup) {
    note_nothing_to_verify();
    return plain_mypy(setup.python, cold_arguments(setup.mypy_arguments));
  }

  int plain_mypy(const std::string& python, const std::vector<std::string>& arguments) {
    auto code = run_plain_mypy(python, arguments);
    if (code) return *code;
    print_error(code.error());
    return kTrouble;
  }

  void finish(int code) {
    store_->flush();
    if (report_.reused + report_.checked > 0) {
      store_->note_run({cwd_, report_.reused, report_.checked, repeated_.has_value()});
    }
    if (const std::string trouble = store_->trouble(); !trouble.empty()) print_warning(trouble);
    report_.exit_code = code;
    report_.store = store_->counters();
    if (report_.store.corrupt > 0) {
      print_warning(std::to_string(report_.store.corrupt) +
                    " damaged records or packs in the store were ignored; what was lost is computed again");
    }
    report_.seconds.total = total_.lap();
    if (options_.stats) print_stderr(report_text(report_));
    if (options_.summary_json) {
      if (auto done = write_report_json(report_, *options_.summary_json); !done) print_error(done.error());
    }
    if (options_.trace) {
      if (auto done = trace_.write(*options_.trace); !done) print_error(done.error());
    }
  }

  const CheckOptions options_;
  const std::size_t jobs_;
  const std::string cwd_;
  std::unique_ptr<PackStore> store_;
  RunReport report_;
  Stopwatch total_;
  Stopwatch watch_;
  TraceLog trace_;
  const std::int64_t started_ns_ = elapsed_clock_ns();
  std::optional<RunMemory> memory_;    // if this run may be repeated, or repeat another
  std::optional<RunAnswer> repeated_;  // what is known to be the answer
  std::optional<RunAnswer> outcome_;   // of this run, if it may be repeated
  graph::DiskObservations seen_;       // what it follows from
  std::unique_ptr<RunSetup> setup_;    // of the last try
  std::unique_ptr<PlannedRun> run_;    // refers to it
  std::unique_ptr<WorkerProcess> spare_;
  std::set<std::string> doubted_;
  bool verify_store_ = false;
  std::string why_over_;  // what the last try could not get past
};

}  // namespace

int run_check(const CheckOptions& options) {
  // Mostly the process is about to end, and the kernel frees graph and plan faster than their destructors.
  static CheckCommand* last = nullptr;
  delete std::exchange(last, nullptr);
  last = new CheckCommand(options);
  return last->run();
}

}  // namespace runner
