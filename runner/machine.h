// How much of this machine typewave may use.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <string_view>

namespace runner {

// Processors this process may run on, at least 1.
std::size_t usable_processors();

// How work is given to std::async(): done on another thread, if there can be one, else when it is waited for.
inline constexpr auto kAside = std::launch::async | std::launch::deferred;

// Physical memory, or less if the control groups of this process (v1 or v2) allow less, in bytes.
std::uint64_t memory_limit();

// The text of a file, or nothing.
using ReadFile = std::function<std::optional<std::string>(const std::string& path)>;
// The smallest limit along the path of control groups, of those that `own_groups` (the text of
// /proc/self/cgroup) names; nothing without any.
std::optional<std::uint64_t> control_group_limit(std::string_view own_groups, const ReadFile& read);

// What workers may use together when the user does not say: most of memory_limit(), and not what others have
// taken already.
std::uint64_t default_max_memory();
// Workers when the user does not say: one a processor, as long as each has room for mypy's trees in
// `max_memory`.
std::size_t default_jobs(std::uint64_t max_memory);

// What a process holds in memory, in bytes, pages that it shares included; 0 when it is gone.
std::uint64_t resident_bytes(pid_t pid);

// How many processes the kernel has killed so far because memory ran out.
std::uint64_t out_of_memory_kills();

}  // namespace runner
