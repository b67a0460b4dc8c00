// What is wrong, and what would make the next run slow.
#pragma once

#include <vector>

#include "graph/result.h"
#include "runner/doctor_facts.h"

namespace runner {

struct Remark {
  enum class Kind {
    kBroken,  // something does not work
    kSlow,    // it works, but the next run takes longer than it could
  };
  Kind kind = Kind::kSlow;
  graph::Error words;
};

// What is broken comes first.
std::vector<Remark> find_trouble(const DoctorFacts& facts);

}  // namespace runner
