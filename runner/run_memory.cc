#include "runner/run_memory.h"

#include <utility>

#include "graph/regular_file.h"
#include "runner/own_program.h"

namespace runner {
namespace {

constexpr const char* kThisProgram = "/proc/self/exe";

void add_probe(graph::DigestBuilder& builder, const RunQuestion& question) {
  for (const auto& [name, value] : question.probe.environment) builder.field(name, value);
  builder.field("appearance", digest_of_appearance(question.probe.format, question.color));
}

// Nothing when the run has to be gone through whatever it would print.
std::optional<graph::Digest> inputs_here(const RunQuestion& question) {
  graph::FileStat self, store;
  if (!graph::stat_file(kThisProgram, self) ||
      !graph::stat_file(question.store_directory + "/CACHEDIR.TAG", store)) {
    return std::nullopt;
  }
  graph::DigestBuilder builder;
  builder.field("typewave's inode", self.inode);
  builder.field("typewave's change", static_cast<std::uint64_t>(self.ctime_ns));
  // Another store, or one that was cleared, is to be filled.
  builder.field("store's device", store.device);
  builder.field("store's inode", store.inode);
  builder.field("store's beginning", static_cast<std::uint64_t>(store.ctime_ns));
  builder.field("working directory", question.cwd);
  builder.field("interpreter", question.python);
  for (const std::string& argument : question.mypy_arguments) builder.field("argument", argument);
  builder.field("mypy", question.probe.digest);
  add_probe(builder, question);
  return builder.finish();
}

std::optional<graph::Digest> inputs_anywhere(const RunQuestion& question) {
  if (!question.probe.shared_digest) return std::nullopt;
  graph::DigestBuilder builder;
  builder.field("mypy", *question.probe.shared_digest);
  add_probe(builder, question);
  return builder.finish();
}

}  // namespace

std::optional<graph::Digest> digest_of_graph_inputs(const std::string& cwd, const std::string& python,
                                                    const std::vector<std::string>& mypy_arguments,
                                                    const ProbeAnswer& probe) {
  graph::DigestBuilder builder;
  graph::FileStat self;
  if (!graph::stat_file(kThisProgram, self)) return std::nullopt;
  builder.field("typewave's device", self.device);
  builder.field("typewave's inode", self.inode);
  builder.field("typewave's change", static_cast<std::uint64_t>(self.ctime_ns));
  builder.field("working directory", cwd);
  builder.field("interpreter", python);
  for (const std::string& argument : mypy_arguments) builder.field("argument", argument);
  builder.field("mypy", probe.digest);
  for (const auto& [name, value] : probe.environment) builder.field(name, value);
  return builder.finish();
}

RunMemory::RunMemory(const StateDirectory& state, PackStore& store, const RunQuestion& question,
                     std::int64_t started_ns)
    : state_(state),
      store_(store),
      started_ns_(started_ns),
      comments_count_(question.probe.format.pretty || !question.probe.vouched_plugins),
      graph_inputs_(
          digest_of_graph_inputs(question.cwd, question.python, question.mypy_arguments, question.probe)),
      inputs_(inputs_here(question)),
      shared_inputs_(inputs_anywhere(question)),
      names_(whereabouts_of(question.python, question.cwd)) {}

std::optional<RunAnswer> RunMemory::recall(std::optional<RecalledRun> recalled, unsigned threads,
                                           const std::function<void(const graph::Digest&)>& on_change) {
  if (!inputs_) return std::nullopt;
  if (const auto now = compare(std::move(recalled), threads)) {
    if (!now->code) return repeat(now->stats);
    on_change(*inputs_);
  }
  const SharedAnswers* shared_answers = shared();
  if (shared_answers == nullptr) return std::nullopt;
  if (last_) {
    // Another answer: it has to be found out anew which lines count for it.
    for (graph::SeenFile& file : last_->seen.files) file.by_shape = false;
    if (auto answer = shared_answers->find(last_->seen)) {
      LastRun last = std::move(*last_);
      last_.reset();  // now() has nothing to tell of it
      last.answer = *answer;
      remember_last_run(state_, std::move(last), started_ns_);
      return answer;
    }
  }
  auto found = shared_answers->search(last_ ? last_->seen : graph::DiskObservations{}, threads);
  if (!found) return std::nullopt;
  remember_last_run(state_, {*inputs_, std::move(found->seen), found->answer, {}}, started_ns_);
  return std::move(found->answer);
}

std::optional<RunAnswer> RunMemory::look(std::optional<RecalledRun> recalled, unsigned threads) {
  if (!inputs_) return std::nullopt;
  const auto now = compare(std::move(recalled), threads);
  if (!now || now->code) return std::nullopt;
  return std::move(recalled_->answer);
}

std::optional<graph::Refreshed> RunMemory::compare(std::optional<RecalledRun> recalled, unsigned threads) {
  recalled_ = std::move(recalled);
  if (!recalled_ || recalled_->packed.inputs != *inputs_) return std::nullopt;
  graph::Refreshed now;
  last_ = std::move(recalled_->whole);
  if (last_) now = graph::look_again(last_->seen, threads, !comments_count_, recalled_->glance);
  changed_ = now.code;
  return now;
}

// `touched`: the last run holds other stats than those it was recalled with.
RunAnswer RunMemory::repeat(bool touched) {
  const bool known_store = recalled_->packed.store == store_.condition();
  if (!known_store) {
    store_.open_all();
    if (!last_) last_ = recalled_->packed.unpack();
    if (last_) last_->store = store_.condition();
  }
  if (last_ && (touched || !known_store)) remember_last_run(state_, std::move(*last_), started_ns_);
  return std::move(recalled_->answer);
}

void RunMemory::place(const graph::DiskObservations& seen) {
  const SharedAnswers* shared_answers = inputs_ ? shared() : nullptr;
  if (shared_answers != nullptr) place_ = shared_answers->place_of(seen);
}

void RunMemory::share(const RunAnswer& answer) {
  if (place_) shared_->keep(*place_, answer);
}

void RunMemory::remember(graph::DiskObservations seen, const RunAnswer& answer) const {
  if (!inputs_) return;
  remember_last_run(state_, {*inputs_, std::move(seen), answer, {}}, started_ns_);
}

void RunMemory::sort(graph::DiskObservations& seen) {
  if (const SharedAnswers* shared_answers = shared()) shared_answers->sort(seen);
}

const SharedAnswers* RunMemory::shared() {
  if (shared_ || !shared_inputs_) return shared_ ? &*shared_ : nullptr;
  const std::optional<graph::Digest> program = digest_of_own_program();
  if (!program) return nullptr;
  graph::DigestBuilder builder;
  builder.field("typewave", *program);
  builder.field("inputs", *shared_inputs_);
  return &shared_.emplace(store_, builder.finish(), names_);
}

}  // namespace runner
