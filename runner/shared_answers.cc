#include "runner/shared_answers.h"

#include <algorithm>
#include <string_view>
#include <type_traits>
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

// Paths one behind the other, which are compared faster than they are named.
std::string join(const graph::DiskObservations& seen) {
  std::string joined;
  graph::ByteWriter out(joined);
  const auto add = [&out](const auto& list) {
    out.varint(list.size());
    for (const auto& one : list) out.string(one.path);
  };
  add(seen.directories);
  add(seen.paths);
  add(seen.files);
  return joined;
}

// Names of paths, sorted, and the place of each in the list. Nothing if one has none.
template <typename Seen>
std::optional<std::vector<std::pair<std::string, std::size_t>>> sorted_names(const PathNames& names,
                                                                             const std::vector<Seen>& list) {
  std::vector<std::pair<std::string, std::size_t>> sorted;
  sorted.reserve(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    std::optional<std::string> name = names.name_of(list[i].path);
    if (!name) return std::nullopt;
    sorted.emplace_back(std::move(*name), i);
  }
  if (!std::is_sorted(sorted.begin(), sorted.end())) std::sort(sorted.begin(), sorted.end());
  return sorted;
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
  const auto set = set_of(seen);
  if (!set) return std::nullopt;
  tried_ = set->digest;
  return answer_of(answer_key(*set, seen));
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
    std::optional<PathSet> here = named(*seen);
    if (!here) continue;
    here->digest = paths;  // as it was named there
    std::optional<RunAnswer> answer = answer_of(answer_key(*here, *seen));
    if (answer) return Found{std::move(*seen), std::move(*answer)};
  }
  return std::nullopt;
}

std::optional<SharedAnswers::Place> SharedAnswers::place_of(const graph::DiskObservations& seen) const {
  auto set = seen.complete ? set_of(seen) : nullptr;
  if (!set) return std::nullopt;
  const graph::Digest key = answer_key(*set, seen);
  return Place{std::move(set), key};
}

void SharedAnswers::keep(const Place& place, const RunAnswer& answer) const {
  if (names_.occur_in(answer.output)) return;
  const graph::Digest& paths = place.paths->digest;
  if (!store_.contains(RecordKind::kPaths, paths)) store_.put(RecordKind::kPaths, paths, place.paths->record);
  // The set of this run is to be tried first the next time.
  const std::vector<std::string> sets = store_.get_all(RecordKind::kSightings, inputs_);
  if (sets.empty() || sets.front() != paths.view()) {
    store_.put(RecordKind::kSightings, inputs_, paths.view());
  }
  std::string bytes;
  graph::ByteWriter out(bytes);
  write_answer(out, answer);
  store_.put(RecordKind::kAnswer, place.key, bytes);
}

std::shared_ptr<const SharedAnswers::PathSet> SharedAnswers::set_of(
    const graph::DiskObservations& seen) const {
  std::string joined = join(seen);
  if (last_ && last_->joined == joined) return last_;
  last_.reset();
  std::optional<PathSet> set = named(seen);
  if (!set) return nullptr;
  set->joined = std::move(joined);
  last_ = std::make_shared<const PathSet>(std::move(*set));
  return last_;
}

std::optional<SharedAnswers::PathSet> SharedAnswers::named(const graph::DiskObservations& seen) const {
  PathSet set;
  graph::ByteWriter out(set.record);
  const auto add = [&](std::vector<std::size_t>& in_order, const auto& observed) {
    const auto names = sorted_names(names_, observed);
    if (!names) return false;
    graph::NameWriter writer(out, names->size());
    for (const auto& [name, place] : *names) {
      writer.add(name);
      in_order.push_back(place);
    }
    return true;
  };
  if (!add(set.in_order[0], seen.directories) || !add(set.in_order[1], seen.paths) ||
      !add(set.in_order[2], seen.files)) {
    return std::nullopt;
  }
  set.digest = graph::sha256(set.record);
  return set;
}

void SharedAnswers::sort(graph::DiskObservations& seen) const {
  const auto arrange = [&](auto& list) {
    const auto names = sorted_names(names_, list);
    if (!names) return;
    std::remove_reference_t<decltype(list)> arranged;
    arranged.reserve(list.size());
    for (const auto& [name, place] : *names) arranged.push_back(std::move(list[place]));
    list = std::move(arranged);
  };
  arrange(seen.directories);
  arrange(seen.paths);
  arrange(seen.files);
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

graph::Digest SharedAnswers::answer_key(const PathSet& set, const graph::DiskObservations& seen) const {
  graph::DigestBuilder builder;
  builder.field("inputs", inputs_);
  builder.field("paths", set.digest);
  const auto& [directories, paths, files] = set.in_order;
  for (const std::size_t place : directories) builder.field("entries", seen.directories[place].entries);
  for (const std::size_t place : paths) {
    builder.field("kind", static_cast<std::uint64_t>(seen.paths[place].kind));
  }
  for (const std::size_t place : files) builder.field("bytes", seen.files[place].digest);
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
