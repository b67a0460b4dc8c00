#include "runner/page_html.h"

#include "runner/page_template.h"

namespace runner {

std::string page_html(std::string_view data) {
  std::string page;
  page.reserve(page_head().size() + data.size() + page_tail().size());
  page += page_head();
  // A `<` stands inside strings only, and there its escape means the same.
  for (std::size_t at = 0;;) {
    const std::size_t next = data.find('<', at);
    page += data.substr(at, next - at);
    if (next == std::string_view::npos) break;
    page += "\\u003c";
    at = next + 1;
  }
  page += page_tail();
  return page;
}

}  // namespace runner
