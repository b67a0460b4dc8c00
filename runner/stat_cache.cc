#include "runner/stat_cache.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <system_error>

#include "graph/regular_file.h"
#include "runner/atomic_file.h"
#include "runner/disk_trouble.h"

namespace runner {
namespace {

constexpr const char* kFileName = "scans";
constexpr std::size_t kWriteSize = 1U << 20;
constexpr std::int64_t kSecond = 1'000'000'000;
// How many rewrites an entry survives without being asked for: checking a part of a tree now and then must
// not make the next whole check forget the rest.
constexpr std::uint32_t kRewritesUnseen = 8;

// Some file systems store whole seconds, or two.
std::int64_t granularity_of(std::int64_t time_ns, std::int64_t tick_ns) {
  return time_ns % kSecond == 0 ? 2 * kSecond : tick_ns;
}

// Encodes every entry with a table of only the strings in use. Returns the bodies, which the entries view.
std::vector<std::string> encode_anew(StatCacheContents& contents) {
  StringTable strings;
  std::vector<StatCacheEntry> entries;
  std::vector<std::string> bodies;
  bodies.reserve(contents.entries.size());
  for (StatCacheEntry entry : contents.entries) {
    const std::optional<graph::ScannedFile> file = decode_scan(entry, contents.strings);
    if (!file) continue;
    entry.path = strings.intern(contents.strings[entry.path]);
    entry.body = bodies.emplace_back(encode_scan(*file, strings));
    entry.digest = body_digest(entry.body);
    entries.push_back(entry);
  }
  contents.entries = std::move(entries);
  contents.strings = std::move(strings);
  contents.compact_string_count = static_cast<std::uint32_t>(contents.strings.size());
  return bodies;
}

}  // namespace

bool may_have_changed_unseen(const graph::FileStat& stat, std::int64_t moment_ns, std::int64_t tick_ns) {
  return stat.mtime_ns > moment_ns - granularity_of(stat.mtime_ns, tick_ns) ||
         stat.ctime_ns > moment_ns - granularity_of(stat.ctime_ns, tick_ns);
}

std::int64_t elapsed_clock_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return std::int64_t{now.tv_sec} * kSecond + now.tv_nsec;
}

StatCache::StatCache(const StateDirectory& state, Clock clock)
    : StatCache(state, Ahead::kLook, std::move(clock)) {}

StatCache::StatCache(const StateDirectory& state, Ahead ahead, Clock clock)
    : state_(state), clock_(std::move(clock)), opened_ns_(clock_()) {
  if (ahead == Ahead::kNothing) return;
  try {
    reader_ = std::jthread([this](const std::stop_token& asked) {
      need_loaded();
      anticipate(asked);
    });
  } catch (const std::system_error&) {
    return;  // then nothing is read ahead
  }
}

void StatCache::need_loaded() {
  std::call_once(loading_, [this] { load(); });
}

void StatCache::load() {
  read_file();
  seen_ = std::vector<std::atomic<bool>>(loaded_.entries.size());
  broken_ = std::vector<std::atomic<bool>>(loaded_.entries.size());
  {
    const std::lock_guard lock(mutex_);
    targets_ = loaded_.targets;
  }
  by_name_.reserve(loaded_.entries.size());
  for (std::uint32_t i = 0; i < loaded_.entries.size(); ++i) {
    const StatCacheEntry& entry = loaded_.entries[i];
    by_name_.emplace(Name{loaded_.strings[entry.path], entry.target}, i);
  }
  anticipated_.resize(loaded_.entries.size());
}

void StatCache::anticipate(const std::stop_token& asked) {
  for (std::size_t i = 0; i < loaded_.entries.size() && !asked.stop_requested(); ++i) {
    const StatCacheEntry& entry = loaded_.entries[i];
    graph::FileStat stat;
    if (graph::stat_file(std::string(loaded_.strings[entry.path]), stat) && stat == entry.stat) {
      anticipated_[i] = decode(i);
    }
    anticipated_count_.store(i + 1, std::memory_order_release);
  }
}

