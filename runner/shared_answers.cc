#include "runner/shared_answers.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "graph/byte_codec.h"

namespace runner {
namespace {

// Newer sets of paths first; a tree whose files come and go has many.
constexpr std::size_t kSetsTried = 4;

template <typename Seen>
std::unordered_map<std::string_view, const Seen*> by_path(const std::vector<Seen>& list) {
  std::unordered_map<std::string_view, const Seen*> result;
  result.reserve(list.size());
  for (const Seen& seen : list) result.emplace(seen.path, &seen);
  return result;
}

// Takes over what is known of a list's paths; gives the positions of those that remain to be looked at.
template <typename Seen>
std::vector<std::size_t> fill_in(std::vector<Seen>& list, const std::vector<Seen>& known) {
  const auto found = by_path(known);
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto it = found.find(list[i].path);
    if (it != found.end()) {
      list[i] = *it->second;
    } else {
      open.push_back(i);
    }
  }
  return open;
}

template <typename Seen>
std::vector<Seen> taken_from(const std::vector<Seen>& list, const std::vector<std::size_t>& places) {
  std::vector<Seen> taken;
  taken.reserve(places.size());
  for (const std::size_t place : places) taken.push_back(list[place]);
  return taken;
}

template <typename Seen>
void put_back(std::vector<Seen>& list, const std::vector<std::size_t>& places, std::vector<Seen>& taken) {
  for (std::size_t i = 0; i < places.size(); ++i) list[places[i]] = std::move(taken[i]);
}

void look_at(graph::DiskObservations& seen, const graph::DiskObservations& known, unsigned threads) {
  const auto directories = fill_in(seen.directories, known.directories);
  const auto paths = fill_in(seen.paths, known.paths);
  const auto files = fill_in(seen.files, known.files);
  graph::DiskObservations open{.directories = taken_from(seen.directories, directories),
                               .paths = taken_from(seen.paths, paths),
                               .files = taken_from(seen.files, files)};
  graph::look_again(open, threads, false);
  put_back(seen.directories, directories, open.directories);
  put_back(seen.paths, paths, open.paths);
  put_back(seen.files, files, open.files);
}

}  // namespace

SharedAnswers::SharedAnswers(PackStore& store, const graph::Digest& inputs, PathNames names)
    : store_(store), inputs_(inputs), names_(std::move(names)) {}

std::optional<RunAnswer> SharedAnswers::find(const graph::DiskObservations& seen) const {
  const std::optional<Names> names = names_of(seen);
  if (!names) return std::nullopt;
  tried_ = graph::sha256(encode_paths(*names));
  return answer_of(answer_key(*tried_, *names, seen));
}

std::optional<SharedAnswers::Found> SharedAnswers::search(const graph::DiskObservations& known,
                                                          unsigned threads) const {
  std::vector<std::string> sets = store_.get_all(RecordKind::kSightings, inputs_);
  if (sets.size() > kSetsTried) sets.resize(kSetsTried);
  for (const std::string& set : sets) {
    if (set.size() != sizeof(graph::Digest::bytes)) continue;
    const graph::Digest paths = graph::Digest::from_raw(set);
    if (paths == tried_) continue;
    const std::optional<std::string> record = store_.get(RecordKind::kPaths, paths);
    if (!record || graph::sha256(*record) != paths) continue;
    std::optional<graph::DiskObservations> seen = paths_from(*record);
    if (!seen) continue;
    look_at(*seen, known, threads);
    const std::optional<Names> names = names_of(*seen);
    if (!names) continue;
    std::optional<RunAnswer> answer = answer_of(answer_key(paths, *names, *seen));
    if (answer) return Found{std::move(*seen), std::move(*answer)};
  }
  return std::nullopt;
}

void SharedAnswers::keep(const graph::DiskObservations& seen, const RunAnswer& answer) const {
  const std::optional<Names> names = names_of(seen);
  if (!seen.complete || !names || names_.occur_in(answer.output)) return;
  const std::string record = encode_paths(*names);
  const graph::Digest paths = graph::sha256(record);
  if (!store_.contains(RecordKind::kPaths, paths)) store_.put(RecordKind::kPaths, paths, record);
  // The set of this run is to be tried first the next time.
  const std::vector<std::string> sets = store_.get_all(RecordKind::kSightings, inputs_);
  if (sets.empty() || sets.front() != paths.view()) {
    store_.put(RecordKind::kSightings, inputs_, paths.view());
  }
  std::string bytes;
  graph::ByteWriter out(bytes);
  write_answer(out, answer);
  store_.put(RecordKind::kAnswer, answer_key(paths, *names, seen), bytes);
}

std::optional<SharedAnswers::Names> SharedAnswers::names_of(const graph::DiskObservations& seen) const {
  Names names;
  bool all = true;
  const auto add = [&](NameList& list, const auto& observed) {
    list.reserve(observed.size());
    for (std::size_t i = 0; i < observed.size(); ++i) {
      std::optional<std::string> name = names_.name_of(observed[i].path);
      all = all && name.has_value();
      list.emplace_back(std::move(name).value_or(""), i);
    }
    std::sort(list.begin(), list.end());
  };
  add(names[0], seen.directories);
  add(names[1], seen.paths);
  add(names[2], seen.files);
  if (!all) return std::nullopt;
  return names;
}

std::string SharedAnswers::encode_paths(const Names& names) {
  std::string bytes;
  graph::ByteWriter out(bytes);
  for (const NameList& list : names) {
    std::vector<std::string> words;
    words.reserve(list.size());
    for (const auto& [name, place] : list) words.push_back(name);
    graph::write_names(out, words);
  }
  return bytes;
}

std::optional<graph::DiskObservations> SharedAnswers::paths_from(std::string_view record) const {
  graph::DiskObservations seen;
  graph::ByteReader in(record);
  const auto fill = [&](auto& list) {
    for (const std::string& name : graph::read_names(in)) list.emplace_back().path = names_.path_of(name);
  };
  fill(seen.directories);
  fill(seen.paths);
  fill(seen.files);
  if (!in.finished()) return std::nullopt;
  return seen;
}

graph::Digest SharedAnswers::answer_key(const graph::Digest& paths, const Names& names,
                                        const graph::DiskObservations& seen) const {
  graph::DigestBuilder builder;
  builder.field("inputs", inputs_);
  builder.field("paths", paths);
  for (const auto& [name, place] : names[0]) builder.field("entries", seen.directories[place].entries);
  for (const auto& [name, place] : names[1]) {
    builder.field("kind", static_cast<std::uint64_t>(seen.paths[place].kind));
  }
  for (const auto& [name, place] : names[2]) builder.field("bytes", seen.files[place].digest);
  return builder.finish();
}

std::optional<RunAnswer> SharedAnswers::answer_of(const graph::Digest& key) const {
  const std::optional<std::string> record = store_.get(RecordKind::kAnswer, key);
  if (!record) return std::nullopt;
  graph::ByteReader in(*record);
  RunAnswer answer = read_answer(in);
  if (!in.finished()) return std::nullopt;
  return answer;
}

}  // namespace runner
