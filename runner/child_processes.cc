#include "runner/child_processes.h"

#include <signal.h>

#include <array>
#include <atomic>
#include <cstddef>

namespace runner {
namespace {

constexpr std::size_t kMaxChildren = 1024;
std::array<std::atomic<pid_t>, kMaxChildren> children{};  // zero is a free place

bool exchange(pid_t before, pid_t after) {
  for (std::atomic<pid_t>& place : children) {
    pid_t expected = before;
    if (place.compare_exchange_strong(expected, after)) return true;
  }
  return false;
}

}  // namespace

bool note_child(pid_t target) {
  return exchange(0, target);
}

void forget_child(pid_t target) {
  exchange(target, 0);
}

void kill_children() {
  for (const std::atomic<pid_t>& place : children) {
    const pid_t target = place.load();
    if (target != 0) ::kill(target, SIGKILL);
  }
}

}  // namespace runner
