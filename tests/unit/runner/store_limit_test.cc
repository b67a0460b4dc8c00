#include "runner/store_limit.h"

#include <doctest/doctest.h>

namespace runner {
namespace {

std::uint64_t bytes(std::string_view text) {
  const auto size = parse_size(text);
  return size ? *size : 0;
}

TEST_CASE("a size is a number with a unit, of thousands or of 1024") {
  CHECK(bytes("1") == 1);
  CHECK(bytes("100000") == 100'000);
  CHECK(bytes("2k") == 2'000);
  CHECK(bytes("500M") == 500'000'000);
  CHECK(bytes("500 MB") == 500'000'000);
  CHECK(bytes("5G") == kDefaultStoreLimit);
  CHECK(bytes("1.5g") == 1'500'000'000);
  CHECK(bytes("2Ki") == 2'048);
  CHECK(bytes("1GiB") == std::uint64_t{1} << 30);
  CHECK(bytes("2T") == 2'000'000'000'000);
}

TEST_CASE("what is no size is refused with a hint") {
  for (const char* text :
       {"", "G", "5X", "5GG", "-1", "0", "0.1", "5i", "nan", "inf", "1e3", "9999999999T", " 5G"}) {
    CAPTURE(text);
    const auto size = parse_size(text);
    REQUIRE_FALSE(size.ok());
    CHECK(size.error().message == "\"" + std::string(text) + "\" is not a size");
    CHECK(size.error().hint.find("5G") != std::string::npos);
  }
}

TEST_CASE("sizes are printed with one decimal") {
  CHECK(size_text(0) == "0 bytes");
  CHECK(size_text(1) == "1 byte");
  CHECK(size_text(999) == "999 bytes");
  CHECK(size_text(1'000) == "1.0 kB");
  CHECK(size_text(18'249'000) == "18.2 MB");
  CHECK(size_text(999'999) == "1.0 MB");
  CHECK(size_text(kDefaultStoreLimit) == "5.0 GB");
}

TEST_CASE("whatever the limit is, a rewritten pack fits beside the old ones") {
  for (const std::uint64_t limit : {std::uint64_t{1}, std::uint64_t{400'000}, kDefaultStoreLimit}) {
    const StoreLimit store{limit};
    CHECK(store.largest_pack() > 0);
    CHECK(store.largest_pack() <= store.while_collecting() - store.bytes + 1);
    CHECK(store.while_collecting() <= limit + limit / 10);
    CHECK(store.after_collection() <= limit);
  }
}

}  // namespace
}  // namespace runner
