// Manifest entries as bytes, and outcomes on top of a store of bytes.
#include "runner/stored_outcomes.h"

#include <doctest/doctest.h>

#include <string>

#include "runner/memory_store.h"

namespace runner {
namespace {

scheduler::ManifestEntry sample(double seconds = 1.5) {
  scheduler::ManifestEntry entry;
  entry.used_digest = graph::sha256("used");
  entry.used_marks = {0, 0xffffffff};
  entry.outcome.used = {"a", "b.c"};
  entry.outcome.seconds = seconds;
  entry.outcome.modules.resize(1);
  entry.outcome.modules[0].interface = graph::sha256("interface");
  scheduler::Diagnostic diagnostic;
  diagnostic.line = 3;
  diagnostic.severity = "error";
  diagnostic.message = "Bad";
  diagnostic.code = "misc";
  entry.outcome.modules[0].diagnostics = {diagnostic};
  return entry;
}

bool same(const scheduler::ManifestEntry& a, const scheduler::ManifestEntry& b) {
  return a.used_digest == b.used_digest && a.used_marks == b.used_marks && a.outcome == b.outcome;
}

TEST_CASE("an entry comes back as it was") {
  const auto decoded = decode_entry(encode_entry(sample()));
  REQUIRE(decoded.ok());
  CHECK(same(*decoded, sample()));
  scheduler::ManifestEntry empty;
  const auto nothing = decode_entry(encode_entry(empty));
  REQUIRE(nothing.ok());
  CHECK(same(*nothing, empty));
}

TEST_CASE("an entry cut short anywhere is an error, as is one with bytes too many") {
  const std::string bytes = encode_entry(sample());
  std::size_t accepted = 0;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    accepted += decode_entry(std::string_view(bytes).substr(0, size)).ok();
  }
  CHECK(accepted == 0);
  CHECK_FALSE(decode_entry(bytes + '\0').ok());
}

TEST_CASE("a flipped byte gives an error or another entry, never the same") {
  const std::string bytes = encode_entry(sample());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string broken = bytes;
    broken[i] = static_cast<char>(broken[i] ^ 0x41);
    const auto decoded = decode_entry(broken);
    if (decoded) CHECK_FALSE(same(*decoded, sample()));
  }
}

TEST_CASE("an entry has one mark for each used module") {
  scheduler::ManifestEntry entry = sample();
  entry.used_marks.push_back(7);
  CHECK_FALSE(decode_entry(encode_entry(entry)).ok());
  entry.used_marks.resize(1);
  CHECK_FALSE(decode_entry(encode_entry(entry)).ok());
}

TEST_CASE("a number of marks that no buffer holds allocates nothing") {
  std::string bytes(32, 'd');
  bytes += "\xff\xff\xff\xff\xff\xff\xff\xff\x7f";
  CHECK_FALSE(decode_entry(bytes).ok());
}

TEST_CASE("an entry that is larger than any result is refused unread") {
  scheduler::ManifestEntry entry = sample();
  entry.outcome.modules[0].diagnostics.resize(1);
  entry.outcome.modules[0].diagnostics[0].severity = "error";
  entry.outcome.modules[0].diagnostics[0].message = std::string(std::size_t{1} << 20, 'm');
  CHECK(decode_entry(encode_entry(entry)).ok());
  entry.outcome.modules[0].diagnostics[0].message = std::string(std::size_t{16} << 20, 'm');
  CHECK_FALSE(decode_entry(encode_entry(entry)).ok());
}

TEST_CASE("entries come newest first; one that cannot be decoded counts as absent") {
  MemoryStore store;
  StoredOutcomes outcomes(store, false);
  const graph::Digest key = graph::sha256("key");
  CHECK(outcomes.entries(key).empty());
  outcomes.keep(key, sample(1));
  store.put(RecordKind::kManifest, key, "not an entry");
  outcomes.keep(key, sample(2));
  outcomes.keep(graph::sha256("another key"), sample(3));
  const auto entries = outcomes.entries(key);
  REQUIRE(entries.size() == 2);
  CHECK(entries[0].outcome.seconds == 2);
  CHECK(entries[1].outcome.seconds == 1);
}

TEST_CASE("once a run met a broken interface, an entry counts only while all of its interfaces are there") {
  MemoryStore store;
  const graph::Digest key = graph::sha256("key");
  StoredOutcomes(store, false).keep(key, sample());
  CHECK(StoredOutcomes(store, false).entries(key).size() == 1);
  CHECK(StoredOutcomes(store, true).entries(key).empty());
  store.put(RecordKind::kInterface, graph::sha256("interface"), "interface");
  CHECK(StoredOutcomes(store, true).entries(key).size() == 1);
}

}  // namespace
}  // namespace runner
