#include "runner/worker_checker.h"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "runner/check_request.h"
#include "runner/diagnostic_codec.h"

namespace runner {
namespace {

using graph::ComponentId;
using nlohmann::json;
using scheduler::CheckFailure;

// Interfaces travel in frames of about this size, so that neither side holds much more than it needs at once.
constexpr std::size_t kLoadFrameBytes = 8u << 20;

CheckFailure::Kind failure_kind(const std::string& name) {
  if (name == "blocking") return CheckFailure::Kind::kBlocking;
  if (name == "changed") return CheckFailure::Kind::kChanged;
  if (name == "mismatch") return CheckFailure::Kind::kMismatch;
  return CheckFailure::Kind::kCrash;
}

}  // namespace

// One worker and the thread that drives it.
class WorkerSession {
 public:
  WorkerSession(WorkerChecker& checker, std::uint32_t track, scheduler::WorkSource& source,
                scheduler::CheckEvents& events)
      : checker_(checker),
        track_(track),
        source_(source),
        events_(events),
        loaded_(checker.condensation_.size()) {}

  void run() {
    start();
    for (;;) {
      std::vector<ComponentId> batch = source_.take(loaded_);
      trace("waiting for work", "wait");
      if (batch.empty()) return;
      check(batch);
    }
  }

 private:
  // What is known of a component that was sent.
  struct Sent {
    ComponentId id;
    bool published = false;  // its interface was
    bool answered = false;
  };

  void start() {
    loaded_ = scheduler::ComponentSet(checker_.condensation_.size());
    trouble_.clear();
    auto process = WorkerProcess::start(checker_.setup_.python);
    if (!process) {
      trouble_ = process.error().message;
      return;
    }
    process_ = std::move(*process);
    // The answer is read before the first check: the worker imports mypy while the plan is still being made.
    if (auto sent = process_->send(start_request(checker_.setup_)); !sent) lose(sent.error().message);
    started_ = false;
  }

  void lose(const std::string& why) {
    process_.reset();
    if (trouble_.empty()) trouble_ = why;
  }

  bool ready() {
    if (process_ == nullptr) return false;
    if (started_) return true;
    auto answer = process_->receive();
    if (!answer || answer->header.value("did", "") != "started") {
      lose(answer ? "the worker could not start: " + answer->header.dump() : answer.error().message);
      return false;
    }
    started_ = true;
    trace("start", "start");
    return true;
  }

  void check(const std::vector<ComponentId>& batch) {
    std::vector<Sent> open = attempt(batch);
    // A worker that dies takes the rest of its batch with it: each is tried once more, alone, on a fresh one.
    for (const Sent& lost : open) {
      ++checker_.replaced_;
      start();
      published_before_ = lost.published;
      const std::vector<Sent> again = attempt({lost.id});
      published_before_ = false;
      if (again.empty()) continue;
      events_.on_failed(lost.id, {CheckFailure::Kind::kCrash, first_module(lost.id),
                                  trouble_.empty() ? "the worker died" : trouble_});
      start();
    }
  }

  // Checks a batch; gives back what was not answered because the worker died.
  std::vector<Sent> attempt(const std::vector<ComponentId>& batch) {
    std::vector<Sent> sent;
    for (const ComponentId id : batch) sent.push_back({id, published_before_, false});
    try {
      if (ready() && load_for(sent) && send_check(sent)) receive_answers(sent);
    } catch (const std::exception& error) {
      // Out of memory, a store that throws: the components fail by name if it happens again.
      lose(error.what());
    }
    std::erase_if(sent, [](const Sent& one) { return one.answered; });
    return sent;
  }

  std::string first_module(ComponentId id) const {
    return checker_.graph_[checker_.condensation_[id].modules.front()].name;
  }

