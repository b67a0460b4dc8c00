#include "runner/page_template.h"

namespace runner {
namespace {

#include "runner/page_template.inc"

}  // namespace

std::string_view page_head() {
  return kHead;
}

std::string_view page_tail() {
  return kTail;
}

}  // namespace runner
