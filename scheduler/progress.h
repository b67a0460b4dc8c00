// How a run tells of itself while it goes on.
#pragma once

#include <chrono>
#include <span>

#include "graph/condensation.h"

namespace scheduler {

// Called from any thread; nothing may be thrown into a run.
class Progress {
 public:
  virtual ~Progress() = default;
  virtual void on_decided(graph::ComponentId id, bool reused) noexcept = 0;
  virtual void on_started(std::span<const graph::ComponentId> batch) noexcept = 0;
  // Once for each component that was started.
  virtual void on_finished(graph::ComponentId id) noexcept = 0;
};

}  // namespace scheduler
