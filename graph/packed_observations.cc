#include "graph/packed_observations.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "graph/disk_file_system.h"
#include "graph/regular_file.h"
#include "graph/shared_range.h"

namespace graph {
namespace {

// How many look-ups a thread takes at a time.
constexpr std::size_t kStep = 256;

// What write_digests() writes of a file.
constexpr std::size_t kFileDigestsSize = 3 * sizeof(Digest::bytes) + 1;

// A stat as it lies in the bytes.
struct StatLayout {
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::uint64_t inode = 0;
  std::uint64_t device = 0;
  std::uint32_t mode = 0;
  std::uint32_t counts = 0;  // 0: the stat is not known, and all else is 0

  bool operator==(const StatLayout&) const = default;
};
static_assert(sizeof(StatLayout) == 48 && std::is_trivially_copyable_v<StatLayout>);

StatLayout layout_of(const FileStat& stat) {
  return {.size = stat.size,
          .mtime_ns = stat.mtime_ns,
          .ctime_ns = stat.ctime_ns,
          .inode = stat.inode,
          .device = stat.device,
          .mode = stat.mode,
          .counts = 1};
}

FileStat stat_of(const StatLayout& layout) {
  return {.size = layout.size,
          .mtime_ns = layout.mtime_ns,
          .ctime_ns = layout.ctime_ns,
          .inode = layout.inode,
          .device = layout.device,
          .mode = layout.mode};
}

StatLayout layout_at(std::string_view stats, std::size_t i) {
  StatLayout layout;
  std::memcpy(&layout, stats.data() + i * sizeof(layout), sizeof(layout));
  return layout;
}

void write_layout(ByteWriter& out, const StatLayout& layout) {
  out.raw({reinterpret_cast<const char*>(&layout), sizeof(layout)});
}

template <typename Seen>
void write_paths(ByteWriter& out, const std::vector<Seen>& seen) {
  NameWriter writer(out, seen.size());
  for (const Seen& one : seen) writer.add(one.path);
}

bool well_formed(std::string_view stats, std::size_t size, bool may_be_unknown) {
  for (std::size_t i = 0; i < size; ++i) {
    const StatLayout layout = layout_at(stats, i);
    if (layout.counts != 1 && (!may_be_unknown || layout != StatLayout{})) return false;
  }
  return true;
}

}  // namespace

void write_sights(ByteWriter& out, const DiskObservations& seen) {
  write_paths(out, seen.directories);
  for (const SeenDirectory& directory : seen.directories) {
    write_layout(out, directory.stat ? layout_of(*directory.stat) : StatLayout{});
  }
  write_paths(out, seen.paths);
  for (const SeenPath& path : seen.paths) out.fixed(static_cast<std::uint8_t>(path.kind));
  write_paths(out, seen.files);
  for (const SeenFile& file : seen.files) write_layout(out, layout_of(file.stat));
}

void write_digests(ByteWriter& out, const DiskObservations& seen) {
  for (const SeenDirectory& directory : seen.directories) out.digest(directory.entries);
  for (const SeenFile& file : seen.files) {
    out.digest(file.digest);
    out.digest(file.code);
    out.digest(file.shape);
    out.boolean(file.by_shape);
  }
}

std::optional<PackedSights> PackedSights::read(ByteReader& in) {
  PackedSights sights;
  sights.directories_ = read_name_arena(in);
  sights.directory_stats_ = in.raw(sights.directories_.size() * sizeof(StatLayout));
  sights.paths_ = read_name_arena(in);
  sights.kinds_ = in.raw(sights.paths_.size());
  sights.files_ = read_name_arena(in);
  sights.file_stats_ = in.raw(sights.files_.size() * sizeof(StatLayout));
  const auto is_kind = [](char byte) {
    return static_cast<std::uint8_t>(byte) <= static_cast<std::uint8_t>(FileKind::kOther);
  };
  if (in.ok() && (!well_formed(sights.directory_stats_, sights.directories_.size(), true) ||
                  !std::all_of(sights.kinds_.begin(), sights.kinds_.end(), is_kind) ||
                  !well_formed(sights.file_stats_, sights.files_.size(), false))) {
    in.fail();
  }
  if (!in.ok()) return std::nullopt;
  return sights;
}

// By the rules of look_again().
bool PackedSights::same(std::size_t i) const {
  FileStat stat;
  if (i < directories_.size()) {
    const StatLayout known = layout_at(directory_stats_, i);
    return known.counts != 0 && stat_file(directories_.c_str(i), stat) && layout_of(stat) == known;
  }
  i -= directories_.size();
  if (i < paths_.size()) return kind_on_disk(std::string(paths_[i])) == static_cast<FileKind>(kinds_[i]);
  i -= paths_.size();
  stat_file(files_.c_str(i), stat);  // stays empty for what is not there
  return layout_of(stat) == layout_at(file_stats_, i);
}

// Looks into the first few files that were touched, until one of them holds other code.
class PackedSights::Edits {
 public:
  Edits(const PackedSights& sights, const EditWatch& watch) : sights_(sights), watch_(watch) {}

