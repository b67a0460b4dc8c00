// What is remembered of the bodies in import cycles: after an edit in a cycle a worker need not check those
// again that cannot say anything else than before (runner/worker/bodies.py).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/condensation.h"
#include "graph/digest.h"
#include "graph/module_graph.h"
#include "runner/pack_store.h"
#include "scheduler/checker.h"
#include "scheduler/component_closure.h"
#include "scheduler/static_key.h"

namespace runner {

// As it is stored: "TWB" version, names used, 32 bytes digest of their interfaces, string bodies.
struct BodyRecord {
  std::vector<std::string> used;  // modules whose interfaces the bodies depended on, sorted
  graph::Digest interfaces;       // of these, in this order
  std::string bodies;             // for the worker alone
};
std::string encode_body_record(const BodyRecord& record);
std::optional<BodyRecord> decode_body_record(std::string_view bytes);

// Of one run. Records are found by all that a static key holds but the sources. The references must outlive
// it. Thread-safe if `interfaces` is.
class BodyRecords {
 public:
  BodyRecords(const graph::ModuleGraph& graph, const graph::Condensation& condensation,
              const scheduler::ComponentClosure& closure, const scheduler::StaticKeys& keys, PackStore& store)
      : graph_(graph), condensation_(condensation), closure_(closure), keys_(keys), store_(store) {}

  // What is known of a component that is to be checked, if all it had looked at is the same; else empty. The
  // interfaces of its dependencies must be known.
  std::string find(graph::ComponentId id, const scheduler::WorkSource& interfaces) const;
  // `used`: as in its outcome.
  void keep(graph::ComponentId id, const std::vector<std::string>& used, std::string_view bodies,
            const scheduler::WorkSource& interfaces) const;

 private:
  graph::Digest key(graph::ComponentId id) const;
  std::optional<graph::Digest> digest_of(const std::vector<std::string>& used, graph::ComponentId id,
                                         const scheduler::WorkSource& interfaces) const;

  const graph::ModuleGraph& graph_;
  const graph::Condensation& condensation_;
  const scheduler::ComponentClosure& closure_;
  const scheduler::StaticKeys& keys_;
  PackStore& store_;
};

}  // namespace runner
