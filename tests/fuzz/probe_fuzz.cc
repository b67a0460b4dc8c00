// Any text as a stored memo of what the user's mypy answered about itself; the memo looks at what it names.
#include <string>

#include "runner/memory_store.h"
#include "runner/probe_answer.h"
#include "runner/probe_memo.h"
#include "tests/fuzz/fuzz_input.h"

namespace {

// Answers every question for a memo with the same text.
class OneRecord final : public runner::PackStore {
 public:
  explicit OneRecord(std::string_view record) : record_(record) {}
  std::optional<std::string> get(runner::RecordKind, const graph::Digest&) override { return record_; }
  std::vector<std::string> get_all(runner::RecordKind, const graph::Digest&) override { return {record_}; }
  bool contains(runner::RecordKind, const graph::Digest&) override { return true; }
  void put(runner::RecordKind, const graph::Digest&, std::string_view) override {}
  void flush() override {}
  void discard() override {}
  runner::StoreCounters counters() const override { return {}; }
  std::string trouble() const override { return {}; }

 private:
  const std::string record_;
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  OneRecord store(fuzz::text_of(data, size));
  runner::ProbeMemo memo({.cwd = "/checkout", .environment = "/environment", .home = "/home"}, "python",
                         {"."}, store);
  if (const auto answer = memo.recall()) {
    static_cast<void>(runner::interpret_probe(*answer, "/checkout"));
    memo.remember(*answer);
  }
  return 0;
}
