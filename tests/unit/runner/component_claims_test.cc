#include "runner/component_claims.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/support/temporary_directory.h"

namespace runner {
namespace {

// Claims belong to an open file, so two of them in one process are as two processes.
class TwoProcesses {
 public:
  TwoProcesses() : first(open()), second(std::in_place, open()) {}

 private:
  ComponentClaims::Open open() const {
    return [this](const std::string& name) {
      return FileHandle(::open((directory_ / name).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    };
  }
  support::TemporaryDirectory directory_;

 public:
  ComponentClaims first;
  std::optional<ComponentClaims> second;
};

const graph::Digest kA = graph::sha256("a");
const graph::Digest kB = graph::sha256("b");

TEST_CASE("a component is claimed by one process at a time") {
  TwoProcesses both;
  CHECK(both.first.take(kA));
  CHECK(both.first.take(kA));
  CHECK_FALSE(both.second->take(kA));
  CHECK(both.second->take(kB));
  both.first.release(kA);
  CHECK(both.second->take(kA));
  CHECK_FALSE(both.first.take(kA));
  both.first.release(kA);  // not its own: nothing happens
  CHECK_FALSE(both.first.take(kA));
  both.second->release_all();
  CHECK(both.first.take(kA));
  CHECK(both.first.take(kB));
}

TEST_CASE("all components can be claimed, and are free again") {
  TwoProcesses both;
  std::vector<graph::Digest> keys;
  for (int i = 0; i < 100; ++i) keys.push_back(graph::sha256(std::to_string(i)));
  for (const graph::Digest& key : keys) CHECK(both.first.take(key));
  for (const graph::Digest& key : keys) CHECK_FALSE(both.second->take(key));
  both.first.release_all();
  for (const graph::Digest& key : keys) CHECK(both.second->take(key));
}

TEST_CASE("claims go with whoever had them") {
  TwoProcesses both;
  CHECK(both.second->take(kA));
  CHECK_FALSE(both.first.take(kA));
  both.second.reset();
  CHECK(both.first.take(kA));
}

TEST_CASE("a process hears that another waits, not that itself does") {
  TwoProcesses both;
  CHECK_FALSE(both.first.others_wait());
  both.first.note_waiting(true);
  CHECK_FALSE(both.first.others_wait());
  CHECK(both.second->others_wait());
  both.second->note_waiting(true);
  CHECK(both.first.others_wait());
  both.first.note_waiting(false);
  CHECK_FALSE(both.second->others_wait());
}

TEST_CASE("without a file everything is free") {
  ComponentClaims claims([](const std::string&) { return FileHandle(); });
  CHECK(claims.take(kA));
  claims.note_waiting(true);
  CHECK_FALSE(claims.others_wait());
  claims.release(kA);
  claims.release_all();
}

}  // namespace
}  // namespace runner
