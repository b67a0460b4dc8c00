#include "runner/check_command.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <future>
#include <memory>
#include <set>
#include <utility>

#include "runner/answer.h"
#include "runner/baseline_run.h"
#include "runner/changed_run.h"
#include "runner/check_request.h"
#include "runner/console.h"
#include "runner/crash_report.h"
#include "runner/disk_report.h"
#include "runner/dry_run.h"
#include "runner/early_worker.h"
#include "runner/history_file.h"
#include "runner/interruption.h"
#include "runner/known_graph.h"
#include "runner/machine.h"
#include "runner/memory_store.h"
#include "runner/plain_mypy.h"
#include "runner/planned_run.h"
#include "runner/progress_line.h"
#include "runner/reports.h"
#include "runner/run_counts.h"
#include "runner/run_ending.h"
#include "runner/run_failures.h"
#include "runner/run_files.h"
#include "runner/run_keeper.h"
#include "runner/run_memory.h"
#include "runner/run_report.h"
#include "runner/scratch_directory.h"
#include "runner/settled_inputs.h"
#include "runner/source_refusal.h"
#include "runner/stat_cache.h"
#include "runner/state_directory.h"
#include "runner/store_choice.h"
#include "runner/trace_log.h"
#include "runner/verification.h"
#include "runner/verify_bundle.h"
#include "runner/whole_answer.h"
#include "runner/widening.h"
#include "runner/worker_checker.h"
#include "scheduler/flow.h"

namespace runner {
namespace {

// How often a run starts over because the sources changed under it, a stored interface was gone, or mypy
// found other imports than the scanner.
constexpr int kMaxAttempts = 4;

class CheckCommand {
 public:
  explicit CheckCommand(const CheckOptions& options)
      : options_(options),
        max_memory_(options.max_memory.value_or(default_max_memory())),
        jobs_(options.jobs.value_or(default_jobs(max_memory_))),
        cwd_(std::filesystem::current_path()),
        changed_(options_.changes, cwd_),
        baseline_(options_.baseline, cwd_),
        reports_(options_.reports, cwd_) {}

  int run() {
    if (options_.verify) report_.verification = Verification::kNothing;
    open_store();
    const Interruption interruption([this](int code) { keep_what_is_finished(code); });
    int code = check();
    if (!options_.dry_run) code = reports_.write(code, report_.mypy_version);
    return finish(code);
  }

 private:
  int check() {
    if (const auto error = changed_.find_changes()) return refuse(*error);
    if (const auto error = baseline_.open()) return refuse(*error);
    reports_.put_first(changed_.changed_files());
    state_.emplace(StateDirectory::open(cwd_, StateDirectory::Access::kReadWrite));
    const auto directory = options_.store_directory();
    const bool may_recall =
        options_.may_reuse() && !options_.trace && directory && !changed_.wanted() && !baseline_.wanted();
    // While mypy's memoised answer is looked up, which takes some milliseconds.
    const auto threads = static_cast<unsigned>(usable_processors());
    std::future<std::optional<RecalledRun>> last;
    const auto edited = [this](const graph::Digest& inputs) { early_.want(inputs); };
    if (may_recall)
      last = std::async(kAside, [=, this] { return recall_last_run(*state_, threads, edited); });
    RunSetup setup;
    if (const auto code = ask_mypy(setup)) return *code;
    if (may_recall) {
      remember_anew(setup);
      const bool plans_only = options_.dry_run;
      if (!plans_only && memory_->inputs()) early_.allow(*memory_->inputs(), setup.python, setup.patience);
      repeated_ =
          plans_only ? memory_->look(last.get(), threads) : memory_->recall(last.get(), threads, edited);
      disk_.note(*state_, "");
      report_.seconds.scan = watch_.lap();
      // Its text is repeated; for reports the diagnostics have to be put together again.
      if (repeated_ && !options_.verify && !reports_.wanted()) return repeat(*repeated_, setup);
    }
    return try_to_check(setup);
  }

