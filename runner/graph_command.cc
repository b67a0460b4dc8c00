#include "runner/graph_command.h"

#include <filesystem>
#include <future>
#include <memory>
#include <utility>

#include "graph/import_cycles.h"
#include "graph/import_uses.h"
#include "runner/affected_modules.h"
#include "runner/console.h"
#include "runner/disk_report.h"
#include "runner/graph_memory.h"
#include "runner/graph_writers.h"
#include "runner/machine.h"
#include "runner/measured_costs.h"
#include "runner/near_names.h"
#include "runner/page_data.h"
#include "runner/page_html.h"
#include "runner/page_template.h"
#include "runner/preview.h"
#include "runner/report_file.h"
#include "runner/state_directory.h"

namespace runner {
namespace {

constexpr int kNothingFound = 1;
// What mermaid draws unless its caller's configuration says otherwise.
constexpr std::size_t kMermaidEdges = 500;
constexpr std::size_t kMermaidBytes = 50'000;

graph::Error unknown_name(const std::string& wanted, const std::vector<std::string>& known) {
  const std::string near = did_you_mean(wanted, known);
  return {"no module " + wanted + " among the " + std::to_string(known.size()) + " of this graph",
          near.empty()
              ? "`typewave graph --format text` lists them; --own-only leaves out those that are not own"
              : near};
}

class GraphCommand {
 public:
  explicit GraphCommand(const GraphOptions& options)
      : options_(options),
        cwd_(std::filesystem::current_path()),
        state_(StateDirectory::open(cwd_, StateDirectory::Access::kReadWrite)) {}

  int run() {
    if (const auto error = contradiction()) return fail(*error);
    if (may_remember(options_)) memory_.emplace(state_);
    if (const auto code = ask_for_preview(options_.about, state_, preview_)) return *code;
    if (memory_) inputs_ = graph_inputs(options_, setup(), cwd_);
    if (inputs_) known_ = memory_->recall(*inputs_);
    if (!known_) {
      if (const auto code = load_preview(state_, preview_)) return *code;
    }
    const int code = known_ ? write(*known_) : show();
    settle_preview(state_, preview_);
    return code;
  }

 private:
  int show() {
    if (options_.format == GraphFormat::kHtml || options_.affected_since) {
      run_.reset(new PlannedRun(preview_.plan()));
    }
    if (const auto error = find_affected()) return fail(*error);
    uses_ = graph::import_uses(setup().graph);
    graph::GraphView view = graph::whole_view(setup().graph, *setup().components, uses_, view_options());
    const graph::ViewNames names(view, setup().graph);
    if (const auto error = look_up(names)) return fail(*error);
    if (options_.query.any()) view = graph::part_of(view, graph::select_nodes(view, names, options_.query));
    if (options_.path) {
      auto chain =
          graph::shortest_chain(view, *names.find(options_.path->first), *names.find(options_.path->second));
      if (!chain) return no_chain(view, names);
      view = std::move(*chain);
    }
    const std::string text = text_of(view);
    std::future<void> remembering;
    if (inputs_) {
      remembering = std::async(kAside, [&] { memory_->remember(*inputs_, setup(), text); });
    }
    const int code = write(text);
    if (remembering.valid()) remembering.wait();
    return code;
  }

  RunSetup& setup() { return preview_.setup; }

  std::optional<graph::Error> contradiction() const {
    if (options_.path && options_.query.any()) {
      return graph::Error{"--path shows one chain of imports, which nothing else selects from",
                          "leave out --focus, --dependents-of and --dependencies-of"};
    }
    if (options_.query.depth && !options_.query.any()) {
      return graph::Error{"--depth does not say from where",
                          "add --focus, --dependents-of or --dependencies-of with a module"};
    }
    if (options_.level && options_.format == GraphFormat::kHtml) {
      return graph::Error{"the page has all levels", "leave out --level"};
    }
    if (options_.format == GraphFormat::kHtml && page_head().empty()) {
      return graph::Error{
          "this typewave was built without its page: Node.js or npm's registry was out of reach",
          "build it again where they are, or use another --format"};
    }
    return std::nullopt;
  }

