// Remembers scans of unchanged files between runs, by what the system says of a file without reading it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "graph/scan_memory.h"
#include "runner/stat_cache_file.h"
#include "runner/state_directory.h"

namespace runner {

// Whether a file with this stat, taken after `moment_ns`, may have changed since without a trace in its stat:
// git's "racy" files. Both are by the file system's clock, which a stamp may lag behind by a tick: kernels
// stamp files with one that advances every timer tick, at most 10 ms.
inline constexpr std::int64_t kTickNs = 20'000'000;
bool may_have_changed_unseen(const graph::FileStat& stat, std::int64_t moment_ns,
                             std::int64_t tick_ns = kTickNs);

// Nanoseconds of a clock that never jumps, and goes on while the machine sleeps.
std::int64_t elapsed_clock_ns();

// Reads its file on a thread of its own, and goes on there to look at the files it knows until the first of
// them is asked for: sources are still being listed, and mostly they are these. Or it reads nothing before it
// is asked. recall() and take_anticipated() may be called from several threads, also while another one
// remembers.
class StatCache final : public graph::ScanMemory {
 public:
  using Clock = std::function<std::int64_t()>;

  enum class Ahead { kNothing, kLook };

  // Open it before the first file of the run is looked at. `state` must outlive it. A cache that is not
  // there, damaged or of another version is empty.
  explicit StatCache(const StateDirectory& state, Clock clock = elapsed_clock_ns);
  // `ahead`: whether anything is read before it is asked for.
  StatCache(const StateDirectory& state, Ahead ahead, Clock clock = elapsed_clock_ns);

  bool recall(const std::string& path, const graph::ScanTarget& target, const graph::FileStat& stat,
              graph::ScannedFile& file) override;
  // Each path and target once.
  bool take_anticipated(const std::string& path, const graph::ScanTarget& target, graph::FileStat& stat,
                        graph::ScannedFile& file) override;
  void remember(const std::string& path, const graph::ScanTarget& target, const graph::FileStat& stat,
                const graph::ScannedFile& file) override;

  void remember_later(std::span<const graph::ScanToRemember> scans) override;
  bool empty() override;

  // The scan of a file with this content, whenever that was.
  std::optional<graph::ImportScan> known_scan(const std::string& path, const graph::ScanTarget& target,
                                              const graph::Digest& digest);

  // Writes what was remembered, unless there is nothing new. Once, when all files of a run were looked at.
  void save();
  // The same on a thread of its own; a save() that comes later waits for it.
  void start_saving();
  // The first trouble with the disk, for one warning; empty if none.
  const std::string& trouble() const { return trouble_; }

 private:
  struct Name {
    std::string_view path;
    std::uint32_t target = 0;
    bool operator==(const Name&) const = default;
  };
  struct NameHash {
    std::size_t operator()(const Name& name) const noexcept {
      return std::hash<std::string_view>()(name.path) + name.target;
    }
  };
  struct Fresh {
    graph::FileStat stat;
    std::string body;
  };

  // Reads the file, once; what was loaded does not change.
  void need_loaded();
  void load();
  void read_file();
  void save_once();
  void take_fresh(const graph::ScanToRemember& scan);
  void anticipate(const std::stop_token& asked);
  // An entry's scan; nothing if it is damaged, which is counted once.
  std::optional<graph::ScannedFile> decode(std::size_t place);
  std::optional<std::uint32_t> find_entry(const std::string& path, const graph::ScanTarget& target);
  // All of these need the lock.
  std::vector<StatCacheEntry> entries_to_keep(std::int64_t moment_ns) const;
  std::optional<graph::Error> write();

  const StateDirectory& state_;
  const Clock clock_;
  const std::int64_t opened_ns_;
  std::string trouble_;

  // As loaded; recall() reads it without a lock once loaded_ is there.
  std::once_flag loading_;
  std::unique_ptr<char[]> bytes_;
  StatCacheContents loaded_;
  std::unordered_map<Name, std::uint32_t, NameHash> by_name_;  // into loaded_.entries
  std::vector<std::atomic<bool>> seen_;                        // by entry
  std::vector<std::atomic<bool>> broken_;                      // by entry: found damaged
  std::atomic<bool> any_broken_ = false;
  // What came of looking at the first entries, by entry; nothing for those that are not what they were.
  std::vector<std::optional<graph::ScannedFile>> anticipated_;
  std::atomic<std::size_t> anticipated_count_ = 0;

  std::mutex mutex_;  // guards what follows
  bool saved_ = false;
  std::vector<graph::ScanToRemember> later_;  // to be put into what follows when it is written
  StringTable strings_;                       // those loaded and more, from the first remember() on
  std::vector<graph::ScanTarget> targets_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, Fresh> fresh_;  // by path id and target

  std::jthread reader_;  // ends before what it fills
  std::jthread writer_;  // the same
};

}  // namespace runner
