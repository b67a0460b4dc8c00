// A store that lasts as long as the run: for --no-store.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "runner/pack_store.h"

namespace runner {

class MemoryStore final : public PackStore {
 public:
  std::optional<std::string> get(RecordKind kind, const graph::Digest& key) override;
  std::vector<std::string> get_all(RecordKind kind, const graph::Digest& key) override;
  bool contains(RecordKind kind, const graph::Digest& key) override;
  void put(RecordKind kind, const graph::Digest& key, std::string_view bytes) override;
  void flush() override {}
  void discard() override;
  StoreCounters counters() const override { return {}; }
  std::string trouble() const override { return {}; }

 private:
  std::mutex mutex_;
  std::map<std::pair<RecordKind, graph::Digest>, std::vector<std::string>> records_;  // oldest first
};

}  // namespace runner
