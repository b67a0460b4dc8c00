// What the disk did is said in one line, what was damaged in another.
#include "runner/disk_report.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace runner {
namespace {

using Lines = std::vector<std::string>;

TEST_CASE("nothing happened, nothing is said") {
  CHECK(warnings_of({}).empty());
  CHECK(warnings_of({.troubles = {"", ""}, .damaged_in_store = 0, .damaged_in_state = 0}).empty());
}

TEST_CASE("several troubles are one line") {
  const DiskReport report{.troubles = {"the store is full", "", "so is the checkout"},
                          .damaged_in_store = 0,
                          .damaged_in_state = 0};
  CHECK(warnings_of(report) == Lines{"the store is full; so is the checkout"});
}

TEST_CASE("damage is counted by place") {
  CHECK(warnings_of({.troubles = {}, .damaged_in_store = 3, .damaged_in_state = 0}) ==
        Lines{"3 damaged records or packs in the store were ignored; what was lost is computed again"});
  CHECK(
      warnings_of({.troubles = {}, .damaged_in_store = 3, .damaged_in_state = 1}) ==
      Lines{"3 damaged records or packs in the store and 1 damaged records or files in .typewave_cache were "
            "ignored; what was lost is computed again"});
}

}  // namespace
}  // namespace runner
