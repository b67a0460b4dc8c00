// Answers of whole runs in the store, found again by the content of what the run looked at: in another
// checkout, or when a branch comes back.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "graph/digest.h"
#include "graph/disk_observations.h"
#include "runner/last_run.h"
#include "runner/pack_store.h"
#include "runner/path_names.h"

namespace runner {

// Two steps, as in ccache's direct mode: the inputs lead to the sets of paths that runs looked at; a set,
// with what is there now, leads to the answer.
class SharedAnswers {
  struct PathSet;

 public:
  // `inputs`: of everything but the disk that decides what is printed, the same in every checkout.
  SharedAnswers(PackStore& store, const graph::Digest& inputs, PathNames names);

  // The answer of a run that saw just this.
  std::optional<RunAnswer> find(const graph::DiskObservations& seen) const;

  struct Found {
    graph::DiskObservations seen;
    RunAnswer answer;
  };
  // The answer of a run that would see now what it saw then, whichever paths those are. `known`, of this very
  // moment, saves looking at what it holds. What find() did not find is not looked for again.
  std::optional<Found> search(const graph::DiskObservations& known, unsigned threads) const;

  // Puts observations in an order in which later runs can name them faster.
  void sort(graph::DiskObservations& seen) const;

  // Where the answer of a run belongs that saw this. Nothing if it speaks of places that another checkout
  // does not have.
  struct Place {
    std::shared_ptr<const PathSet> paths;
    graph::Digest key;
  };
  std::optional<Place> place_of(const graph::DiskObservations& seen) const;
  // Does nothing if the answer speaks of such places.
  void keep(const Place& place, const RunAnswer& answer) const;

 private:
  // A set of paths by names that all checkouts have for them.
  struct PathSet {
    std::string joined;                                // the paths themselves
    std::array<std::vector<std::size_t>, 3> in_order;  // places of directories, paths and files by name
    std::string record;                                // the names, as they are kept
    graph::Digest digest;                              // of the record
  };

  // Nothing if one has no such name. The same set is mostly asked for several times.
  std::shared_ptr<const PathSet> set_of(const graph::DiskObservations& seen) const;
  std::optional<PathSet> named(const graph::DiskObservations& seen) const;
  std::optional<graph::DiskObservations> paths_from(std::string_view record) const;
  graph::Digest answer_key(const PathSet& set, const graph::DiskObservations& seen) const;
  std::optional<RunAnswer> answer_of(const graph::Digest& key) const;

  PackStore& store_;
  graph::Digest inputs_;
  PathNames names_;
  mutable std::shared_ptr<const PathSet> last_;  // what was named last
  mutable std::optional<graph::Digest> tried_;   // a set of paths that find() looked for in vain
};

}  // namespace runner