  void remember_anew(const RunSetup& setup) {
    memory_.emplace(*state_, *store_,
                    RunQuestion{cwd_, *options_.store_directory(), setup.python, setup.mypy_arguments,
                                setup.probe, options_.color},
                    started_ns_);
  }

  int try_to_check(RunSetup& setup) {
    for (attempt_ = 1; attempt_ <= kMaxAttempts; ++attempt_) {
      if (attempt_ > 1) {
        if (setup.settled && setup.settled->change()) store_->discard();
        early_.drop();
        setup = RunSetup();
        if (const auto code = ask_mypy(setup)) return *code;
        if (memory_) remember_anew(setup);
        repeated_.reset();
      }
      run_.reset();
      setup_ = fresh_setup(setup);
      const auto known = attempt_ == 1 ? recall_graph() : std::nullopt;
      StatCache memory(*state_, known ? StatCache::Ahead::kNothing : StatCache::Ahead::kLook);
      const auto code = attempt_check(*setup_, memory, known ? &*known : nullptr);
      if (!code) ending_.reset();
      if (keeper_) keeper_->begin_to_finish();
      memory.save();
      if (keeper_) keeper_->finish();
      if (!code) keeper_.reset();
      // What all of these found damaged.
      disk_.note(*state_, memory.trouble());
      if (code) return *code;
    }
    return refuse(
        {"the run had to start over " + std::to_string(kMaxAttempts) + " times, last because of " + why_over_,
         "if something writes to the sources, run it again when that is done"});
  }

  // Called from another thread while the run goes on.
  void keep_what_is_finished(int code) {
    remove_scratch_directories();
    publish(*store_, settled_.load().get());
    write_interrupted_summary(options_, store_->counters(), Stopwatch(total_).lap(), code);
  }

  int repeat(const RunAnswer& last, const RunSetup& setup) {
    print_stderr(setup.probe.stderr_text);
    count_repeated(last, report_);
    if (options_.dry_run) {
      print_stdout(size_of_plan(0, last.components));
      return 0;
    }
    settled_.store(nullptr);  // nothing was computed
    note_repeated_run(*state_, setup.mypy_arguments);
    print_stdout(last.output);
    return last.exit_code;
  }

  void open_store() {
    const auto directory = options_.store_directory();
    if (!options_.may_reuse()) {
      store_ = std::make_unique<MemoryStore>();
    } else if (!directory) {
      disk_.troubles.emplace_back(
          "no place for a store: neither XDG_CACHE_HOME nor HOME is set; nothing is kept (see --store)");
      store_ = std::make_unique<MemoryStore>();
    } else {
      store_ = PackStore::open(
          *directory, options_.dry_run ? PackStore::Access::kReadOnly : PackStore::Access::kReadWrite,
          store_limit_of(options_.store_limit, cwd_));
    }
  }

  // Fills in interpreter, options and identity; gives an exit status if that was all.
  std::optional<int> ask_mypy(RunSetup& setup) {
    setup.patience = patience_for(options_.worker_timeout, 0);
    auto interpreters = find_interpreters(options_.python, cwd_);
    if (!interpreters) return refuse(interpreters.error());
    ProbeResult result =
        probe({options_.mypy_arguments, std::move(*interpreters), cwd_, setup.patience, &*state_}, *store_);
    store_->flush();  // what mypy says of itself holds, however the run ends
    report_.seconds.probe = watch_.lap();
    if (const auto* error = std::get_if<graph::Error>(&result)) return refuse(*error);
    if (const auto* exit = std::get_if<EarlyExit>(&result)) return pass_on(*exit);
    Probe& found = std::get<Probe>(result);
    setup.python = found.python;
    setup.mypy_arguments = options_.mypy_arguments;
    setup.probe = std::move(found.answer);
    setup.settled = std::move(found.settled);
    settled_ = setup.settled;
    report_.mypy_version = setup.probe.mypy_version;
    if (setup.probe.delegate) {
      if (options_.dry_run) {
        print_stdout(*setup.probe.delegate + ": mypy itself would run, and check everything\n");
        return 0;
      }
      if (const auto error = refuse_update(options_, *setup.probe.delegate)) return refuse(*error);
      print_note(*setup.probe.delegate + ": mypy itself runs, nothing is reused or kept");
      note_nothing_to_verify();
      return plain_mypy(setup.python, setup.mypy_arguments);
    }
    return std::nullopt;
  }

