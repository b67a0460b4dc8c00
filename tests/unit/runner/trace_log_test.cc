// The trace as JSON: spans, tracks and their names.
#include "runner/trace_log.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "tests/support/temporary_directory.h"

namespace runner {
namespace {

using nlohmann::json;
using std::chrono::microseconds;
using Clock = TraceLog::Clock;

TEST_CASE("a trace without spans is valid") {
  const json document = json::parse(TraceLog().json());
  CHECK(document.at("traceEvents").empty());
  CHECK(document.at("displayTimeUnit") == "ms");
}

TEST_CASE("a span is a complete event on its track, in microseconds") {
  TraceLog log;
  const Clock::time_point start = Clock::now();
  log.span("pkg.mod", "interface", 2, start, start + microseconds(1500));
  const json events = json::parse(log.json()).at("traceEvents");
  REQUIRE(events.size() == 2);
  CHECK(events[0].at("name") == "pkg.mod");
  CHECK(events[0].at("cat") == "interface");
  CHECK(events[0].at("ph") == "X");
  CHECK(events[0].at("dur") == 1500);
  CHECK(events[0].at("ts").is_number_integer());
  CHECK(events[0].at("pid") == 1);
  CHECK(events[0].at("tid") == 2);
}

TEST_CASE("a span carries what it has to say, and nothing where that is nothing") {
  TraceLog log;
  log.span("with", "c", 0, Clock::now(), Clock::now(), {{"modules", {"pkg", "pkg.mod"}}});
  log.span("without", "c", 0, Clock::now(), Clock::now());
  const json events = json::parse(log.json()).at("traceEvents");
  CHECK(events[0].at("args") == json{{"modules", {"pkg", "pkg.mod"}}});
  CHECK_FALSE(events[1].contains("args"));
}

TEST_CASE("times count from the making of the log") {
  const Clock::time_point before = Clock::now();
  TraceLog log;
  const Clock::time_point after = Clock::now();
  log.span("a", "x", 0, after + microseconds(70), after + microseconds(80));
  const std::int64_t at = json::parse(log.json()).at("traceEvents").at(0).at("ts");
  CHECK(at >= 70);
  CHECK(microseconds(at) <= after - before + microseconds(71));
}

TEST_CASE("every track is named once, in order: typewave and its workers") {
  TraceLog log;
  const Clock::time_point now = Clock::now();
  for (const std::uint32_t track : {2u, 0u, 1u, 2u}) log.span("s", "c", track, now, now);
  std::vector<std::string> names;
  const json document = json::parse(log.json());
  for (const json& event : document.at("traceEvents")) {
    if (event.at("ph") != "M") continue;
    CHECK(event.at("name") == "thread_name");
    names.push_back(std::to_string(event.at("tid").get<int>()) + " " +
                    event.at("args").at("name").get<std::string>());
  }
  CHECK(names == std::vector<std::string>{"0 typewave", "1 worker 1", "2 worker 2"});
}

TEST_CASE("names are escaped, whatever bytes they have") {
  TraceLog log;
  log.span("quote \" newline \n and \xff", "c", 0, Clock::now(), Clock::now());
  CHECK(json::parse(log.json()).at("traceEvents").at(0).at("name") == "quote \" newline \n and \xef\xbf\xbd");
}

TEST_CASE("threads may record at once") {
  TraceLog log;
  {
    std::vector<std::jthread> threads;
    for (std::uint32_t track = 0; track < 4; ++track) {
      threads.emplace_back([&log, track] {
        for (int i = 0; i < 100; ++i) log.span("s", "c", track, Clock::now(), Clock::now());
      });
    }
  }
  CHECK(json::parse(log.json()).at("traceEvents").size() == 404);
}

TEST_CASE("the trace is written, or an error says where it could not be") {
  const support::TemporaryDirectory directory;
  TraceLog log;
  REQUIRE(log.write((directory / "trace.json").string()).ok());
  CHECK(support::read_file(directory / "trace.json") == log.json());
  CHECK_FALSE(log.write((directory / "no" / "trace.json").string()).ok());
}

}  // namespace
}  // namespace runner
