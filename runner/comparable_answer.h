// An answer in the form in which two answers are compared: only the order of files and the numbers of type
// variables are free.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace runner {

// What a checker printed, and its exit status.
struct PrintedAnswer {
  int exit_code = 0;
  std::string stdout_text;
  std::string stderr_text;
};

// Which parts count.
struct Comparison {
  bool colours = true;  // without: escape sequences are taken out
  bool stderr_text = true;
};

// Standard output grouped by file, in the order of file names, the summary last; then standard error the same
// way, each line after "stderr: "; then the exit status.
std::vector<std::string> comparable_lines(const PrintedAnswer& answer, const Comparison& comparison);

// The file a line of such an answer is about, of text or JSON; empty when it names none.
std::string file_of_message(std::string_view line);

}  // namespace runner
