#include "runner/error_table.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <iterator>
#include <tuple>
#include <unordered_set>

namespace runner {
namespace {

using scheduler::Diagnostic;
// Diagnostics by their index, which notes use to name their parents.
using Order = std::vector<std::uint32_t>;

bool same_place(const Diagnostic& a, const Diagnostic& b) {
  return a.line == b.line && a.column == b.column && a.end_line == b.end_line &&
         a.end_column == b.end_column && a.code == b.code;
}

// Sorts by place, and what is at one place under one code by priority. Both sorts keep ties in order.
void sort_by_place(std::span<const Diagnostic> all, Order::iterator begin, Order::iterator end) {
  std::stable_sort(begin, end, [&](std::uint32_t a, std::uint32_t b) {
    return std::tie(all[a].line, all[a].column) < std::tie(all[b].line, all[b].column);
  });
  while (begin != end) {
    auto next = std::next(begin);
    while (next != end && same_place(all[*std::prev(next)], all[*next])) ++next;
    std::stable_sort(begin, next,
                     [&](std::uint32_t a, std::uint32_t b) { return all[a].priority < all[b].priority; });
    begin = next;
  }
}

bool has_import_context(const ErrorTableInput& input, const Diagnostic& diagnostic) {
  return diagnostic.has_import_context && !input.import_context.empty();
}

// Only neighbours with the same import context are sorted among each other.
void sort_messages(const ErrorTableInput& input, Order& order) {
  const auto in_context = [&](std::uint32_t i) { return has_import_context(input, input.diagnostics[i]); };
  auto begin = order.begin();
  while (begin != order.end()) {
    const bool context = in_context(*begin);
    const auto end =
        std::find_if(begin, order.end(), [&](std::uint32_t i) { return in_context(i) != context; });
    sort_by_place(input.diagnostics, begin, end);
    begin = end;
  }
}

struct SeenMessage {
  std::int32_t line;
  bool is_error;
  std::string_view message;
  bool operator==(const SeenMessage&) const = default;
};

struct SeenMessageHash {
  std::size_t operator()(const SeenMessage& seen) const noexcept {
    const auto place = static_cast<std::size_t>(static_cast<std::uint32_t>(seen.line)) * 2 + seen.is_error;
    return std::hash<std::string_view>()(seen.message) ^ (place * 0x9E3779B97F4A7C15U);
  }
};

// A message is shown once a line. A note with a parent is never a duplicate itself: it goes with its parent.
void remove_duplicates(std::span<const Diagnostic> all, Order& order) {
  if (order.size() < 2) return;
  std::unordered_set<SeenMessage, SeenMessageHash> seen;
  seen.reserve(order.size());
  std::vector<bool> removed(all.size(), false);
  for (const std::uint32_t i : order) {
    if (all[i].parent >= 0) continue;
    removed[i] = !seen.insert({all[i].line, all[i].severity == "error", all[i].message}).second;
  }
  std::erase_if(order, [&](std::uint32_t i) {
    return all[i].parent < 0 ? removed[i] : removed[static_cast<std::size_t>(all[i].parent)];
  });
}

Order visible_order(const ErrorTableInput& input) {
  Order order;
  order.reserve(input.diagnostics.size());
  for (std::uint32_t i = 0; i < input.diagnostics.size(); ++i) {
    if (!input.diagnostics[i].hidden) order.push_back(i);
  }
  sort_messages(input, order);
  remove_duplicates(input.diagnostics, order);
  return order;
}

}  // namespace

ErrorTable::ErrorTable(const ErrorTableInput& input, const ShownPath& paths)
    : path_(paths.of_file(input.path)) {
  const Order order = visible_order(input);
  rows_.reserve(order.size());
  bool previous_context = false;
  const Diagnostic outside;  // before the first message nothing has a scope
  const Diagnostic* previous = &outside;
  for (const std::uint32_t i : order) {
    const Diagnostic& diagnostic = input.diagnostics[i];
    if (input.show_error_context) {
      const bool context = has_import_context(input, diagnostic);
      if (context && !previous_context) add_import_context(input, paths);
      if (diagnostic.local_function != previous->local_function ||
          diagnostic.local_type != previous->local_type) {
        add_scope(diagnostic);
      }
      previous_context = context;
      previous = &diagnostic;
    }
    rows_.push_back({true, diagnostic.severity == "error", diagnostic.line, diagnostic.column,
                     diagnostic.end_line, diagnostic.end_column, diagnostic.message,
                     diagnostic.code ? &*diagnostic.code : nullptr});
  }
}

void ErrorTable::add_import_context(const ErrorTableInput& input, const ShownPath& paths) {
  const auto& chain = input.import_context;
  for (std::size_t i = chain.size(); i-- > 0;) {
    std::string note(paths.of_importer(chain[i].first));
    note += ':';
    note += std::to_string(chain[i].second);
    note += i + 1 == chain.size() ? ": note: In module imported here" : ": note: ... from here";
    note += i > 0 ? ',' : ':';
    add_note(false, std::move(note));
  }
}

void ErrorTable::add_scope(const Diagnostic& diagnostic) {
  const auto& [type, function] = std::tie(diagnostic.local_type, diagnostic.local_function);
  if (function && type) {
    add_note(true, "In member \"" + *function + "\" of class \"" + *type + "\":");
  } else if (function) {
    add_note(true, "In function \"" + *function + "\":");
  } else if (type) {
    add_note(true, "In class \"" + *type + "\":");
  } else {
    add_note(true, "At top level:");
  }
}

void ErrorTable::add_note(bool in_file, std::string message) {
  ErrorRow row;
  row.in_file = in_file;
  row.message = notes_.emplace_back(std::move(message));
  rows_.push_back(row);
}

}  // namespace runner
