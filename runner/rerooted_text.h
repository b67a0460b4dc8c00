// mypy's text from another folder, with paths as they are seen from here.
#pragma once

#include <functional>
#include <string>

namespace runner {

// Puts `prefix` (a folder relative to here) before the path at the beginning of each message that `exists` in
// that folder, in mypy's text and its JSON; absolute paths stay. Lines without a path (the summary) get
// `prefix: ` in front.
std::string rerooted(const std::string& text, const std::string& prefix,
                     const std::function<bool(const std::string&)>& exists);

}  // namespace runner
