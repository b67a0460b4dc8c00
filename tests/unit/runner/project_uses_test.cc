#include "runner/project_uses.h"

#include <doctest/doctest.h>

#include "tests/support/temporary_directory.h"

namespace runner {
namespace {

using support::files_in;

constexpr std::size_t kPlenty = 1000;

TEST_CASE("a run adds its keys as the newest layer and takes them out of older ones") {
  ProjectUses uses;
  add_run(uses, {"/home/me/shop", 0, 3}, 10, {3, 1, 2, 1}, kPlenty);
  add_run(uses, {"/home/me/shop", 2, 1}, 20, {2, 4}, kPlenty);
  CHECK(uses.label == "shop");
  CHECK(uses.runs == 2);
  CHECK(uses.reused == 2);
  CHECK(uses.checked == 4);
  CHECK(uses.first_run_ns == 10);
  CHECK(uses.last_run_ns == 20);
  CHECK(uses.layers == std::vector<UseLayer>{{20, {2, 4}}, {10, {1, 3}}});
}

TEST_CASE("the oldest keys are forgotten when there are too many") {
  ProjectUses uses;
  add_run(uses, {"p", 0, 0}, 10, {1, 2}, 3);
  add_run(uses, {"p", 0, 0}, 20, {3, 4}, 3);
  CHECK(uses.layers == std::vector<UseLayer>{{20, {3, 4}}, {10, {1}}});
  add_run(uses, {"p", 0, 0}, 30, {5, 6, 7, 8}, 3);
  CHECK(uses.layers == std::vector<UseLayer>{{30, {5, 6, 7}}});
}

TEST_CASE("what was written is read, and nothing else") {
  ProjectUses uses;
  add_run(uses, {"/a/b", 5, 6}, 10, {1, 2, ~std::uint64_t{0}}, kPlenty);
  const std::string bytes = encode_uses(uses);
  CHECK(decode_uses(bytes) == uses);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK_FALSE(decode_uses(std::string_view(bytes).substr(0, size)).has_value());
  }
  for (std::size_t place = 0; place < bytes.size(); ++place) {
    std::string broken = bytes;
    broken[place] = static_cast<char>(broken[place] ^ 4);
    CHECK_FALSE(decode_uses(broken).has_value());
  }
}

TEST_CASE("repeated answers count, and make the newest layer young") {
  const support::TemporaryDirectory directory;
  const auto uses = OwnedDirectory::open(directory.path(), Creation::kNever);
  REQUIRE(uses.ok());
  ProjectRun repeated{"/work/shop", 4, 0, true};
  CHECK_FALSE(note_repetition(*uses, repeated));
  note_run(*uses, {"/work/shop", 0, 4, false}, {1, 2}, kPlenty);
  CHECK(note_repetition(*uses, repeated));
  CHECK(note_repetition(*uses, repeated));
  auto projects = read_uses(*uses, false);
  REQUIRE(projects.size() == 1);
  CHECK(projects.front().id.size() == 8);
  CHECK(projects.front().uses.runs == 3);
  CHECK(projects.front().uses.reused == 8);
  CHECK(projects.front().uses.checked == 4);
  CHECK(projects.front().uses.layers.front().moment_ns == projects.front().uses.last_run_ns);
  note_run(*uses, {"/work/shop", 1, 0, false}, {3}, kPlenty);
  projects = read_uses(*uses, false);
  CHECK(projects.front().uses.runs == 4);
  CHECK(projects.front().uses.reused == 9);
  CHECK(files_in(directory.path()).size() == 1);
}

TEST_CASE("the last use of a key is that of any project; broken files are removed if asked to") {
  const support::TemporaryDirectory directory;
  support::write_file(directory / "0123456789abcdef.use", "broken");
  const auto uses = OwnedDirectory::open(directory.path(), Creation::kNever);
  REQUIRE(uses.ok());
  CHECK(read_uses(*uses, false).empty());
  CHECK(files_in(directory.path()).size() == 1);
  CHECK(read_uses(*uses, true).empty());
  CHECK(files_in(directory.path()).empty());
  std::vector<NamedUses> projects(2);
  projects[0].uses.layers = {{30, {1}}, {10, {2}}};
  projects[1].uses.layers = {{20, {1, 2, 3}}};
  const auto moments = last_uses(projects);
  CHECK(moments.at(1) == 30);
  CHECK(moments.at(2) == 20);
  CHECK(moments.at(3) == 20);
}

}  // namespace
}  // namespace runner