  // The graph of an earlier run, which may be that of now.
  std::optional<KnownGraph> recall_graph() {
    if (!memory_ || memory_->now() == nullptr || !memory_->graph_inputs()) return std::nullopt;
    return KnownGraph::recall(*state_, *memory_->graph_inputs());
  }

  // One try at the whole run; nothing when it has to start over.
  std::optional<int> attempt_check(RunSetup& setup, StatCache& memory, const KnownGraph* known) {
    const auto threads = static_cast<unsigned>(usable_processors());
    if (known == nullptr || !known->take_up(setup, *memory_->now(), memory, threads)) {
      if (const auto code = look_at_everything(setup, memory, threads)) return *code;
      memory.start_saving();
    }
    report_.seconds.scan += watch_.lap();
    // From here on the graph does not change.
    const std::future<void> told =
        early_.tell([&] { return start_request(worker_setup(setup), setup.graph); });
    run_ = std::make_unique<PlannedRun>(setup, *store_, verify_store_, threads);
    PlannedRun& run = *run_;
    if (changed_.wanted()) changed_.narrow(setup, run, *store_, *state_, threads);
    report_.seconds.plan += watch_.lap();
    if (options_.dry_run) {
      print_stderr(setup.probe.stderr_text);
      const auto history = read_history(*state_, setup.mypy_arguments);
      print_stdout(describe_plan(Explainer(run, history ? &*history : nullptr, *store_)));
      note_counts(run, report_);
      return 0;
    }
    keeper_.emplace(*state_, memory_ ? &*memory_ : nullptr, setup, run);
    const bool is_whole = !changed_.wanted() && !baseline_.wanted();
    ending_.emplace(setup, run, *keeper_, is_whole ? std::optional(options_.color) : std::nullopt);
    check_what_changed(run);
    report_.seconds.check += watch_.lap();
    note_counts(run, report_);

    // From here on every component has its final state.
    const RunFailures failures = failures_of(run);
    doubted_.insert(failures.doubted.begin(), failures.doubted.end());
    report_.scan_mismatches += failures.mismatches;
    verify_store_ = verify_store_ || failures.lost;
    if (!failures.last.empty()) why_over_ = failures.last;
    if (failures.blocking) {
      ending_.reset();
      store_->discard();
      if (!failures.beyond.empty()) {
        if (const auto error = refuse_update(options_, failures.beyond)) return refuse(*error);
        print_note(failures.beyond + ": mypy itself runs, nothing is reused or kept");
      }
      return cold_mypy(setup);
    }
    if (failures.start_over) return std::nullopt;
    AnswerParts& parts = ending_->finish();
    std::optional<FormattedOutput> text = ending_->text();
    if (must_start_over(ending_->change())) return std::nullopt;
    if (!changed_.wanted()) Surroundings(setup).remember(*state_);
    return print_answer(run, failures, parts, std::move(text));
  }

  // Sources, graph, components; gives an exit status if that was all.
  std::optional<int> look_at_everything(RunSetup& setup, StatCache& memory, unsigned threads) {
    setup.options = std::make_unique<graph::OptionsTable>(setup.probe.module_options, setup.probe.sections);
    SourceResult sources = list_sources(setup, &memory);
    if (const auto* error = std::get_if<graph::Error>(&sources)) return refuse(*error);
    if (const auto* exit = std::get_if<EarlyExit>(&sources)) return pass_on(*exit);
    setup.sources = std::move(std::get<std::vector<graph::Source>>(sources));
    const auto needs_mypy =
        load_run(setup, {.threads = threads, .memory = &memory, .doubted = doubted_, .store = store_.get()});
    if (!needs_mypy) return std::nullopt;
    report_.seconds.scan += watch_.lap();
    return stop_before_graph(setup);
  }

