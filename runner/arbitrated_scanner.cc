#include "runner/arbitrated_scanner.h"

#include <utility>

#include "runner/scan_answer.h"

namespace runner {
ArbitratedScanner::ArbitratedScanner(graph::FileScanner& scanner, std::string python,
                                     std::set<std::string> doubted)
    : scanner_(scanner), python_(std::move(python)), doubted_(std::move(doubted)) {}

std::optional<graph::ImportScan> ArbitratedScanner::ask(const graph::ScanRequest& request) {
  if (worker_ == nullptr) {
    auto started = WorkerProcess::start(python_);
    if (!started) return std::nullopt;
    worker_ = std::move(*started);
  }
  const graph::ScanTarget& target = *request.target;
  auto answer = worker_->ask({{"do", "scan"},
                              {"path", request.path},
                              {"target",
                               {{"python_major", target.python_major},
                                {"python_minor", target.python_minor},
                                {"platform", target.platform},
                                {"always_true", target.always_true},
                                {"always_false", target.always_false}}}});
  if (!answer || answer->header.value("ok", nlohmann::json()) != true) return std::nullopt;
  return read_scan_answer(answer->header);
}

const graph::ScannedFile* ArbitratedScanner::judge(const graph::ScannedFile* file,
                                                   const graph::ScanRequest& request) {
  if (!file->unreadable.empty() || (file->scan.sure && !doubted_.contains(request.path))) return file;
  auto verdict = ask(request);
  if (!verdict) return file;
  // The words are those of the text, whatever its syntax.
  verdict->words = file->scan.words;
  graph::ScannedFile judged = *file;
  judged.scan = std::move(*verdict);
  return &judged_.emplace_back(std::move(judged));
}

std::vector<const graph::ScannedFile*> ArbitratedScanner::scan(std::span<const graph::ScanRequest> requests) {
  std::vector<const graph::ScannedFile*> files = scanner_.scan(requests);
  for (std::size_t i = 0; i < files.size(); ++i) files[i] = judge(files[i], requests[i]);
  return files;
}

const graph::ScannedFile* ArbitratedScanner::scan_text(std::string_view text,
                                                       const graph::ScanTarget& target) {
  return scanner_.scan_text(text, target);
}

}  // namespace runner
