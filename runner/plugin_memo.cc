#include "runner/plugin_memo.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "runner/added_dependencies.h"
#include "runner/bounded_json.h"
#include "runner/check_request.h"

namespace runner {
namespace {

using nlohmann::json;

// Trees are as large as their sources: so many are parsed at once.
constexpr std::size_t kModulesAtOnce = 200;

json question(const graph::Module& module) {
  return {{"id", module.name},
          {"path", module.path.empty() ? json(nullptr) : json(module.path)},
          {"text", module.text ? json(*module.text) : json(nullptr)},
          {"root", module.root_source},
          {"ignore_all", module.ignore_all},
          {"order", module.order},
          {"source_sha1", source_sha1(module)},
          {"ancestors", json::array()}};
}

}  // namespace

PluginMemo::PluginMemo(const RunSetup& setup, const graph::SearchPaths& paths,
                       const graph::CanonicalPaths& canonical, PackStore& store)
    : setup_(setup), paths_(paths), canonical_(canonical), store_(store) {
  graph::DigestBuilder builder;
  builder.field("format", "typewave-plugins-1");
  builder.field("worker", WorkerProcess::source_digest());
  for (const auto& [name, value] : setup.probe.environment) builder.field(name, value);
  before_ = builder.finish();
}

std::vector<graph::Digest> PluginMemo::keys(std::span<const graph::Module* const> modules) {
  std::vector<graph::Digest> keys;
  graph::DigestBuilder all;
  all.field("before", before_);
  for (const graph::Module* module : modules) {
    graph::DigestBuilder builder;
    builder.field("module", module->name);
    builder.field("path", module->text ? module->path : canonical_(module->path));
    builder.field("source", module->file == nullptr ? graph::Digest() : module->file->digest);
    builder.field("options", module->options->digest);
    builder.field("silenced", module->ignore_all ? "yes" : "no");
    builder.field("named", module->root_source ? "yes" : "no");
    keys.push_back(builder.finish());
    all.field("module", keys.back());
  }
  if (!setup_.probe.vouched_plugins) before_ = all.finish();
  for (graph::Digest& key : keys) {
    graph::DigestBuilder builder;
    builder.field("before", before_);
    builder.field("module", key);
    key = builder.finish();
  }
  return keys;
}

std::optional<std::vector<PluginMemo::Added>> PluginMemo::ask(std::span<const graph::Module* const> modules) {
  const std::vector<graph::Digest> keys = this->keys(modules);
  std::vector<Added> answers(modules.size());
  std::vector<std::size_t> unknown;
  for (std::size_t i = 0; i < modules.size(); ++i) {
    const auto record = store_.get(RecordKind::kPlugins, keys[i]);
    auto known = record ? read_added_dependencies_record(*record) : std::nullopt;
    if (known) {
      answers[i] = std::move(*known);
    } else {
      unknown.push_back(i);
    }
  }
  if (!setup_.probe.vouched_plugins) {
    if (unknown.empty()) {
      for (const graph::Module* module : modules) unheard_.push_back(question(*module));
    } else {
      unknown.resize(modules.size());
      std::iota(unknown.begin(), unknown.end(), std::size_t{0});
    }
  }
  if (!unknown.empty() && !ask_worker(modules, unknown, keys, answers)) return std::nullopt;
  return answers;
}

bool PluginMemo::ask_worker(std::span<const graph::Module* const> modules,
                            const std::vector<std::size_t>& unknown, const std::vector<graph::Digest>& keys,
                            std::vector<Added>& answers) {
  if (worker_ == nullptr && !start()) return false;
  json ignored;
  if (!send_questions(std::exchange(unheard_, json::array()), ignored)) return false;
  for (std::size_t from = 0; from < unknown.size(); from += kModulesAtOnce) {
    const std::size_t to = std::min(unknown.size(), from + kModulesAtOnce);
    json questions = json::array();
    for (std::size_t i = from; i < to; ++i) questions.push_back(question(*modules[unknown[i]]));
    json added;
    if (!send_questions(questions, added)) return false;
    for (std::size_t i = from; i < to; ++i) {
      const json& one = added[i - from];
      auto parsed = read_added_dependencies(one);
      if (!parsed) return false;
      answers[unknown[i]] = std::move(*parsed);
      store_.put(RecordKind::kPlugins, keys[unknown[i]], one.dump());
    }
  }
  return true;
}

bool PluginMemo::send_questions(const json& questions, json& added) {
  if (questions.empty()) return true;
  const auto reply = worker_->ask({{"do", "dependencies"}, {"modules", questions}});
  if (!reply || text_in(reply->header, "did") != "dependencies") return false;
  added = reply->header.value("added", json());
  return added.is_array() && added.size() == questions.size();
}

bool PluginMemo::start() {
  auto started = WorkerProcess::start(setup_.python, setup_.patience);
  if (!started) return false;
  worker_ = std::move(*started);
  WorkerSetup setup;
  setup.python = setup_.python;
  setup.mypy_arguments = setup_.mypy_arguments;
  setup.sources = setup_.sources;
  setup.search_paths = paths_;
  setup.fast_module_lookup = setup_.probe.build.fast_module_lookup;
  const StartRequest request = start_request(setup, {});
  const auto reply = worker_->ask(request.header, request.blobs());
  return reply && text_in(reply->header, "did") == "started";
}

}  // namespace runner