  // A file, by its place among them, was touched.
  void look_into(std::size_t file) {
    if (!watch_.on_edit || looks_.fetch_add(1, std::memory_order_relaxed) >= kMostLooks) return;
    const std::optional<SeenFile> seen = seen_file(file);
    if (!seen || !holds_other_code(*seen) || told_.test_and_set()) return;
    looks_.store(kMostLooks, std::memory_order_relaxed);
    watch_.on_edit();
  }

  // True for one thread once an edit was told: whoever was waiting for one needs a processor from then on,
  // and takes longer than all that is to be looked at.
  bool may_leave() { return told_.test() && !left_.test_and_set(); }

 private:
  // All may have been touched, as after a checkout.
  static constexpr std::size_t kMostLooks = 4;

  std::optional<SeenFile> seen_file(std::size_t file) const {
    const std::size_t left = (sights_.files_.size() - file) * kFileDigestsSize;
    if (watch_.digests.size() < left) return std::nullopt;
    ByteReader in(watch_.digests.substr(watch_.digests.size() - left));
    SeenFile seen = sights_.file(file, in);
    return in.ok() ? std::optional(std::move(seen)) : std::nullopt;
  }

  const PackedSights& sights_;
  const EditWatch& watch_;
  std::atomic<std::size_t> looks_ = 0;
  std::atomic_flag told_;
  std::atomic_flag left_;
};

std::vector<std::size_t> PackedSights::newest_files() const {
  constexpr std::size_t kNewest = 16;
  std::vector<std::pair<std::int64_t, std::size_t>> files;
  files.reserve(files_.size());
  for (std::size_t i = 0; i < files_.size(); ++i) files.emplace_back(layout_at(file_stats_, i).mtime_ns, i);
  const auto last = files.begin() + static_cast<std::ptrdiff_t>(std::min(kNewest, files.size()));
  std::partial_sort(files.begin(), last, files.end(), std::greater<>());
  std::vector<std::size_t> newest;
  for (auto file = files.begin(); file != last; ++file) newest.push_back(file->second);
  return newest;
}

Glance PackedSights::glance(unsigned threads, const EditWatch& watch) const {
  Glance result{std::vector<std::uint8_t>(size())};
  const std::size_t first_file = directories_.size() + paths_.size();
  Edits edits(*this, watch);
  if (watch.on_edit) {
    for (const std::size_t file : newest_files()) {
      if (!same(first_file + file)) edits.look_into(file);
    }
  }
  SharedRange range(size(), kStep);
  range.run(threads, [&] {
    while (const auto piece = range.take()) {
      for (std::size_t i = piece->begin; i < piece->end; ++i) {
        result.same[i] = same(i) ? 1 : 0;
        if (result.same[i] == 0 && i >= first_file) edits.look_into(i - first_file);
      }
      if (threads > 1 && edits.may_leave()) return;
    }
  });
  return result;
}

SeenFile PackedSights::file(std::size_t i, ByteReader& digests) const {
  SeenFile file;
  file.path = files_[i];
  file.stat = stat_of(layout_at(file_stats_, i));
  file.digest = digests.digest();
  file.code = digests.digest();
  file.shape = digests.digest();
  file.by_shape = digests.boolean();
  return file;
}

DiskObservations PackedSights::unpack(ByteReader& digests) const {
  DiskObservations seen;
  seen.directories.reserve(directories_.size());
  for (std::size_t i = 0; i < directories_.size(); ++i) {
    const StatLayout layout = layout_at(directory_stats_, i);
    seen.directories.push_back({std::string(directories_[i]),
                                layout.counts != 0 ? std::optional(stat_of(layout)) : std::nullopt,
                                digests.digest()});
  }
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    seen.paths.push_back({std::string(paths_[i]), static_cast<FileKind>(kinds_[i])});
  }
  seen.files.reserve(files_.size());
  for (std::size_t i = 0; i < files_.size(); ++i) {
    seen.files.push_back(file(i, digests));
  }
  return seen;
}

}  // namespace graph
