#include "runner/last_words.h"

#include <unistd.h>

#include <climits>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <string>
#include <string_view>
#include <system_error>

#include "runner/child_processes.h"
#include "runner/console.h"

namespace runner {
namespace {

// Written as they are: where memory ran out, nothing can be put together any more.
constexpr std::string_view kNoMemory =
    "typewave: error: there is no memory left\n"
    "typewave: hint: raise the limit of memory (ulimit -v, or that of the control group)\n";
constexpr std::string_view kNoThread =
    "typewave: error: cannot start a thread: Resource temporarily unavailable\n"
    "typewave: hint: raise the limit of processes (ulimit -u) or of memory (ulimit -v)\n";
constexpr std::string_view kDeleted = " (deleted)";

std::terminate_handler terminate_before = nullptr;

// A worker would complain that we are gone, before its guard sees that.
int write_last(std::string_view text) {
  kill_noted_children();
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
  return kTrouble;
}

// What the kernel still calls it.
std::string name_of_directory() {
  char name[PATH_MAX];
  const ssize_t size = ::readlink("/proc/self/cwd", name, sizeof(name));
  if (size <= 0) return {};
  std::string_view found(name, static_cast<std::size_t>(size));
  if (found.ends_with(kDeleted)) found.remove_suffix(kDeleted.size());
  return std::string(found);
}

graph::Error error_of(const std::exception& error) {
  if (dynamic_cast<const std::filesystem::filesystem_error*>(&error) != nullptr) {
    if (const auto lost = lost_directory()) return *lost;
  }
  return {error.what()};
}

// Empty for all but what can end any part.
std::string_view fixed_words(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) return kNoMemory;
  const auto* system = dynamic_cast<const std::system_error*>(&error);
  // Of all that is asked of the system in this way, only a thread is refused with this.
  const bool is_thread = system != nullptr && system->code() == std::errc::resource_unavailable_try_again;
  return is_thread ? kNoThread : std::string_view();
}

[[noreturn]] void end_by_exception() {
  try {
    if (std::current_exception()) throw;
  } catch (const std::exception& error) {
    if (const std::string_view words = fixed_words(error); !words.empty()) ::_exit(write_last(words));
  } catch (...) {
  }
  if (terminate_before != nullptr) terminate_before();
  std::abort();
}

}  // namespace

int tell_last(const std::exception& error) noexcept {
  const std::string_view words = fixed_words(error);
  if (!words.empty()) return write_last(words);
  try {
    return fail(error_of(error));
  } catch (const std::bad_alloc&) {
    return write_last(kNoMemory);
  }
}

void tell_last_of_threads() {
  terminate_before = std::set_terminate(end_by_exception);
}

std::optional<graph::Error> lost_directory() {
  std::error_code error;
  const auto current = std::filesystem::current_path(error);
  if (!error) return std::nullopt;
  const std::string name = name_of_directory();
  if (error != std::errc::no_such_file_or_directory) {
    return graph::Error{"cannot tell the working directory: " + error.message(), "change to another one"};
  }
  return graph::Error{"the working directory does not exist any more" + (name.empty() ? "" : ": " + name),
                      "change to another directory; if it was made anew, leave it and enter it again"};
}

}  // namespace runner
