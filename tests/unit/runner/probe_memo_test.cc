// Answers of mypy are found again as long as all that decided them is as it was, also in another place.
#include "runner/probe_memo.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <functional>
#include <string>

#include "runner/memory_store.h"
#include "tests/support/process_surroundings.h"
#include "tests/support/temporary_directory.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using support::ScopedVariable;
using support::ScopedWorkingDirectory;

// A project, a Python environment and a home somewhere below one directory.
class Place {
 public:
  explicit Place(const std::string& project = "project", const std::string& environment = "environment",
                 const std::string& home = "home")
      : project_(made(root_ / project)), environment_(made(root_ / environment)), home_(made(root_ / home)) {
    for (const char* folder : {".git", "rules", "words"}) fs::create_directories(project_ / folder);
    fs::create_directories(site());
    write(project_ / "mypy.ini", "[mypy]\n");
    write(site() / "mypy-2.4.1.dist-info/RECORD",
          "../../../bin/mypy,sha256=of-a-script\nmypy/main.py,sha256=x\n");
    write(site() / "extra.pth", "/elsewhere\n");
    write(environment_ / "pyvenv.cfg", "home = " + environment_.string() + "\n");
  }

  fs::path project() const { return project_; }
  fs::path environment() const { return environment_; }
  fs::path site() const { return environment_ / "lib/python3.11/site-packages"; }
  static void write(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    support::write_file(path, text);
  }

  ProbeMemo memo(PackStore& store, const std::vector<std::string>& arguments = {"src"},
                 const StateDirectory* state = nullptr) const {
    return {{project_.string(), environment_.string(), home_.string()},
            "venv\nversion = 3.11.7",
            arguments,
            store,
            state};
  }
  // What mypy answers here, as far as it matters to the memo.
  json answer() const {
    return {{"mypy", {{"identity", {{"mypy", "2.4.1"}}}, {"directory", (site() / "mypy").string()}}},
            {"options", {{"config_file", "mypy.ini"}}},
            {"config",
             {{"tried", {"mypy.ini", "pyproject.toml", (home_ / ".mypy.ini").string()}},
              {"markers", {(project_ / ".git").string(), (project_ / ".hg").string()}}}},
            {"environment", {{"HOME", home_.string()}, {"PROJECT_FLAG", nullptr}, {"COLUMNS", nullptr}}},
            {"plugins", json::array({{{"inputs", {(project_ / "plugin.py").string()}},
                                      {"directories", {(project_ / "rules").string()}},
                                      {"variables", {"PLUGIN_SECRET", "COLUMNS"}}}})},
            {"import_listings", {(project_ / "words").string()}},
            {"inputs",
             {(site() / "mypy-2.4.1.dist-info/RECORD").string(), (site() / "extra.pth").string(),
              (environment_ / "pyvenv.cfg").string(), (project_ / "other/pyvenv.cfg").string()}},
            {"listings", {site().string()}},
            {"search", {site().string() + ":" + project_.string(), "/usr/lib/mypy"}}};
  }

 private:
  static fs::path made(const fs::path& path) {
    fs::create_directories(path);
    return path;
  }

  support::TemporaryDirectory root_;
  fs::path project_, environment_, home_;

 public:
  ScopedWorkingDirectory here{project_};
  ScopedVariable home_variable{"HOME", home_.string()};
  ScopedVariable flag{"PROJECT_FLAG", std::nullopt};
  ScopedVariable secret{"PLUGIN_SECRET", std::nullopt};
  ScopedVariable columns{"COLUMNS", std::nullopt};
  ScopedVariable mypy_path{"MYPYPATH", std::nullopt};
};

TEST_CASE("what was never remembered is not recalled") {
  Place place;
  MemoryStore store;
  CHECK_FALSE(place.memo(store).recall().has_value());
}

TEST_CASE("what was remembered is recalled as it was") {
  Place place;
  MemoryStore store;
  place.memo(store).remember(place.answer());
  CHECK(place.memo(store).recall() == place.answer());
}

