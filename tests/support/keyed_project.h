// A graph written in one line whose modules have sources, options and words, for tests of keys.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "graph/build_options.h"
#include "graph/module_graph.h"
#include "runner/key_inputs.h"
#include "scheduler/static_key.h"

namespace support {

class KeyedProject {
 public:
  // As for graph_from_text; every module has a source of its own.
  explicit KeyedProject(std::string_view graph_text);
  KeyedProject(const KeyedProject&) = delete;
  KeyedProject& operator=(const KeyedProject&) = delete;

  graph::Module& operator[](const std::string& module) { return graph.modules[graph.find(module)->value]; }
  graph::ScannedFile& file(const std::string& module) { return files_[graph.find(module)->value]; }
  // The identifiers that occur in a module's source.
  KeyedProject& words(const std::string& module, const std::vector<std::string>& words);
  // Gives a module another name; its imports stay.
  KeyedProject& rename(const std::string& module, const std::string& name);

  graph::Digest key(const std::string& module);
  // Every input in the key: "subject|name|value".
  std::vector<std::string> explanation(const std::string& module);
  // The same as a run remembers it, in few bytes.
  runner::KeyInputs remembered(const std::string& module);
  scheduler::NamedInputs named_inputs(const std::string& module);
  // Calls `use` with the components, their closures and keys.
  using UseKeys = std::function<void(const graph::Condensation&, const scheduler::ComponentClosure&,
                                     const scheduler::StaticKeys&)>;
  void with_keys(const UseKeys& use);
  // The names of the visible submodules among them, sorted.
  std::vector<std::string> visible(const std::string& module);
  // The keys of all modules in the order asked for, by one thread.
  std::vector<graph::Digest> keys(const std::vector<std::string>& modules);

  graph::ModuleGraph graph;
  graph::ModuleOptions options;
  std::vector<graph::OptionsSection> sections;
  scheduler::RunInputs run;
  std::set<std::string> constant;

 private:
  struct Keyed;
  std::unique_ptr<Keyed> keyed();

  std::deque<graph::ScannedFile> files_;
};

}  // namespace support
