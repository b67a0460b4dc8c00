// The page that `typewave graph --format html` writes, without its data: markup, style and script, bundled at
// build time.
#pragma once

#include <string_view>

namespace runner {

// The data stands between the two, see page_html.h. Both are empty in a build without Node.js.
std::string_view page_head();
std::string_view page_tail();

}  // namespace runner