TEST_CASE("the state directory has the last answer, so that no store is needed") {
  Place place;
  MemoryStore store;
  MemoryStore empty;
  const auto state = StateDirectory::open(place.project(), StateDirectory::Access::kReadWrite);
  place.memo(store, {"src"}, &state).remember(place.answer());
  const fs::path file = place.project() / ".typewave_cache/probe";
  SUBCASE("and gives it as the store does") {
    ProbeMemo here = place.memo(empty, {"src"}, &state);
    CHECK(here.recall() == place.answer());
    ProbeMemo there = place.memo(store);
    CHECK(there.recall() == place.answer());
    CHECK(here.identity() == there.identity());
  }
  SUBCASE("if it is one to these arguments") {
    CHECK_FALSE(place.memo(empty, {"tests"}, &state).recall().has_value());
  }
  SUBCASE("if its inputs are what they were") {
    Place::write(place.project() / "mypy.ini", "[mypy]\nstrict = True\n");
    CHECK_FALSE(place.memo(empty, {"src"}, &state).recall().has_value());
  }
  SUBCASE("if no byte of it is damaged") {
    const std::string good = support::read_file(file);
    for (std::size_t at = 0; at < good.size(); at += 7) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ 1);
      support::write_file(file, bad);
      CHECK_FALSE(place.memo(empty, {"src"}, &state).recall().has_value());
      support::write_file(file, good.substr(0, at));
      CHECK_FALSE(place.memo(empty, {"src"}, &state).recall().has_value());
    }
  }
  SUBCASE("and takes it over from the store") {
    fs::remove(file);
    CHECK(place.memo(store, {"src"}, &state).recall().has_value());
    CHECK(place.memo(empty, {"src"}, &state).recall() == place.answer());
  }
}

// Whether the answer is still recalled after an edit.
bool holds_after(const std::function<void(Place&)>& edit) {
  Place place;
  MemoryStore store;
  place.memo(store).remember(place.answer());
  edit(place);
  return place.memo(store).recall().has_value();
}

TEST_CASE("an answer holds until something that decided it changes") {
  struct Case {
    std::string what;
    bool holds;
    std::function<void(Place&)> edit;
  };
  const Case cases[] = {
      {"nothing", true, [](Place&) {}},
      {"config file edited", false,
       [](Place& p) { Place::write(p.project() / "mypy.ini", "[mypy]\nstrict = True\n"); }},
      {"config file gone", false, [](Place& p) { fs::remove(p.project() / "mypy.ini"); }},
      {"another config file appears", false,
       [](Place& p) { Place::write(p.project() / "pyproject.toml", ""); }},
      {"touched without a change", true,
       [](Place& p) { Place::write(p.project() / "mypy.ini", "[mypy]\n"); }},
      {"unrelated file", true, [](Place& p) { Place::write(p.project() / "src/a.py", "x = 1\n"); }},
      {"plugin appears", false, [](Place& p) { Place::write(p.project() / "plugin.py", "x = 1\n"); }},
      {"path file edited", false, [](Place& p) { Place::write(p.site() / "extra.pth", "/other\n"); }},
      {"path file appears", false, [](Place& p) { Place::write(p.site() / "new.pth", ""); }},
      {"path file gone", false, [](Place& p) { fs::remove(p.site() / "extra.pth"); }},
      {"mypy's files differ", false,
       [](Place& p) { Place::write(p.site() / "mypy-2.4.1.dist-info/RECORD", "mypy/main.py,sha256=y\n"); }},
      {"mypy upgraded", false,
       [](Place& p) { fs::rename(p.site() / "mypy-2.4.1.dist-info", p.site() / "mypy-2.4.2.dist-info"); }},
      {"a second mypy", false, [](Place& p) { fs::create_directory(p.site() / "mypy-2.5.0.dist-info"); }},
      {"unrelated distribution", true,
       [](Place& p) { fs::create_directory(p.site() / "mypy_plugins-1.0.dist-info"); }},
      {"site directory gone", false, [](Place& p) { fs::remove_all(p.site()); }},
      {"variable set", false, [](Place& p) { p.flag.set("1"); }},
      {"variable set to nothing", false, [](Place& p) { p.flag.set(""); }},
      {"variable of every probe set", false, [](Place& p) { p.mypy_path.set("stubs"); }},
      {"variable that only prints", true, [](Place& p) { p.columns.set("132"); }},
      {"repository's root is none any more", false, [](Place& p) { fs::remove_all(p.project() / ".git"); }},
      {"another marker appears", false, [](Place& p) { fs::create_directory(p.project() / ".hg"); }},
      {"variable that a plugin asked for", false, [](Place& p) { p.secret.set("1"); }},
      {"file in a directory that a plugin listed", false,
       [](Place& p) { Place::write(p.project() / "rules/new.txt", ""); }},
      {"module where a plugin's imports are looked for", false,
       [](Place& p) { Place::write(p.project() / "words/new.py", ""); }},
      {"distribution there", false,
       [](Place& p) { fs::create_directories(p.project() / "words/new-1.0.dist-info"); }},
      {"something else there", true,
       [](Place& p) {
         Place::write(p.project() / "words/notes.txt", "");
         fs::create_directories(p.project() / "words/__pycache__");
       }},
      {"settings of another interpreter's environment", false,
       [](Place& p) { Place::write(p.project() / "other/pyvenv.cfg", "home = /usr/bin\n"); }},
      {"environment's own settings", true,
       [](Place& p) { Place::write(p.environment() / "pyvenv.cfg", "home = /usr/bin\n"); }},
  };
  for (const Case& one : cases) {
    CAPTURE(one.what);
    CHECK(holds_after(one.edit) == one.holds);
  }
}

