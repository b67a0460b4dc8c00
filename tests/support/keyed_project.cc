#include "tests/support/keyed_project.h"

#include <algorithm>

#include "graph/condensation.h"
#include "graph/result.h"
#include "scheduler/component_closure.h"
#include "tests/support/graph_text.h"

namespace support {
namespace {

class Explanation final : public scheduler::KeySink {
 public:
  void input(std::string_view subject, std::string_view name, std::string_view value) override {
    lines.push_back(std::string(subject) + "|" + std::string(name) + "|" + std::string(value));
  }
  void content(std::string_view subject, std::string_view name, const graph::Digest& value) override {
    input(subject, name, value.hex());
  }
  void part(std::string_view name, const graph::Digest& digest, const scheduler::KeyPart& part) override {
    // What stands for a part in the key is made of what explains it.
    INVARIANT(digest == scheduler::digest_of(part), "a part's digest is that of its inputs");
    lines.push_back("part " + std::string(name));
    part.describe(*this);
  }
  std::vector<std::string> lines;
};

}  // namespace

// What StaticKeys refers to.
struct KeyedProject::Keyed {
  Keyed(const graph::ModuleGraph& modules, graph::OptionsTable& table, const scheduler::RunInputs& run,
        std::vector<bool> constants)
      : graph(modules),
        components(graph::condense(graph)),
        closure(components),
        constant(std::move(constants)),
        keys(graph, components, closure, table, run, constant) {}
  graph::ComponentId component(const std::string& module) const { return components.of(*graph.find(module)); }

  const graph::ModuleGraph& graph;
  graph::Condensation components;
  scheduler::ComponentClosure closure;
  std::vector<bool> constant;
  scheduler::StaticKeys keys;
  std::unique_ptr<graph::OptionsTable> options{};
};

KeyedProject::KeyedProject(std::string_view graph_text) : graph(graph_from_text(graph_text)) {
  for (graph::Module& module : graph.modules) {
    graph::ScannedFile& file = files_.emplace_back();
    file.digest = file.code = graph::sha256("source of " + module.name);
    module.file = &file;
    module.canonical_path = "@root/" + module.path;
    module.root_source = true;
  }
}

KeyedProject& KeyedProject::words(const std::string& module, const std::vector<std::string>& words) {
  std::vector<std::uint32_t>& hashes = file(module).scan.words;
  hashes.clear();
  for (const std::string& word : words) hashes.push_back(graph::word_hash(word));
  std::sort(hashes.begin(), hashes.end());
  return *this;
}

KeyedProject& KeyedProject::rename(const std::string& module, const std::string& name) {
  const graph::ModuleGraph before = std::exchange(graph, {});
  graph.modules = before.modules;
  graph.missing = before.missing;
  graph.modules[before.find(module)->value].name = name;
  for (std::uint32_t i = 0; i < graph.modules.size(); ++i) graph.add_name({i});
  return *this;
}

std::unique_ptr<KeyedProject::Keyed> KeyedProject::keyed() {
  auto table = std::make_unique<graph::OptionsTable>(options, sections);
  std::vector<bool> constants;
  for (graph::Module& module : graph.modules) {
    module.options = &table->for_module(module.name);
    constants.push_back(constant.contains(module.name));
  }
  auto keyed = std::make_unique<Keyed>(graph, *table, run, std::move(constants));
  keyed->options = std::move(table);
  return keyed;
}

graph::Digest KeyedProject::key(const std::string& module) {
  return keys({module}).front();
}

std::vector<graph::Digest> KeyedProject::keys(const std::vector<std::string>& modules) {
  const auto all = keyed();
  scheduler::NamedModules::Memo memo;
  std::vector<graph::Digest> result;
  for (const std::string& module : modules) result.push_back(all->keys.key(all->component(module), memo));
  return result;
}

std::vector<std::string> KeyedProject::explanation(const std::string& module) {
  const auto all = keyed();
  Explanation explanation;
  scheduler::NamedModules::Memo memo;
  all->keys.describe(all->component(module), memo, explanation);
  return explanation.lines;
}

runner::KeyInputs KeyedProject::remembered(const std::string& module) {
  const auto all = keyed();
  scheduler::NamedModules::Memo memo;
  runner::StringTable strings;
  runner::RecordingSink shared(strings), own(strings);
  all->keys.run().describe(shared);
  all->keys.describe(all->component(module), memo, own);
  runner::KeyInputs inputs = runner::decode_inputs(shared.finish(), strings).value();
  const runner::KeyInputs more = runner::decode_inputs(own.finish(), strings).value();
  inputs.insert(inputs.end(), more.begin(), more.end());
  return inputs;
}

void KeyedProject::with_keys(const UseKeys& use) {
  const auto all = keyed();
  use(all->components, all->closure, all->keys);
}

scheduler::NamedInputs KeyedProject::named_inputs(const std::string& module) {
  const auto all = keyed();
  return all->keys.named_inputs(all->component(module));
}

std::vector<std::string> KeyedProject::visible(const std::string& module) {
  const auto all = keyed();
  std::vector<std::string> names;
  for (const std::uint32_t place : all->keys.named_inputs(all->component(module)).visible) {
    names.push_back(graph[all->keys.submodules().at(place)].name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace support