void StatCache::read_file() {
  if (state_.directory() == nullptr) return;
  const graph::Result<FileHandle> file = state_.directory()->open_file(kFileName);
  if (!file) state_.drop_displaced(kFileName);
  struct stat status {};
  if (!file || ::fstat(file->get(), &status) != 0) return;
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > graph::kLargestFile) return;
  bytes_ = std::make_unique_for_overwrite<char[]>(size);
  std::size_t filled = 0;
  while (filled < size) {
    const ssize_t count =
        ::pread(file->get(), bytes_.get() + filled, size - filled, static_cast<off_t>(filled));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return;
    filled += static_cast<std::size_t>(count);
  }
  std::optional<StatCacheContents> contents = parse_stat_cache({bytes_.get(), size});
  if (contents) {
    loaded_ = std::move(*contents);
  } else {
    state_.drop_damaged(kFileName);
  }
}

std::optional<graph::ScannedFile> StatCache::decode(std::size_t place) {
  std::optional<graph::ScannedFile> file = decode_scan(loaded_.entries[place], loaded_.strings);
  if (!file && !broken_[place].exchange(true)) {
    any_broken_ = true;
    state_.count_damage();
  }
  return file;
}

std::optional<std::uint32_t> StatCache::find_entry(const std::string& path, const graph::ScanTarget& target) {
  need_loaded();
  const auto target_at = std::find(loaded_.targets.begin(), loaded_.targets.end(), target);
  if (target_at == loaded_.targets.end()) return std::nullopt;
  const auto it = by_name_.find({path, static_cast<std::uint32_t>(target_at - loaded_.targets.begin())});
  if (it == by_name_.end()) return std::nullopt;
  return it->second;
}

bool StatCache::take_anticipated(const std::string& path, const graph::ScanTarget& target,
                                 graph::FileStat& stat, graph::ScannedFile& file) {
  reader_.request_stop();
  const std::optional<std::uint32_t> entry = find_entry(path, target);
  if (!entry || *entry >= anticipated_count_.load(std::memory_order_acquire) || !anticipated_[*entry]) {
    return false;
  }
  seen_[*entry].store(true, std::memory_order_relaxed);
  stat = loaded_.entries[*entry].stat;
  file = std::move(*anticipated_[*entry]);
  anticipated_[*entry].reset();
  return true;
}

std::optional<graph::ImportScan> StatCache::known_scan(const std::string& path,
                                                       const graph::ScanTarget& target,
                                                       const graph::Digest& digest) {
  const std::optional<std::uint32_t> place = find_entry(path, target);
  if (!place) return std::nullopt;
  std::optional<graph::ScannedFile> known = decode(*place);
  if (!known || known->digest != digest) return std::nullopt;
  return std::move(known->scan);
}

bool StatCache::recall(const std::string& path, const graph::ScanTarget& target, const graph::FileStat& stat,
                       graph::ScannedFile& file) {
  const std::optional<std::uint32_t> place = find_entry(path, target);
  if (!place) return false;
  const StatCacheEntry& entry = loaded_.entries[*place];
  if (entry.stat != stat) return false;
  std::optional<graph::ScannedFile> known = decode(*place);
  if (!known) return false;
  seen_[*place].store(true, std::memory_order_relaxed);
  file = std::move(*known);
  return true;
}

void StatCache::remember(const std::string& path, const graph::ScanTarget& target,
                         const graph::FileStat& stat, const graph::ScannedFile& file) {
  if (!state_.writable()) return;
  need_loaded();
  const std::lock_guard lock(mutex_);
  if (!saved_) take_fresh({&path, &target, stat, &file});
}

void StatCache::remember_later(std::span<const graph::ScanToRemember> scans) {
  if (!state_.writable()) return;
  const std::lock_guard lock(mutex_);
  later_.insert(later_.end(), scans.begin(), scans.end());
}

bool StatCache::empty() {
  need_loaded();
  return loaded_.entries.empty();
}

