// The `exclude` option: Python regular expressions, matched by PCRE2 where both surely mean the same.
#define PCRE2_CODE_UNIT_WIDTH 8
#include "graph/exclude_patterns.h"

#include <pcre2.h>

#include <algorithm>
#include <utility>

#include "graph/result.h"

namespace graph {
namespace {

struct FreePcre {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
  void operator()(pcre2_compile_context* context) const { pcre2_compile_context_free(context); }
};

using Code = std::unique_ptr<pcre2_code, FreePcre>;
using MatchData = std::unique_ptr<pcre2_match_data, FreePcre>;
using CompileContext = std::unique_ptr<pcre2_compile_context, FreePcre>;

Code compile(const std::string& pattern) {
  const CompileContext context(pcre2_compile_context_create(nullptr));
  INVARIANT(context != nullptr, "PCRE2 has to give a compile context");
  // A build of PCRE2 may take other characters for newlines; Python's `.` and `$` know only this one.
  pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
  int code = 0;
  PCRE2_SIZE offset = 0;
  Code compiled(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(), PCRE2_UTF, &code,
                              &offset, context.get()));
  if (compiled) pcre2_jit_compile(compiled.get(), PCRE2_JIT_COMPLETE);  // without it, matching is only slower
  return compiled;
}

bool is_printable_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

struct ExcludePatterns::State {
  struct Pattern {
    Code code;
    MatchData data;
    bool ascii_only = false;
  };
  std::vector<Pattern> patterns;
  std::optional<std::string> doubt;
};

ExcludePatterns::ExcludePatterns(const std::vector<std::string>& patterns)
    : state_(std::make_unique<State>()) {
  for (const std::string& text : patterns) {
    const std::optional<TranslatedPattern> translated = translate_pattern(text);
    Code code = translated ? compile(translated->text) : Code();
    if (!code) {
      state_->doubt = "the exclude pattern '" + text + "' is a regular expression only Python can judge";
      return;
    }
    MatchData data(pcre2_match_data_create_from_pattern(code.get(), nullptr));
    INVARIANT(data != nullptr, "PCRE2 has to give match data");
    state_->patterns.push_back({std::move(code), std::move(data), translated->ascii_only});
  }
}

ExcludePatterns::~ExcludePatterns() = default;
ExcludePatterns::ExcludePatterns(ExcludePatterns&&) noexcept = default;

bool ExcludePatterns::empty() const {
  return state_->patterns.empty() && !state_->doubt;
}

const std::optional<std::string>& ExcludePatterns::doubt() const {
  return state_->doubt;
}

std::optional<bool> ExcludePatterns::found_in(std::string_view text) const {
  INVARIANT(!state_->doubt, "doubtful patterns must not be matched");
  for (const State::Pattern& pattern : state_->patterns) {
    if (pattern.ascii_only && !is_printable_ascii(text)) return std::nullopt;
    const int status = pcre2_match(pattern.code.get(), reinterpret_cast<PCRE2_SPTR>(text.data()), text.size(),
                                   0, 0, pattern.data.get(), nullptr);
    if (status >= 0) return true;
    if (status != PCRE2_ERROR_NOMATCH) return std::nullopt;  // a limit, or text that is no UTF-8
  }
  return false;
}

}  // namespace graph