TEST_CASE("arguments and interpreter are part of the question") {
  Place place;
  MemoryStore store;
  place.memo(store).remember(place.answer());
  CHECK_FALSE(place.memo(store, {"src", "--strict"}).recall().has_value());
  CHECK_FALSE(place.memo(store, {}).recall().has_value());
  ProbeMemo other({place.project().string(), place.environment().string(), ""}, "venv\nversion = 3.12.1",
                  {"src"}, store);
  CHECK_FALSE(other.recall().has_value());
}

TEST_CASE("an answer is found again where everything lies elsewhere, with the paths of there") {
  MemoryStore store;
  {
    Place first;
    first.memo(store).remember(first.answer());
  }
  // Another depth, an environment inside of the project, a home above both.
  Place second("home/deep/checkout", "home/deep/checkout/.venv", "home");
  CHECK(second.memo(store).recall() == second.answer());
}

TEST_CASE("arguments that name the project move with it") {
  MemoryStore store;
  {
    Place first;
    first.memo(store, {first.project().string() + "/src"}).remember(first.answer());
  }
  Place second("elsewhere");
  CHECK(second.memo(store, {second.project().string() + "/src"}).recall().has_value());
  CHECK_FALSE(second.memo(store, {second.project().string() + "x/src"}).recall().has_value());
}

TEST_CASE("no path of this machine is stored") {
  Place place;
  class Spy final : public PackStore {
   public:
    std::optional<std::string> get(RecordKind, const graph::Digest&) override { return std::nullopt; }
    std::vector<std::string> get_all(RecordKind, const graph::Digest&) override { return {}; }
    bool contains(RecordKind, const graph::Digest&) override { return false; }
    void put(RecordKind, const graph::Digest&, std::string_view bytes) override { written += bytes; }
    void flush() override {}
    void discard() override {}
    StoreCounters counters() const override { return {}; }
    std::string trouble() const override { return {}; }
    std::string written;
  } spy;
  place.memo(spy).remember(place.answer());
  REQUIRE(spy.written != "");
  CHECK(spy.written.find(place.project().parent_path().string()) == std::string::npos);
}

TEST_CASE("of several answers the newest that holds is recalled: switching between branches") {
  Place place;
  MemoryStore store;
  json one = place.answer(), two = place.answer();
  one["options"]["strict"] = false;
  two["options"]["strict"] = true;
  place.memo(store).remember(one);
  Place::write(place.project() / "mypy.ini", "[mypy]\nstrict = True\n");
  CHECK_FALSE(place.memo(store).recall().has_value());
  place.memo(store).remember(two);
  CHECK(place.memo(store).recall() == two);
  Place::write(place.project() / "mypy.ini", "[mypy]\n");
  CHECK(place.memo(store).recall() == one);
}

TEST_CASE("records that are none of ours count as absent") {
  Place place;
  class Odd final : public PackStore {
   public:
    std::optional<std::string> get(RecordKind, const graph::Digest&) override { return std::nullopt; }
    std::vector<std::string> get_all(RecordKind, const graph::Digest&) override {
      return {
          "",
          "{",
          "null",
          "[]",
          "{}",
          R"({"inputs": {}})",
          R"({"inputs": 1, "answer": {}})",
          R"({"inputs": {"variables": {}, "files": [[1, 2]], "markers": [], "listings": []}, "answer": {}})",
          R"({"inputs": {"variables": {}, "files": [], "markers": [["x"]], "listings": []}, "answer": {}})",
          R"({"inputs": {"variables": {}, "files": [], "markers": [], "listings": [7]}, "answer": {}})"};
    }
    bool contains(RecordKind, const graph::Digest&) override { return true; }
    void put(RecordKind, const graph::Digest&, std::string_view) override {}
    void flush() override {}
    void discard() override {}
    StoreCounters counters() const override { return {}; }
    std::string trouble() const override { return {}; }
  } odd;
  CHECK_FALSE(place.memo(odd).recall().has_value());
}

