// Puts the data of a graph into the page.
#pragma once

#include <string>
#include <string_view>

namespace runner {

// The whole page for this JSON document. Every `<` of it is written as \u003c: nothing in it can end its
// element.
std::string page_html(std::string_view data);

}  // namespace runner
