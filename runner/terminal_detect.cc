#include "runner/terminal_detect.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string_view>

#include "runner/code_points.h"

// Last, because term.h defines many short names as macros.
#include <curses.h>
#include <term.h>

namespace runner {
namespace {

constexpr int kDefaultWidth = 80;

std::optional<std::string> process_environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) return std::nullopt;
  return value;
}

std::string_view stripped(std::string_view text) {
  text = left_stripped(text);
  while (!text.empty() && is_space(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

// Python's int() for ASCII digits: blanks around, a sign, single underscores between digits. Large values
// saturate. Nothing where Python raises ValueError.
std::optional<int> python_integer(std::string_view text) {
  text = stripped(text);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  std::int64_t value = 0;
  bool after_digit = false;
  for (const char c : text) {
    if (c == '_' && after_digit) {
      after_digit = false;
      continue;
    }
    if (c < '0' || c > '9') return std::nullopt;
    value = std::min<std::int64_t>(value * 10 + (c - '0'), std::numeric_limits<int>::max());
    after_digit = true;
  }
  if (!after_digit) return std::nullopt;
  return static_cast<int>(negative ? -value : value);
}

bool forces_color(const TerminalQuery& query) {
  std::optional<std::string> value = query.environment("MYPY_FORCE_COLOR");
  if (!value) value = query.environment("FORCE_COLOR");
  if (!value) return false;
  const std::optional<int> number = python_integer(*value);
  return number ? *number != 0 : !value->empty();
}

std::optional<std::string> capability(const char* name) {
  const char* text = tigetstr(name);
  if (text == nullptr || text == reinterpret_cast<const char*>(-1) || *text == '\0') return std::nullopt;
  return std::string(text);
}

// Fills in the parameters of a capability.
std::string with_parameters(const std::string& text, long first, long second = 0) {
  const char* filled = tparm(text.c_str(), first, second, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
  return filled == nullptr ? "" : filled;
}

std::optional<TerminalSequences> read_sequences(const TerminalQuery& query) {
  const std::optional<std::string> term = query.environment("TERM");
  int status = 0;
  if (!term || term->empty() || setupterm(term->c_str(), query.stdout_fd, &status) == ERR)
    return std::nullopt;
  const auto bold = capability("bold");
  const auto underline = capability("smul");
  const auto color = capability("setaf");
  const auto cursor = capability("cup");
  const auto normal = capability("sgr0");
  std::optional<TerminalSequences> found;
  if (bold && underline && color && cursor && normal) {
    // Dim is made of the cursor address as mypy makes it, whatever a terminal does with it.
    const std::string dim = cursor->substr(0, cursor->size() - 1) + "m";
    found = TerminalSequences{.normal = *normal,
                              .bold = *bold,
                              .underline = *underline,
                              .dim = with_parameters(dim, 1, 9),
                              .red = with_parameters(*color, COLOR_RED),
                              .green = with_parameters(*color, COLOR_GREEN),
                              .blue = with_parameters(*color, COLOR_BLUE),
                              .yellow = with_parameters(*color, COLOR_YELLOW)};
  }
  del_curterm(cur_term);
  return found;
}

int terminal_columns(const TerminalQuery& query) {
  const std::optional<std::string> wanted = query.environment("COLUMNS");
  const int given = wanted ? python_integer(*wanted).value_or(0) : 0;
  if (given > 0) return given;
  winsize size{};
  if (ioctl(query.stdout_fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return kDefaultWidth;
}

}  // namespace

Terminal detect_terminal(const TerminalQuery& original) {
  TerminalQuery query = original;
  if (!query.environment) query.environment = process_environment;
  Terminal terminal;
  if (forces_color(query) || (isatty(query.stdout_fd) != 0 && isatty(query.stderr_fd) != 0)) {
    terminal.sequences = read_sequences(query);
  }
  const std::optional<std::string> forced = query.environment("MYPY_FORCE_TERMINAL_WIDTH");
  const std::optional<int> width = forced ? python_integer(*forced) : std::optional<int>(0);
  terminal.width_is_valid = width.has_value();
  terminal.width = width.value_or(0) != 0 ? *width : terminal_columns(query);
  return terminal;
}

}  // namespace runner