TEST_CASE("an answer that does not name its inputs is not remembered") {
  Place place;
  MemoryStore store;
  json answer = place.answer();
  answer.erase("listings");
  place.memo(store).remember(answer);
  CHECK_FALSE(place.memo(store).recall().has_value());
}

TEST_CASE("an answer from a pipe is never recalled, and the pipe is not waited for") {
  CHECK_FALSE(holds_after([](Place& p) {
    const fs::path config = p.project() / "mypy.ini";
    fs::remove(config);
    REQUIRE(::mkfifo(config.c_str(), 0600) == 0);
  }));
  Place place;
  MemoryStore store;
  fs::remove(place.project() / "mypy.ini");
  REQUIRE(::mkfifo((place.project() / "mypy.ini").c_str(), 0600) == 0);
  place.memo(store).remember(place.answer());
  CHECK_FALSE(place.memo(store).recall().has_value());
}

TEST_CASE("text that is not UTF-8 in an answer or an argument does not stop a run") {
  Place place;
  MemoryStore store;
  json answer = place.answer();
  answer["stdout"] = "\xff";
  place.memo(store, {"\xff.py"}).remember(answer);
  place.memo(store, {"\xff.py"}).recall();
}

TEST_CASE("a file's digest is of its content; a directory has none") {
  Place place;
  CHECK(digest_of_file((place.project() / "mypy.ini").string()) == graph::sha256("[mypy]\n").hex());
  CHECK_FALSE(digest_of_file((place.project() / "gone").string()).has_value());
  CHECK_FALSE(digest_of_file(place.project().string()).has_value());
}

std::string plugin_digest(const Place& place) {
  json answer = place.answer();
  add_plugin_digests(answer);
  return answer.at("plugins").at(0).at("digest");
}

TEST_CASE("a plugin's digest follows all it is made of and has read, not where that lies") {
  std::string before;
  {
    Place place;
    before = plugin_digest(place);
    place.secret.set("1");
    CHECK(plugin_digest(place) != before);
    place.secret.set(std::nullopt);
    Place::write(place.project() / "rules/new.txt", "");
    CHECK(plugin_digest(place) != before);
    fs::remove(place.project() / "rules/new.txt");
    Place::write(place.project() / "plugin.py", "x = 1\n");
    CHECK(plugin_digest(place) != before);
  }
  const Place elsewhere("home/deep/checkout", "home/deep/checkout/.venv", "home");
  CHECK(plugin_digest(elsewhere) == before);
}

TEST_CASE("what an answer rests on is watched, and nothing is published once it changed") {
  Place place;
  Place::write(place.project() / "plugin.py", "x = 1\n");
  MemoryStore store;
  const std::optional<SettledInputs> seen = place.memo(store).look(place.answer());
  REQUIRE(seen.has_value());
  CHECK_FALSE(seen->change().has_value());
  CHECK(seen == place.memo(store).look(place.answer()));
  CHECK(seen->older_than(coarse_clock_ns() + 60'000'000'000));
  CHECK_FALSE(seen->older_than(0));
  CHECK_FALSE(seen->can_be_read_once());
  store.put(RecordKind::kTouched, graph::sha256("a"), "kept");
  publish(store, &*seen);
  CHECK(store.contains(RecordKind::kTouched, graph::sha256("a")));

  SUBCASE("a configuration") {
    Place::write(place.project() / "mypy.ini", "[mypy]\nstrict = True\n");
  }
  SUBCASE("a configuration that was not there") {
    Place::write(place.project() / "pyproject.toml", "");
  }
  SUBCASE("a plugin") {
    fs::remove(place.project() / "plugin.py");
  }
  SUBCASE("a directory that a plugin listed") {
    Place::write(place.project() / "rules/new", "");
  }
  SUBCASE("the installed mypy") {
    fs::create_directories(place.site() / "mypy-2.4.2.dist-info");
  }
  CHECK(seen->change().has_value());
  CHECK_FALSE(seen == place.memo(store).look(place.answer()));
  publish(store, &*seen);
  CHECK_FALSE(store.contains(RecordKind::kTouched, graph::sha256("a")));
  publish(store, nullptr);
}

}  // namespace
}  // namespace runner
