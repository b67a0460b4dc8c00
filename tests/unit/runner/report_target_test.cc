#include "runner/report_target.h"

#include <doctest/doctest.h>

namespace runner {
namespace {

ReportTarget target(const char* text) {
  const auto parsed = parse_report_target(text);
  REQUIRE(parsed);
  return *parsed;
}

std::string refusal(const char* text) {
  const auto parsed = parse_report_target(text);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().hint.find("--report FORMAT:FILE") != std::string::npos);
  return parsed.error().message;
}

TEST_CASE("the format stands before the first colon") {
  CHECK(target("text:a") == ReportTarget{ReportFormat::kText, "a"});
  CHECK(target("json:a.xml") == ReportTarget{ReportFormat::kJson, "a.xml"});
  CHECK(target("sarif:b:c.json") == ReportTarget{ReportFormat::kSarif, "b:c.json"});
  CHECK(target("junit:out/j.xml") == ReportTarget{ReportFormat::kJunit, "out/j.xml"});
  CHECK(target("github:g") == ReportTarget{ReportFormat::kGithub, "g"});
  CHECK(target("gitlab:g.json") == ReportTarget{ReportFormat::kGitlab, "g.json"});
  CHECK(target("checkstyle:c.xml") == ReportTarget{ReportFormat::kCheckstyle, "c.xml"});
}

TEST_CASE("without a format, how the file's name ends decides") {
  CHECK(target("a.sarif").format == ReportFormat::kSarif);
  CHECK(target("a.sarif.json").format == ReportFormat::kSarif);
  CHECK(target("out/a.txt") == ReportTarget{ReportFormat::kText, "out/a.txt"});
  CHECK(target("a.jsonl").format == ReportFormat::kJson);
  CHECK(target("./a:b.sarif") == ReportTarget{ReportFormat::kSarif, "./a:b.sarif"});
}

TEST_CASE("an ending that several formats have is refused") {
  CHECK(refusal("a.json").find("may be json, sarif or gitlab") != std::string::npos);
  CHECK(refusal("a.xml").find("may be junit or checkstyle") != std::string::npos);
  CHECK(refusal("a").find("say which") != std::string::npos);
  CHECK(refusal("").find("say which") != std::string::npos);
}

TEST_CASE("a mistyped format is no file name") {
  CHECK(refusal("sarf:a.sarif").find("unknown format sarf") != std::string::npos);
  CHECK(refusal("SARIF:a.sarif").find("unknown format SARIF") != std::string::npos);
}

TEST_CASE("a format needs a file") {
  CHECK(refusal("json:").find("a file is missing") != std::string::npos);
}

TEST_CASE("standard output needs a format") {
  CHECK(target("json:-").to_stdout());
  CHECK_FALSE(target("json:./-").to_stdout());
  CHECK(refusal("-").find("which format") != std::string::npos);
}

TEST_CASE("no two reports go to one place") {
  CHECK(parse_report_targets({"json:a", "text:b"}));
  const auto twice = parse_report_targets({"json:a", "text:./a"});
  REQUIRE_FALSE(twice);
  CHECK(twice.error().message.find("another report goes there") != std::string::npos);
  CHECK_FALSE(parse_report_targets({"json:-", "text:-"}));
}

}  // namespace
}  // namespace runner
