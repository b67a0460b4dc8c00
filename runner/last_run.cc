#include "runner/last_run.h"

#include <bit>
#include <future>
#include <limits>
#include <utility>

#include "graph/byte_codec.h"
#include "runner/atomic_file.h"
#include "runner/stat_cache.h"

namespace runner {
namespace {

using graph::ByteReader;
using graph::ByteWriter;

constexpr const char* kFileName = "last-run";
constexpr std::string_view kMagic = "TWL\x03";

void write_stat(ByteWriter& out, const graph::FileStat& stat) {
  out.varint(stat.size);
  out.fixed(stat.mtime_ns);
  out.fixed(stat.ctime_ns);
  out.varint(stat.inode);
  out.varint(stat.device);
  out.varint(stat.mode);
}

graph::FileStat read_stat(ByteReader& in) {
  graph::FileStat stat;
  stat.size = in.varint();
  stat.mtime_ns = in.fixed<std::int64_t>();
  stat.ctime_ns = in.fixed<std::int64_t>();
  stat.inode = in.varint();
  stat.device = in.varint();
  stat.mode = in.narrow<std::uint32_t>();
  return stat;
}

template <typename Seen>
void write_paths(ByteWriter& out, const std::vector<Seen>& seen) {
  std::vector<std::string> paths;
  paths.reserve(seen.size());
  for (const Seen& one : seen) paths.push_back(one.path);
  graph::write_names(out, paths);
}

template <typename Seen>
std::vector<Seen> read_paths(ByteReader& in) {
  std::vector<std::string> paths = graph::read_names(in);
  std::vector<Seen> seen(paths.size());
  for (std::size_t i = 0; i < paths.size(); ++i) seen[i].path = std::move(paths[i]);
  return seen;
}

void write_seen(ByteWriter& out, const graph::DiskObservations& seen) {
  write_paths(out, seen.directories);
  for (const graph::SeenDirectory& directory : seen.directories) {
    out.boolean(directory.stat.has_value());
    if (directory.stat) write_stat(out, *directory.stat);
    out.digest(directory.entries);
  }
  write_paths(out, seen.paths);
  for (const graph::SeenPath& path : seen.paths) out.fixed(static_cast<std::uint8_t>(path.kind));
  write_paths(out, seen.files);
  for (const graph::SeenFile& file : seen.files) {
    write_stat(out, file.stat);
    out.digest(file.digest);
    out.digest(file.code);
    out.digest(file.shape);
    out.boolean(file.by_shape);
  }
}

graph::DiskObservations read_seen(ByteReader& in) {
  graph::DiskObservations seen;
  seen.directories = read_paths<graph::SeenDirectory>(in);
  for (graph::SeenDirectory& directory : seen.directories) {
    if (in.boolean()) directory.stat = read_stat(in);
    directory.entries = in.digest();
  }
  seen.paths = read_paths<graph::SeenPath>(in);
  for (graph::SeenPath& path : seen.paths) {
    const auto kind = in.fixed<std::uint8_t>();
    if (kind > static_cast<std::uint8_t>(graph::FileKind::kOther)) in.fail();
    path.kind = static_cast<graph::FileKind>(kind);
  }
  seen.files = read_paths<graph::SeenFile>(in);
  for (graph::SeenFile& file : seen.files) {
    file.stat = read_stat(in);
    file.digest = in.digest();
    file.code = in.digest();
    file.shape = in.digest();
    file.by_shape = in.boolean();
  }
  return seen;
}

std::optional<LastRun> read_last_run(std::string_view body) {
  ByteReader in(body);
  if (in.raw(kMagic.size()) != kMagic) return std::nullopt;
  LastRun run;
  run.inputs = in.digest();
  run.store = in.digest();
  run.answer = read_answer(in);
  run.seen = read_seen(in);
  if (!in.finished()) return std::nullopt;
  return run;
}

// What no file has: its content is compared.
constexpr std::uint64_t kNoSize = std::numeric_limits<std::uint64_t>::max();

// Takes out of the observations what a stat cannot vouch for.
void keep_what_is_certain(graph::DiskObservations& seen, std::int64_t moment_ns) {
  for (graph::SeenDirectory& directory : seen.directories) {
    if (directory.stat && may_have_changed_unseen(*directory.stat, moment_ns)) directory.stat.reset();
  }
  for (graph::SeenFile& file : seen.files) {
    if (may_have_changed_unseen(file.stat, moment_ns)) file.stat.size = kNoSize;
  }
}

}  // namespace

void write_answer(ByteWriter& out, const RunAnswer& answer) {
  out.varint(static_cast<std::uint64_t>(answer.exit_code));
  out.varint(answer.own_modules);
  out.varint(answer.followed_modules);
  out.varint(answer.components);
  out.varint(answer.waves);
  out.fixed(std::bit_cast<std::uint64_t>(answer.cpu_seconds));
  out.string(answer.output);
}

RunAnswer read_answer(ByteReader& in) {
  RunAnswer answer;
  answer.exit_code = static_cast<int>(in.narrow<std::uint8_t>());
  answer.own_modules = in.varint();
  answer.followed_modules = in.varint();
  answer.components = in.varint();
  answer.waves = in.varint();
  answer.cpu_seconds = std::bit_cast<double>(in.fixed<std::uint64_t>());
  answer.output = in.string();
  return answer;
}

std::string encode_last_run(const LastRun& run) {
  std::string bytes;
  ByteWriter out(bytes);
  out.raw(kMagic);
  out.digest(run.inputs);
  out.digest(run.store);
  write_answer(out, run.answer);
  write_seen(out, run.seen);
  bytes += graph::sha256(bytes).view();
  return bytes;
}

std::optional<LastRun> decode_last_run(std::string_view bytes) {
  constexpr std::size_t kDigest = sizeof(graph::Digest::bytes);
  if (bytes.size() < kDigest) return std::nullopt;
  const std::string_view body = bytes.substr(0, bytes.size() - kDigest);
  // Both take about as long, and decoding is safe whatever the bytes are.
  auto verified = std::async(std::launch::async | std::launch::deferred,
                             [=] { return graph::sha256(body).view() == bytes.substr(body.size()); });
  std::optional<LastRun> run = read_last_run(body);
  return verified.get() ? std::move(run) : std::nullopt;
}

std::optional<LastRun> recall_last_run(const StateDirectory& state) {
  if (state.directory() == nullptr) return std::nullopt;
  const std::optional<std::string> bytes = state.directory()->read(kFileName);
  std::optional<LastRun> run = bytes ? decode_last_run(*bytes) : std::nullopt;
  if (!bytes) state.drop_displaced(kFileName);
  if (bytes && !run) state.drop_damaged(kFileName);
  return run;
}

void remember_last_run(const StateDirectory& state, LastRun run, std::int64_t started_ns) {
  if (!state.writable() || !run.seen.complete) return;
  graph::Result<AtomicFile> file = AtomicFile::create(*state.directory(), *state.directory(), kFileName);
  if (!file) return;
  const std::int64_t moment_ns = file->moment_ns() - (elapsed_clock_ns() - started_ns);
  keep_what_is_certain(run.seen, moment_ns);
  if (file->write(encode_last_run(run))) return;
  [[maybe_unused]] const auto lost = file->publish(Durability::kLosable);
}

}  // namespace runner
