#include "runner/known_graph.h"

#include <algorithm>
#include <bit>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "graph/graph_codec.h"
#include "graph/module_scans.h"
#include "runner/atomic_file.h"
#include "runner/known_scans.h"

namespace runner {
namespace {

using graph::ByteReader;
using graph::ByteWriter;

constexpr const char* kFileName = "graph";
constexpr std::string_view kMagic = "TWG\x02";
constexpr std::size_t kDigestSize = sizeof(graph::Digest::bytes);
// Of so many files at most one may have changed: for more, looking at all is no slower.
constexpr std::size_t kFilesPerChange = 8;

// All that a run saw but the contents of files.
graph::Digest digest_of_disk(const graph::DiskObservations& seen) {
  graph::DigestBuilder builder;
  for (const graph::SeenDirectory& directory : seen.directories) {
    builder.field("directory", directory.path);
    builder.field("entries", directory.entries);
  }
  for (const graph::SeenPath& path : seen.paths) {
    builder.field("path", path.path);
    builder.field("kind", static_cast<std::uint64_t>(path.kind));
  }
  for (const graph::SeenFile& file : seen.files) builder.field("file", file.path);
  return builder.finish();
}

void write_bits(ByteWriter& out, const std::vector<bool>& bits) {
  out.varint(bits.size());
  for (const bool bit : bits) out.boolean(bit);
}

std::vector<bool> read_bits(ByteReader& in) {
  std::vector<bool> bits(in.count(1));
  for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = in.boolean();
  return bits;
}

void write_sources(ByteWriter& out, const std::vector<graph::Source>& sources) {
  std::vector<std::string> bases;
  std::unordered_map<std::string_view, std::size_t> places;
  for (const graph::Source& source : sources) {
    if (!source.base_directory) continue;
    if (places.emplace(*source.base_directory, bases.size()).second) bases.push_back(*source.base_directory);
  }
  graph::write_names(out, bases);
  out.varint(sources.size());
  for (const graph::Source& source : sources) {
    out.varint(source.base_directory ? places.at(*source.base_directory) + 1 : 0);
    out.boolean(!source.path.empty());
  }
}

// Their names and paths are those of the first modules.
struct StoredSources {
  std::vector<graph::Source> sources;
  std::vector<bool> has_path;
};

StoredSources read_sources(ByteReader& in) {
  const std::vector<std::string> bases = graph::read_names(in);
  StoredSources stored;
  stored.sources.resize(in.count(2));
  for (graph::Source& source : stored.sources) {
    const std::uint64_t base = in.varint();
    if (base > bases.size()) in.fail();
    if (!in.ok()) break;
    if (base > 0) source.base_directory = bases[base - 1];
    stored.has_path.push_back(in.boolean());
  }
  return stored;
}

bool can_be_kept(const RunSetup& setup, const graph::DiskObservations& seen) {
  const auto plain = [](const graph::Source& source) { return !source.text && !source.module.empty(); };
  return seen.complete && follows_from_what_was_seen(setup) &&
         std::all_of(setup.sources.begin(), setup.sources.end(), plain);
}

constexpr std::uint8_t kValid = 1;
constexpr std::uint8_t kSilent = 2;

// What holds at the end of a run, for the next one.
class OutcomeWriter {
 public:
  OutcomeWriter(ByteWriter& out, const PlannedRun& run) : out_(out), run_(run), setup_(run.setup()) {}

  void write(graph::ComponentId id) {
    const scheduler::ComponentRecord& record = run_.state()[id];
    if (!record.outcome) return out_.fixed<std::uint8_t>(0);
    const scheduler::Outcome& outcome = *record.outcome;
    const bool silent =
        std::all_of(outcome.modules.begin(), outcome.modules.end(),
                    [](const scheduler::ModuleOutcome& one) { return one.diagnostics.empty(); });
    out_.fixed<std::uint8_t>(static_cast<std::uint8_t>(kValid | (silent ? kSilent : 0)));
    out_.fixed(std::bit_cast<std::uint64_t>(outcome.seconds));
    out_.digest(record.used_digest);
    write_used(id, record);
    for (const scheduler::ModuleOutcome& module : outcome.modules) {
      out_.digest(module.interface);
      out_.boolean(module.mentions_lines);
    }
  }

