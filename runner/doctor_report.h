// What `typewave doctor` prints, and the bug report it writes: neither holds source text.
#pragma once

#include <string>
#include <vector>

#include "runner/doctor_facts.h"
#include "runner/doctor_findings.h"

namespace runner {

std::string doctor_text(const DoctorFacts& facts, const std::vector<Remark>& findings);

// One JSON document. What follows -c is replaced by its length.
std::string doctor_bundle(const DoctorFacts& facts, const std::vector<Remark>& findings);

}  // namespace runner
