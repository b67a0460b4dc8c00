// Finds assignments to attributes of one name, `self.x = 1`, in the tokens of an assignment's target.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "graph/token.h"

namespace graph {

// Fed with the tokens of a target list (names, attributes, subscripts, tuples, lists, stars, parentheses), it
// tells whether one of the targets is exactly `name.attribute`. For tokens that are no target list the answer
// means nothing. Keeps its memory over restarts.
class AttributeTarget {
 public:
  void restart();
  void feed(const Token& token, std::string_view text, std::string_view name);
  bool found() const { return found_ || element_ == Element::kAttribute; }

 private:
  // What the element read so far is.
  enum class Element : unsigned char { kNothing, kName, kNameAndDot, kAttribute, kOther };

  // A tuple, list or parenthesised target that is open.
  struct Group {
    bool found_before = false;
    bool comma_before = false;
  };

  void open(const Token& token);
  void close(const Token& token);

  std::vector<Group> groups_;
  std::size_t skipped_brackets_ = 0;  // open brackets of a call or a subscript, whose inside does not count
  Element element_ = Element::kNothing;
  bool found_ = false;
  bool comma_ = false;
};

}  // namespace graph
