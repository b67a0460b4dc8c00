// The last run of a checkout, repeated word for word as long as nothing that it saw has changed.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "graph/byte_codec.h"
#include "graph/digest.h"
#include "graph/disk_observations.h"
#include "graph/packed_observations.h"
#include "runner/run_report.h"
#include "runner/seen_at_once.h"
#include "runner/state_directory.h"

namespace runner {

// What a whole run gave.
struct RunAnswer {
  std::string output;  // standard output
  int exit_code = 0;
  std::size_t own_modules = 0;
  std::size_t followed_modules = 0;
  std::size_t components = 0;
  std::size_t waves = 0;
  double cpu_seconds = 0;  // of mypy, when the components were checked

  bool operator==(const RunAnswer&) const = default;
};

struct LastRun {
  // Of everything but the disk that decides what is printed.
  graph::Digest inputs;
  graph::DiskObservations seen;
  RunAnswer answer;
  graph::Digest store{};  // PackStore::condition() when all of it was last looked into
};

// A remembered run of which only that is decoded which repeating it takes; refers to the bytes it was read
// from: magic, inputs, store, sights, answer, digests, and the SHA-256 of all this.
class PackedRun {
 public:
  // Nothing if what is decoded is malformed.
  static std::optional<PackedRun> read(std::string_view bytes);

  // Nothing unless all bytes of the run are as they were written.
  std::optional<RunAnswer> answer() const;
  // All of the run; nothing if the rest is malformed.
  std::optional<LastRun> unpack() const;
  graph::Glance glance(unsigned threads, const std::function<void()>& on_edit = {}) const;

  graph::Digest inputs;
  graph::Digest store;

 private:
  graph::PackedSights sights_;
  std::string_view body_;
  std::string_view seal_;
  std::string_view rest_;  // answer, digests
};

// What came of recalling the last run.
struct RecalledRun {
  std::unique_ptr<const std::string> bytes;
  PackedRun packed;  // of these
  RunAnswer answer;
  LookBeginning began;
  graph::Glance glance;          // at the disk of now
  std::optional<LastRun> whole;  // if the glance met anything that is not as it was
};

// Where an answer is remembered: each has a file of its own.
inline constexpr const char* kLastRunFile = "last-run";
inline constexpr const char* kLastGraphFile = "last-graph";

// The last run, whatever its inputs were, and which of what it saw a stat tells to be the same now. What else
// is the same is for look_again() to say. `on_edit` is called with the run's inputs as soon as a file turns
// out to hold other code; not every change comes to be known so early.
std::optional<RecalledRun> recall_last_run(const StateDirectory& state, unsigned threads,
                                           const std::function<void(const graph::Digest&)>& on_edit = {},
                                           const char* name = kLastRunFile);

// Remembers a run in place of the one before. What may have changed since without a trace will be read again.
// `started_ns`: elapsed_clock_ns() from before anything was looked at. Losing it costs time only, so trouble
// with the disk is not reported.
void remember_last_run(const StateDirectory& state, LastRun run, std::int64_t started_ns,
                       const char* name = kLastRunFile);

// The answer's own bytes, for whoever keeps it elsewhere.
void write_answer(graph::ByteWriter& out, const RunAnswer& answer);
RunAnswer read_answer(graph::ByteReader& in);

// The bytes of a remembered run, for tests of damaged ones.
std::string encode_last_run(const LastRun& run);
std::optional<LastRun> decode_last_run(std::string_view bytes);

}  // namespace runner
