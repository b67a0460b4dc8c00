#include "runner/probe_answer.h"

namespace runner {
namespace {

using nlohmann::json;

graph::FollowImports follow_imports_of(const std::string& text) {
  if (text == "silent") return graph::FollowImports::kSilent;
  if (text == "skip") return graph::FollowImports::kSkip;
  if (text == "error") return graph::FollowImports::kError;
  return graph::FollowImports::kNormal;
}

using Strings = std::vector<std::string>;

graph::ModuleOptions module_options_of(const json& options) {
  graph::ModuleOptions result;
  result.ignore_missing_imports = options.at("ignore_missing_imports");
  result.follow_imports_for_stubs = options.at("follow_imports_for_stubs");
  result.follow_untyped_imports = options.at("follow_untyped_imports");
  result.ignore_errors = options.at("ignore_errors");
  result.local_partial_types = options.at("local_partial_types");
  result.follow_imports = follow_imports_of(options.at("follow_imports"));
  result.always_true = options.at("always_true").get<Strings>();
  result.always_false = options.at("always_false").get<Strings>();
  return result;
}

template <typename T>
std::optional<T> set_by(const json& changes, const char* name) {
  const auto it = changes.find(name);
  if (it == changes.end()) return std::nullopt;
  return it->get<T>();
}

graph::OptionsSection section_of(const json& entry) {
  const json& changes = entry.at(1);
  graph::OptionsSection section;
  section.pattern = entry.at(0);
  section.ignore_missing_imports = set_by<bool>(changes, "ignore_missing_imports");
  section.follow_imports_for_stubs = set_by<bool>(changes, "follow_imports_for_stubs");
  section.follow_untyped_imports = set_by<bool>(changes, "follow_untyped_imports");
  section.ignore_errors = set_by<bool>(changes, "ignore_errors");
  section.local_partial_types = set_by<bool>(changes, "local_partial_types");
  if (const auto follow = set_by<std::string>(changes, "follow_imports")) {
    section.follow_imports = follow_imports_of(*follow);
  }
  section.always_true = set_by<Strings>(changes, "always_true");
  section.always_false = set_by<Strings>(changes, "always_false");
  section.changes = changes.dump();
  return section;
}

FormatOptions format_of(const json& options, const std::string& cwd) {
  FormatOptions format;
  format.show_column_numbers = options.at("show_column_numbers");
  format.show_error_end = options.at("show_error_end");
  format.show_error_context = options.at("show_error_context");
  format.show_absolute_path = options.at("show_absolute_path");
  format.hide_error_codes = options.at("hide_error_codes");
  format.pretty = options.at("pretty");
  format.error_summary = options.at("error_summary");
  format.color_output = options.at("color_output");
  if (const json& output = options.at("output"); output.is_string())
    format.output = output.get<std::string>();
  format.cwd = cwd;
  return format;
}

graph::BuildOptions build_options_of(const json& answer, const std::string& cwd) {
  const json& options = answer.at("options");
  graph::BuildOptions build;
  build.cwd = cwd;
  build.python_major = options.at("python_version").at(0);
  build.python_minor = options.at("python_version").at(1);
  build.platform = options.at("platform");
  build.namespace_packages = options.at("namespace_packages");
  build.explicit_package_bases = options.at("explicit_package_bases");
  build.fast_module_lookup = options.at("fast_module_lookup");
  build.no_silence_site_packages = options.at("no_silence_site_packages");
  build.scripts_are_modules = options.at("scripts_are_modules");
  build.exclude_gitignore = options.at("exclude_gitignore");
  build.exclude = options.at("exclude").get<Strings>();
  const json& targets = answer.at("targets");
  build.files = targets.at("files").get<Strings>();
  build.packages = targets.at("packages").get<Strings>();
  build.modules = targets.at("modules").get<Strings>();
  if (const json& command = targets.at("command"); command.is_string())
    build.command = command.get<std::string>();
  const json& search = answer.at("search");
  build.search_paths.mypy_path = search.at("mypy_path").get<Strings>();
  build.search_paths.package_path = search.at("package_path").get<Strings>();
  build.sys_path = search.at("sys_path").get<Strings>();
  build.search_paths.typeshed_path = search.at("typeshed_path").get<Strings>();
  for (const auto& [module, range] : answer.at("typeshed_versions").items()) {
    build.typeshed_versions[module] = {range.at(0),
                                       range.at(1).is_string() ? range.at(1).get<std::string>() : ""};
  }
  for (const auto& [module, distribution] : answer.at("stubs").at("flat").items()) {
    build.stubs.flat.emplace(module, distribution.get<std::string>());
  }
  for (const auto& [name, modules] : answer.at("stubs").at("namespaced").items()) {
    for (const auto& [module, distribution] : modules.items()) {
      build.stubs.namespaced.emplace(module, distribution.get<std::string>());
    }
  }
  return build;
}

void read_plugins(const json& plugins, const std::string& cwd, ProbeAnswer& result) {
  for (const json& plugin : plugins) {
    result.has_plugins = true;
    result.plugins.push_back({plugin.at("spec"), plugin.at("version").dump(), plugin.at("vouched")});
    if (!plugin.at("vouched").get<bool>()) result.vouched_plugins = false;
    if (plugin.at("additional_deps").get<bool>()) result.plugins_add_dependencies = true;
    // By what they hold, not by where they lie.
    result.environment.emplace_back("plugin", plugin.at("spec"));
    result.environment.emplace_back("plugin version", plugin.at("version").dump());
    result.environment.emplace_back("plugin content", plugin.at("digest").dump());
    for (const json& file : plugin.at("inputs")) {
      std::string path = file;
      if (path.starts_with(cwd + "/")) result.plugin_files.push_back(std::move(path));
    }
  }
}

ProbeAnswer interpret(const json& answer, const std::string& cwd) {
  ProbeAnswer result;
  const json& mypy = answer.at("mypy");
  const json& options = answer.at("options");
  result.mypy_version = mypy.at("version");
  result.mypy_directory = mypy.at("directory");
  result.build = build_options_of(answer, cwd);
  result.module_options = module_options_of(options);
  for (const json& entry : answer.at("sections")) result.sections.push_back(section_of(entry));
  result.format = format_of(options, cwd);
  result.warn_unused_configs = options.at("warn_unused_configs");
  if (const json& path = options.at("config_file"); path.is_string())
    result.config_file = path.get<std::string>();
  result.config_tried = answer.at("config").at("tried").get<Strings>();
  result.compiled = mypy.at("compiled");
  result.custom_typeshed = !options.at("custom_typeshed_dir").is_null();
  result.environment.emplace_back("mypy", mypy.at("identity").dump());
  result.environment.emplace_back("compiled", mypy.at("compiled").dump());
  for (const auto& [name, value] : answer.at("keys").items()) {
    result.environment.emplace_back("option " + name, value.dump());
  }
  read_plugins(answer.at("plugins"), cwd, result);
  for (const auto& [name, value] : answer.at("environment").items()) result.variables.push_back(name);
  if (const json& delegate = answer.at("delegate"); delegate.is_string())
    result.delegate = delegate.get<std::string>();
  result.stdout_text = answer.at("stdout");
  result.stderr_text = answer.at("stderr");
  return result;
}

}  // namespace

graph::Result<ProbeAnswer> interpret_probe(const json& answer, const std::string& cwd) {
  try {
    return interpret(answer, cwd);
  } catch (const json::exception& error) {
    // The answer comes from another process or from the store: it is checked here, once, as a whole.
    return graph::Error{std::string("the user's mypy gave an answer of an unknown form: ") + error.what()};
  }
}

}  // namespace runner
