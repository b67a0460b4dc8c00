// What a run tells about itself, for programs and for people.
#include "runner/run_report.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/support/temporary_directory.h"

namespace runner {
namespace {

RunReport sample() {
  RunReport report;
  report.mypy_version = "2.4.1";
  report.exit_code = 1;
  report.own_modules = 10;
  report.followed_modules = 200;
  report.components = 190;
  report.waves = 7;
  report.reused = 187;
  report.checked = 2;
  report.failed = 1;
  report.checked_modules = {"a", "b.c"};
  report.store = {.hits = 5, .misses = 2, .corrupt = 1};
  report.scan_mismatches = 3;
  report.workers = 2;
  report.workers_replaced = 1;
  report.seconds = {.total = 12.5, .probe = 0.25, .scan = 0.5, .plan = 0.125, .check = 11};
  report.cpu_seconds_checked = 20.25;
  report.cpu_seconds_saved = 100;
  return report;
}

TEST_CASE("what --verify found is told when it was asked for") {
  using nlohmann::json;
  RunReport report = sample();
  CHECK_FALSE(json::parse(report_json(report)).contains("verified"));
  const auto verified = [&](Verification verification) {
    report.verification = verification;
    return json::parse(report_json(report)).at("verified");
  };
  CHECK(verified(Verification::kNothing) == json(nullptr));
  CHECK(verified(Verification::kSame) == json(true));
  CHECK(verified(Verification::kDifferent) == json(false));
}

TEST_CASE("the document of --summary-json, format 1") {
  CHECK(report_json(sample()) == R"({
  "format": 1,
  "mypy": "2.4.1",
  "exit": 1,
  "modules": {
    "own": 10,
    "followed": 200
  },
  "components": 190,
  "waves": 7,
  "reused": 187,
  "checked": 2,
  "failed": 1,
  "checked_modules": [
    "a",
    "b.c"
  ],
  "store": {
    "hits": 5,
    "misses": 2,
    "corrupt": 1
  },
  "scan": {
    "mismatches": 3
  },
  "workers": 2,
  "seconds": {
    "total": 12.5,
    "probe": 0.25,
    "scan": 0.5,
    "plan": 0.125,
    "check": 11.0
  }
}
)");
}

TEST_CASE("a run of nothing is a whole document too") {
  const auto document = nlohmann::json::parse(report_json({}));
  CHECK(document.at("checked_modules") == nlohmann::json::array());
  CHECK(document.at("checked") == 0);
}

TEST_CASE("a module name that is not UTF-8 does not break the document") {
  RunReport report;
  report.checked_modules = {"\xff"};
  CHECK(nlohmann::json::accept(report_json(report)));
}

TEST_CASE("the summary for people") {
  CHECK(report_text(sample()) ==
        "modules      10 own, 200 followed\n"
        "components   190 in 7 waves: 187 reused, 2 checked, 1 failed\n"
        "store        5 hits, 2 misses, 1 corrupt\n"
        "workers      2, 1 replaced\n"
        "mypy         20.2 s of CPU spent, 100.0 s saved by reuse\n"
        "time         12.5 s: probe 0.250 s, scan 0.500 s, plan 0.125 s, check 11.0 s\n");
}

TEST_CASE("workers that were never replaced are not spoken of") {
  CHECK(report_text({}).find("replaced") == std::string::npos);
}

TEST_CASE("the document is written, or an error says where it could not be") {
  const support::TemporaryDirectory directory;
  REQUIRE(write_report_json(sample(), (directory / "run.json").string()).ok());
  CHECK(support::read_file(directory / "run.json") == report_json(sample()));
  const std::string nowhere = (directory / "no" / "run.json").string();
  const auto written = write_report_json(sample(), nowhere);
  REQUIRE_FALSE(written.ok());
  CHECK(written.error().message == "cannot write " + nowhere + ": No such file or directory");
}

}  // namespace
}  // namespace runner
