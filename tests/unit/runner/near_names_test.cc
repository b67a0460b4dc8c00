// Names that somebody may have meant.
#include "runner/near_names.h"

#include <doctest/doctest.h>

namespace runner {
namespace {

using Names = std::vector<std::string>;

TEST_CASE("the distance counts insertions, deletions, replacements and swaps") {
  CHECK(edit_distance("order", "order") == 0);
  CHECK(edit_distance("order", "orders") == 1);
  CHECK(edit_distance("oder", "order") == 1);
  CHECK(edit_distance("ordre", "order") == 1);
  CHECK(edit_distance("", "abc") == 3);
}

TEST_CASE("the likeliest come first, the unlikely not at all") {
  const Names names = {"shop.order", "shop.orders", "tool", "zebra.unrelated"};
  CHECK(near_names("order", names, 5) == Names{"shop.order", "shop.orders"});
  CHECK(near_names("shop.ordre", names, 5) == Names{"shop.order", "shop.orders"});
  CHECK(near_names("shop.ordre", names, 1) == Names{"shop.order"});
  CHECK(near_names("qqqqqq", names, 5).empty());
}

TEST_CASE("a message asks whether one of them was meant") {
  CHECK(did_you_mean("shop.ordre", {"shop.order", "shop.orders", "tool"}) ==
        "did you mean shop.order, shop.orders?");
  CHECK(did_you_mean("qqqqqq", {"shop.order"}).empty());
}

}  // namespace
}  // namespace runner
