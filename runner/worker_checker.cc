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
  if (name == "whole") return CheckFailure::Kind::kWhole;
  if (name == "changed") return CheckFailure::Kind::kChanged;
  if (name == "mismatch") return CheckFailure::Kind::kMismatch;
  return CheckFailure::Kind::kCrash;
}

// What mypy said when it decided to stop.
std::string text_of_exit(const json& reply) {
  std::string text = reply.value("stderr", "") + reply.value("stdout", "");
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace

// One worker and the thread that drives it.
constexpr std::uint32_t kFirstTrack = 1;

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
      const std::vector<ComponentId> batch = source_.take(loaded_);
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

  // One "check" request; answers come in the order of its components.
  struct Request {
    std::uint64_t number;
    std::vector<Sent> sent;
  };

  void start() {
    loaded_ = scheduler::ComponentSet(checker_.condensation_.size());
    trouble_.clear();
    started_ = false;
    if (track_ == kFirstTrack) process_ = std::move(checker_.setup_.spare);
    if (process_ != nullptr) return;
    auto process = WorkerProcess::start(checker_.setup_.python);
    if (!process) {
      trouble_ = process.error().message;
      return;
    }
    process_ = std::move(*process);
    // The answer is read after the first request was sent: what that takes is got together meanwhile.
    if (auto sent = process_->send(start_request(checker_.setup_, checker_.graph_)); !sent)
      lose(sent.error().message);
  }

  void lose(const std::string& why) {
    process_.reset();
    if (trouble_.empty()) trouble_ = why;
  }

  bool ready() {
    if (started_) return true;
    auto answer = process_->receive();
    if (!answer || answer->header.value("did", "") != "started") {
      lose(answer ? "mypy stops: " + text_of_exit(answer->header) : answer.error().message);
      return false;
    }
    started_ = true;
    trace("start", "start");
    return true;
  }

  // Checks a batch, and whatever the source has for this worker before it is through with it.
  void check(const std::vector<ComponentId>& batch) {
    std::vector<Sent> first;
    for (const ComponentId id : batch) first.push_back({id});
    const std::vector<Sent> open = attempt(std::move(first), true);
    // A worker that dies takes with it what it was asked: each is tried once more, alone.
    for (const Sent& lost : open) {
      replace_if_dead();
      if (attempt({{lost.id, lost.published}}, false).empty()) continue;
      events_.on_failed(lost.id, {CheckFailure::Kind::kCrash, first_module(lost.id),
                                  trouble_.empty() ? "the worker died" : trouble_});
    }
    replace_if_dead();
  }

  void replace_if_dead() {
    if (process_ != nullptr) return;
    ++checker_.replaced_;
    start();
  }

  // Gives back what was not answered because the worker died.
  std::vector<Sent> attempt(std::vector<Sent> first, bool may_take_ahead) {
    requests_.clear();
    requests_.push_back({++last_number_, std::move(first)});
    try {
      if (process_ != nullptr && send_last() && ready()) {
        while (!requests_.empty() && take_answer()) {
          if (may_take_ahead && requests_.size() == 1 && !take_ahead()) break;
        }
      }
    } catch (const json::exception& error) {
      lose(std::string("the worker's answer has an unknown form: ") + error.what());
    } catch (const std::exception& error) {
      // Out of memory, a store that throws: the components fail by name if it happens again.
      lose(error.what());
    }
    std::vector<Sent> open;
    for (const Request& request : requests_) {
      for (const Sent& one : request.sent) {
        if (!one.answered) open.push_back(one);
      }
    }
    requests_.clear();
    return open;
  }

  // Sends the next request while the worker is busy with the last components of the one before. False when
  // the worker is gone.
  bool take_ahead() {
    std::vector<ComponentId> busy;
    for (const Sent& one : requests_.front().sent) {
      if (!one.answered) busy.push_back(one.id);
    }
    const std::vector<ComponentId> batch = source_.take_ahead(loaded_, busy);
    if (batch.empty()) return true;
    Request& request = requests_.emplace_back();
    request.number = ++last_number_;
    for (const ComponentId id : batch) request.sent.push_back({id});
    return send_last();
  }

  // The last request with the interfaces it needs. False when the worker is gone.
  bool send_last() {
    if (!load_for(requests_.back().sent)) {
      if (process_ == nullptr) return false;
      requests_.pop_back();
      return true;
    }
    return send_check(requests_.back());
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

  bool send_check(const Request& request) {
    json components = json::array();
    std::vector<std::string> numbers;
    for (const Sent& one : request.sent) {
      components.push_back(component_request(checker_.condensation_[one.id], checker_.graph_));
      const scheduler::NamedInputs named = checker_.keys_.named_inputs(one.id);
      numbers.push_back(number_blob(named.visible));
      numbers.push_back(number_blob(named.missing));
    }
    auto done =
        process_->send({{"do", "check"}, {"request", request.number}, {"components", std::move(components)}},
                       {numbers.begin(), numbers.end()});
    if (!done) lose(done.error().message);
    return done.ok();
  }

  // One frame of the oldest request. False when the worker is of no use any more.
  bool take_answer() {
    auto received = process_->receive();
    if (!received) {
      lose(received.error().message);
      return false;
    }
    WorkerFrame& frame = *received;
    const std::string did = frame.header.at("did");
    if (did == "exit") {
      lose("mypy stops: " + text_of_exit(frame.header));
      return false;
    }
    Request& request = requests_.front();
    Sent& one = request.sent.at(frame.header.at("component").get<std::size_t>());
    if (frame.header.at("request") != request.number || one.answered) {
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
    const auto answered = [](const Sent& each) { return each.answered; };
    if (std::all_of(request.sent.begin(), request.sent.end(), answered)) requests_.pop_front();
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
    const json& modules = frame.header.at("errors");
    if (!one.published || modules.size() != interfaces_.size()) {
      lose("the worker sent an outcome without its interfaces");
      return false;
    }
    for (std::size_t i = 0; i < modules.size(); ++i) {
      auto diagnostics = parse_diagnostics(modules[i]);
      if (!diagnostics) {
        lose(diagnostics.error().message);
        return false;
      }
      outcome.modules.push_back({interfaces_[i], std::move(*diagnostics)});
    }
    if (!read_used(frame, one.id, outcome)) {
      lose("the worker looked at a module that " + first_module(one.id) + " does not import");
      return false;
    }
    trace(first_module(one.id), "implementation",
          checker_.setup_.trace != nullptr ? outcome_details(one.id, outcome) : TraceLog::Details());
    outcome.seconds = frame.header.value("cpu", 0.0);
    events_.on_checked(one.id, std::move(outcome));
    return true;
  }

  // By module what an outcome is compared by: the digests of its interface and of its diagnostics.
  TraceLog::Details outcome_details(ComponentId id, const scheduler::Outcome& outcome) const {
    TraceLog::Details details;
    for (std::size_t i = 0; i < outcome.modules.size(); ++i) {
      details["modules"].push_back(checker_.graph_[checker_.condensation_[id].modules[i]].name);
      details["interfaces"].push_back(outcome.modules[i].interface.hex());
      scheduler::Outcome diagnostics;
      diagnostics.modules.push_back({{}, outcome.modules[i].diagnostics});
      details["diagnostics"].push_back(graph::sha256(encode_outcome(diagnostics)).hex());
    }
    return details;
  }

  bool in_closure(std::uint32_t module, ComponentId id) const {
    return module < checker_.graph_.modules.size() &&
           checker_.closure_[id].contains(checker_.condensation_.of({module}));
  }

  // Only what the closure holds is ordered before the component and can be compared later. The worker names
  // ancestors for good measure, which may lie outside; but a symbol that was really looked at there would
  // make the outcome depend on what the worker happened to hold.
  bool read_used(const WorkerFrame& frame, ComponentId id, scheduler::Outcome& outcome) const {
    for (const json& touched : frame.header.at("touched")) {
      const auto module = touched.at(0).get<std::uint32_t>();
      if (module >= checker_.graph_.modules.size()) return false;
      outcome.touched.push_back({checker_.graph_[{module}].name, touched.at(1)});
      if (!checker_.constant_[module] && !in_closure(module, id)) return false;
    }
    const auto used = frame.blobs.size() == 1 ? read_number_blob(frame.blobs.front()) : std::nullopt;
    if (!used) return false;
    for (const std::uint32_t module : *used) {
      if (in_closure(module, id)) outcome.used.push_back(checker_.graph_[{module}].name);
    }
    std::sort(outcome.used.begin(), outcome.used.end());
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
  std::deque<Request> requests_;           // sent and not answered: the one worked on, perhaps the next
  std::uint64_t last_number_ = 0;
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
      WorkerSession(*this, static_cast<std::uint32_t>(i) + kFirstTrack, source, events).run();
    });
  }
}

}  // namespace runner
