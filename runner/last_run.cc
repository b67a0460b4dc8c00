#include "runner/last_run.h"

#include <bit>
#include <future>
#include <limits>
#include <utility>

#include "graph/byte_codec.h"
#include "runner/atomic_file.h"
#include "runner/machine.h"
#include "runner/seal.h"
#include "runner/stat_cache.h"

namespace runner {
namespace {

using graph::ByteReader;
using graph::ByteWriter;

constexpr std::string_view kMagic = "TWL\x05";

constexpr std::size_t kDigestSize = sizeof(graph::Digest::bytes);

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
  constexpr std::size_t kUsualPath = 128;
  bytes.reserve(run.answer.output.size() + run.seen.directories.size() * kUsualPath +
                run.seen.files.size() * (kUsualPath + 4 * kDigestSize));
  ByteWriter out(bytes);
  out.raw(kMagic);
  out.digest(run.inputs);
  out.digest(run.store);
  graph::write_sights(out, run.seen);
  write_answer(out, run.answer);
  graph::write_digests(out, run.seen);
  seal(bytes);
  return bytes;
}

std::optional<PackedRun> PackedRun::read(std::string_view bytes) {
  if (bytes.size() < kDigestSize) return std::nullopt;
  PackedRun run;
  run.body_ = bytes.substr(0, bytes.size() - kDigestSize);
  run.seal_ = bytes.substr(run.body_.size());
  ByteReader in(run.body_);
  if (in.raw(kMagic.size()) != kMagic) return std::nullopt;
  run.inputs = in.digest();
  run.store = in.digest();
  std::optional<graph::PackedSights> sights = graph::PackedSights::read(in);
  if (!sights) return std::nullopt;
  run.sights_ = std::move(*sights);
  run.rest_ = in.raw(in.remaining());
  return run;
}

graph::Glance PackedRun::glance(unsigned threads, const std::function<void()>& on_edit) const {
  return sights_.glance(threads, {.digests = rest_, .on_edit = on_edit});
}

std::optional<RunAnswer> PackedRun::answer() const {
  ByteReader in(rest_);
  RunAnswer answer = read_answer(in);
  if (!in.ok() || graph::sha256(body_).view() != seal_) return std::nullopt;
  return answer;
}

std::optional<LastRun> PackedRun::unpack() const {
  ByteReader in(rest_);
  LastRun run{.inputs = inputs, .seen = {}, .answer = read_answer(in), .store = store};
  run.seen = sights_.unpack(in);
  if (!in.finished()) return std::nullopt;
  return run;
}

std::optional<LastRun> decode_last_run(std::string_view bytes) {
  const std::optional<PackedRun> packed = PackedRun::read(bytes);
  return packed && packed->answer() ? packed->unpack() : std::nullopt;
}

std::optional<RecalledRun> recall_last_run(const StateDirectory& state, unsigned threads,
                                           const std::function<void(const graph::Digest&)>& on_edit,
                                           const char* name) {
  if (state.directory() == nullptr) return std::nullopt;
  std::optional<std::string> bytes = state.directory()->read(name);
  if (!bytes) {
    state.drop_displaced(name);
    return std::nullopt;
  }
  RecalledRun recalled;
  recalled.bytes = std::make_unique<const std::string>(std::move(*bytes));
  std::optional<PackedRun> packed = PackedRun::read(*recalled.bytes);
  if (packed) {
    auto answer = std::async(kAside, [&] { return packed->answer(); });
    recalled.began = LookBeginning::now();
    // Before it is known whether all is as it was written: to look at wrong places does no harm.
    recalled.glance = packed->glance(threads, [&] {
      if (on_edit) on_edit(packed->inputs);
    });
    std::optional<RunAnswer> intact = answer.get();
    recalled.packed = std::move(*packed);
    if (intact) {
      recalled.answer = std::move(*intact);
      if (recalled.glance.all_same()) return recalled;
      recalled.whole = recalled.packed.unpack();
      if (recalled.whole) return recalled;
    }
  }
  state.drop_damaged(name);
  return std::nullopt;
}

void remember_last_run(const StateDirectory& state, LastRun run, std::int64_t started_ns, const char* name) {
  if (!state.writable() || !run.seen.complete) return;
  graph::Result<AtomicFile> file = AtomicFile::create(*state.directory(), *state.directory(), name);
  if (!file) return;
  const std::int64_t moment_ns = file->moment_ns() - (elapsed_clock_ns() - started_ns);
  keep_what_is_certain(run.seen, moment_ns);
  if (file->write(encode_last_run(run))) return;
  [[maybe_unused]] const auto lost = file->publish(Durability::kLosable);
}

}  // namespace runner
