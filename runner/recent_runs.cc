#include "runner/recent_runs.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "graph/byte_codec.h"
#include "runner/history_draft.h"
#include "runner/key_inputs.h"
#include "runner/seal.h"

namespace runner {
namespace {

using graph::ByteReader;
using graph::ByteWriter;
using scheduler::ComponentState;

constexpr std::string_view kMagic = "TWN\x01";
// With more of either the whole history is written again.
constexpr std::size_t kMaxRuns = 100;
constexpr std::size_t kMaxNews = 200;

// Everything of a run that a history writes down but its keys: components and their modules, options, and the
// inputs that all keys share.
graph::Digest frame_of(const PlannedRun& run) {
  graph::DigestBuilder frame;
  frame.field("run", run.keys().run_digest());
  for (std::uint32_t id = 0; id < run.state().size(); ++id) {
    frame.field("component", id);
    for (const graph::ModuleId module : (*run.setup().components)[{id}].modules) {
      frame.field("module", run.setup().graph[module].name);
      frame.field("options", run.setup().graph[module].options->digest);
    }
  }
  return frame.finish();
}

bool is_written(ComponentState state) {
  return state == ComponentState::kReused || state == ComponentState::kChecked;
}

}  // namespace

std::optional<RecentRuns> RecentRuns::begin(const graph::Digest& history, const PlannedRun& run) {
  RecentRuns recent;
  recent.history_ = history;
  recent.frame_ = frame_of(run);
  recent.keys_ = digest_of_keys(run);
  for (std::uint32_t id = 0; id < run.state().size(); ++id) {
    if (!is_written(run.state().state({id}))) return std::nullopt;
    recent.marks_.push_back(mark_of(run.state()[{id}].static_key));
  }
  return recent;
}

bool RecentRuns::fits(const PlannedRun& run) const {
  if (runs_.size() >= kMaxRuns || run.state().count(ComponentState::kLeftOut) > 0) return false;
  if (marks_.size() != run.state().size() || frame_ != frame_of(run)) return false;
  std::size_t changed = 0;
  for (std::uint32_t id = 0; id < marks_.size(); ++id) changed += has_other_key(run, {id});
  return changed <= kMaxNews;
}

bool RecentRuns::has_other_key(const PlannedRun& run, graph::ComponentId id) const {
  return mark_of(run.state()[id].static_key) != marks_[id.value];
}

void RecentRuns::describe_keys(const PlannedRun& run) {
  scheduler::NamedModules::Memo memo;
  described_.clear();
  for (std::uint32_t id = 0; id < marks_.size(); ++id) {
    if (!has_other_key(run, {id})) continue;
    RecordingSink sink(strings_);
    run.keys().describe({id}, memo, sink);
    described_.emplace(id, sink.finish());
  }
}

bool RecentRuns::has_same_keys(const PlannedRun& run) const {
  return digest_of_keys(run) == keys_;
}

bool RecentRuns::add(const PlannedRun& run, std::int64_t now) {
  std::size_t count = 0;
  for (const Run& one : runs_) count += one.news.size();
  for (std::uint32_t id = 0; id < marks_.size(); ++id) {
    if (!is_written(run.state().state({id}))) return false;
  }
  Run next{now, digest_of_keys(run), {}};
  if (described_.empty()) describe_keys(run);
  for (std::uint32_t id = 0; id < marks_.size(); ++id) {
    std::optional<News> news = news_of(run, {id});
    if (!news) continue;
    if (++count > kMaxNews) return false;
    next.news.push_back(std::move(*news));
  }
  for (const News& news : next.news) marks_[news.component] = news.key_mark;
  keys_ = next.keys;
  described_.clear();
  runs_.push_back(std::move(next));
  return true;
}

std::optional<RecentRuns::News> RecentRuns::news_of(const PlannedRun& run, graph::ComponentId id) {
  const scheduler::ComponentRecord& record = run.state()[id];
  News news;
  news.component = id.value;
  const bool checked = run.state().state(id) == ComponentState::kChecked;
  news.key_mark = mark_of(record.static_key);
  const bool other_key = has_other_key(run, id);
  if (!checked && !other_key) return std::nullopt;
  if (other_key) news.inputs = std::move(described_.at(id.value));
  if (record.outcome) news.seconds = record.outcome->seconds;
  if (checked) news.checked = reason_of(record.decision, strings_);
  return news;
}

bool RecentRuns::bring_up_to_date(RunHistory& history) const {
  if (history.seal != history_ || history.components.size() != marks_.size()) return false;
  for (const Run& one : runs_) put(one, history);
  return true;
}

void RecentRuns::put(const Run& one, RunHistory& history) const {
  ++history.run;
  history.moment = one.moment;
  history.keys = one.keys;
  for (ComponentPast& past : history.components) past.seen_in = history.run;
  for (const News& news : one.news) {
    ComponentPast& past = history.components[news.component];
    if (news.key_mark != past.key_mark) {
      past.key_mark = news.key_mark;
      past.keyed_in = history.run;
      past.before = past.inputs;
      past.inputs = history.hold(renumber_inputs(news.inputs, strings_, history.strings).value_or(""));
    }
    if (news.seconds) past.seconds = *news.seconds;
    if (!news.checked) continue;
    CheckReason why = *news.checked;
    why.detail = history.strings.intern(strings_[why.detail]);
    past.note_check(history.run, one.moment, why);
  }
}

std::string RecentRuns::encode() const {
  std::string bytes;
  ByteWriter out(bytes);
  out.raw(kMagic);
  out.digest(history_);
  out.digest(frame_);
  out.digest(keys_);
  out.varint(marks_.size());
  for (const std::uint64_t mark : marks_) out.fixed(mark);
  out.varint(strings_.size());
  for (std::uint32_t id = 0; id < strings_.size(); ++id) out.string(strings_[id]);
  out.varint(runs_.size());
  for (const Run& one : runs_) {
    out.fixed(one.moment);
    out.digest(one.keys);
    out.varint(one.news.size());
    for (const News& news : one.news) write(out, news);
  }
  seal(bytes);
  return bytes;
}

void RecentRuns::write(ByteWriter& out, const News& news) {
  out.varint(news.component);
  out.fixed(news.key_mark);
  out.string(news.inputs);
  out.boolean(news.seconds.has_value());
  if (news.seconds) out.fixed(std::bit_cast<std::uint64_t>(*news.seconds));
  out.boolean(news.checked.has_value());
  if (news.checked) write_reason(out, *news.checked);
}

std::optional<RecentRuns::News> RecentRuns::read_news(ByteReader& in) const {
  News news;
  news.component = in.narrow<std::uint32_t>();
  news.key_mark = in.fixed<std::uint64_t>();
  news.inputs = in.string();
  if (in.boolean()) news.seconds = std::bit_cast<double>(in.fixed<std::uint64_t>());
  if (in.boolean()) news.checked = read_reason(in, strings_);
  if (!in.ok() || news.component >= marks_.size()) return std::nullopt;
  return news;
}

std::optional<RecentRuns> RecentRuns::decode(std::string_view bytes) {
  const std::optional<std::string_view> body = unsealed(bytes);
  if (!body) return std::nullopt;
  ByteReader in(*body);
  if (in.raw(kMagic.size()) != kMagic) return std::nullopt;
  RecentRuns recent;
  recent.history_ = in.digest();
  recent.frame_ = in.digest();
  recent.keys_ = in.digest();
  recent.marks_.resize(in.count(sizeof(std::uint64_t)));
  for (std::uint64_t& mark : recent.marks_) mark = in.fixed<std::uint64_t>();
  for (std::size_t left = in.count(1); left > 0; --left) recent.strings_.intern(in.string());
  for (std::size_t left = in.count(1); left > 0; --left) {
    Run& one = recent.runs_.emplace_back();
    one.moment = in.fixed<std::int64_t>();
    one.keys = in.digest();
    for (std::size_t news = in.count(1); news > 0; --news) {
      std::optional<News> read = recent.read_news(in);
      if (!read) return std::nullopt;
      one.news.push_back(std::move(*read));
    }
  }
  if (!in.finished()) return std::nullopt;
  return recent;
}

}  // namespace runner