 private:
  void write_used(graph::ComponentId id, const scheduler::ComponentRecord& record) {
    if (record.taken_over) {
      const scheduler::KnownOutcomes& known = setup_.known->outcomes;
      const scheduler::KnownOutcome& outcome = known.by_component[id.value];
      out_.varint(outcome.last - outcome.first);
      for (std::uint32_t i = outcome.first; i < outcome.last; ++i) out_.varint(known.used[i].value);
      return;
    }
    out_.varint(record.outcome->used.size());
    for (const std::string& name : record.outcome->used) {
      const auto module = setup_.graph.find(name);
      INVARIANT(module.has_value(), "a used module is in the graph");
      out_.varint(module->value);
    }
  }

  ByteWriter& out_;
  const PlannedRun& run_;
  const RunSetup& setup_;
};

scheduler::KnownOutcomes read_outcomes(ByteReader& in, const graph::Condensation& components,
                                       std::size_t modules) {
  scheduler::KnownOutcomes known;
  known.by_component.resize(components.size());
  known.interfaces.resize(modules);
  known.mentions_lines.resize(modules);
  for (std::uint32_t i = 0; i < components.size() && in.ok(); ++i) {
    scheduler::KnownOutcome& outcome = known.by_component[i];
    const auto flags = in.fixed<std::uint8_t>();
    outcome.valid = (flags & kValid) != 0;
    outcome.silent = (flags & kSilent) != 0;
    if (!outcome.valid) continue;
    outcome.seconds = std::bit_cast<double>(in.fixed<std::uint64_t>());
    outcome.used_digest = in.digest();
    outcome.first = static_cast<std::uint32_t>(known.used.size());
    for (std::size_t left = in.count(1); left > 0 && in.ok(); --left) {
      const auto module = in.narrow<std::uint32_t>();
      if (module >= modules || components.of({module}).value >= i) in.fail();
      known.used.push_back({module});
    }
    outcome.last = static_cast<std::uint32_t>(known.used.size());
    for (const graph::ModuleId module : components[{i}].modules) {
      known.interfaces[module.value] = in.digest();
      known.mentions_lines[module.value] = in.boolean();
    }
  }
  return known;
}

// One graph on its way back into a run.
class TakingUp {
 public:
  TakingUp(RunSetup& setup, graph::DiskObservations& now, StatCache& memory, unsigned threads)
      : setup_(setup), now_(now), memory_(memory), threads_(threads) {}

  bool read(std::string_view bytes) {
    ByteReader in(bytes);
    if (in.digest() != digest_of_disk(now_)) return false;
    typeshed_ = in.digest();
    auto known = std::make_unique<KnownRun>();
    known->run = in.digest();
    if (!find_changes(in)) return false;
    StoredSources sources = read_sources(in);
    const std::vector<bool> used = read_bits(in);
    setup_.options =
        std::make_unique<graph::OptionsTable>(setup_.probe.module_options, setup_.probe.sections);
    constant_ = read_bits(in);
    stored_ = graph::read_graph(in, *setup_.options);
    if (!in.ok() || constant_.size() != stored_.graph.modules.size()) return false;
    if (!setup_.options->restore_used(used)) return false;
    for (std::size_t i = 0; i < stored_.components->size(); ++i) known->keys.push_back(in.digest());
    known->outcomes = read_outcomes(in, *stored_.components, stored_.graph.modules.size());
    if (!in.finished() || sources.sources.size() > stored_.graph.modules.size()) return false;
    if (!scan_changed(*known)) return false;
    put(std::move(sources), std::move(known));
    return true;
  }

