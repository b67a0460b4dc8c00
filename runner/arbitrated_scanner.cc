#include "runner/arbitrated_scanner.h"

#include <utility>

namespace runner {
namespace {

using nlohmann::json;

graph::ImportStatement statement_of(const json& entry) {
  graph::ImportStatement statement;
  statement.kind = static_cast<graph::ImportKind>(entry.at("kind").get<int>());
  statement.top_level = entry.at("top_level");
  statement.mypy_only = entry.at("mypy_only");
  statement.in_dropped_body = entry.at("in_dropped_body");
  statement.dots = entry.at("dots");
  statement.line = entry.at("line");
  statement.module = entry.at("module");
  statement.names = entry.at("names").get<std::vector<std::string>>();
  return statement;
}

graph::ImportScan scan_of(const json& answer) {
  graph::ImportScan scan;
  for (const json& entry : answer.at("imports")) scan.imports.push_back(statement_of(entry));
  scan.template_strings = answer.at("template_strings");
  scan.template_strings_kept = answer.at("template_strings_kept");
  scan.ignores_errors = answer.at("ignores_errors");
  scan.module_getattr = answer.at("module_getattr");
  return scan;
}

}  // namespace

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
  if (!answer || !answer->header.value("ok", false)) return std::nullopt;
  try {
    return scan_of(answer->header);
  } catch (const json::exception&) {
    return std::nullopt;
  }
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