  // Gives the worker the closure of a batch. A component whose interface the store lost cannot be loaded:
  // everything that needs it fails as lost.
  bool load_for(std::vector<Sent>& sent) {
    scheduler::ComponentSet needed(checker_.condensation_.size());
    scheduler::ComponentSet own(checker_.condensation_.size());
    for (const Sent& one : sent) {
      needed.merge(checker_.closure_[one.id]);
      own.insert(one.id);
    }
    needed.subtract(loaded_);
    needed.subtract(own);
    json components = json::array();
    std::vector<std::string> blobs;
    std::size_t bytes = 0;
    for (const ComponentId id : needed.members()) {
      const graph::Component& component = checker_.condensation_[id];
      for (const graph::ModuleId module : component.modules) {
        auto interface = checker_.store_.get(RecordKind::kInterface, source_.interface_of(module));
        if (!interface) {
          fail_all(sent,
                   {CheckFailure::Kind::kLost, checker_.graph_[module].name, "its stored interface is gone"});
          return false;
        }
        bytes += interface->size();
        blobs.push_back(std::move(*interface));
      }
      components.push_back(load_request(component, checker_.graph_, checker_.constant_));
      loaded_.insert(id);
      if (bytes > kLoadFrameBytes && !send_load(components, blobs, bytes)) return false;
    }
    return blobs.empty() || send_load(components, blobs, bytes);
  }

  bool send_load(json& components, std::vector<std::string>& blobs, std::size_t& bytes) {
    const std::vector<std::string_view> views(blobs.begin(), blobs.end());
    auto done = process_->send({{"do", "load"}, {"components", std::move(components)}}, views);
    components = json::array();
    blobs.clear();
    bytes = 0;
    if (!done) lose(done.error().message);
    trace("load", "load");
    return done.ok();
  }

  bool send_check(const std::vector<Sent>& sent) {
    json components = json::array();
    for (const Sent& one : sent) {
      components.push_back(component_request(checker_.condensation_[one.id], checker_.graph_,
                                             checker_.keys_.named_inputs(one.id)));
    }
    auto done =
        process_->send({{"do", "check"}, {"request", ++request_}, {"components", std::move(components)}});
    if (!done) lose(done.error().message);
    return done.ok();
  }

  void receive_answers(std::vector<Sent>& sent) {
    std::size_t open = sent.size();
    while (open > 0) {
      auto frame = process_->receive();
      if (!frame) return lose(frame.error().message);
      try {
        if (!take_answer(*frame, sent, open)) return;
      } catch (const json::exception& error) {
        return lose(std::string("the worker's answer has an unknown form: ") + error.what());
      }
    }
  }

  // False when the worker is of no use any more.
  bool take_answer(WorkerFrame& frame, std::vector<Sent>& sent, std::size_t& open) {
    const std::string did = frame.header.at("did");
    if (did == "exit" || did == "error") {
      lose("the worker stopped: " + frame.header.dump());
      return false;
    }
    Sent& one = sent.at(frame.header.at("component").get<std::size_t>());
    if (frame.header.at("request") != request_ || one.answered) {
      lose("the worker answered something that was not asked");
      return false;
    }
    if (did == "interface") return take_interface(frame, one);
    if (did == "checked") {
      if (!take_outcome(frame, one)) return false;
    } else {
      const auto kind = failure_kind(frame.header.value("kind", ""));
      if (kind == CheckFailure::Kind::kCrash) {
        lose(frame.header.value("text", "mypy crashed"));
        return false;
      }
      events_.on_failed(one.id, {kind, frame.header.value("module", ""), frame.header.value("text", "")});
    }
    one.answered = true;
    --open;
    return true;
  }

  bool take_interface(const WorkerFrame& frame, Sent& one) {
    if (frame.blobs.size() != checker_.condensation_[one.id].modules.size()) {
      lose("the worker sent interfaces of other modules");
      return false;
    }
    std::vector<graph::Digest> digests;
    for (const std::string& blob : frame.blobs) {
      digests.push_back(graph::sha256(blob));
      checker_.store_.put(RecordKind::kInterface, digests.back(), blob);
    }
    interfaces_ = digests;
    trace(first_module(one.id), "interface");
    if (!one.published) events_.on_interface(one.id, std::move(digests));
    one.published = true;
    return true;
  }

