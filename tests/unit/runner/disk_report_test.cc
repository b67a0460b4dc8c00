// What the disk did to a run is said in one line.
#include "runner/disk_report.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace runner {
namespace {

TEST_CASE("nothing happened, nothing is said") {
  CHECK(warning_of({}) == std::nullopt);
  CHECK(warning_of({.troubles = {"", ""}, .damaged_in_store = 0, .damaged_in_state = 0}) == std::nullopt);
}

TEST_CASE("several troubles are one line") {
  const DiskReport report{.troubles = {"the store is full", "", "so is the checkout"},
                          .damaged_in_store = 0,
                          .damaged_in_state = 0};
  CHECK(warning_of(report) == "the store is full; so is the checkout");
}

TEST_CASE("damage is counted by place") {
  CHECK(warning_of({.troubles = {}, .damaged_in_store = 3, .damaged_in_state = 0}) ==
        "3 damaged records or packs in the store were ignored; what was lost is computed again");
  CHECK(warning_of({.troubles = {}, .damaged_in_store = 3, .damaged_in_state = 1}) ==
        "3 damaged records or packs in the store and 1 record or file in .typewave_cache, damaged "
        "or of another version, were ignored; what was lost is computed again");
  CHECK(
      warning_of({.troubles = {}, .damaged_in_store = 0, .damaged_in_state = 2}) ==
      "2 records or files in .typewave_cache, damaged or of another version, were ignored; what was lost is "
      "computed again");
}

TEST_CASE("trouble and damage are one line") {
  CHECK(warning_of({.troubles = {"the store is full"}, .damaged_in_store = 1, .damaged_in_state = 0}) ==
        "the store is full; 1 damaged record or pack in the store was ignored; what was lost is computed "
        "again");
}

}  // namespace
}  // namespace runner
