// Any bytes as the store's records of whole answers: the paths that a run looked at, and what it printed.
#include <string>

#include "runner/shared_answers.h"
#include "tests/fuzz/fuzz_input.h"

namespace {

class Records final : public runner::PackStore {
 public:
  Records(std::string_view paths, std::string_view answer) : paths_(paths), answer_(answer) {}
  std::optional<std::string> get(runner::RecordKind kind, const graph::Digest&) override {
    return kind == runner::RecordKind::kPaths ? paths_ : answer_;
  }
  // Every question leads to these paths.
  std::vector<std::string> get_all(runner::RecordKind, const graph::Digest&) override {
    return {std::string(graph::sha256(paths_).view())};
  }
  bool contains(runner::RecordKind, const graph::Digest&) override { return false; }
  void put(runner::RecordKind, const graph::Digest&, std::string_view) override {}
  void flush() override {}
  void discard() override {}
  runner::StoreCounters counters() const override { return {}; }
  std::string trouble() const override { return {}; }

 private:
  const std::string paths_;
  const std::string answer_;
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view paths = fuzz::text_of(data, size);
  const std::size_t cut = fuzz::take_byte(paths);
  const std::string_view answer = paths.substr(0, cut);
  paths.remove_prefix(answer.size());
  Records store(paths, answer);
  const runner::PathNames names({.cwd = "/checkout", .environment = "/environment", .home = "/home"});
  const runner::SharedAnswers answers(store, graph::Digest(), names);
  if (const auto found = answers.search({}, 1)) {
    if (const auto place = answers.place_of(found->seen)) answers.keep(*place, found->answer);
  }
  return 0;
}
