// The page that `typewave graph --format html` writes, without its data: markup, style and script, bundled at
// build time.
#pragma once

#include <string_view>

namespace runner {

// A page is the head, JSON as ARCHITECTURE.md describes it, and the tail. The JSON stands in a <script>
// element, so that every `<` in it has to be written as \u003c.
std::string_view page_head();
std::string_view page_tail();

}  // namespace runner
