#include "runner/project_uses.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <utility>

#include "graph/byte_codec.h"
#include "runner/atomic_file.h"
#include "runner/pack_directory.h"
#include "runner/seal.h"

namespace runner {
namespace {

using graph::ByteReader;
using graph::ByteWriter;

constexpr std::string_view kMagic = "TWUSES\r\n";
constexpr std::uint32_t kVersion = 1;
constexpr std::string_view kSuffix = ".use";
constexpr std::string_view kRepeatedSuffix = ".repeated";
constexpr std::size_t kIdDigits = 16;

std::string id_of(const std::string& folder) {
  return graph::sha256(folder).hex().substr(0, kIdDigits);
}

std::string file_name(const std::string& id) {
  return id + std::string(kSuffix);
}

std::string repeated_name(const std::string& id) {
  return id + std::string(kRepeatedSuffix);
}

// Adds the runs that repeated an answer since the file was written.
void add_repetitions(const OwnedDirectory& directory, const std::string& id, ProjectUses& uses) {
  const std::string name = repeated_name(id);
  struct stat status {};
  if (::fstatat(directory.descriptor(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return;
  const std::optional<std::string> bytes = directory.read(name);
  if (!bytes) return;
  ByteReader in(*bytes);
  for (std::uint64_t count = 0; count < bytes->size() / sizeof(std::uint64_t); ++count) {
    ++uses.runs;
    uses.reused += in.fixed<std::uint64_t>();
  }
  const std::int64_t moment = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
  uses.last_run_ns = std::max(uses.last_run_ns, moment);
  if (!uses.layers.empty()) uses.layers.front().moment_ns = uses.last_run_ns;
}

std::optional<ProjectUses> read_file(const OwnedDirectory& directory, const std::string& name) {
  const std::optional<std::string> bytes = directory.read(name);
  return bytes ? decode_uses(*bytes) : std::nullopt;
}

}  // namespace

std::uint64_t key_start(const graph::Digest& key) {
  std::uint64_t start = 0;
  std::memcpy(&start, key.bytes.data(), sizeof(start));
  return start;
}

std::string encode_uses(const ProjectUses& uses) {
  std::string bytes;
  ByteWriter out(bytes);
  out.raw(kMagic);
  out.fixed(kVersion);
  out.string(uses.label);
  out.fixed(uses.first_run_ns);
  out.fixed(uses.last_run_ns);
  out.varint(uses.runs);
  out.varint(uses.reused);
  out.varint(uses.checked);
  out.varint(uses.layers.size());
  for (const UseLayer& layer : uses.layers) {
    out.fixed(layer.moment_ns);
    out.varint(layer.keys.size());
    for (const std::uint64_t key : layer.keys) out.fixed(key);
  }
  seal(bytes);
  return bytes;
}

std::optional<ProjectUses> decode_uses(std::string_view bytes) {
  // A layer: its moment and the number of its keys.
  constexpr std::size_t kSmallestLayer = 9;
  const std::optional<std::string_view> body = unsealed(bytes);
  if (!body) return std::nullopt;
  ByteReader in(*body);
  if (in.raw(kMagic.size()) != kMagic || in.fixed<std::uint32_t>() != kVersion) return std::nullopt;
  ProjectUses uses;
  uses.label = in.string();
  uses.first_run_ns = in.fixed<std::int64_t>();
  uses.last_run_ns = in.fixed<std::int64_t>();
  uses.runs = in.varint();
  uses.reused = in.varint();
  uses.checked = in.varint();
  uses.layers.resize(in.count(kSmallestLayer));
  for (UseLayer& layer : uses.layers) {
    layer.moment_ns = in.fixed<std::int64_t>();
    layer.keys.resize(in.count(sizeof(std::uint64_t)));
    for (std::uint64_t& key : layer.keys) key = in.fixed<std::uint64_t>();
  }
  if (!in.finished()) return std::nullopt;
  return uses;
}

void add_run(ProjectUses& uses, const ProjectRun& run, std::int64_t now_ns, std::vector<std::uint64_t> keys,
             std::size_t most) {
  uses.label = std::filesystem::path(run.folder).filename().string();
  if (uses.runs == 0) uses.first_run_ns = now_ns;
  uses.last_run_ns = now_ns;
  ++uses.runs;
  uses.reused += run.reused;
  uses.checked += run.checked;
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  for (UseLayer& layer : uses.layers) {
    std::vector<std::uint64_t> older;
    std::set_difference(layer.keys.begin(), layer.keys.end(), keys.begin(), keys.end(),
                        std::back_inserter(older));
    layer.keys = std::move(older);
  }
  uses.layers.insert(uses.layers.begin(), {now_ns, std::move(keys)});
  for (UseLayer& layer : uses.layers) {
    layer.keys.resize(std::min(layer.keys.size(), most));
    most -= layer.keys.size();
  }
  std::erase_if(uses.layers, [](const UseLayer& layer) { return layer.keys.empty(); });
}

void note_run(const OwnedDirectory& directory, const ProjectRun& run, std::vector<std::uint64_t> keys,
              std::size_t most) {
  const std::string id = id_of(run.folder);
  ProjectUses uses = read_file(directory, file_name(id)).value_or(ProjectUses{});
  add_repetitions(directory, id, uses);
  add_run(uses, run, static_cast<std::int64_t>(now_ns()), std::move(keys), most);
  remove_abandoned_files(directory);
  if (!write_losable(directory, file_name(id), encode_uses(uses))) return;
  directory.remove(repeated_name(id));
}

bool note_repetition(const OwnedDirectory& directory, const ProjectRun& run) {
  const std::string id = id_of(run.folder);
  if (::faccessat(directory.descriptor(), file_name(id).c_str(), F_OK, AT_SYMLINK_NOFOLLOW) != 0)
    return false;
  const FileHandle file(::openat(directory.descriptor(), repeated_name(id).c_str(),
                                 O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600));
  std::string bytes;
  ByteWriter(bytes).fixed(run.reused);
  // A count that is lost is no loss.
  static_cast<void>(!file || ::write(file.get(), bytes.data(), bytes.size()));
  return true;
}

std::vector<NamedUses> read_uses(const OwnedDirectory& directory, bool remove_broken) {
  std::vector<NamedUses> projects;
  for (const std::string& name : directory.names()) {
    if (!name.ends_with(kSuffix)) continue;
    std::optional<ProjectUses> uses = read_file(directory, name);
    if (!uses) {
      if (remove_broken) directory.remove(name);
      continue;
    }
    add_repetitions(directory, name.substr(0, name.size() - kSuffix.size()), *uses);
    projects.push_back({name.substr(0, 8), std::move(*uses)});
  }
  std::sort(projects.begin(), projects.end(), [](const NamedUses& left, const NamedUses& right) {
    return left.uses.last_run_ns != right.uses.last_run_ns ? left.uses.last_run_ns > right.uses.last_run_ns
                                                           : left.id < right.id;
  });
  return projects;
}

std::unordered_map<std::uint64_t, std::int64_t> last_uses(const std::vector<NamedUses>& projects) {
  std::unordered_map<std::uint64_t, std::int64_t> moments;
  for (const NamedUses& project : projects) {
    for (const UseLayer& layer : project.uses.layers) {
      for (const std::uint64_t key : layer.keys) {
        std::int64_t& moment = moments[key];
        moment = std::max(moment, layer.moment_ns);
      }
    }
  }
  return moments;
}

}  // namespace runner
