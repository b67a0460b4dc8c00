// What the scheduler asks of whoever runs mypy, and what it offers in return.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "graph/condensation.h"
#include "graph/digest.h"
#include "graph/result.h"
#include "scheduler/component_closure.h"
#include "scheduler/outcome.h"

namespace scheduler {

// Why a component has no outcome.
struct CheckFailure {
  enum class Kind {
    kBlocking,  // mypy stops here with a blocking error: its final text has to come from a plain run
    kChanged,   // the source is no longer the one that was hashed
    kMismatch,  // mypy found other imports than the scanner
    kWhole,     // what only a whole run of mypy shows; `text` says what
    kCrash,     // mypy or its process died, twice
    kLost,      // a stored interface that the check needs is broken or gone
  };
  Kind kind = Kind::kCrash;
  std::string module;  // the module it happened in, if known
  std::string text;    // what the worker said
  std::string hint{};  // what to do about it, if that is known
};

// Takes the events of checks; called from any thread, for each component in this order: interface, then one
// of checked and failed; or failed alone.
class CheckEvents {
 public:
  virtual ~CheckEvents() = default;
  // One digest for each module of the component. Dependents may be checked from now on.
  virtual void on_interface(graph::ComponentId id, std::vector<graph::Digest> interfaces) = 0;
  virtual void on_checked(graph::ComponentId id, Outcome outcome) = 0;
  virtual void on_failed(graph::ComponentId id, CheckFailure failure) = 0;
};

// Whether whoever asks for work can begin at once, or has to start a worker first.
enum class Readiness : std::uint8_t { kStarted, kToStart };

// Where workers get their work.
class WorkSource {
 public:
  virtual ~WorkSource() = default;
  // The next components to check in one request, independent of each other; blocks until there are some.
  // Empty: there will be none any more. `loaded`: what the asking worker holds already. Who is to start gets
  // only what is more than those can take who wait and are started.
  virtual std::vector<graph::ComponentId> take(const ComponentSet& loaded, Readiness readiness) = 0;
  // The same for a worker that is still busy with some, so that it need not wait between two requests. Never
  // blocks; empty when there is nothing that would not better go to whoever is free first.
  virtual std::vector<graph::ComponentId> take_ahead(const ComponentSet& loaded,
                                                     const std::vector<graph::ComponentId>& busy) = 0;
  // Components that were taken and of which nothing was told yet: for somebody else.
  virtual void give_back(const std::vector<graph::ComponentId>& batch) = 0;
  // The digest of a module's interface; its component must have been decided.
  virtual graph::Digest interface_of(graph::ModuleId module) const = 0;
};

// What a checker throws that can do nothing more: all that it leaves fails because of this.
struct CheckerStopped : std::runtime_error {
  explicit CheckerStopped(graph::Error why) : std::runtime_error(why.message), hint(std::move(why.hint)) {}
  std::string hint;
};

// Checks components until the source is empty; returns when all its workers are done. Runs beside the flow.
class Checker {
 public:
  virtual ~Checker() = default;
  virtual void run(WorkSource& source, CheckEvents& events) = 0;
  // How many components can be checked at once at most.
  virtual std::size_t workers() const = 0;
};

}  // namespace scheduler
