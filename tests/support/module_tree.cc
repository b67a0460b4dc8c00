#include "tests/support/module_tree.h"

#include "tests/support/import_text.h"

namespace support {

class ModuleTree::Files final : public graph::FileSystem {
 public:
  struct Node {
    bool directory = false;
    bool readable = true;
    std::string text;
  };

  void add(const std::string& path, Node node) {
    for (std::size_t slash = path.find('/', 1); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      nodes_[path.substr(0, slash)].directory = true;
    }
    nodes_[path] = std::move(node);
  }
  const Node* find(const std::string& path) const {
    const auto it = nodes_.find(path.starts_with('/') ? path : "/project/" + path);
    return it == nodes_.end() ? nullptr : &it->second;
  }

  const std::vector<graph::DirectoryEntry>* list(const std::string& directory) override {
    const Node* node = find(directory);
    if (node == nullptr || !node->directory) return nullptr;
    const std::string prefix = (directory.starts_with('/') ? directory : "/project/" + directory) + '/';
    std::vector<graph::DirectoryEntry> entries;
    for (auto it = nodes_.lower_bound(prefix); it != nodes_.end() && it->first.starts_with(prefix); ++it) {
      const std::string name = it->first.substr(prefix.size());
      if (name.find('/') != std::string::npos) continue;
      entries.push_back({name, it->second.directory ? graph::FileKind::kDirectory : graph::FileKind::kFile});
    }
    return &listings_.emplace_back(std::move(entries));
  }
  graph::FileKind kind(const std::string& path) override {
    const Node* node = find(path);
    if (node == nullptr) return graph::FileKind::kMissing;
    return node->directory ? graph::FileKind::kDirectory : graph::FileKind::kFile;
  }
  graph::Result<std::string> read(const std::string& path) override {
    const Node* node = find(path);
    if (node == nullptr || node->directory || !node->readable) return graph::Error{"cannot be read"};
    return node->text;
  }

 private:
  std::map<std::string, Node> nodes_;
  std::deque<std::vector<graph::DirectoryEntry>> listings_;
};

class ModuleTree::Scanner final : public graph::FileScanner {
 public:
  explicit Scanner(Files& files) : files_(files) {}

  std::vector<const graph::ScannedFile*> scan(std::span<const graph::ScanRequest> requests) override {
    std::vector<const graph::ScannedFile*> answers;
    for (const graph::ScanRequest& request : requests) {
      const graph::Result<std::string> text = files_.read(request.path);
      graph::ScannedFile& file = scanned_.emplace_back();
      if (text) {
        file.scan = scan_of_text(*text);
      } else if (!files_.is_directory(request.path)) {
        file.unreadable = text.error().message;
      }
      answers.push_back(&file);
    }
    return answers;
  }
  const graph::ScannedFile* scan_text(std::string_view text, const graph::ScanTarget&) override {
    graph::ScannedFile& file = scanned_.emplace_back();
    file.scan = scan_of_text(text);
    return &file;
  }

 private:
  Files& files_;
  std::deque<graph::ScannedFile> scanned_;
};

ModuleTree::ModuleTree() : files_(std::make_unique<Files>()), scanner_(std::make_unique<Scanner>(*files_)) {
  options.cwd = "/project";
  options.python_minor = 12;
  options.platform = "linux";
  files_->add("/project", {.directory = true, .readable = true, .text = ""});
  files_->add("/site", {.directory = true, .readable = true, .text = ""});
  for (const std::string core : {"builtins", "typing", "types", "typing_extensions", "mypy_extensions", "sys",
                                 "_collections_abc", "abc"}) {
    file("/typeshed/stdlib/" + core + ".pyi");
  }
  file("/typeshed/stdlib/_typeshed/__init__.pyi");
  file("/typeshed/stdlib/collections/__init__.pyi");
  file("/typeshed/stdlib/collections/abc.pyi");
}

ModuleTree::~ModuleTree() = default;

ModuleTree& ModuleTree::file(const std::string& path, const std::string& imports) {
  files_->add(path.starts_with('/') ? path : "/project/" + path,
              {.directory = false, .readable = true, .text = imports});
  return *this;
}

ModuleTree& ModuleTree::unreadable(const std::string& path) {
  files_->add("/project/" + path, {.directory = false, .readable = false, .text = ""});
  return *this;
}

ModuleTree& ModuleTree::section(graph::OptionsSection section) {
  sections_.push_back(std::move(section));
  return *this;
}

graph::LoadedGraph ModuleTree::load(const std::vector<std::string>& named) {
  std::vector<graph::Source> sources;
  std::unordered_map<std::string, std::string> source_modules;
  for (const std::string& name : named) {
    graph::Source source;
    const std::size_t equals = name.find('=');
    if (name.starts_with("-m ")) {
      source.module = name.substr(3);
    } else if (name.starts_with("-c ")) {
      source.module = "__main__";
      source.text = name.substr(3);
    } else if (equals != std::string::npos) {
      source.module = name.substr(0, equals);
      source.path = name.substr(equals + 1);
    } else {
      source.path = name;
      source.module = name.substr(0, name.rfind('.'));
      if (source.module.ends_with("/__init__")) source.module.resize(source.module.size() - 9);
      for (char& c : source.module) c = c == '/' ? '.' : c;
    }
    source_modules[source.module] = source.path;
    sources.push_back(std::move(source));
  }
  graph::OptionsTable& table = tables_.emplace_back(module_options, sections_);
  graph::SearchPaths paths;
  paths.python_path = {"/project"};
  paths.package_path = {"/site"};
  paths.typeshed_path = {"/typeshed/stdlib"};
  graph::ModuleResolver resolver(options, paths, table, *files_, source_modules);
  return graph::load_graph({.options = options,
                            .sources = sources,
                            .table = table,
                            .resolver = resolver,
                            .files = *files_,
                            .scanner = *scanner_,
                            .arbiter = arbiter,
                            .canonical_path = [](const std::string& path) { return "@" + path; },
                            .plugins = plugins});
}

std::string modules_of(const graph::LoadedGraph& loaded) {
  std::string text;
  for (const graph::Module& module : loaded.graph.modules) {
    if (module.path.starts_with("/typeshed/")) continue;
    if (!text.empty()) text += ' ';
    text += module.name;
  }
  return text;
}

std::string imports_of(const graph::LoadedGraph& loaded, const std::string& name) {
  const graph::Module& module = loaded.graph[*loaded.graph.find(name)];
  std::string text;
  const auto add = [&](const std::string& target, const char* mark, unsigned priority) {
    if (!text.empty()) text += ' ';
    text += target + mark + '/' + std::to_string(priority);
  };
  for (const graph::Dependency& dependency : module.dependencies) {
    const std::string& target = loaded.graph[dependency.module].name;
    if (target != "builtins") add(target, "", dependency.priority);
  }
  for (const graph::SuppressedImport& import : module.suppressed) add(import.name, "!", import.priority);
  return text;
}

std::string reports_of(const graph::LoadedGraph& loaded, const std::string& name) {
  static constexpr const char* kKinds[] = {"missing ", "skipped ", "ancestor "};
  std::string text;
  for (const graph::ImportReport& report : loaded.graph[*loaded.graph.find(name)].reports) {
    if (!text.empty()) text += ", ";
    text += kKinds[static_cast<int>(report.kind)] + report.target + ':' + std::to_string(report.line);
  }
  return text;
}

}  // namespace support
