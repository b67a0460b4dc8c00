#include "graph/parallel_file_scanner.h"

#include <algorithm>

#include "graph/regular_file.h"
#include "graph/shared_range.h"

namespace graph {
namespace {

// Below this, starting threads costs more than they save.
constexpr std::size_t kJobsPerThread = 8;

ScannedFile scanned(std::string_view text, const ScanTarget& target) {
  ScannedFile file;
  file.digest = sha256(text);
  file.sha1 = sha1(text);
  file.size = text.size();
  SourceScan found = scan_source(text, target);
  file.scan = std::move(found.imports);
  file.code = found.digests ? found.digests->code : file.digest;
  file.shape = found.digests ? found.digests->shape : file.digest;
  return file;
}

}  // namespace

ParallelFileScanner::ParallelFileScanner(unsigned threads, ScanMemory* memory)
    : threads_(std::max(threads, 1U)), memory_(memory) {}

std::vector<const ScannedFile*> ParallelFileScanner::scan(std::span<const ScanRequest> requests) {
  std::vector<const ScannedFile*> answers;
  answers.reserve(requests.size());
  std::vector<Job> jobs;
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
      jobs.push_back(job);
    }
    answers.push_back(entry->second);
  }
  run(jobs);
  for (const Job& job : jobs) {
    seen_.push_back({*job.path, job.stat, job.file->digest, job.file->code, job.file->shape, false});
    complete_ = complete_ && job.file->unreadable.empty();
  }
  if (memory_ != nullptr) {
    for (const Job& job : jobs) {
      if (job.worth_remembering) memory_->remember(*job.path, *job.target, job.stat, *job.file);
    }
  }
  return answers;
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
  if (memory_ != nullptr) {
    if (memory_->take_anticipated(*job.path, *job.target, job.stat, *job.file)) return;
    if (stat_file(*job.path, job.stat) && is_regular(job.stat) &&
        memory_->recall(*job.path, *job.target, job.stat, *job.file)) {
      return;
    }
  }
  const FileRead read = read_file(*job.path);
  if (!read.error.empty()) {
    *job.file = ScannedFile{};
    job.file->unreadable = read.error;
    return;
  }
  *job.file = scanned(read.text, *job.target);
  job.stat = read.stat;
  job.worth_remembering = read.stable;
}

}  // namespace graph
