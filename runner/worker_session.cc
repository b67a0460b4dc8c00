#include "runner/worker_session.h"

#include <unistd.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "runner/check_request.h"
#include "runner/diagnostic_codec.h"
#include "runner/line_numbers.h"
#include "runner/machine.h"

namespace runner {
namespace {

using graph::ComponentId;
using nlohmann::json;
using scheduler::CheckFailure;

// Interfaces travel in frames of about this size, so that neither side holds much more than it needs at once.
constexpr std::size_t kLoadFrameBytes = 8u << 20;
// A look at what processes hold costs as much as a small answer; meanwhile a worker grows by some megabytes.
constexpr std::chrono::milliseconds kRoomInterval{20};
// How often the check of a component is tried, and the start of a worker.
constexpr int kAttempts = 2;
// In these blobs an answer tells what was looked at.
constexpr std::size_t kUsedBlobs = 3;

CheckFailure::Kind failure_kind(const std::string& name) {
  if (name == "blocking") return CheckFailure::Kind::kBlocking;
  if (name == "whole") return CheckFailure::Kind::kWhole;
  if (name == "changed") return CheckFailure::Kind::kChanged;
  if (name == "mismatch") return CheckFailure::Kind::kMismatch;
  return CheckFailure::Kind::kCrash;
}

// What mypy said when it decided to stop.
graph::Error mypy_stops(const json& reply) {
  std::string text = reply.value("stderr", "") + reply.value("stdout", "") + reply.value("reason", "");
  while (text.ends_with('\n')) text.pop_back();
  return {"mypy stops: " + text};
}

}  // namespace

WorkerSession::WorkerSession(const SharedRun& shared, std::uint32_t track, scheduler::WorkSource& source,
                             scheduler::CheckEvents& events)
    : shared_(shared), track_(track), source_(source), events_(events), loaded_(shared.condensation.size()) {}

graph::Error WorkerSession::run() {
  if (!shared_.setup.start_with_work) start();
  for (;;) {
    const auto readiness = wanted_ ? scheduler::Readiness::kStarted : scheduler::Readiness::kToStart;
    const std::vector<ComponentId> batch = source_.take(loaded_, readiness);
    trace("waiting for work", "wait");
    if (batch.empty()) {
      if (process_ != nullptr && shared_.setup.retired != nullptr)
        shared_.setup.retired->add(std::move(process_));
      return {};
    }
    if (!wanted_) start();
    if (!check(batch)) return shared_.memory.leave() ? graph::Error() : trouble_;
    if (!keep_within_memory()) return {};
  }
}

void WorkerSession::start() {
  loaded_ = scheduler::ComponentSet(shared_.condensation.size());
  size_ = {};
  room_at_ = {};
  trouble_ = {};
  started_ = false;
  wanted_ = true;
  if (shared_.setup.early != nullptr) process_ = shared_.setup.early->take();
  if (process_ != nullptr) return;
  auto process = WorkerProcess::start(shared_.setup.python, patience_for(shared_.setup.timeout, 0));
  if (!process) {
    trouble_ = process.error();
    return;
  }
  process_ = std::move(*process);
  // The answer is read after the first request was sent: what that takes is got together meanwhile.
  const StartRequest request = start_request(shared_.setup, shared_.graph);
  if (auto sent = process_->send(request.header, request.blobs()); !sent) lose(sent.error());
}

void WorkerSession::lose(graph::Error why) {
  if (process_ != nullptr && process_->timed_out()) {
    why.hint = "if it only needs longer, give it more time with --worker-timeout";
  }
  process_.reset();
  if (trouble_.message.empty()) trouble_ = std::move(why);
}

bool WorkerSession::ready() {
  if (started_) return true;
  auto answer = process_->receive();
  if (!answer) {
    lose(answer.error());
  } else if (answer->header.value("did", "") != "started") {
    lose(mypy_stops(answer->header));
  } else {
    started_ = true;
    failed_starts_ = 0;
    trace("start", "start");
  }
  return started_;
}

bool WorkerSession::revive() {
  if (process_ != nullptr) return true;
  if (!started_ && ++failed_starts_ >= kAttempts) return false;
  replace();
  return true;
}

void WorkerSession::replace() {
  process_.reset();
  ++shared_.replaced;
  start();
}

bool WorkerSession::keep_within_memory() {
  if (process_ == nullptr) return true;
  size_.now = resident_bytes(process_->pid());
  const WorkerMemory::Advice advice = shared_.memory.advise(size_, resident_bytes(::getpid()));
  if (advice == WorkerMemory::Advice::kLeave) process_.reset();
  if (advice == WorkerMemory::Advice::kReplace) replace();
  return advice != WorkerMemory::Advice::kLeave;
}

bool WorkerSession::has_room() {
  const Clock::time_point now = Clock::now();
  if (now - room_at_ > kRoomInterval) {
    room_ = shared_.memory.has_room(resident_bytes(process_->pid()), resident_bytes(::getpid()));
    room_at_ = now;
  }
  return room_;
}

// Others may have more luck with what this session was given; what dependents know of already cannot begin
// anew.
void WorkerSession::give_up(const std::vector<Sent>& open) {
  std::vector<ComponentId> untouched;
  for (const Sent& one : open) {
    one.published ? fail(one, trouble_) : untouched.push_back(one.id);
  }
  source_.give_back(untouched);
}

// Checks a batch, and whatever the source has for this worker before it is through with it. A worker that
// dies takes with it what it was asked: each is tried alone then, and the one that it was busy with fails
// when its worker dies once more. False when no worker can be started.
bool WorkerSession::check(const std::vector<ComponentId>& batch) {
  std::vector<Sent> first;
  for (const ComponentId id : batch) first.push_back({id});
  std::vector<Sent> open = attempt(std::move(first), true);
  while (!open.empty()) {
    const Sent next = open.front();
    if (next.deaths >= kAttempts) {
      fail(next, trouble_);
      open.erase(open.begin());
      continue;
    }
    if (!revive()) {
      trouble_.message = "no worker starts: " + trouble_.message;
      give_up(open);
      return false;
    }
    const std::vector<Sent> left = attempt({next}, false);
    left.empty() ? void(open.erase(open.begin())) : void(open.front() = left.front());
  }
  return true;
}

// Gives back what was not answered because the worker died.
std::vector<WorkerSession::Sent> WorkerSession::attempt(std::vector<Sent> first, bool may_take_ahead) {
  requests_.clear();
  requests_.push_back({++last_number_, std::move(first)});
  try {
    if (process_ != nullptr && send_last() && ready()) {
      began_ = Clock::now();
      while (!requests_.empty() && take_answer()) {
        if (may_take_ahead && requests_.size() == 1 && has_room() && !take_ahead()) break;
      }
    }
  } catch (const json::exception& error) {
    lose({std::string("its worker's answer has an unknown form: ") + error.what()});
  } catch (const std::exception& error) {
    // Out of memory, a store that throws: the components fail by name if it happens again.
    lose({error.what()});
  }
  std::vector<Sent> open;
  for (const Request& request : requests_) {
    for (const Sent& one : request.sent) {
      if (!one.answered) open.push_back(one);
    }
  }
  requests_.clear();
  if (!open.empty() && started_) ++open.front().deaths;
  return open;
}

// Sends the next request while the worker is busy with the last components of the one before. False when
// the worker is gone.
bool WorkerSession::take_ahead() {
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
bool WorkerSession::send_last() {
  if (!load_for(requests_.back().sent)) {
    if (process_ == nullptr) return false;
    requests_.pop_back();
    return true;
  }
  return send_check(requests_.back());
}

// Gives the worker the closure of a batch. A component whose interface the store lost cannot be loaded:
// everything that needs it fails as lost.
bool WorkerSession::load_for(std::vector<Sent>& sent) {
  scheduler::ComponentSet needed(shared_.condensation.size());
  scheduler::ComponentSet own(shared_.condensation.size());
  for (const Sent& one : sent) {
    needed.merge(shared_.closure[one.id]);
    own.insert(one.id);
  }
  needed.subtract(loaded_);
  needed.subtract(own);
  json components = json::array();
  std::vector<std::string> blobs;
  std::size_t bytes = 0;
  for (const ComponentId id : needed.members()) {
    const graph::Component& component = shared_.condensation[id];
    for (const graph::ModuleId module : component.modules) {
      auto interface = shared_.store.get(RecordKind::kInterface, source_.interface_of(module));
      if (!interface) {
        fail_all(sent,
                 {CheckFailure::Kind::kLost, shared_.graph[module].name, "its stored interface is gone", ""});
        return false;
      }
      bytes += interface->size();
      blobs.push_back(std::move(*interface));
    }
    components.push_back(load_request(component, shared_.graph, shared_.constant));
    loaded_.insert(id);
    if (bytes > kLoadFrameBytes && !send_load(components, blobs, bytes)) return false;
  }
  return blobs.empty() || send_load(components, blobs, bytes);
}

bool WorkerSession::send_load(json& components, std::vector<std::string>& blobs, std::size_t& bytes) {
  const std::vector<std::string_view> views(blobs.begin(), blobs.end());
  auto done = process_->send({{"do", "load"}, {"components", std::move(components)}}, views);
  components = json::array();
  blobs.clear();
  bytes = 0;
  if (!done) lose(done.error());
  trace("load", "load");
  return done.ok();
}

bool WorkerSession::send_check(const Request& request) {
  json components = json::array();
  std::vector<std::string> blobs;
  for (const Sent& one : request.sent) {
    components.push_back(component_request(shared_.condensation[one.id], shared_.graph));
    const scheduler::NamedInputs named = shared_.keys.named_inputs(one.id);
    blobs.push_back(number_blob(named.visible));
    blobs.push_back(number_blob(named.missing));
    blobs.push_back(shared_.bodies.find(one.id, source_));
  }
  auto done =
      process_->send({{"do", "check"}, {"request", request.number}, {"components", std::move(components)}},
                     {blobs.begin(), blobs.end()});
  if (!done) lose(done.error());
  return done.ok();
}

// One frame of the oldest request. False when the worker is of no use any more.
bool WorkerSession::take_answer() {
  auto received = process_->receive(end_of_patience());
  if (!received) {
    lose(received.error());
    return false;
  }
  WorkerFrame& frame = *received;
  const std::string did = frame.header.at("did");
  if (did == "exit") {
    lose(mypy_stops(frame.header));
    return false;
  }
  Request& request = requests_.front();
  Sent& one = request.sent.at(frame.header.at("component").get<std::size_t>());
  if (frame.header.at("request") != request.number || one.answered) {
    lose({"its worker answered something that was not asked"});
    return false;
  }
  if (did == "interface") return take_interface(frame, one);
  if (did == "checked") {
    if (!take_outcome(frame, one)) return false;
  } else {
    const auto kind = failure_kind(frame.header.value("kind", ""));
    if (kind == CheckFailure::Kind::kCrash) {
      lose({frame.header.value("text", "mypy crashed")});
      return false;
    }
    events_.on_failed(one.id, {kind, frame.header.value("module", ""), frame.header.value("text", ""), ""});
  }
  one.answered = true;
  began_ = Clock::now();
  const auto answered = [](const Sent& each) { return each.answered; };
  if (!std::all_of(request.sent.begin(), request.sent.end(), answered)) return true;
  requests_.pop_front();
  if (size_.fresh == 0) size_.fresh = resident_bytes(process_->pid());
  return true;
}

// Of the component the worker is busy with.
std::optional<WorkerSession::Clock::time_point> WorkerSession::end_of_patience() const {
  const std::vector<Sent>& sent = requests_.front().sent;
  const auto busy = std::find_if(sent.begin(), sent.end(), [](const Sent& one) { return !one.answered; });
  INVARIANT(busy != sent.end(), "a request is dropped when all of it is answered");
  const Patience patience =
      patience_for(shared_.setup.timeout, shared_.condensation[busy->id].modules.size());
  if (!patience) return std::nullopt;
  return began_ + *patience;
}

bool WorkerSession::take_interface(const WorkerFrame& frame, Sent& one) {
  if (frame.blobs.size() != shared_.condensation[one.id].modules.size()) {
    lose({"its worker sent interfaces of other modules"});
    return false;
  }
  std::vector<graph::Digest> digests;
  mentions_lines_.clear();
  for (const std::string& blob : frame.blobs) {
    digests.push_back(graph::sha256(blob));
    mentions_lines_.push_back(mentions_lines(blob));
    shared_.store.put(RecordKind::kInterface, digests.back(), blob);
  }
  interfaces_ = digests;
  trace(first_module(one.id), "interface");
  if (!one.published) events_.on_interface(one.id, std::move(digests));
  one.published = true;
  return true;
}

bool WorkerSession::take_outcome(const WorkerFrame& frame, const Sent& one) {
  scheduler::Outcome outcome;
  const json& modules = frame.header.at("errors");
  if (!one.published || modules.size() != interfaces_.size()) {
    lose({"its worker sent an outcome without its interfaces"});
    return false;
  }
  for (std::size_t i = 0; i < modules.size(); ++i) {
    auto diagnostics = parse_diagnostics(modules[i]);
    if (!diagnostics) {
      lose(diagnostics.error());
      return false;
    }
    outcome.modules.push_back({interfaces_[i], std::move(*diagnostics), mentions_lines_[i]});
  }
  if (!read_used(frame, one.id, outcome)) {
    lose({"its worker looked at a module that " + first_module(one.id) + " does not import"});
    return false;
  }
  if (frame.blobs.size() > kUsedBlobs) {
    shared_.bodies.keep(one.id, outcome.used, frame.blobs[kUsedBlobs], source_);
  }
  trace(first_module(one.id), "implementation",
        shared_.setup.trace != nullptr ? outcome_details(one.id, outcome) : TraceLog::Details());
  outcome.seconds = std::max(0.0, frame.header.value("cpu", 0.0));
  events_.on_checked(one.id, std::move(outcome));
  return true;
}

// By module what an outcome is compared by: the digests of its interface and of its diagnostics.
TraceLog::Details WorkerSession::outcome_details(ComponentId id, const scheduler::Outcome& outcome) const {
  TraceLog::Details details;
  for (std::size_t i = 0; i < outcome.modules.size(); ++i) {
    details["modules"].push_back(shared_.graph[shared_.condensation[id].modules[i]].name);
    details["interfaces"].push_back(outcome.modules[i].interface.hex());
    scheduler::Outcome diagnostics;
    diagnostics.modules.push_back({{}, outcome.modules[i].diagnostics});
    details["diagnostics"].push_back(graph::sha256(encode_outcome(diagnostics)).hex());
  }
  return details;
}

bool WorkerSession::in_closure(std::uint32_t module, ComponentId id) const {
  return module < shared_.graph.modules.size() &&
         shared_.closure[id].contains(shared_.condensation.of({module}));
}

// Only what the closure holds is ordered before the component and can be compared later. The worker names
// ancestors for good measure, which may lie outside; but a symbol that was really looked at there would
// make the outcome depend on what the worker happened to hold.
bool WorkerSession::read_used(const WorkerFrame& frame, ComponentId id, scheduler::Outcome& outcome) const {
  if (frame.blobs.size() < kUsedBlobs || frame.blobs.size() > kUsedBlobs + 1) return false;
  const auto used = read_number_blob(frame.blobs[0]);
  const auto touched =
      read_number_blob(frame.blobs[1]);  // of each module: its number, the size of its symbols
  if (!used || !touched || touched->size() % 2 != 0) return false;
  std::string_view symbols = frame.blobs[2];
  for (std::size_t i = 0; i < touched->size(); i += 2) {
    const std::uint32_t module = (*touched)[i];
    const std::uint32_t size = (*touched)[i + 1];
    if (module >= shared_.graph.modules.size() || size > symbols.size()) return false;
    if (!shared_.constant[module] && !in_closure(module, id)) return false;
    outcome.touched.push_back({shared_.graph[{module}].name, std::string(symbols.substr(0, size))});
    symbols.remove_prefix(size);
  }
  for (const std::uint32_t module : *used) {
    if (in_closure(module, id)) outcome.used.push_back(shared_.graph[{module}].name);
  }
  std::sort(outcome.used.begin(), outcome.used.end());
  return true;
}

void WorkerSession::fail(const Sent& one, const graph::Error& why) {
  events_.on_failed(one.id, {CheckFailure::Kind::kCrash, first_module(one.id), why.message, why.hint});
}

void WorkerSession::fail_all(std::vector<Sent>& sent, const CheckFailure& failure) {
  for (Sent& one : sent) {
    events_.on_failed(one.id, failure);
    one.answered = true;
  }
}

std::string WorkerSession::first_module(ComponentId id) const {
  return shared_.graph[shared_.condensation[id].modules.front()].name;
}

// What happened since the last call, up to now.
void WorkerSession::trace(const std::string& what, std::string_view category, TraceLog::Details details) {
  const auto now = TraceLog::Clock::now();
  if (shared_.setup.trace != nullptr) {
    shared_.setup.trace->span(what, category, track_, since_, now, std::move(details));
  }
  since_ = now;
}

}  // namespace runner
