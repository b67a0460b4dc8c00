// What typewave says: diagnostics on standard output, everything else on standard error.
#pragma once

#include <optional>
#include <string>

#include "graph/result.h"

namespace runner {

// The exit status of a command that could not do its work.
constexpr int kTrouble = 2;

// Puts /dev/null where standard input, output or error was closed by the caller, so that no socket or file
// gets one of their numbers. Call it before anything is opened.
void open_missing_streams();

// From now on nothing is printed: the process is about to end by a signal.
void silence_console();

void print_stdout(const std::string& text);
// What became of it, if not all of it could be written: a full disk, say.
std::optional<graph::Error> lost_output();
void print_stderr(const std::string& text);
// "typewave: error: what" and what to do about it.
void print_error(const graph::Error& error);
// The same, and gives the exit status.
int fail(const graph::Error& error);
void print_warning(const std::string& message);
void print_note(const std::string& message);

}  // namespace runner
