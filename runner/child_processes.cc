#include "runner/child_processes.h"

#include <dirent.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <thread>

namespace runner {
namespace {

constexpr std::size_t kMaxChildren = 1024;
constexpr std::chrono::milliseconds kOrphanPatience{1000};
constexpr std::chrono::milliseconds kPause{5};
std::array<std::atomic<pid_t>, kMaxChildren> children{};  // zero is a free place
std::atomic<bool> closed{false};
std::atomic<bool> adopting{false};

bool exchange(pid_t before, pid_t after) {
  for (std::atomic<pid_t>& place : children) {
    pid_t expected = before;
    if (place.compare_exchange_strong(expected, after)) return true;
  }
  return false;
}

void kill_noted() {
  for (const std::atomic<pid_t>& place : children) {
    const pid_t target = place.load();
    if (target != 0) ::kill(target, SIGKILL);
  }
}

bool has_children() {
  siginfo_t info{};
  return ::waitid(P_ALL, 0, &info, WEXITED | WSTOPPED | WCONTINUED | WNOHANG | WNOWAIT) == 0;
}

std::vector<ProcessLine> all_processes() {
  std::vector<ProcessLine> all;
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir("/proc"), ::closedir);
  if (directory == nullptr) return all;
  while (const dirent* entry = ::readdir(directory.get())) {
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9') continue;
    std::ifstream file("/proc/" + std::string(entry->d_name) + "/stat");
    std::string line;
    if (std::getline(file, line)) all.push_back(parse_process_line(line));
  }
  return all;
}

// Whether anybody is a child of ours who is not noted. Kernels that do not list children leave it open.
bool has_orphans() {
  const std::unique_ptr<DIR, int (*)(DIR*)> threads(::opendir("/proc/self/task"), ::closedir);
  if (threads == nullptr) return has_children();
  bool listed = false;
  while (const dirent* entry = ::readdir(threads.get())) {
    std::ifstream file("/proc/self/task/" + std::string(entry->d_name) + "/children");
    listed = listed || file.is_open();
    for (pid_t pid = 0; file >> pid;) {
      const auto is_noted = [pid](const auto& place) { return place == pid || place == -pid; };
      if (std::none_of(children.begin(), children.end(), is_noted)) return true;
    }
  }
  return !listed && has_children();
}

// Gives how many there were.
std::size_t kill_descendants() {
  if (!adopting) return 0;
  const std::vector<pid_t> found = descendants_of(::getpid(), all_processes());
  for (const pid_t pid : found) ::kill(pid, SIGKILL);
  return found.size();
}

}  // namespace

ProcessLine parse_process_line(std::string_view line) {
  ProcessLine parsed;
  // The name in between may hold anything, also parentheses and blanks.
  const std::size_t close = line.rfind(')');
  if (close == std::string_view::npos || close + 4 >= line.size()) return {};
  if (std::from_chars(line.data(), line.data() + close, parsed.pid).ec != std::errc()) return {};
  const char state = line[close + 2];
  parsed.ended = state == 'Z' || state == 'X';
  const char* parent = line.data() + close + 4;
  if (std::from_chars(parent, line.data() + line.size(), parsed.parent).ec != std::errc()) return {};
  return parsed;
}

std::vector<pid_t> descendants_of(pid_t root, const std::vector<ProcessLine>& all) {
  std::set<pid_t> below = {root};
  // Children may be listed before their parents.
  for (std::size_t before = 0; before != below.size();) {
    before = below.size();
    for (const ProcessLine& one : all) {
      if (one.pid != 0 && below.contains(one.parent)) below.insert(one.pid);
    }
  }
  std::vector<pid_t> found;
  for (const ProcessLine& one : all) {
    if (one.pid != root && !one.ended && below.contains(one.pid)) found.push_back(one.pid);
  }
  return found;
}

void adopt_orphans() {
  adopting = !has_children() && ::prctl(PR_SET_CHILD_SUBREAPER, 1) == 0;
}

bool note_child(pid_t target) {
  if (!exchange(0, target)) return false;
  // Looked at after noting: either this sees that it is too late, or kill_children() sees the child.
  if (!closed) return true;
  forget_child(target);
  return false;
}

void forget_child(pid_t target) {
  exchange(target, 0);
}

void kill_children(std::chrono::milliseconds patience) {
  closed = true;
  const auto end = std::chrono::steady_clock::now() + patience;
  kill_noted();
  // What is forked meanwhile is seen the next time.
  while (kill_descendants() > 0 && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(kPause);
  }
}

void kill_noted_children() {
  closed = true;
  kill_noted();
}

void end_orphans() {
  kill_noted();
  // Asked first, because who has looked at its threads in /proc is reaped up to a tick of the kernel later.
  if (!adopting || !has_children() || !has_orphans()) return;
  const auto end = std::chrono::steady_clock::now() + kOrphanPatience;
  while (has_children() && std::chrono::steady_clock::now() < end) {
    const bool living = kill_descendants() > 0;
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    if (living) std::this_thread::sleep_for(kPause);
  }
}

}  // namespace runner
