#include "runner/doctor_findings.h"

#include <string>
#include <string_view>
#include <utility>

#include "runner/store_limit.h"

namespace runner {
namespace {

using Kind = Remark::Kind;

// A cycle is checked as one piece: from this size on an edit in it is felt.
constexpr std::size_t kLargeCycle = 100;
constexpr std::uint64_t kLittleSpace = std::uint64_t{1} << 30;

class Examination {
 public:
  explicit Examination(const DoctorFacts& facts) : facts_(facts) {}

  std::vector<Remark> run() {
    examine_mypy();
    examine_store();
    examine_checkout();
    examine_plugins();
    examine_machine();
    if (facts_.graph) examine_graph(*facts_.graph);
    std::vector<Remark> sorted = std::move(broken_);
    sorted.insert(sorted.end(), slow_.begin(), slow_.end());
    return sorted;
  }

 private:
  void broken(std::string what, std::string hint) {
    broken_.push_back({Kind::kBroken, {std::move(what), std::move(hint)}});
  }
  void slow(std::string what, std::string hint) {
    slow_.push_back({Kind::kSlow, {std::move(what), std::move(hint)}});
  }

  void examine_mypy() {
    if (!facts_.mypy_trouble.empty()) broken(facts_.mypy_trouble, facts_.mypy_hint);
    if (facts_.python && !facts_.mypy_compiled) {
      slow("mypy of " + *facts_.python + " is not compiled, and several times slower for it",
           "install a wheel of mypy for this platform");
    }
    if (facts_.delegate) {
      slow(*facts_.delegate + ": mypy itself runs, nothing is reused or kept",
           "runner/OPTIONS.md says which options need a whole run; leave them out where they are not needed");
    }
    if (facts_.blocked) {
      slow(*facts_.blocked + ": mypy stops at this error, nothing is reused or kept", "mend it first");
    }
    if (facts_.sources_from_mypy) {
      slow("mypy has to be asked for the list of sources in every run",
           "an `exclude` with simple patterns, without --exclude-gitignore, can be read without it");
    }
  }

  void examine_store() {
    const DirectoryFacts& store = facts_.store;
    if (store.path.empty()) {
      broken("there is no place for a store: neither XDG_CACHE_HOME nor HOME is set, nothing is kept",
             "set one of them, or name a directory with --store");
      return;
    }
    const FileSystemState& disk = store.file_system;
    if (!store.trouble.empty()) {
      broken("the store cannot be used: " + store.trouble, "name another one with --store");
    } else if (!disk.writable) {
      broken("the store " + store.path + " cannot be written, nothing is kept",
             "make it writable, or name another one with --store");
    }
    if (facts_.damaged > 0) {
      broken(std::to_string(facts_.damaged) +
                 (facts_.damaged == 1 ? " damaged record or pack" : " damaged records or packs") +
                 " in the store " + store.path,
             "the next `typewave check` computes again what is lost; look at the disk if it happens twice");
    }
    if (disk.kind.remote) {
      slow("the store " + store.path + " is on a slow file system (" + disk.kind.name + ")",
           "name a directory of a local disk with --store");
    }
    if (disk.kind.in_memory) {
      slow("the store " + store.path + " is in memory (" + disk.kind.name +
               ") and empty after the next start of the machine",
           "name a directory of a disk with --store");
    }
    if (disk.writable && disk.free_bytes < kLittleSpace) {
      slow("the disk of the store " + store.path + " has only " + size_text(disk.free_bytes) + " left",
           "free some space, or name another directory with --store");
    }
  }

  void examine_checkout() {
    if (!facts_.state.trouble.empty()) {
      broken("nothing can be remembered of this checkout: " + facts_.state.trouble, "");
    } else if (!facts_.state.file_system.writable) {
      slow("nothing can be remembered of this checkout: " + facts_.state.path + " cannot be written",
           "make it writable; else every source is read in every run");
    } else if (!facts_.state.exists) {
      slow("nothing is remembered of this checkout yet", "the next run reads every source once");
    }
    if (facts_.checkout.kind.remote) {
      slow("the checkout is on a slow file system (" + facts_.checkout.kind.name + ")",
           "work on a local disk where possible");
    }
  }

  void examine_plugins() {
    for (const PluginAnswer& plugin : facts_.plugins) {
      if (plugin.vouched) continue;
      slow(
          "the plugin " + plugin.spec + " may look at anything: after every edit everything is checked again",
          "see the README's section on plugins");
    }
  }

  void examine_machine() {
    if (facts_.jobs >= facts_.processors) return;
    slow("there is memory for " + std::to_string(facts_.jobs) + " of " + std::to_string(facts_.processors) +
             " workers (" + size_text(facts_.max_memory) + ")",
         "give typewave more memory, or choose other numbers with --jobs and --max-memory");
  }

  void examine_graph(const GraphFacts& graph) {
    if (graph.largest_cycle.size() >= kLargeCycle) {
      slow("a cycle of " + std::to_string(graph.largest_cycle.size()) + " modules around " +
               graph.largest_cycle.front() + " is checked as one piece after an edit in any of them",
           "`typewave graph --format json` lists it; imports inside functions or under TYPE_CHECKING count "
           "too");
    }
    if (graph.checked > 0) {
      slow(std::to_string(graph.checked) + " of " + std::to_string(graph.components) +
               " components may have to be checked",
           "`typewave check --dry-run` says which, and why");
    }
  }

  const DoctorFacts& facts_;
  std::vector<Remark> broken_;
  std::vector<Remark> slow_;
};

}  // namespace

std::vector<Remark> find_trouble(const DoctorFacts& facts) {
  return Examination(facts).run();
}

}  // namespace runner
