// What the runs since a history was written did, when that is little: after an edit it is remembered in place
// of the whole history, which is not even read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graph/byte_codec.h"
#include "graph/digest.h"
#include "runner/planned_run.h"
#include "runner/run_history.h"
#include "runner/string_table.h"

namespace runner {

class RecentRuns {
 public:
  // None yet after the history of `run`, whose seal is `history`. Nothing if it lacks a component of the run.
  static std::optional<RecentRuns> begin(const graph::Digest& history, const PlannedRun& run);
  // Nothing when the bytes are not what encode() gave.
  static std::optional<RecentRuns> decode(std::string_view bytes);
  std::string encode() const;

  // The seal of the history they follow.
  const graph::Digest& history() const { return history_; }
  // Whether `run` has these modules, options and inputs as a whole, leaves nothing out, and few of its keys
  // changed since.
  bool fits(const PlannedRun& run) const;
  bool has_same_keys(const PlannedRun& run) const;
  // Describes the keys of a run that fits ahead of add(): they do not depend on what comes of its components.
  void describe_keys(const PlannedRun& run);
  // Adds a run that fits and whose components are all in their final state; `now` is in seconds since 1970.
  // False, and nothing is added, when it has more to say than belongs here.
  bool add(const PlannedRun& run, std::int64_t now);
  // Makes of the history they follow that of the last of them. False, and nothing is changed, if it is
  // another.
  bool bring_up_to_date(RunHistory& history) const;

 private:
  // What is new of a component.
  struct News {
    std::uint32_t component = 0;  // as they are counted in the history
    std::uint64_t key_mark = 0;   // of the static key
    std::string inputs;           // of a key that changed, as a RecordingSink wrote them; else empty
    std::optional<double> seconds;
    std::optional<CheckReason> checked;
  };
  struct Run {
    std::int64_t moment = 0;  // seconds since 1970
    graph::Digest keys;       // of all static keys
    std::vector<News> news;
  };

  bool has_other_key(const PlannedRun& run, graph::ComponentId id) const;
  std::optional<News> news_of(const PlannedRun& run, graph::ComponentId id);
  static void write(graph::ByteWriter& out, const News& news);
  std::optional<News> read_news(graph::ByteReader& in) const;
  void put(const Run& one, RunHistory& history) const;

  graph::Digest history_;
  graph::Digest frame_;               // see frame_of()
  std::vector<std::uint64_t> marks_;  // the starts of all static keys, by ComponentId
  graph::Digest keys_;                // of these
  StringTable strings_;
  std::vector<Run> runs_;
  std::unordered_map<std::uint32_t, std::string> described_;  // inputs of the keys of one run, by ComponentId
};

}  // namespace runner