  // Whether something the run looked at is not what it was, and there is a try left.
  bool must_start_over(const std::optional<std::string>& changed) {
    if (!changed) return false;
    why_over_ = *changed + ", which changed during the run";
    if (attempt_ < kMaxAttempts) return true;
    print_warning(*changed + " changed again during the run: the answer may mix before and after");
    keeper_->keep_no_answer();
    return false;
  }

  WorkerSetup worker_setup(const RunSetup& setup) {
    return {.python = setup.python,
            .mypy_arguments = setup.mypy_arguments,
            .sources = setup.sources,
            .search_paths = setup.search_paths,
            .fast_module_lookup = setup.probe.build.fast_module_lookup,
            .workers = jobs_,
            .early = &early_,
            .retired = &retired_,
            .timeout = options_.worker_timeout,
            .max_memory = max_memory_,
            .trace = options_.trace ? &trace_ : nullptr};
  }

  void check_what_changed(PlannedRun& run) {
    scheduler::RunState& state = run.state();
    if (state.count(scheduler::ComponentState::kUndecided) == 0) return;
    RunSetup const& setup = run.setup();
    WorkerSetup workers = worker_setup(setup);
    fit_workers(workers, state);
    WorkerChecker checker(std::move(workers), setup.graph, *setup.components, run.closure(), run.keys(),
                          setup.constant, *store_);
    ProgressLine progress(::isatty(STDERR_FILENO) != 0,
                          state.size() - state.count(scheduler::ComponentState::kLeftOut),
                          state.count(scheduler::ComponentState::kReused));
    const scheduler::FlowInputs inputs{run.decisions(),
                                       run.costs(),
                                       checker,
                                       progress,
                                       [this] { ending_->when_waiting(); },
                                       [this] { ending_->when_all_read(); }};
    run_flow(inputs, state);
    progress.stop();
    report_.workers = checker.workers();
    report_.workers_replaced += checker.replaced();
  }

  // `whole`: the text, if nothing is to be left out of it.
  int print_answer(const PlannedRun& run, const RunFailures& failures, AnswerParts& parts,
                   std::optional<FormattedOutput> whole) {
    const std::size_t skipped = run.state().count(scheduler::ComponentState::kSkipped);
    const bool complete = failures.crashed.empty() && skipped == 0;
    if (const auto error = select(run, complete, parts)) return refuse(*error);
    if (!whole) whole = format_answer(run, parts, options_.color);
    const ProbeAnswer& probe = run.setup().probe;
    whole->text.insert(0, probe.stdout_text);
    PrintedAnswer answer{whole->exit_code, std::move(whole->text), probe.stderr_text};
    // What is verified is what is printed without --verify.
    if (repeated_) answer = {repeated_->exit_code, repeated_->output, probe.stderr_text};
    print_stderr(answer.stderr_text);
    reports_.print(answer.stdout_text);
    reports_.take(run, parts);
    const std::string reproducing = reproducing_command(run.setup().python, run.setup().mypy_arguments);
    for (const graph::Error& message : crash_messages(failures.crashed, reproducing)) refuse(message);
    if (skipped > 0) {
      const std::string warning = std::to_string(skipped) + " components were not checked because of that";
      print_warning(warning);
      reports_.fail(warning);
    }
    const int code = complete ? answer.exit_code : kTrouble;
    answer.exit_code = code;
    if (complete && options_.may_reuse()) keeper_->keep_history();
    if (complete && !repeated_ && !run.setup().sources_from_mypy) {
      keeper_->keep_answer(run_answer(options_.verify ? answer : std::move(answer), report_));
    }
    return options_.verify ? verify(run, answer) : code;
  }

  // Leaves of a whole answer what the user wants to see.
  std::optional<graph::Error> select(const PlannedRun& run, bool complete, AnswerParts& parts) {
    if (changed_.wanted()) {
      changed_.settle(run);
      changed_.cut(run, parts);
      report_.change = changed_.report(run, parts);
      changed_.keep_new(run, options_.child(run.setup().python, jobs_), parts);
    }
    return baseline_.apply(run, complete, parts);
  }

