// Interned dotted names.
#include "graph/name_table.h"

#include <doctest/doctest.h>

TEST_CASE("a name is one number however it is made") {
  graph::NameTable names;
  const graph::NameId name = names.intern("a.b.c");
  CHECK(names.intern("a.b.c") == name);
  CHECK(names.intern_child(names.intern("a.b"), "c") == name);
  CHECK(names.intern("a.b.d") != name);
  CHECK(names.intern("b.c") != names.intern("c"));
  CHECK(names.text(name) == "a.b.c");
  CHECK(names.dots(name) == 2);
}

TEST_CASE("parents end at the first part") {
  graph::NameTable names;
  const graph::NameId name = names.intern("a.b");
  REQUIRE(names.has_parent(name));
  CHECK(names.text(names.parent(name)) == "a");
  CHECK_FALSE(names.has_parent(names.parent(name)));
}

TEST_CASE("empty parts are parts") {
  graph::NameTable names;
  const graph::NameId name = names.intern(".a");
  CHECK(names.text(name) == ".a");
  CHECK(names.dots(name) == 1);
  CHECK(names.text(names.parent(name)).empty());
  CHECK(names.intern("a.") != names.intern("a"));
  CHECK(names.text(names.intern("a..b")) == "a..b");
}

TEST_CASE("names stay as they are while the table grows") {
  graph::NameTable names;
  const std::string long_part(100'000, 'x');
  const graph::NameId long_name = names.intern("p." + long_part);
  std::vector<graph::NameId> ids;
  for (int i = 0; i < 20'000; ++i)
    ids.push_back(names.intern("m" + std::to_string(i % 100) + "." + std::to_string(i)));
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = "m" + std::to_string(i % 100) + "." + std::to_string(i);
    REQUIRE(names.text(ids[static_cast<std::size_t>(i)]) == text);
    REQUIRE(names.intern(text) == ids[static_cast<std::size_t>(i)]);
  }
  CHECK(names.text(long_name) == "p." + long_part);
}
