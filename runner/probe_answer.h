// What the user's mypy answered about itself, its options and its search paths, in the form the rest works
// with.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "graph/build_options.h"
#include "graph/digest.h"
#include "graph/result.h"
#include "runner/diagnostic_formatter.h"

namespace runner {

struct PluginAnswer {
  std::string spec;  // as the configuration names it
  std::string version;
  bool vouched = false;  // its inputs are known
};

struct ProbeAnswer {
  std::string mypy_version;
  std::string mypy_directory;  // of the installed package, absolute
  graph::BuildOptions build;
  graph::ModuleOptions module_options;  // the global ones
  std::vector<graph::OptionsSection> sections;
  FormatOptions format;
  bool warn_unused_configs = false;
  std::string config_file;                // as mypy names it; empty without
  std::vector<std::string> config_tried;  // where it looked for it, in order
  bool compiled = true;                   // the mypy
  std::vector<PluginAnswer> plugins;
  bool custom_typeshed = false;
  std::vector<std::string> variables;  // names of those mypy consults in the environment
  // What plugins are made of, below the working directory.
  std::vector<std::string> plugin_files;
  // Everything global that a check may depend on, for keys.
  std::vector<std::pair<std::string, std::string>> environment;
  bool has_plugins = false;
  bool vouched_plugins = true;  // every plugin's inputs are known
  bool plugins_add_dependencies = false;
  // Why only mypy itself can run these arguments.
  std::optional<std::string> delegate;
  // What mypy printed while it read its options.
  std::string stdout_text;
  std::string stderr_text;
  // Of the whole answer.
  graph::Digest digest;
  // The same for every checkout, also of what the answer was given to; absent if it was not kept.
  std::optional<graph::Digest> shared_digest;
};

// `answer` is the worker's reply to a probe; `cwd` the working directory of the run.
graph::Result<ProbeAnswer> interpret_probe(const nlohmann::json& answer, const std::string& cwd);

}  // namespace runner
