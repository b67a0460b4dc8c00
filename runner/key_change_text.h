// What changed in a key, in words.
#pragma once

#include <map>
#include <string>

#include "runner/key_inputs.h"

namespace runner {

// Digest of module options -> the sections it stands for.
using OptionTexts = std::map<std::string, std::string>;

// One line, without a full stop. `self` is the module that is spoken of: its own inputs are "its".
std::string key_change_text(const KeyChange& change, const std::string& self, const OptionTexts& options);

}  // namespace runner