 private:
  bool find_changes(ByteReader& in) {
    if (in.count(kDigestSize) != now_.files.size()) return false;
    for (const graph::SeenFile& file : now_.files) {
      if (in.digest() != file.digest) changed_.emplace(file.path, &file);
    }
    return in.ok() && changed_.size() <= now_.files.size() / kFilesPerChange;
  }

  // Whether all that changed are sources whose imports are the same.
  bool scan_changed(KnownRun& known) {
    known.outdated.resize(stored_.components->size());
    if (changed_.empty()) return true;
    // Without a memory: should the graph not be taken up, everything is scanned by another one.
    scanner_ = std::make_unique<graph::ParallelFileScanner>(threads_, nullptr);
    std::unordered_set<std::string_view> scanned;
    std::vector<graph::Module>& modules = stored_.graph.modules;
    for (std::uint32_t i = 0; i < modules.size(); ++i) {
      if (modules[i].file == nullptr) continue;
      const auto changed = changed_.find(modules[i].path);
      if (changed == changed_.end()) continue;
      if (constant_[i] || !scan(modules[i], {i}, *changed->second)) return false;
      const std::uint32_t component = stored_.components->of({i}).value;
      known.outdated[component] = true;
      known.outcomes.by_component[component].valid = false;
      scanned.insert(changed->first);
    }
    known.changed = scanned.size();
    return scanned.size() == changed_.size();
  }

  bool scan(graph::Module& module, graph::ModuleId id, const graph::SeenFile& now) {
    const graph::ScanTarget target = graph::scan_target(setup_.probe.build, *module.options);
    const graph::ScanRequest request{.path = module.path, .target = &target};
    const graph::ScannedFile* file = scanner_->scan({&request, 1}).front();
    if (!file->unreadable.empty() || !file->scan.sure || file->digest != now.digest) return false;
    const graph::ImportShape shape = graph::import_shape(file->scan);
    const graph::ImportShape before = stored_.imports_of(id);
    if (shape.digest != before.digest) return false;
    const auto moved = graph::moved_lines(before, shape);
    if (!moved) return false;
    module.file = file;
    if (shape.lines != before.lines) move_lines(module, id, *moved);
    return true;
  }

  void move_lines(graph::Module& module, graph::ModuleId id, const graph::MovedLines& moved) {
    const auto move = [&moved](std::uint32_t& line) {
      const auto found = moved.find(line);
      if (found != moved.end()) line = found->second;
    };
    for (graph::Dependency& dependency : module.dependencies) move(dependency.line);
    for (graph::SuppressedImport& import : module.suppressed) move(import.line);
    for (graph::ImportReport& report : module.reports) move(report.line);
    for (graph::Module& other : stored_.graph.modules) {
      if (other.imported_from && other.imported_from->first == id) move(other.imported_from->second);
    }
  }

  void put(StoredSources sources, std::unique_ptr<KnownRun> known) {
    for (std::size_t i = 0; i < sources.sources.size(); ++i) {
      const graph::Module& module = stored_.graph.modules[i];
      sources.sources[i].module = module.name;
      if (sources.has_path[i]) sources.sources[i].path = module.path;
    }
    setup_.sources = std::move(sources.sources);
    setup_.search_paths = setup_.probe.build.search_paths;
    setup_.search_paths.python_path = graph::python_path_of(setup_.sources, setup_.probe.build);
    setup_.scanner = std::move(scanner_);
    setup_.graph = std::move(stored_.graph);
    setup_.components = std::move(stored_.components);
    setup_.constant = std::move(constant_);
    setup_.typeshed = typeshed_;
    setup_.probe.environment.emplace_back("typeshed", typeshed_.hex());
    known->seen = std::move(now_);
    known->files = std::move(stored_.files);
    known->scans = std::make_unique<KnownScans>(setup_.graph, setup_.probe.build, memory_);
    for (graph::ScannedFile& file : known->files) file.source = known->scans.get();
    setup_.known = std::move(known);
  }

