// What mypy said of the tree at an earlier commit: from the store, or from a check of a clean tree of its
// own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/result.h"
#include "runner/baseline.h"
#include "runner/change_set.h"
#include "runner/check_options.h"
#include "runner/earlier_run.h"

namespace runner {

// The answer about these files (absolute paths of then) from what the store had; nothing when it had not all.
std::optional<Baseline> stored_answer(const EarlierRun& earlier, const std::vector<std::string>& files);

// The answer of a check of the commit in a temporary tree, which is gone afterwards. `earlier` may be null;
// with it, files that git does not keep are taken over as far as the check needs them. `files` as above: the
// check is about those, or about everything when there are none.
graph::Result<Baseline> computed_answer(const ChangeSet& changes, const EarlierRun* earlier,
                                        const ProbeAnswer& probe, const ChildOptions& child,
                                        const std::optional<std::vector<std::string>>& files);

}  // namespace runner
