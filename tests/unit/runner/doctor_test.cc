// What a doctor concludes from facts, and what the bug report keeps to itself.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "runner/doctor_report.h"

namespace runner {
namespace {

DoctorFacts healthy() {
  DoctorFacts facts;
  facts.directory = "/project";
  facts.python = "/venv/bin/python";
  facts.mypy_version = "2.4.1";
  facts.candidates = {{"/venv/bin/python", "$VIRTUAL_ENV", "chosen"}};
  const FileSystemState disk{{"ext4"}, std::uint64_t{1} << 40, true};
  facts.store = {"/store", true, "", 3, 12'345'678, disk};
  facts.state = {"/project/.typewave_cache", true, "", 1, 10, disk};
  facts.checkout = disk;
  facts.processors = facts.jobs = 4;
  facts.graph = GraphFacts{5, 100, 90, 7, {"a"}, 90, 0};
  return facts;
}

// The messages, with their kind.
std::vector<std::string> trouble(const DoctorFacts& facts) {
  std::vector<std::string> lines;
  for (const Remark& finding : find_trouble(facts)) {
    lines.push_back((finding.kind == Remark::Kind::kBroken ? "broken: " : "slow: ") + finding.words.message);
  }
  return lines;
}

std::string only(const DoctorFacts& facts) {
  const auto lines = trouble(facts);
  REQUIRE(lines.size() == 1);
  return lines.front();
}

TEST_CASE("nothing is wrong with what is healthy") {
  CHECK(trouble(healthy()).empty());
  CHECK(doctor_text(healthy(), {}).find("Nothing is broken") != std::string::npos);
}

TEST_CASE("each trouble is named by itself") {
  DoctorFacts facts = healthy();
  SUBCASE("no mypy") {
    facts.mypy_trouble = "no interpreter";
    CHECK(only(facts) == "broken: no interpreter");
  }
  SUBCASE("a mypy that is not compiled") {
    facts.mypy_compiled = false;
    CHECK(only(facts).starts_with("slow: mypy of /venv/bin/python is not compiled"));
  }
  SUBCASE("an option for mypy itself") {
    facts.delegate = "--pdb";
    CHECK(only(facts) == "slow: --pdb: mypy itself runs, nothing is reused or kept");
  }
  SUBCASE("no place for a store") {
    facts.store = {};
    CHECK(only(facts).starts_with("broken: there is no place for a store"));
  }
  SUBCASE("a store that cannot be written") {
    facts.store.file_system.writable = false;
    CHECK(only(facts) == "broken: the store /store cannot be written, nothing is kept");
  }
  SUBCASE("damage") {
    facts.damaged = 2;
    CHECK(only(facts) == "broken: 2 damaged records or packs in the store /store");
    facts.damaged = 1;
    CHECK(only(facts) == "broken: 1 damaged record or pack in the store /store");
  }
  SUBCASE("a store on a network") {
    facts.store.file_system.kind = file_system_of_type(0x6969);
    CHECK(only(facts) == "slow: the store /store is on a slow file system (nfs)");
  }
  SUBCASE("a store in memory") {
    facts.store.file_system.kind = file_system_of_type(0x01021994);
    CHECK(only(facts).starts_with("slow: the store /store is in memory (tmpfs)"));
  }
  SUBCASE("a full disk") {
    facts.store.file_system.free_bytes = 1'500'000;
    CHECK(only(facts) == "slow: the disk of the store /store has only 1.5 MB left");
  }
  SUBCASE("a checkout on a network") {
    facts.checkout.kind = file_system_of_type(0x65735546);
    CHECK(only(facts) == "slow: the checkout is on a slow file system (fuse)");
  }
  SUBCASE("a plugin that nobody knows") {
    facts.plugins = {{"pydantic.mypy", "\"2\"", true}, {"own.py", "none", false}};
    CHECK(only(facts).starts_with("slow: the plugin own.py may look at anything"));
  }
  SUBCASE("little memory") {
    facts.jobs = 1;
    facts.max_memory = 900'000'000;
    CHECK(only(facts) == "slow: there is memory for 1 of 4 workers (900.0 MB)");
  }
  SUBCASE("a large cycle") {
    facts.graph->largest_cycle.assign(660, "home");
    CHECK(only(facts).starts_with("slow: a cycle of 660 modules around home"));
  }
  SUBCASE("work to do") {
    facts.graph->checked = 3;
    CHECK(only(facts) == "slow: 3 of 90 components may have to be checked");
  }
}

TEST_CASE("what is broken comes first") {
  DoctorFacts facts = healthy();
  facts.mypy_compiled = false;
  facts.damaged = 1;
  const auto lines = trouble(facts);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].starts_with("broken: "));
}

TEST_CASE("the report is JSON and holds neither programs nor what a hidden variable holds") {
  DoctorFacts facts = healthy();
  facts.arguments = {"-c", "password = 1", "-csecret()", "--strict"};
  facts.variables = {{"HOME", "/home/u"}, {"TOKEN", std::nullopt}};
  facts.hidden = {{"TOKEN", "very\"secret"}};
  facts.key_inputs = {{"option mypy_path", "[\"very\\\"secret\"]"}, {"other", "very\"secret"}};
  const std::string text = doctor_bundle(facts, find_trouble(facts));
  const auto document = nlohmann::json::parse(text);
  CHECK(document["arguments"] == nlohmann::json({"-c", "<12 bytes>", "<10 bytes>", "--strict"}));
  CHECK(document["variables"]["TOKEN"].is_null());
  CHECK(document["variables"]["HOME"] == "/home/u");
  CHECK(document["mypy"]["key_inputs"][1][1] == "<$TOKEN>");
  CHECK(text.find("password") == std::string::npos);
}

TEST_CASE("file systems by the kernel's numbers") {
  CHECK(file_system_of_type(0xEF53).name == "ext4");
  CHECK_FALSE(file_system_of_type(0xEF53).remote);
  CHECK(file_system_of_type(0xFF534D42).remote);
  CHECK(file_system_of_type(1).name == "unknown");
}

}  // namespace
}  // namespace runner
