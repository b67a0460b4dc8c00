// One worker after the other and the thread that drives them: gives them work, takes their answers, survives
// their deaths.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/condensation.h"
#include "graph/module_graph.h"
#include "runner/body_records.h"
#include "runner/pack_store.h"
#include "runner/trace_log.h"
#include "runner/worker_memory.h"
#include "runner/worker_process.h"
#include "runner/worker_setup.h"
#include "scheduler/checker.h"
#include "scheduler/static_key.h"

namespace runner {

// What the sessions of a run share; all of it outlives them.
struct SharedRun {
  const WorkerSetup& setup;
  const graph::ModuleGraph& graph;
  const graph::Condensation& condensation;
  const scheduler::ComponentClosure& closure;
  const scheduler::StaticKeys& keys;
  const BodyRecords bodies;
  // Modules whose interface depends on nothing but the run's global inputs, by ModuleId.
  const std::vector<bool>& constant;
  PackStore& store;
  WorkerMemory& memory;
  std::atomic<std::size_t>& replaced;  // workers that died or had to be replaced
};

// The number of the first session.
inline constexpr std::uint32_t kFirstTrack = 1;

class WorkerSession {
 public:
  WorkerSession(const SharedRun& shared, std::uint32_t track, scheduler::WorkSource& source,
                scheduler::CheckEvents& events);

  // Until there is no more work, or this session can do none. In the end, why no worker can be started, if
  // that is so and no other session is left; else nothing.
  graph::Error run();

 private:
  using Clock = std::chrono::steady_clock;

  // What is known of a component that was sent.
  struct Sent {
    graph::ComponentId id;
    bool published = false;  // its interface was
    bool answered = false;
    int deaths = 0;  // of workers that were busy with it
  };

  // One "check" request; answers come in the order of its components.
  struct Request {
    std::uint64_t number;
    std::vector<Sent> sent;
  };

  // The life of a worker.
  void start();
  void lose(graph::Error why);
  bool ready();
  // A worker in the place of one that died; false when none can be started.
  bool revive();
  void replace();
  // Between two requests: whether this session goes on.
  bool keep_within_memory();
  // Whether the worker may be given more while it is busy.
  bool has_room();
  void give_up(const std::vector<Sent>& open);

  // Requests.
  bool check(const std::vector<graph::ComponentId>& batch);
  std::vector<Sent> attempt(std::vector<Sent> first, bool may_take_ahead);
  bool take_ahead();
  bool send_last();
  bool load_for(std::vector<Sent>& sent);
  bool send_load(nlohmann::json& components, std::vector<std::string>& blobs, std::size_t& bytes);
  bool send_check(const Request& request);

  // Answers.
  bool take_answer();
  bool take_interface(const WorkerFrame& frame, Sent& one);
  bool take_outcome(const WorkerFrame& frame, const Sent& one);
  bool read_used(const WorkerFrame& frame, graph::ComponentId id, scheduler::Outcome& outcome) const;
  bool in_closure(std::uint32_t module, graph::ComponentId id) const;
  std::optional<Clock::time_point> end_of_patience() const;
  void fail(const Sent& one, const graph::Error& why);
  void fail_all(std::vector<Sent>& sent, const scheduler::CheckFailure& failure);

  std::string first_module(graph::ComponentId id) const;
  TraceLog::Details outcome_details(graph::ComponentId id, const scheduler::Outcome& outcome) const;
  // What happened since the last call, up to now.
  void trace(const std::string& what, std::string_view category, TraceLog::Details details = {});

  const SharedRun& shared_;
  const std::uint32_t track_;
  TraceLog::Clock::time_point since_ = TraceLog::Clock::now();
  scheduler::WorkSource& source_;
  scheduler::CheckEvents& events_;
  std::unique_ptr<WorkerProcess> process_;
  bool wanted_ = false;  // a worker was asked for, whether or not there is one
  bool started_ = false;
  int failed_starts_ = 0;  // in a row
  graph::Error trouble_;   // why the process is gone
  WorkerSize size_;
  bool room_ = false;          // there was when it was looked at last
  Clock::time_point room_at_;  // when that was
  scheduler::ComponentSet loaded_;
  std::vector<graph::Digest> interfaces_;  // of the component whose interface came last
  std::vector<bool> mentions_lines_;       // of the same
  std::deque<Request> requests_;           // sent and not answered: the one worked on, perhaps the next
  std::uint64_t last_number_ = 0;
  Clock::time_point began_;  // when the worker turned to the component it is busy with
};

}  // namespace runner
