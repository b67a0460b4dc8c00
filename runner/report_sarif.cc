// SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
#include <map>
#include <nlohmann/json.hpp>

#include "runner/error_code_page.h"
#include "runner/fingerprint.h"
#include "runner/report.h"
#include "runner/shown_text.h"

namespace runner {
namespace {

using nlohmann::ordered_json;

constexpr const char* kSchema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

const char* level_of(const Finding& finding) {
  return finding.is_error ? "error" : "note";
}

// mypy gives some messages no code, SARIF wants a rule for each.
std::string rule_of(const Finding& finding) {
  if (finding.code && !finding.code->empty()) return shown_line(*finding.code);
  return finding.is_error ? "mypy-error" : "mypy-note";
}

ordered_json text_of(const std::string& text) {
  return {{"text", text}};
}

ordered_json rule(const std::string& id, const Finding& finding) {
  ordered_json rule = {{"id", id}};
  const std::optional<std::string> page = finding.code ? error_code_page(*finding.code) : std::nullopt;
  const std::string name = finding.code ? "mypy's error code " + id : "a message of mypy without a code";
  rule["shortDescription"] = text_of(name);
  rule["fullDescription"] = text_of(name);
  if (page) {
    rule["helpUri"] = *page;
    rule["help"] = {{"text", "See " + *page},
                    {"markdown", "[" + id + " in mypy's documentation](" + *page + ")"}};
  }
  rule["defaultConfiguration"] = {{"level", level_of(finding)}};
  return rule;
}

// Columns are 1-based here, and the end is the first that does not belong.
ordered_json region(const Finding& finding) {
  ordered_json region = {{"startLine", finding.line}};
  if (finding.column < 0) return region;
  region["startColumn"] = finding.column + 1;
  const bool ends_behind = finding.end_line > finding.line ||
                           (finding.end_line == finding.line && finding.end_column > finding.column);
  if (finding.end_column < 0 || !ends_behind) return region;
  region["endLine"] = finding.end_line;
  region["endColumn"] = finding.end_column + 1;
  return region;
}

ordered_json location(const Finding& finding, const ReportPaths& paths) {
  const std::string uri = paths.uri(finding.file);
  ordered_json artifact = {{"uri", uri}};
  if (!uri.starts_with("file:")) artifact["uriBaseId"] = "%SRCROOT%";
  ordered_json physical = {{"artifactLocation", std::move(artifact)}};
  if (finding.line > 0) physical["region"] = region(finding);
  return {{"physicalLocation", std::move(physical)}};
}

ordered_json invocation(const ReportInput& input) {
  ordered_json invocation = {{"executionSuccessful", input.exit_code < 2}, {"exitCode", input.exit_code}};
  for (const std::string& failure : input.failures) {
    invocation["toolExecutionNotifications"].push_back(
        {{"level", "error"}, {"message", text_of(shown_text(failure))}});
  }
  return invocation;
}

// Results and, in the order of their first result, the rules they name.
class Results {
 public:
  void add(const Finding& finding, const Fingerprint& fingerprint, const ReportPaths& paths) {
    const std::string id = rule_of(finding);
    const auto [known, fresh] = indices_.try_emplace(id, rules_.size());
    if (fresh) rules_.push_back(rule(id, finding));
    const std::string occurrence = ":" + std::to_string(fingerprint.occurrence);
    results_.push_back({{"ruleId", id},
                        {"ruleIndex", known->second},
                        {"level", level_of(finding)},
                        {"message", text_of(shown_text(whole_message(finding)))},
                        {"locations", ordered_json::array({location(finding, paths)})},
                        {"partialFingerprints",
                         // The first is the one by which GitHub knows an alert again.
                         {{"primaryLocationLineHash", fingerprint.place.substr(0, 16) + occurrence},
                          {"typewave/v1", fingerprint.place + occurrence}}}});
  }

  ordered_json rules() { return std::move(rules_); }
  ordered_json results() { return std::move(results_); }

 private:
  std::map<std::string, std::size_t> indices_;
  ordered_json rules_ = ordered_json::array();
  ordered_json results_ = ordered_json::array();
};

}  // namespace

std::string sarif_report(const ReportInput& input) {
  Results results;
  const std::vector<Fingerprint> prints = fingerprints(input);
  for (std::size_t i = 0; i < input.findings.size(); ++i) {
    if (!is_scope_note(input.findings[i])) results.add(input.findings[i], prints[i], input.paths);
  }
  ordered_json driver = {{"name", "typewave"}, {"version", TYPEWAVE_VERSION}, {"rules", results.rules()}};
  ordered_json tool = {{"driver", std::move(driver)}};
  if (!input.mypy_version.empty()) {
    tool["extensions"] = ordered_json::array({{{"name", "mypy"}, {"version", input.mypy_version}}});
  }
  const ordered_json run = {
      {"tool", std::move(tool)},
      {"invocations", ordered_json::array({invocation(input)})},
      {"originalUriBaseIds",
       {{"%SRCROOT%", {{"description", text_of("The root of the checked repository.")}}}}},
      {"columnKind", "unicodeCodePoints"},
      {"results", results.results()}};
  const ordered_json log = {{"$schema", kSchema}, {"version", "2.1.0"}, {"runs", ordered_json::array({run})}};
  return log.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace runner
