#include "runner/component_claims.h"

#include <fcntl.h>

#include <cerrno>
#include <utility>

#include "runner/project_uses.h"

namespace runner {
namespace {

// The first byte of the first file: shared by those who wait.
constexpr std::int64_t kWaitingPlace = 0;

std::int64_t place_of(const graph::Digest& key) {
  return static_cast<std::int64_t>(key_start(key) >> 2) + 1;
}

// Locks of open file descriptions, not of processes: children do not matter, nor other descriptors.
struct flock lock_at(std::int64_t place, int type) {
  struct flock lock {};
  lock.l_type = static_cast<short>(type);
  lock.l_whence = SEEK_SET;
  lock.l_start = place;
  lock.l_len = 1;
  return lock;
}

bool set_lock(const FileHandle& file, std::int64_t place, int type) {
  struct flock lock = lock_at(place, type);
  return ::fcntl(file.get(), F_OFD_SETLK, &lock) == 0 || (errno != EAGAIN && errno != EACCES);
}

}  // namespace

const FileHandle& ComponentClaims::file(std::size_t number) const {
  File& file = files_[number];
  if (!std::exchange(file.opened, true)) {
    file.handle = open_(number == 0 ? "claims" : "claims-" + std::to_string(number));
  }
  return file.handle;
}

const FileHandle& ComponentClaims::file_of(std::int64_t place) const {
  return file(static_cast<std::size_t>(place) % files_.size());
}

bool ComponentClaims::take(const graph::Digest& key) {
  const std::lock_guard lock(mutex_);
  const std::int64_t place = place_of(key);
  const FileHandle& file = file_of(place);
  if (!file || held_.contains(place)) return true;
  if (!set_lock(file, place, F_WRLCK)) return false;
  held_.insert(place);
  return true;
}

void ComponentClaims::release(const graph::Digest& key) {
  const std::lock_guard lock(mutex_);
  const std::int64_t place = place_of(key);
  if (held_.erase(place) > 0) set_lock(file_of(place), place, F_UNLCK);
}

void ComponentClaims::release_all() {
  const std::lock_guard lock(mutex_);
  for (const std::int64_t place : held_) set_lock(file_of(place), place, F_UNLCK);
  held_.clear();
}

void ComponentClaims::note_waiting(bool waiting) {
  const std::lock_guard lock(mutex_);
  const FileHandle& waiters = file(0);
  if (!waiters || waiting_ == waiting) return;
  waiting_ = waiting;
  set_lock(waiters, kWaitingPlace, waiting ? F_RDLCK : F_UNLCK);
}

bool ComponentClaims::others_wait() const {
  const std::lock_guard lock(mutex_);
  const FileHandle& waiters = file(0);
  if (!waiters) return false;
  struct flock lock_there = lock_at(kWaitingPlace, F_WRLCK);
  return ::fcntl(waiters.get(), F_OFD_GETLK, &lock_there) == 0 && lock_there.l_type != F_UNLCK;
}

}  // namespace runner