void StatCache::take_fresh(const graph::ScanToRemember& scan) {
  if (!scan.file->unreadable.empty()) return;
  if (fresh_.empty()) strings_ = loaded_.strings.extension();
  auto known = std::find(targets_.begin(), targets_.end(), *scan.target);
  if (known == targets_.end()) known = targets_.insert(known, *scan.target);
  const auto target_id = static_cast<std::uint32_t>(known - targets_.begin());
  fresh_.insert_or_assign({strings_.intern(*scan.path), target_id},
                          Fresh{scan.stat, encode_scan(*scan.file, strings_)});
}

void StatCache::start_saving() {
  try {
    writer_ = std::jthread([this] { save_once(); });
  } catch (const std::system_error&) {
    save_once();
  }
}

void StatCache::save() {
  if (writer_.joinable()) writer_.join();
  save_once();
}

void StatCache::save_once() {
  {
    const std::lock_guard lock(mutex_);
    if (later_.empty() && fresh_.empty() && !any_broken_) return;
  }
  need_loaded();
  const std::lock_guard lock(mutex_);
  if (!saved_) {
    for (const graph::ScanToRemember& scan : later_) take_fresh(scan);
  }
  later_.clear();
  // What is damaged must not be met again.
  const bool mend = any_broken_ && state_.writable();
  if ((fresh_.empty() && !mend) || saved_) return;
  saved_ = true;
  if (fresh_.empty()) strings_ = loaded_.strings.extension();
  const std::optional<graph::Error> error = write();
  if (error) trouble_ = "scans are not remembered: " + one_sentence(*error);
}

std::optional<graph::Error> StatCache::write() {
  const OwnedDirectory& directory = *state_.directory();
  graph::Result<AtomicFile> file = AtomicFile::create(directory, directory, kFileName);
  if (!file) return file.error();
  // When this run began, by the clock that stamps the files: it may be another machine's.
  const std::int64_t moment_ns = file->moment_ns() - (clock_() - opened_ns_);
  const bool anything_new = std::any_of(fresh_.begin(), fresh_.end(), [&](const auto& fresh) {
    return !may_have_changed_unseen(fresh.second.stat, moment_ns);
  });
  if (!anything_new && !any_broken_) return std::nullopt;

  StatCacheContents contents;
  contents.entries = entries_to_keep(moment_ns);
  contents.strings = std::move(strings_);
  contents.targets = targets_;
  const bool only_fresh = loaded_.strings.size() == 0;
  contents.compact_string_count =
      only_fresh ? static_cast<std::uint32_t>(contents.strings.size()) : loaded_.compact_string_count;
  std::vector<std::string> bodies;
  if (contents.strings.size() > contents.compact_string_count * std::size_t{2}) {
    bodies = encode_anew(contents);
  }
  std::string chunk = encode_stat_cache(contents);
  std::optional<graph::Error> error;
  for (const StatCacheEntry& entry : contents.entries) {
    chunk += entry.body;
    if (chunk.size() < kWriteSize) continue;
    error = file->write(chunk);
    if (error) return error;
    chunk.clear();
  }
  error = file->write(chunk);
  return error ? error : file->publish(Durability::kLosable);
}

std::vector<StatCacheEntry> StatCache::entries_to_keep(std::int64_t moment_ns) const {
  std::vector<StatCacheEntry> entries;
  for (std::size_t i = 0; i < loaded_.entries.size(); ++i) {
    StatCacheEntry entry = loaded_.entries[i];
    if (broken_[i] || fresh_.contains({entry.path, entry.target})) continue;
    entry.unseen = seen_[i].load() ? 0 : entry.unseen + 1;
    if (entry.unseen <= kRewritesUnseen) entries.push_back(entry);
  }
  for (const auto& [name, fresh] : fresh_) {
    if (may_have_changed_unseen(fresh.stat, moment_ns)) continue;
    entries.push_back({.stat = fresh.stat,
                       .target = name.second,
                       .path = name.first,
                       .unseen = 0,
                       .body = fresh.body,
                       .digest = body_digest(fresh.body)});
  }
  return entries;
}

}  // namespace runner
