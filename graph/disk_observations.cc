#include "graph/disk_observations.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "graph/disk_file_system.h"
#include "graph/import_scanner.h"
#include "graph/regular_file.h"
#include "graph/result.h"
#include "graph/shared_range.h"

namespace graph {
namespace {

// How many look-ups a thread takes at a time.
constexpr std::size_t kStep = 256;

bool can_matter(const DirectoryEntry& entry) {
  return always_matters(entry.name) || (entry.kind != FileKind::kFile && !entry.name.starts_with('.'));
}

Refreshed look_again(SeenDirectory& seen) {
  FileStat stat;
  const bool there = stat_file(seen.path, stat);
  if (there && seen.stat && *seen.stat == stat) return {};
  DiskFileSystem fresh;
  const auto* entries = there ? fresh.list(seen.path) : nullptr;
  const Digest now = entries == nullptr ? Digest{} : digest_of_entries(*entries);
  const Refreshed found{.stats = there || seen.stat.has_value(), .bytes = false, .code = now != seen.entries};
  seen.stat = there ? std::optional(stat) : std::nullopt;
  seen.entries = now;
  return found;
}

Refreshed look_again(SeenPath& seen) {
  const FileKind now = kind_on_disk(seen.path);
  if (now == seen.kind) return {};
  seen.kind = now;
  return {.stats = false, .bytes = false, .code = true};
}

Refreshed look_again(SeenFile& seen, bool want_code) {
  FileStat stat;  // stays empty for what is not there
  stat_file(seen.path, stat);
  if (stat == seen.stat) return {};
  const FileRead read = read_file(seen.path);
  SeenFile now{
      .path = {}, .stat = read.stat, .digest = {}, .code = {}, .shape = {}, .by_shape = seen.by_shape};
  if (read.error.empty() && read.stable) now.digest = sha256(read.text);
  now.code = now.shape = now.digest;
  if (now.digest == seen.digest) {
    now.code = seen.code;
    now.shape = seen.shape;
  } else if (want_code && now.digest != Digest{}) {
    if (const std::optional<CodeDigests> digests = scan_source(read.text, {}).digests) {
      now.code = digests->code;
      now.shape = digests->shape;
    }
  }
  const bool same = seen.by_shape ? now.shape == seen.shape : now.code == seen.code;
  const Refreshed found{.stats = true, .bytes = now.digest != seen.digest, .code = !same};
  now.path = std::move(seen.path);
  seen = std::move(now);
  return found;
}

}  // namespace

bool always_matters(std::string_view name) {
  // Without a dot: what is asked for as a package.
  return !name.starts_with('.') && (name.ends_with(".py") || name.ends_with(".pyi") || name == "py.typed" ||
                                    name.find('.') == std::string_view::npos);
}

Digest digest_of_entries(const std::vector<DirectoryEntry>& entries) {
  DigestBuilder builder;
  for (const DirectoryEntry& entry : entries) {
    if (can_matter(entry)) builder.field(entry.name, static_cast<std::uint64_t>(entry.kind));
  }
  return builder.finish();
}

bool holds_other_code(const SeenFile& seen) {
  SeenFile now = seen;
  return look_again(now, true).code;
}

void Refreshed::operator|=(const Refreshed& other) {
  stats = stats || other.stats;
  bytes = bytes || other.bytes;
  code = code || other.code;
}

bool Glance::all_same() const {
  return std::all_of(same.begin(), same.end(), [](std::uint8_t one) { return one != 0; });
}

Refreshed look_again(DiskObservations& observations, unsigned threads, bool want_code, const Glance& glance) {
  const std::size_t directories = observations.directories.size();
  const std::size_t paths = directories + observations.paths.size();
  const std::size_t all = paths + observations.files.size();
  const std::vector<std::uint8_t>& same = glance.same;
  INVARIANT(same.empty() || same.size() == all, "a glance is of the observations it comes with");
  if (!same.empty() && glance.all_same()) return {};
  Refreshed result;
  std::mutex guards_result;
  SharedRange range(all, kStep);
  range.run(threads, [&] {
    Refreshed found;
    while (const auto piece = range.take()) {
      for (std::size_t i = piece->begin; i < piece->end; ++i) {
        if (!same.empty() && same[i] != 0) continue;
        found |= i < directories ? look_again(observations.directories[i])
                 : i < paths     ? look_again(observations.paths[i - directories])
                                 : look_again(observations.files[i - paths], want_code);
      }
    }
    const std::lock_guard lock(guards_result);
    result |= found;
  });
  return result;
}

}  // namespace graph
