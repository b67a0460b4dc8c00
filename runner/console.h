// What typewave says: diagnostics on standard output, everything else on standard error.
#pragma once

#include <string>

#include "graph/result.h"

namespace runner {

void print_stdout(const std::string& text);
void print_stderr(const std::string& text);
// "typewave: error: what" and what to do about it.
void print_error(const graph::Error& error);
void print_warning(const std::string& message);
void print_note(const std::string& message);

}  // namespace runner
