#include "runner/report.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "runner/fingerprint.h"
#include "runner/step_summary.h"

namespace runner {
namespace {

using nlohmann::json;
using Lines = std::vector<std::string>;

ReportInput input_with(std::vector<Finding> findings, Lines source = {}) {
  return {.text = "the text\n",
          .findings = std::move(findings),
          .failures = {},
          .exit_code = 1,
          .mypy_version = "2.4.1",
          .paths = ReportPaths("/repo", "/repo"),
          .read_source = [source = std::move(source)](const std::string&) { return std::optional(source); },
          .changed = {}};
}

Finding error_at(std::int32_t line, std::string message = "wrong", std::string file = "a.py") {
  return {.file = std::move(file),
          .line = line,
          .column = 0,
          .end_line = line,
          .end_column = 5,
          .message = std::move(message),
          .code = "misc",
          .is_error = true};
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

json sarif(const ReportInput& input) {
  return json::parse(sarif_report(input))["runs"][0];
}

TEST_CASE("SARIF: columns are 1-based and the end is the first that does not belong") {
  Finding finding = error_at(7);
  finding.column = 4;
  finding.end_line = 8;
  const json region =
      sarif(input_with({finding}))["results"][0]["locations"][0]["physicalLocation"]["region"];
  CHECK(region == json({{"startLine", 7}, {"startColumn", 5}, {"endLine", 8}, {"endColumn", 6}}));
}

TEST_CASE("SARIF: an end that is not behind the start is left out, and so is an unknown line") {
  Finding finding = error_at(7);
  finding.end_column = 0;
  const auto location = [](const Finding& one) {
    return sarif(input_with({one}))["results"][0]["locations"][0]["physicalLocation"];
  };
  CHECK(location(finding)["region"] == json({{"startLine", 7}, {"startColumn", 1}}));
  finding.column = -1;
  CHECK(location(finding)["region"] == json({{"startLine", 7}}));
  finding.line = -1;
  CHECK_FALSE(location(finding).contains("region"));
}

TEST_CASE("SARIF: each code is one rule, with mypy's page where mypy has one") {
  Finding plugin = error_at(2);
  plugin.code = "pydantic-field";
  Finding bare = error_at(3);
  bare.code.reset();
  const json run = sarif(input_with({error_at(1), plugin, error_at(4), bare}));
  const json& rules = run["tool"]["driver"]["rules"];
  REQUIRE(rules.size() == 3);
  CHECK(rules[0]["helpUri"] == "https://mypy.readthedocs.io/en/stable/error_code_list.html#code-misc");
  CHECK_FALSE(rules[1].contains("helpUri"));
  CHECK(rules[2]["id"] == "mypy-error");
  CHECK(run["results"][2]["ruleIndex"] == 0);
}

TEST_CASE("SARIF: a run that did not come to its end says so") {
  ReportInput input = input_with({});
  input.exit_code = 2;
  input.failures = {"mypy \x1b[1mcrashed"};
  const json invocation = sarif(input)["invocations"][0];
  CHECK(invocation["executionSuccessful"] == false);
  CHECK(invocation["toolExecutionNotifications"][0]["message"]["text"] == "mypy \\x1b[1mcrashed");
}

TEST_CASE("a fingerprint stays when lines and white space shift") {
  const auto prints = [](std::vector<Finding> findings, Lines source) {
    std::vector<std::string> unique;
    for (const Fingerprint& print : fingerprints(input_with(std::move(findings), std::move(source)))) {
      unique.push_back(print.unique());
    }
    return unique;
  };
  const auto before =
      prints({error_at(1, "defined on line 12"), error_at(2, "defined on line 12")}, {"x = 1", "x = 1"});
  const auto after = prints({error_at(3, "defined on line 99"), error_at(4, "defined on line 99")},
                            {"", "", "  x  =\t1", "x = 1 "});
  CHECK(before == after);
  CHECK(before[0] != before[1]);
  CHECK(prints({error_at(1, "defined on line 12")}, {"y = 1"})[0] != before[0]);
  CHECK(prints({error_at(9, "defined on line 12")}, {"x = 1"})[0] != before[0]);  // no such line
}

TEST_CASE("GitHub: a command is one line, and its parts mean only themselves") {
  Finding finding = error_at(3, "100%\n::error::no\r", "a,b:c=d%.py");
  finding.hint = "two\nlines";
  CHECK(github_report(input_with({finding})) ==
        "::error file=a%2Cb%3Ac=d%25.py,line=3,col=1,title=mypy%3A misc::"
        "100%25%0A::error::no\\x0d%0Atwo%0Alines\n");
}

TEST_CASE("GitHub: ten errors and ten notices, those of changed files first") {
  std::vector<Finding> findings;
  for (int i = 1; i <= 12; ++i) findings.push_back(error_at(i));
  findings.push_back(error_at(1, "of the change", "z.py"));
  for (int i = 1; i <= 12; ++i) {
    findings.push_back(error_at(i));
    findings.back().is_error = false;
  }
  ReportInput input = input_with(std::move(findings));
  input.changed = {"/repo/z.py"};
  const std::string report = github_report(input);
  CHECK(report.starts_with("::error file=z.py,"));
  CHECK(count(report, "::error file") == 10);
  CHECK(count(report, "::notice file") == 10);
  input.failures = {"crashed"};
  CHECK(count(github_report(input), "::error") == 10);
}

TEST_CASE("GitHub: the step summary keeps to its room and counts what it leaves out") {
  std::vector<Finding> findings;
  for (int i = 1; i <= 100; ++i) findings.push_back(error_at(i, "a|b"));
  const ReportInput input = input_with(std::move(findings));
  const std::string whole = step_summary(input, 1 << 20);
  CHECK(whole.starts_with("\n### typewave: 100 errors in 1 file\n"));
  CHECK(count(whole, "| a&#46;py |") == 100);
  for (const std::size_t room : {0U, 50U, 200U, 1000U, 2000U}) {
    const std::string part = step_summary(input, room);
    CHECK(part.size() <= room);
    const std::size_t rows = count(part, "| a&#46;py |");
    if (!part.empty()) CHECK(part.ends_with("\nand " + std::to_string(100 - rows) + " messages more\n"));
  }
}

TEST_CASE("GitLab: paths lie below the root, lines begin at 1, fingerprints are unique") {
  const json issues =
      json::parse(gitlab_report(input_with({error_at(-1, "m", "./a.py"), error_at(-1, "m", "./a.py")})));
  CHECK(issues[0]["location"] == json({{"path", "a.py"}, {"lines", {{"begin", 1}}}}));
  CHECK(issues[0]["fingerprint"] != issues[1]["fingerprint"]);
  CHECK(issues[0]["severity"] == "major");
}

TEST_CASE("what kept a check from ending is in every report but mypy's own two") {
  ReportInput input = input_with({});
  input.exit_code = 2;
  input.failures = {"mypy is gone"};
  for (const ReportFormat format : {ReportFormat::kSarif, ReportFormat::kJunit, ReportFormat::kGithub,
                                    ReportFormat::kGitlab, ReportFormat::kCheckstyle}) {
    CHECK(count(write_report(format, input), "mypy is gone") == 1);
  }
  CHECK(write_report(ReportFormat::kText, input) == "the text\n");
  CHECK(write_report(ReportFormat::kJson, input).empty());
}

TEST_CASE("notes on the scope of messages are no findings of their own") {
  ReportInput input = input_with({{.file = "a.py", .message = "At top level:"}});
  CHECK(count(write_report(ReportFormat::kJson, input), "At top level") == 1);
  for (const ReportFormat format : {ReportFormat::kSarif, ReportFormat::kJunit, ReportFormat::kGithub,
                                    ReportFormat::kGitlab, ReportFormat::kCheckstyle}) {
    CHECK(count(write_report(format, input), "At top level") == 0);
  }
}

}  // namespace
}  // namespace runner