  std::optional<graph::Error> find_affected() {
    if (!options_.affected_since) return std::nullopt;
    auto found = affected_since(*options_.affected_since, setup(), *run_, *preview_.store, state_);
    if (!found) return found.error();
    affected_ = std::move(*found);
    return std::nullopt;
  }

  graph::ViewOptions view_options() const {
    graph::ViewOptions view{.level = options_.level.value_or(graph::ViewLevel::kModule),
                            .own_only = options_.own_only,
                            .changed = {},
                            .affected = {}};
    if (affected_) {
      view.changed = affected_->changed;
      view.affected = affected_->affected;
    }
    return view;
  }

  std::optional<graph::Error> look_up(const graph::ViewNames& names) const {
    std::vector<std::string> wanted = options_.query.focus;
    for (const auto* more : {&options_.query.dependents_of, &options_.query.dependencies_of}) {
      wanted.insert(wanted.end(), more->begin(), more->end());
    }
    if (options_.path) {
      wanted.push_back(options_.path->first);
      wanted.push_back(options_.path->second);
    }
    for (const std::string& name : wanted) {
      if (!names.find(name)) return unknown_name(name, names.all());
    }
    return std::nullopt;
  }

  int no_chain(const graph::GraphView& view, const graph::ViewNames& names) const {
    const auto& [from, to] = *options_.path;
    const bool reverse = graph::shortest_chain(view, *names.find(to), *names.find(from)).has_value();
    print_note(from + " does not import " + to + ", directly or not" +
               (reverse ? "; it is the other way round" : ""));
    return kNothingFound;
  }

  std::string page_of(const graph::GraphView& view) {
    const std::vector<graph::ImportCycle> cycles =
        graph::import_cycles(setup().graph, *setup().components, uses_);
    std::vector<bool> visible(setup().graph.modules.size(), false);
    for (const graph::ViewNode& node : view.nodes) visible[node.modules.front().value] = true;
    const MeasuredCosts measured = measured_costs(*run_, state_);
    const std::string project = std::filesystem::current_path().filename();
    const std::string data = page_data({project, setup().graph, *setup().components, uses_, cycles, measured,
                                        visible, affected_ ? &*affected_ : nullptr});
    return page_html(data);
  }

  std::string text_of(const graph::GraphView& view) {
    const ShownGraph shown{view, setup().graph, *setup().components};
    switch (options_.format) {
      case GraphFormat::kDot:
        return graph_dot(shown);
      case GraphFormat::kJson:
        return graph_json(shown);
      case GraphFormat::kGraphml:
        return graph_graphml(shown);
      case GraphFormat::kText:
        return graph_listing(shown);
      case GraphFormat::kHtml:
        return page_of(view);
      case GraphFormat::kMermaid:
        break;
    }
    std::string text = graph_mermaid(shown);
    if (view.edges.size() > kMermaidEdges || text.size() > kMermaidBytes) {
      inputs_.reset();  // the note is to be told each time
      print_note("mermaid draws at most " + std::to_string(kMermaidEdges) + " edges and " +
                 std::to_string(kMermaidBytes) +
                 " characters unless its maxEdges and maxTextSize say otherwise" +
                 " (--level, --focus and --own-only make a graph smaller)");
    }
    return text;
  }

  int write(const std::string& text) const {
    if (!options_.output) {
      print_stdout(text);
      return 0;
    }
    const auto error = write_report_file(*options_.output, text);
    return error ? fail(*error) : 0;
  }

  const GraphOptions& options_;
  const std::string cwd_;
  const StateDirectory state_;
  std::optional<GraphMemory> memory_;    // if the text may be remembered
  std::optional<graph::Digest> inputs_;  // likewise
  std::optional<std::string> known_;     // what was remembered
  Preview preview_;
  std::unique_ptr<PlannedRun> run_;
  std::optional<AffectedModules> affected_;
  graph::ImportUses uses_;
};

}  // namespace

int run_graph(const GraphOptions& options) {
  // As for a check: the kernel frees all of it faster.
  static GraphCommand* last = nullptr;
  delete std::exchange(last, nullptr);
  last = new GraphCommand(options);
  return last->run();
}

}  // namespace runner
