// A file scanner that takes mypy's own word for files the import scanner is not sure of.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "graph/graph_loader.h"
#include "runner/worker_process.h"

namespace runner {

class ArbitratedScanner final : public graph::FileScanner {
 public:
  // `doubted`: paths whose scans turned out to differ from mypy's. A worker is only started when it is
  // needed.
  ArbitratedScanner(graph::FileScanner& scanner, std::string python, std::set<std::string> doubted);

  std::vector<const graph::ScannedFile*> scan(std::span<const graph::ScanRequest> requests) override;
  const graph::ScannedFile* scan_text(std::string_view text, const graph::ScanTarget& target) override;
  // How many files mypy was asked about.
  std::size_t asked() const { return judged_.size(); }

 private:
  const graph::ScannedFile* judge(const graph::ScannedFile* file, const graph::ScanRequest& request);
  std::optional<graph::ImportScan> ask(const graph::ScanRequest& request);

  graph::FileScanner& scanner_;
  std::string python_;
  std::set<std::string> doubted_;
  std::unique_ptr<WorkerProcess> worker_;
  std::deque<graph::ScannedFile> judged_;
};

}  // namespace runner
