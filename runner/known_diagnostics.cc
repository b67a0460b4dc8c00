// Tells diagnostics that were there before from new ones.
#include "runner/known_diagnostics.h"

#include <cctype>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace runner {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string skip_digits(const std::string& text, std::size_t& at) {
  std::string digits;
  while (at < text.size() && is_digit(text[at])) digits += text[at++];
  return digits;
}

using Pool = std::vector<std::size_t>;

// Pairs what `same` says is the same, in order, and takes it out of both pools.
template <typename Same>
void pair_off(Pool& earlier, Pool& current, Matches& matches, const Same& same) {
  for (auto old = earlier.begin(); old != earlier.end();) {
    auto now = current.begin();
    while (now != current.end() && !same(*old, *now)) ++now;
    if (now == current.end()) {
      ++old;
      continue;
    }
    matches.found[*old] = true;
    matches.known[*now] = true;
    current.erase(now);
    old = earlier.erase(old);
  }
}

}  // namespace

std::string comparable_message(const std::string& message) {
  constexpr std::string_view kLine = "line ";
  std::string text;
  for (std::size_t at = 0; at < message.size();) {
    const bool line = std::string_view(message).substr(at).starts_with(kLine) &&
                      (at == 0 || std::isalnum(static_cast<unsigned char>(message[at - 1])) == 0);
    if (line) {
      at += kLine.size();
      text += kLine;
      if (!skip_digits(message, at).empty()) text += '#';
    } else if (message[at] == '`') {
      text += message[at++];
      if (at < message.size() && message[at] == '-') ++at;
      if (!skip_digits(message, at).empty()) text += '#';
    } else {
      text += message[at++];
    }
  }
  return text;
}

std::vector<std::optional<std::size_t>> deciding(const std::vector<scheduler::Diagnostic>& diagnostics) {
  std::vector<std::optional<std::size_t>> result(diagnostics.size());
  std::map<std::tuple<int, std::string, std::string>, std::size_t> said;
  std::map<int, std::size_t> errors;  // the last of each line
  for (std::size_t i = 0; i < diagnostics.size(); ++i) {
    const scheduler::Diagnostic& diagnostic = diagnostics[i];
    if (diagnostic.hidden) continue;
    const bool note = diagnostic.severity == "note";
    if (note && diagnostic.parent >= 0) {
      result[i] = result[static_cast<std::size_t>(diagnostic.parent)];
      continue;
    }
    const auto error = errors.find(diagnostic.line);
    if (note && error != errors.end()) {
      result[i] = result[error->second];
      continue;
    }
    const auto [first, is_new] =
        said.emplace(std::tuple(diagnostic.line, diagnostic.severity, diagnostic.message), i);
    result[i] = first->second;
    if (!note && is_new) errors[diagnostic.line] = i;
  }
  return result;
}

Matches match_diagnostics(const std::vector<KnownDiagnostic>& earlier,
                          const std::vector<KnownDiagnostic>& current) {
  Matches matches{std::vector<bool>(current.size(), false), std::vector<bool>(earlier.size(), false)};
  std::map<std::tuple<std::string, std::string, std::string>, std::pair<Pool, Pool>> groups;
  const auto group = [&](const KnownDiagnostic& one) -> std::pair<Pool, Pool>& {
    return groups[{one.severity, one.code, comparable_message(one.message)}];
  };
  for (std::size_t i = 0; i < earlier.size(); ++i) group(earlier[i]).first.push_back(i);
  for (std::size_t i = 0; i < current.size(); ++i) group(current[i]).second.push_back(i);
  for (auto& [said, pools] : groups) {
    auto& [old, now] = pools;
    const auto same_text = [&](std::size_t a, std::size_t b) {
      return !earlier[a].source.empty() && earlier[a].source == current[b].source;
    };
    pair_off(old, now, matches, [&](std::size_t a, std::size_t b) {
      return earlier[a].place == current[b].place &&
             (earlier[a].place.region == LinePlace::kSame || same_text(a, b));
    });
    pair_off(old, now, matches, [&](std::size_t a, std::size_t b) {
      return earlier[a].place.region != LinePlace::kSame && current[b].place.region != LinePlace::kSame &&
             same_text(a, b);
    });
    pair_off(old, now, matches, [&](std::size_t a, std::size_t b) {
      return earlier[a].place.region != LinePlace::kSame &&
             earlier[a].place.region == current[b].place.region;
    });
  }
  return matches;
}

void keep_only(std::vector<scheduler::Diagnostic>& diagnostics, const std::vector<bool>& keep) {
  std::vector<std::int32_t> moved(diagnostics.size(), -1);
  std::vector<scheduler::Diagnostic> kept;
  for (std::size_t i = 0; i < diagnostics.size(); ++i) {
    if (!keep[i]) continue;
    moved[i] = static_cast<std::int32_t>(kept.size());
    scheduler::Diagnostic diagnostic = std::move(diagnostics[i]);
    if (diagnostic.parent >= 0) diagnostic.parent = moved[static_cast<std::size_t>(diagnostic.parent)];
    kept.push_back(std::move(diagnostic));
  }
  diagnostics = std::move(kept);
}

std::vector<std::pair<std::size_t, KnownDiagnostic>> standing_alone(
    const std::vector<scheduler::Diagnostic>& diagnostics, const std::vector<std::string>& lines) {
  std::vector<std::pair<std::size_t, KnownDiagnostic>> result;
  const auto decides = deciding(diagnostics);
  for (std::size_t i = 0; i < diagnostics.size(); ++i) {
    if (decides[i] != i) continue;
    const scheduler::Diagnostic& one = diagnostics[i];
    result.emplace_back(
        i,
        KnownDiagnostic{
            one.line, one.severity, one.code.value_or(""), one.message, digest_of_line(lines, one.line), {}});
  }
  return result;
}

void drop_known(std::vector<scheduler::Diagnostic>& diagnostics, const std::vector<bool>& known) {
  const auto decides = deciding(diagnostics);
  std::vector<bool> dropped(diagnostics.size(), false);
  std::size_t position = 0;
  for (std::size_t i = 0; i < diagnostics.size(); ++i) {
    if (decides[i] == i) dropped[i] = known[position++];
  }
  std::vector<bool> keep(diagnostics.size(), true);
  for (std::size_t i = 0; i < diagnostics.size(); ++i) {
    if (decides[i]) keep[i] = !dropped[*decides[i]];
  }
  keep_only(diagnostics, keep);
}

}  // namespace runner
