#include "graph/parallel_file_scanner.h"

#include <algorithm>

#include "graph/fresh_scan.h"
#include "graph/regular_file.h"
#include "graph/shared_range.h"

namespace graph {
namespace {

// Below this, starting threads costs more than they save.
constexpr std::size_t kJobsPerThread = 8;

}  // namespace

ParallelFileScanner::ParallelFileScanner(unsigned threads, ScanMemory* memory)
    : threads_(std::max(threads, 1U)), memory_(memory) {}

std::vector<const ScannedFile*> ParallelFileScanner::scan(std::span<const ScanRequest> requests) {
  std::vector<const ScannedFile*> answers;
  answers.reserve(requests.size());
  std::vector<Job> jobs;
  if (ahead_) ahead_->stop();
  const ScanTarget* last_target = nullptr;
  Known* known = nullptr;
  for (const ScanRequest& request : requests) {
    if (request.target != last_target) {
      known = &known_for(*request.target);
      last_target = request.target;
    }
    const auto [entry, is_new] = known->files.try_emplace(request.path, nullptr);
    if (is_new) {
      entry->second = &files_.emplace_back();
      Job job;
      job.path = &entry->first;
      job.target = &known->target;
      job.file = entry->second;
      if (ahead_) take_ahead(job);
      jobs.push_back(job);
    }
    answers.push_back(entry->second);
  }
  ahead_.reset();
  run(jobs);
  for (const Job& job : jobs) {
    seen_.push_back({*job.path, job.stat, job.file->digest, job.file->code, job.file->shape, false});
    complete_ = complete_ && job.file->unreadable.empty();
  }
  if (memory_ != nullptr) {
    std::vector<ScanToRemember> fresh;
    for (const Job& job : jobs) {
      if (job.worth_remembering) fresh.push_back({job.path, job.target, job.stat, job.file});
    }
    memory_->remember_later(fresh);
  }
  return answers;
}

void ParallelFileScanner::anticipate(const std::string& path, const ScanTarget& target) {
  if (threads_ == 1) return;
  if (!ahead_) ahead_ = std::make_unique<ScanAhead>(target, memory_);
  ahead_->add(path);
}

void ParallelFileScanner::take_ahead(Job& job) {
  FreshScan* const fresh = ahead_->find(*job.path, *job.target);
  if (fresh == nullptr) return;
  job.done = true;
  fill(job, std::move(*fresh));
}

void ParallelFileScanner::fill(Job& job, FreshScan fresh) {
  *job.file = std::move(fresh.file);
  job.stat = fresh.stat;
  job.worth_remembering = fresh.worth_remembering;
}

void ParallelFileScanner::add_to(DiskObservations& observations) const {
  observations.files.insert(observations.files.end(), seen_.begin(), seen_.end());
  observations.complete = observations.complete && complete_;
}

const ScannedFile* ParallelFileScanner::scan_text(std::string_view text, const ScanTarget& target) {
  return &files_.emplace_back(scanned(text, target));
}

ParallelFileScanner::Known& ParallelFileScanner::known_for(const ScanTarget& target) {
  const auto same =
      std::find_if(known_.begin(), known_.end(), [&](const Known& known) { return known.target == target; });
  if (same != known_.end()) return *same;
  Known& added = known_.emplace_back();
  added.target = target;
  return added;
}

void ParallelFileScanner::run(std::span<Job> jobs) const {
  SharedRange range(jobs.size(), 1);
  range.run(std::min<std::size_t>(threads_, 1 + jobs.size() / kJobsPerThread), [&] {
    while (const auto piece = range.take()) run_one(jobs[piece->begin]);
  });
}

void ParallelFileScanner::run_one(Job& job) const {
  if (job.done) return;
  if (memory_ != nullptr) {
    if (memory_->take_anticipated(*job.path, *job.target, job.stat, *job.file)) return;
    if (stat_file(*job.path, job.stat) && is_regular(job.stat) &&
        memory_->recall(*job.path, *job.target, job.stat, *job.file)) {
      return;
    }
  }
  fill(job, scan_from_disk(*job.path, *job.target));
}

}  // namespace graph
