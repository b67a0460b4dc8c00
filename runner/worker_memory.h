// How the workers of a run share the memory they may use: who goes on, who is replaced, and who leaves so
// that the others have more.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace runner {

// mypy with the interfaces every check needs, and little more, in bytes.
inline constexpr std::uint64_t kSmallestWorker = std::uint64_t{160} << 20;

// What a worker holds, in bytes.
struct WorkerSize {
  std::uint64_t now = 0;
  // After the first request it served: less than that a fresh one will not need. 0 if it is not through with
  // it.
  std::uint64_t fresh = 0;
};

// Thread-safe.
class WorkerMemory {
 public:
  enum class Advice {
    kGoOn,
    kReplace,  // by a fresh worker, before the next request
    kLeave,    // a fresh one would be too large as well; it no longer counts
  };

  // `limit` is for all workers and typewave itself, in bytes.
  WorkerMemory(std::uint64_t limit, std::size_t workers) : limit_(limit), active_(workers) {}

  // What to do with a worker between two requests. `own` is what typewave itself holds.
  Advice advise(const WorkerSize& size, std::uint64_t own);
  // Whether a worker may still grow.
  bool has_room(std::uint64_t now, std::uint64_t own) const { return now <= share(own); }
  // One worker less, unless it is the last.
  bool leave();

  // How many of `wanted` workers find room to start at all, at least one.
  static std::size_t fitting(std::uint64_t limit, std::size_t wanted);

 private:
  std::uint64_t share(std::uint64_t own) const;

  const std::uint64_t limit_;
  std::atomic<std::size_t> active_;
};

}  // namespace runner