  bool take_outcome(const WorkerFrame& frame, const Sent& one) {
    scheduler::Outcome outcome;
    const json& modules = frame.header.at("modules");
    if (!one.published || modules.size() != interfaces_.size()) {
      lose("the worker sent an outcome without its interfaces");
      return false;
    }
    for (std::size_t i = 0; i < modules.size(); ++i) {
      auto diagnostics = parse_diagnostics(modules[i].at("errors"));
      if (!diagnostics) {
        lose(diagnostics.error().message);
        return false;
      }
      outcome.modules.push_back({interfaces_[i], std::move(*diagnostics)});
    }
    if (!read_used(frame.header, one.id, outcome)) {
      lose("the worker looked at a module that " + first_module(one.id) + " does not import");
      return false;
    }
    trace(first_module(one.id), "implementation",
          checker_.setup_.trace != nullptr ? outcome_details(one.id, modules) : TraceLog::Details());
    outcome.seconds = frame.header.value("cpu", 0.0);
    events_.on_checked(one.id, std::move(outcome));
    return true;
  }

  // By module what an outcome is compared by: the digests of its interface and of its diagnostics.
  TraceLog::Details outcome_details(ComponentId id, const json& modules) const {
    TraceLog::Details details;
    for (std::size_t i = 0; i < modules.size(); ++i) {
      details["modules"].push_back(checker_.graph_[checker_.condensation_[id].modules[i]].name);
      details["interfaces"].push_back(interfaces_[i].hex());
      details["diagnostics"].push_back(graph::sha256(modules[i].at("errors").dump()).hex());
    }
    return details;
  }

  bool in_closure(const std::string& name, ComponentId id) const {
    const auto module = checker_.graph_.find(name);
    return module && checker_.closure_[id].contains(checker_.condensation_.of(*module));
  }

  // Only what the closure holds is ordered before the component and can be compared later. The worker names
  // ancestors for good measure, which may lie outside; but a symbol that was really looked at there would
  // make the outcome depend on what the worker happened to hold.
  bool read_used(const json& header, ComponentId id, scheduler::Outcome& outcome) const {
    for (const json& touched : header.at("touched")) {
      const std::string name = touched.at(0);
      outcome.touched.push_back({name, touched.at(1).get<std::vector<std::string>>()});
      const auto module = checker_.graph_.find(name);
      if (module && checker_.constant_[module->value]) continue;
      if (!in_closure(name, id)) return false;
    }
    for (const json& used : header.at("used")) {
      std::string name = used;
      if (in_closure(name, id)) outcome.used.push_back(std::move(name));
    }
    return true;
  }

  void fail_all(std::vector<Sent>& sent, const CheckFailure& failure) {
    for (Sent& one : sent) {
      events_.on_failed(one.id, failure);
      one.answered = true;
    }
  }

  // What happened since the last call, up to now.
  void trace(const std::string& what, std::string_view category, TraceLog::Details details = {}) {
    const auto now = TraceLog::Clock::now();
    if (checker_.setup_.trace != nullptr) {
      checker_.setup_.trace->span(what, category, track_, since_, now, std::move(details));
    }
    since_ = now;
  }

  WorkerChecker& checker_;
  const std::uint32_t track_;
  TraceLog::Clock::time_point since_ = TraceLog::Clock::now();
  scheduler::WorkSource& source_;
  scheduler::CheckEvents& events_;
  std::unique_ptr<WorkerProcess> process_;
  bool started_ = false;
  std::string trouble_;  // why the process is gone
  scheduler::ComponentSet loaded_;
  std::vector<graph::Digest> interfaces_;  // of the component whose interface came last
  bool published_before_ = false;
  std::uint64_t request_ = 0;
};

WorkerChecker::WorkerChecker(WorkerSetup setup, const graph::ModuleGraph& graph,
                             const graph::Condensation& condensation,
                             const scheduler::ComponentClosure& closure, const scheduler::StaticKeys& keys,
                             const std::vector<bool>& constant, PackStore& store)
    : setup_(std::move(setup)),
      graph_(graph),
      condensation_(condensation),
      closure_(closure),
      keys_(keys),
      constant_(constant),
      store_(store) {}

void WorkerChecker::run(scheduler::WorkSource& source, scheduler::CheckEvents& events) {
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < setup_.workers; ++i) {
    threads.emplace_back([this, i, &source, &events] {
      WorkerSession(*this, static_cast<std::uint32_t>(i + 1), source, events).run();
    });
  }
}

}  // namespace runner
