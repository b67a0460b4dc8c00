// Takes out of an answer what an earlier commit's answer has already, wherever it stood then.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "runner/answer.h"
#include "runner/baseline.h"
#include "runner/change_set.h"

namespace runner {

// `before`: the earlier answer by absolute path of then.
void keep_new_errors(const Baseline& before, const ChangeSet& changes, const std::string& cwd,
                     AnswerParts& parts);

}  // namespace runner
