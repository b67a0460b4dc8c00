// Answers of whole runs in the store, found again by the content of what the run looked at: in another
// checkout, or when a branch comes back.
#pragma once

#include <array>
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

  // Does nothing if the observations or the answer speak of places that another checkout does not have.
  void keep(const graph::DiskObservations& seen, const RunAnswer& answer) const;

 private:
  // Names of paths, sorted, and where in the observations each is: of directories, paths, files.
  using NameList = std::vector<std::pair<std::string, std::size_t>>;
  using Names = std::array<NameList, 3>;

  std::optional<Names> names_of(const graph::DiskObservations& seen) const;
  std::optional<graph::DiskObservations> paths_from(std::string_view record) const;
  static std::string encode_paths(const Names& names);
  graph::Digest answer_key(const graph::Digest& paths, const Names& names,
                           const graph::DiskObservations& seen) const;
  std::optional<RunAnswer> answer_of(const graph::Digest& key) const;

  PackStore& store_;
  graph::Digest inputs_;
  PathNames names_;
  mutable std::optional<graph::Digest> tried_;  // a set of paths that find() looked for in vain
};

}  // namespace runner
