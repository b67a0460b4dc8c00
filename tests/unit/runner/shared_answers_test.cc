// The answer of a whole run is found again wherever the same is to be seen, and only there.
#include "runner/shared_answers.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <utility>

#include "runner/memory_store.h"
#include "tests/support/temporary_directory.h"

namespace runner {
namespace {

namespace fs = std::filesystem;
using support::write_file;

const graph::Digest kInputs = graph::sha256("inputs");

// A checkout with one package and one module that is imported but not there.
class Checkout {
 public:
  Checkout() {
    fs::create_directories(root / "app");
    write_file(root / "app" / "a.py", "x = 1\n");
    write_file(root / "app" / "b.py", "y = 2\n");
  }
  std::string at(const std::string& path) const { return root.path().string() + "/" + path; }
  // What a run of this moment sees.
  graph::DiskObservations seen() const {
    graph::DiskObservations now;
    now.directories = {{at("app"), {}, {}}};
    now.paths = {{at("lib"), graph::FileKind::kMissing}};
    now.files = {{at("app/a.py"), {}, {}, {}, {}}, {at("app/b.py"), {}, {}, {}, {}}};
    graph::look_again(now, 1, true);
    return now;
  }
  SharedAnswers answers(PackStore& store, const graph::Digest& inputs = kInputs) const {
    return SharedAnswers(store, inputs, PathNames({root.path(), "/environment", ""}));
  }

  support::TemporaryDirectory root;
};

RunAnswer answer(const std::string& output) {
  return {
      .output = output, .exit_code = 1, .own_modules = 2, .components = 2, .waves = 1, .cpu_seconds = 0.5};
}

void keep(const SharedAnswers& answers, const graph::DiskObservations& seen, const RunAnswer& answer) {
  if (const auto place = answers.place_of(seen)) answers.keep(*place, answer);
}

TEST_CASE("the order in which things were seen does not matter") {
  MemoryStore store;
  const Checkout here;
  const SharedAnswers answers = here.answers(store);
  keep(answers, here.seen(), answer("app/a.py:1: error"));
  graph::DiskObservations other = here.seen();
  std::swap(other.files[0], other.files[1]);
  CHECK(here.answers(store).find(other) == answer("app/a.py:1: error"));
  answers.sort(other);
  CHECK(other == here.seen());
  CHECK(answers.find(other) == answer("app/a.py:1: error"));
  // The same paths as before, with another content.
  write_file(here.root / "app" / "b.py", "y = 3\n");
  CHECK_FALSE(answers.find(here.seen()).has_value());
}

TEST_CASE("another checkout with the same files finds the answer") {
  MemoryStore store;
  const Checkout here;
  const Checkout there;
  keep(here.answers(store), here.seen(), answer("app/a.py:1: error"));
  CHECK(there.answers(store).find(there.seen()) == answer("app/a.py:1: error"));
  const auto found = there.answers(store).search({}, 1);
  REQUIRE(found.has_value());
  CHECK(found->answer == answer("app/a.py:1: error"));
  CHECK(found->seen.files.size() == 2);
  CHECK_FALSE(there.answers(store, graph::sha256("others")).search({}, 1).has_value());
}

TEST_CASE("whatever differs hides the answer") {
  MemoryStore store;
  const Checkout here;
  const Checkout there;
  keep(here.answers(store), here.seen(), answer(""));
  SUBCASE("a file") {
    write_file(there.at("app/b.py"), "y = 3\n");
  }
  SUBCASE("a comment, for its bytes are what is looked at") {
    write_file(there.at("app/b.py"), "y = 2  # two\n");
  }
  SUBCASE("a file that is gone") {
    fs::remove(there.at("app/b.py"));
  }
  SUBCASE("a new module") {
    write_file(there.at("app/c.py"), "");
  }
  SUBCASE("what was not there") {
    write_file(there.at("lib"), "");
  }
  SUBCASE("the directory") {
    fs::remove_all(there.at("app"));
  }
  CHECK_FALSE(there.answers(store).search({}, 1).has_value());
}

TEST_CASE("what came back is found among several trees, and what is known is not looked at again") {
  MemoryStore store;
  const Checkout tree;
  const graph::DiskObservations first = tree.seen();
  keep(tree.answers(store), first, answer("first"));
  write_file(tree.at("app/b.py"), "y = 3\n");
  keep(tree.answers(store), tree.seen(), answer("second"));
  CHECK(tree.answers(store).find(tree.seen()) == answer("second"));
  CHECK(tree.answers(store).find(first) == answer("first"));
  // Known observations are believed.
  const auto found = tree.answers(store).search(first, 1);
  REQUIRE(found.has_value());
  CHECK(found->answer == answer("first"));
}

TEST_CASE("answers that name places are kept to themselves") {
  MemoryStore store;
  const Checkout here;
  keep(here.answers(store), here.seen(), answer(here.at("app/a.py") + ":1: error"));
  CHECK_FALSE(here.answers(store).find(here.seen()).has_value());
  graph::DiskObservations incomplete = here.seen();
  incomplete.complete = false;
  keep(here.answers(store), incomplete, answer(""));
  CHECK_FALSE(here.answers(store).find(here.seen()).has_value());
}

}  // namespace
}  // namespace runner
