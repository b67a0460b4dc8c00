// Which function bodies mypy drops when it strips a module, and what is lost with them.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "graph/import_scanner.h"

namespace graph {

// The functions around the current place, from the outermost to the innermost.
//
// A body is kept if it is a generator's, if it is a method's that assigns attributes of the first parameter,
// or if it holds no more than a docstring and one of `pass`, `...`, `raise`. A dropped body takes all inside
// of it along.
class FunctionBodies {
 public:
  bool empty() const { return open_.empty(); }
  std::size_t size() const { return open_.size(); }

  // `parameter` is the first positional one; empty outside of classes.
  void enter(std::string parameter, std::size_t import_count) {
    open_.push_back({std::move(parameter), import_count});
  }

  void leave(ImportScan& scan) {
    const Body body = std::move(open_.back());
    open_.pop_back();
    if (!body.has_effect && !body.trivial()) {
      for (std::size_t i = body.first_import; i < scan.imports.size(); ++i)
        scan.imports[i].in_dropped_body = true;
    } else if (body.template_string) {
      keep_template_string(scan);
    }
  }

  void see_template_string(ImportScan& scan) {
    scan.template_strings = true;
    keep_template_string(scan);
  }

  enum class Statement { kDocstring, kRaise, kOther };

  // Notes a statement directly in the innermost body.
  void see_statement(Statement statement) {
    Body& body = open_.back();
    if (body.statements == 0) body.docstring = statement == Statement::kDocstring;
    body.last = statement;
    ++body.statements;
  }

  // The following take the number of the function, counted from 1; 0 is none.
  void see_effect(std::size_t function) {
    if (function != 0) open_[function - 1].has_effect = true;
  }
  bool wants_targets(std::size_t function) const {
    return function != 0 && !open_[function - 1].has_effect && !open_[function - 1].parameter.empty();
  }
  const std::string& parameter(std::size_t function) const { return open_[function - 1].parameter; }

 private:
  struct Body {
    std::string parameter;
    std::size_t first_import = 0;
    std::size_t statements = 0;
    bool has_effect = false;
    bool template_string = false;
    bool docstring = false;
    Statement last = Statement::kOther;

    // `pass` and `...` hold neither imports nor template strings, so they need not be told apart.
    bool trivial() const { return last == Statement::kRaise && statements == (docstring ? 2U : 1U); }
  };

  void keep_template_string(ImportScan& scan) {
    (open_.empty() ? scan.template_strings_kept : open_.back().template_string) = true;
  }

  std::vector<Body> open_;
};

}  // namespace graph
