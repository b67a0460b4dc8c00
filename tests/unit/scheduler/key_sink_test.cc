// A key tells apart every two sequences of inputs.
#include "scheduler/key_sink.h"

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace scheduler {
namespace {

class NoPart final : public KeyPart {
 public:
  void describe(KeySink& /*sink*/) const override {}
};

using Inputs = std::function<void(KeySink&)>;

std::string key(const Inputs& inputs) {
  DigestSink sink;
  inputs(sink);
  return sink.finish().hex();
}

TEST_CASE("the same inputs give the same key") {
  const Inputs inputs = [](KeySink& sink) {
    sink.input("a", "import", "b");
    sink.part("run", graph::sha256("x"), NoPart());
  };
  CHECK(key(inputs) == key(inputs));
}

TEST_CASE("inputs that differ anywhere, or stand elsewhere, give different keys") {
  const graph::Digest digest = graph::sha256("x");
  const std::map<std::string, Inputs> all = {
      {"nothing", [](KeySink&) {}},
      {"one", [](KeySink& s) { s.input("a", "n", "v"); }},
      {"another value", [](KeySink& s) { s.input("a", "n", "w"); }},
      {"another name", [](KeySink& s) { s.input("a", "m", "v"); }},
      {"another subject", [](KeySink& s) { s.input("b", "n", "v"); }},
      {"no subject", [](KeySink& s) { s.input("", "n", "v"); }},
      {"no value", [](KeySink& s) { s.input("a", "n", ""); }},
      {"letters moved from the name", [](KeySink& s) { s.input("an", "", "v"); }},
      {"letters moved from the value", [](KeySink& s) { s.input("a", "nv", ""); }},
      {"the same twice", [](KeySink& s) { s.input("a", "n", "v"), s.input("a", "n", "v"); }},
      {"values joined", [](KeySink& s) { s.input("a", "n", "vv"); }},
      {"another after it", [](KeySink& s) { s.input("a", "n", "v"), s.input("b", "n", "v"); }},
      {"in the other order", [](KeySink& s) { s.input("b", "n", "v"), s.input("a", "n", "v"); }},
      {"there and back",
       [](KeySink& s) { s.input("a", "n", "v"), s.input("b", "n", "v"), s.input("a", "n", "v"); }},
      {"a content", [&](KeySink& s) { s.content("", "n", digest); }},
      {"a part with the content's digest", [&](KeySink& s) { s.part("n", digest, NoPart()); }},
      {"a part of another name", [&](KeySink& s) { s.part("m", digest, NoPart()); }},
      {"a part behind an input", [&](KeySink& s) { s.input("", "n", "v"), s.part("n", digest, NoPart()); }},
      {"a part before it", [&](KeySink& s) { s.part("n", digest, NoPart()), s.input("", "n", "v"); }},
  };
  std::map<std::string, std::string> first_with;
  for (const auto& one : all) {
    const auto added = first_with.emplace(key(one.second), one.first);
    CHECK_MESSAGE(added.second, one.first << " has the key of: " << added.first->second);
  }
}

}  // namespace
}  // namespace scheduler