  int refuse(const graph::Error& error) {
    print_error(error);
    reports_.fail(error.message);
    return kTrouble;
  }

  int verify(const PlannedRun& run, const PrintedAnswer& answer) {
    publish(*store_, settled_.load().get());  // the reference takes its time
    const auto verified = verify_answer(run.setup(), answer, options_.color);
    if (!verified) return refuse(verified.error());
    const bool same = verified->difference.diff.empty();
    report_.verification = same ? Verification::kSame : Verification::kDifferent;
    if (same) {
      print_note("verified: cold mypy gives the same answer");
      return answer.exit_code;
    }
    keeper_->keep_no_answer();
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

  // mypy had all there is to say already.
  int pass_on(const EarlyExit& exit) {
    note_nothing_to_verify();
    return reports_.pass_on(exit);
  }

  // mypy has the words for an error that stops it, unless it would never get to say them.
  int stop_before_graph(const RunSetup& setup) {
    const auto refused = refuse_sources(setup.sources);
    return refused ? refuse(*refused) : cold_mypy(setup);
  }

  // An answer that only mypy has: nothing of it is kept.
  int cold_mypy(const RunSetup& setup) {
    note_nothing_to_verify();
    return plain_mypy(setup.python, cold_arguments(setup.mypy_arguments));
  }

  int plain_mypy(const std::string& python, const std::vector<std::string>& arguments) {
    const auto code = reports_.run_mypy(python, arguments);
    if (!code) return refuse(code.error());
    if (*code >= kTrouble) return *code;
    if (const auto error = refuse_update(options_, "")) return refuse(*error);
    if (const auto note = note_on_filters(options_)) print_note(*note);
    return *code;
  }

  // Gives the exit status, which is another one if the run's files cannot be written.
  int finish(int code) {
    Interruption::begin_ending();
    publish(*store_, settled_.load().get());
    if (report_.reused + report_.checked > 0) {
      store_->note_run({cwd_, report_.reused, report_.checked, repeated_.has_value()});
    }
    retired_.reap();
    if (keeper_) keeper_->finish_answer();
    report_.store = store_->counters();
    disk_.troubles.insert(disk_.troubles.begin(), store_->trouble());
    disk_.damaged_in_store = report_.store.corrupt;
    if (const auto warning = warning_of(disk_)) print_warning(*warning);
    report_.seconds.total = total_.lap();
    if (options_.stats) print_stderr(report_text(report_));
    if (report_.change) {
      print_stderr(change_line(*report_.change, report_.components, report_.seconds.total));
    }
    return write_run_files(options_, trace_, report_, code);
  }

  const CheckOptions options_;
  const std::uint64_t max_memory_;
  const std::size_t jobs_;
  const std::string cwd_;
  ChangedRun changed_;
  BaselineRun baseline_;
  Reports reports_;
  std::unique_ptr<PackStore> store_;
  RunReport report_;
  Stopwatch total_;
  Stopwatch watch_;
  TraceLog trace_;
  const std::int64_t started_ns_ = elapsed_clock_ns();
  std::optional<StateDirectory> state_;
  std::optional<RunMemory> memory_;    // if this run may be repeated, or repeat another
  std::optional<RunAnswer> repeated_;  // what is known to be the answer
  std::unique_ptr<RunSetup> setup_;    // of the last try
  std::unique_ptr<PlannedRun> run_;    // refers to it
  std::optional<RunKeeper> keeper_;    // of that
  std::optional<RunEnding> ending_;    // refers to these
  EarlyWorker early_;
  RetiredWorkers retired_;
  std::set<std::string> doubted_;
  bool verify_store_ = false;
  DiskReport disk_;
  int attempt_ = 1;
  // What mypy's answer rests on; interrupting the run publishes from another thread.
  std::atomic<std::shared_ptr<const SettledInputs>> settled_;
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
