// The store of a run that keeps nothing.
#include "runner/memory_store.h"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

namespace runner {
namespace {

using Records = std::vector<std::string>;

TEST_CASE("what was never put is not there") {
  MemoryStore store;
  CHECK_FALSE(store.get(RecordKind::kManifest, graph::sha256("a")).has_value());
  CHECK(store.get_all(RecordKind::kManifest, graph::sha256("a")).empty());
  CHECK_FALSE(store.contains(RecordKind::kManifest, graph::sha256("a")));
}

TEST_CASE("records of one key come newest first; kinds and keys are apart") {
  MemoryStore store;
  const graph::Digest key = graph::sha256("a");
  store.put(RecordKind::kManifest, key, "1");
  store.put(RecordKind::kManifest, key, "2");
  store.put(RecordKind::kProbe, key, "3");
  CHECK(store.get(RecordKind::kManifest, key) == "2");
  CHECK(store.get_all(RecordKind::kManifest, key) == Records{"2", "1"});
  CHECK(store.get_all(RecordKind::kProbe, key) == Records{"3"});
  CHECK_FALSE(store.contains(RecordKind::kInterface, key));
  CHECK_FALSE(store.contains(RecordKind::kManifest, graph::sha256("b")));
}

TEST_CASE("an interface is kept once: its key is its content") {
  MemoryStore store;
  store.put(RecordKind::kInterface, graph::sha256("i"), "i");
  store.put(RecordKind::kInterface, graph::sha256("i"), "i");
  CHECK(store.get_all(RecordKind::kInterface, graph::sha256("i")) == Records{"i"});
}

TEST_CASE("bytes are kept as they are") {
  MemoryStore store;
  const std::string bytes("\0\xff\n", 3);
  store.put(RecordKind::kTouched, {}, bytes);
  CHECK(store.get(RecordKind::kTouched, {}) == bytes);
}

TEST_CASE("threads may put and get at once") {
  MemoryStore store;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&store, t] {
        for (int i = 0; i < 100; ++i) {
          store.put(RecordKind::kManifest, graph::sha256("shared"), std::to_string(t));
          store.get_all(RecordKind::kManifest, graph::sha256("shared"));
        }
      });
    }
  }
  CHECK(store.get_all(RecordKind::kManifest, graph::sha256("shared")).size() == 400);
}

}  // namespace
}  // namespace runner