  RunSetup& setup_;
  graph::DiskObservations& now_;
  StatCache& memory_;
  const unsigned threads_;
  std::unordered_map<std::string_view, const graph::SeenFile*> changed_;  // by path
  graph::Digest typeshed_;
  std::vector<bool> constant_;
  graph::StoredGraph stored_;
  std::unique_ptr<graph::ParallelFileScanner> scanner_;
};

}  // namespace

std::string encode_known_graph(const graph::Digest& inputs, const PlannedRun& run,
                               const graph::DiskObservations& seen) {
  const RunSetup& setup = run.setup();
  if (!can_be_kept(setup, seen)) return {};
  std::string body;
  ByteWriter out(body);
  out.digest(inputs);
  out.digest(digest_of_disk(seen));
  out.digest(setup.typeshed);
  out.digest(run.keys().run_digest());
  out.varint(seen.files.size());
  for (const graph::SeenFile& file : seen.files) out.digest(file.digest);
  write_sources(out, setup.sources);
  write_bits(out, setup.options->used());
  write_bits(out, setup.constant);
  graph::write_graph(out, setup.graph, *setup.components);
  for (std::uint32_t i = 0; i < run.state().size(); ++i) out.digest(run.state()[{i}].static_key);
  OutcomeWriter outcomes(out, run);
  for (std::uint32_t i = 0; i < run.state().size(); ++i) outcomes.write({i});
  std::string bytes(kMagic);
  bytes += graph::sha256(body).view();
  bytes += body;
  return bytes;
}

std::optional<KnownGraph> KnownGraph::read(std::string bytes) {
  KnownGraph known;
  known.bytes_ = std::make_unique<const std::string>(std::move(bytes));
  ByteReader in(*known.bytes_);
  if (in.raw(kMagic.size()) != kMagic) return std::nullopt;
  const graph::Digest seal = in.digest();
  const std::string_view body = in.raw(in.remaining());
  if (!in.ok() || graph::sha256(body) != seal) return std::nullopt;
  ByteReader inside(body);
  known.inputs_ = inside.digest();
  known.rest_ = inside.raw(inside.remaining());
  if (!inside.ok()) return std::nullopt;
  return known;
}

std::optional<KnownGraph> KnownGraph::recall(const StateDirectory& state, const graph::Digest& inputs) {
  if (state.directory() == nullptr) return std::nullopt;
  std::optional<std::string> bytes = state.directory()->read(kFileName);
  if (!bytes) {
    state.drop_displaced(kFileName);
    return std::nullopt;
  }
  std::optional<KnownGraph> known = read(std::move(*bytes));
  if (!known) state.drop_damaged(kFileName);
  if (known && known->inputs() != inputs) return std::nullopt;
  return known;
}

bool KnownGraph::take_up(RunSetup& setup, graph::DiskObservations& now, StatCache& memory,
                         unsigned threads) const {
  return now.complete && TakingUp(setup, now, memory, threads).read(rest_);
}

bool is_well_known(const PlannedRun& run) {
  constexpr std::size_t kManySources = 16;
  constexpr std::size_t kManyComponents = 200;
  const auto& known = run.setup().known;
  if (!known || known->changed > kManySources) return false;
  std::size_t decided_anew = 0;
  for (std::uint32_t i = 0; i < run.state().size(); ++i) {
    if (!run.state()[{i}].taken_over) ++decided_anew;
  }
  return decided_anew <= kManyComponents;
}

void remember_graph(const StateDirectory& state, const graph::Digest& inputs, const PlannedRun& run,
                    const graph::DiskObservations& seen) {
  if (!state.writable()) return;
  const std::string bytes = encode_known_graph(inputs, run, seen);
  if (bytes.empty()) return;
  write_losable(*state.directory(), kFileName, bytes);
}

}  // namespace runner
