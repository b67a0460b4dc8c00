#include "runner/diagnostic_codec.h"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_map>
#include <utility>

#include "graph/byte_codec.h"

// The grammar of the store's bytes, over graph/byte_codec.h:
//   outcome    = "TWO" version, names used, fixed64 seconds (IEEE 754), varint count, count * module
//   module     = 32 bytes interface digest, varint count, count * diagnostic
//   diagnostic = byte flags, signed line - line before (0 at first), signed column, signed end_line - line,
//                signed end_column, string message, word code, signed priority,
//                [varint count, count * signed (span line - line)]  unless the span is exactly the line,
//                word local_type, word local_function, [varint parent]  if it has one
//   word       = varint: 0 nothing, 1 new (a string follows), n + 2 the n-th new one of this outcome
//   touched    = "TWT" version, names modules, for each module: string symbols
namespace runner {
namespace {

using graph::ByteReader;
using graph::ByteWriter;
using graph::Error;
using graph::Result;
using scheduler::Diagnostic;
using scheduler::ModuleOutcome;
using scheduler::Outcome;
using scheduler::TouchedSymbols;
using Json = nlohmann::json;

constexpr std::string_view kOutcomeMagic = "TWO\x02";
constexpr std::string_view kTouchedMagic = "TWT\x02";
constexpr std::size_t kLeastDiagnosticBytes = 10;
constexpr std::size_t kLeastModuleBytes = 34;
// How many times longer an outcome's words may be in memory than all of it is in the store: a word of a few
// letters that stands in each line is, one that somebody made to grow is longer.
constexpr std::size_t kLargestGrowth = 16;

enum Flag : std::uint8_t {
  kNote = 1,
  kOnlyOnce = 2,
  kImportPhase = 4,
  kHidden = 8,
  kBlocker = 16,
  kImportContext = 32,
  kSpanIsLine = 64,
  kHasParent = 128,
};

// Words that come again and again are written once. Views stay valid: on writing they are into the outcome,
// on reading into the input.
class WordWriter {
 public:
  explicit WordWriter(ByteWriter& out) : out_(out) {}

  void write(const std::optional<std::string>& word) {
    if (!word) {
      out_.varint(0);
      return;
    }
    const auto [place, is_new] = known_.try_emplace(*word, known_.size());
    if (is_new) {
      out_.varint(1);
      out_.string(*word);
    } else {
      out_.varint(place->second + 2);
    }
  }

 private:
  ByteWriter& out_;
  std::unordered_map<std::string_view, std::size_t> known_;
};

class WordReader {
 public:
  explicit WordReader(ByteReader& in) : in_(in), left_(kLargestGrowth * in.remaining()) {}

  std::optional<std::string> read() {
    const std::uint64_t reference = in_.varint();
    if (!in_.ok() || reference == 0) return std::nullopt;
    if (reference == 1) {
      const std::string_view word = in_.string();
      if (!known_.try_emplace(word, words_.size()).second) in_.fail();
      words_.push_back(word);
      return take(word);
    }
    if (reference - 2 >= words_.size()) {
      in_.fail();
      return std::nullopt;
    }
    return take(words_[reference - 2]);
  }

 private:
  std::optional<std::string> take(std::string_view word) {
    if (word.size() > left_) {
      in_.fail();
      return std::nullopt;
    }
    left_ -= word.size();
    return std::string(word);
  }

  ByteReader& in_;
  std::size_t left_;  // bytes
  std::vector<std::string_view> words_;
  std::unordered_map<std::string_view, std::size_t> known_;
};

bool is_span_of_line(const Diagnostic& diagnostic) {
  return diagnostic.origin_span.size() == 1 && diagnostic.origin_span.front() == diagnostic.line;
}

std::uint8_t flags_of(const Diagnostic& diagnostic) {
  const auto flag = [](bool set, Flag value) { return set ? unsigned{value} : 0U; };
  return static_cast<std::uint8_t>(
      flag(diagnostic.severity == "note", kNote) | flag(diagnostic.only_once, kOnlyOnce) |
      flag(diagnostic.from_import_phase, kImportPhase) | flag(diagnostic.hidden, kHidden) |
      flag(diagnostic.blocker, kBlocker) | flag(diagnostic.has_import_context, kImportContext) |
      flag(is_span_of_line(diagnostic), kSpanIsLine) | flag(diagnostic.parent >= 0, kHasParent));
}

// Differences of two 32-bit lines need 33 bits.
std::int64_t difference(std::int32_t a, std::int32_t b) {
  return std::int64_t{a} - std::int64_t{b};
}

void write_diagnostic(const Diagnostic& diagnostic, std::int32_t line_before, ByteWriter& out,
                      WordWriter& words) {
  INVARIANT(diagnostic.severity == "note" || diagnostic.severity == "error", "mypy has two severities");
  const std::uint8_t flags = flags_of(diagnostic);
  out.fixed(flags);
  out.signed_varint(difference(diagnostic.line, line_before));
  out.signed_varint(diagnostic.column);
  out.signed_varint(difference(diagnostic.end_line, diagnostic.line));
  out.signed_varint(diagnostic.end_column);
  out.string(diagnostic.message);
  words.write(diagnostic.code);
  out.signed_varint(diagnostic.priority);
  if ((flags & kSpanIsLine) == 0) {
    out.varint(diagnostic.origin_span.size());
    for (const std::int32_t line : diagnostic.origin_span)
      out.signed_varint(difference(line, diagnostic.line));
  }
  words.write(diagnostic.local_type);
  words.write(diagnostic.local_function);
  if ((flags & kHasParent) != 0) out.varint(static_cast<std::uint64_t>(diagnostic.parent));
}

// A 32-bit number written as its difference from `base`.
std::int32_t read_number(ByteReader& in, std::int32_t base = 0) {
  using Limits = std::numeric_limits<std::int32_t>;
  const std::int64_t delta = in.signed_varint();
  // Written so that no sum can overflow.
  if (delta < std::int64_t{Limits::min()} - base || delta > std::int64_t{Limits::max()} - base) {
    in.fail();
    return 0;
  }
  return static_cast<std::int32_t>(base + delta);
}

void read_span(ByteReader& in, Diagnostic& diagnostic, bool is_line) {
  if (is_line) {
    diagnostic.origin_span = {diagnostic.line};
    return;
  }
  const std::size_t size = in.count(1);
  diagnostic.origin_span.reserve(size);
  for (std::size_t i = 0; i < size && in.ok(); ++i) {
    diagnostic.origin_span.push_back(read_number(in, diagnostic.line));
  }
  if (is_span_of_line(diagnostic)) in.fail();
}

Diagnostic read_diagnostic(ByteReader& in, WordReader& words, std::int32_t line_before,
                           std::size_t siblings) {
  Diagnostic diagnostic;
  const std::uint8_t flags = in.fixed<std::uint8_t>();
  diagnostic.severity = (flags & kNote) != 0 ? "note" : "error";
  diagnostic.only_once = (flags & kOnlyOnce) != 0;
  diagnostic.from_import_phase = (flags & kImportPhase) != 0;
  diagnostic.hidden = (flags & kHidden) != 0;
  diagnostic.blocker = (flags & kBlocker) != 0;
  diagnostic.has_import_context = (flags & kImportContext) != 0;
  diagnostic.line = read_number(in, line_before);
  diagnostic.column = read_number(in);
  diagnostic.end_line = read_number(in, diagnostic.line);
  diagnostic.end_column = read_number(in);
  diagnostic.message = in.string();
  diagnostic.code = words.read();
  diagnostic.priority = read_number(in);
  read_span(in, diagnostic, (flags & kSpanIsLine) != 0);
  diagnostic.local_type = words.read();
  diagnostic.local_function = words.read();
  if ((flags & kHasParent) != 0) {
    const std::uint64_t parent = in.varint();
    if (parent >= siblings || parent > std::numeric_limits<std::int32_t>::max()) {
      in.fail();
    } else {
      diagnostic.parent = static_cast<std::int32_t>(parent);
    }
  }
  return diagnostic;
}

ModuleOutcome read_module(ByteReader& in, WordReader& words) {
  ModuleOutcome module;
  const std::string_view digest = in.raw(module.interface.bytes.size());
  if (!in.ok()) return module;
  module.interface = graph::Digest::from_raw(digest);
  module.mentions_lines = in.boolean();
  const std::size_t size = in.count(kLeastDiagnosticBytes);
  std::int32_t line_before = 0;
  for (std::size_t i = 0; i < size && in.ok(); ++i) {
    module.diagnostics.push_back(read_diagnostic(in, words, line_before, size));
    line_before = module.diagnostics.back().line;
  }
  return module;
}

bool is_duration(double seconds) {
  return std::isfinite(seconds) && !std::signbit(seconds);
}

// Reads one element of the worker's array after the other and remembers whether all had the right type.
class FieldReader {
 public:
  explicit FieldReader(const Json& fields) : fields_(fields) {}

  std::int32_t number() { return to_number(next()); }

  bool boolean() {
    const std::int32_t value = number();
    ok_ = ok_ && (value == 0 || value == 1);
    return value == 1;
  }

  std::string text() {
    const Json& field = next();
    if (const auto* value = field.get_ptr<const std::string*>()) return *value;
    ok_ = false;
    return {};
  }

  std::optional<std::string> text_or_null() {
    if (at_ < fields_.size() && fields_[at_].is_null()) {
      ++at_;
      return std::nullopt;
    }
    return text();
  }

  std::vector<std::int32_t> numbers() {
    const Json& field = next();
    std::vector<std::int32_t> values;
    if (!field.is_array()) {
      ok_ = false;
      return values;
    }
    for (const Json& value : field) values.push_back(to_number(value));
    return values;
  }

  // An index below `size`, or -1 for null.
  std::int32_t index_or_null(std::size_t size) {
    if (at_ < fields_.size() && fields_[at_].is_null()) {
      ++at_;
      return -1;
    }
    const std::int32_t value = number();
    ok_ = ok_ && value >= 0 && static_cast<std::size_t>(value) < size;
    return value;
  }

  bool done() const { return ok_ && at_ == fields_.size(); }

 private:
  const Json& next() {
    static const Json kNothing;
    if (at_ < fields_.size()) return fields_[at_++];
    ok_ = false;
    return kNothing;
  }

  std::int32_t to_number(const Json& field) {
    using Limits = std::numeric_limits<std::int32_t>;
    if (field.is_number_integer()) {
      const auto value = field.get<std::int64_t>();
      const bool wraps = field.is_number_unsigned() && value < 0;
      if (!wraps && value >= Limits::min() && value <= Limits::max()) return static_cast<std::int32_t>(value);
    }
    ok_ = false;
    return 0;
  }

  const Json& fields_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

std::optional<Diagnostic> parse_diagnostic(const Json& fields, std::size_t index, std::size_t siblings) {
  if (!fields.is_array()) return std::nullopt;
  FieldReader reader(fields);
  Diagnostic diagnostic;
  diagnostic.line = reader.number();
  diagnostic.column = reader.number();
  diagnostic.end_line = reader.number();
  diagnostic.end_column = reader.number();
  diagnostic.severity = reader.text();
  diagnostic.message = reader.text();
  diagnostic.code = reader.text_or_null();
  diagnostic.only_once = reader.boolean();
  diagnostic.from_import_phase = !reader.boolean();  // 0 is the import phase
  diagnostic.priority = reader.number();
  diagnostic.origin_span = reader.numbers();
  diagnostic.local_type = reader.text_or_null();
  diagnostic.local_function = reader.text_or_null();
  diagnostic.hidden = reader.boolean();
  diagnostic.parent = reader.index_or_null(siblings);
  diagnostic.has_import_context = reader.boolean();
  diagnostic.blocker = reader.boolean();
  const bool note = diagnostic.severity == "note";
  const bool has_parent = diagnostic.parent >= 0;
  if (!reader.done() || (!note && diagnostic.severity != "error") || (has_parent && !note) ||
      diagnostic.parent == static_cast<std::int64_t>(index)) {
    return std::nullopt;
  }
  return diagnostic;
}

}  // namespace

Result<std::vector<Diagnostic>> parse_diagnostics(const Json& errors) {
  if (!errors.is_array()) return Error{"the worker's errors are no list"};
  std::vector<Diagnostic> diagnostics;
  diagnostics.reserve(errors.size());
  for (std::size_t i = 0; i < errors.size(); ++i) {
    std::optional<Diagnostic> diagnostic = parse_diagnostic(errors[i], i, errors.size());
    if (!diagnostic) return Error{"the worker's error " + std::to_string(i) + " is malformed"};
    diagnostics.push_back(std::move(*diagnostic));
  }
  return diagnostics;
}

std::string encode_outcome(const Outcome& outcome) {
  INVARIANT(is_duration(outcome.seconds), "a check takes a finite time from zero");
  std::string bytes;
  ByteWriter out(bytes);
  WordWriter words(out);
  out.raw(kOutcomeMagic);
  graph::write_names(out, outcome.used);
  out.fixed(std::bit_cast<std::uint64_t>(outcome.seconds));
  out.varint(outcome.modules.size());
  for (const ModuleOutcome& module : outcome.modules) {
    out.raw(module.interface.view());
    out.boolean(module.mentions_lines);
    out.varint(module.diagnostics.size());
    std::int32_t line_before = 0;
    for (const Diagnostic& diagnostic : module.diagnostics) {
      write_diagnostic(diagnostic, line_before, out, words);
      line_before = diagnostic.line;
    }
  }
  return bytes;
}

Result<Outcome> decode_outcome(std::string_view bytes) {
  ByteReader in(bytes);
  WordReader words(in);
  if (in.raw(kOutcomeMagic.size()) != kOutcomeMagic) return Error{"not an outcome of this version"};
  Outcome outcome;
  outcome.used = graph::read_names(in);
  outcome.seconds = std::bit_cast<double>(in.fixed<std::uint64_t>());
  const std::size_t size = in.count(kLeastModuleBytes);
  for (std::size_t i = 0; i < size && in.ok(); ++i) outcome.modules.push_back(read_module(in, words));
  if (!in.finished() || !is_duration(outcome.seconds)) return Error{"a malformed outcome"};
  return outcome;
}

std::string encode_touched(const std::vector<TouchedSymbols>& touched) {
  std::vector<std::string> modules;
  modules.reserve(touched.size());
  for (const TouchedSymbols& module : touched) modules.push_back(module.module);
  std::string bytes;
  ByteWriter out(bytes);
  out.raw(kTouchedMagic);
  graph::write_names(out, modules);
  for (const TouchedSymbols& module : touched) out.string(module.symbols);
  return bytes;
}

Result<std::vector<TouchedSymbols>> decode_touched(std::string_view bytes) {
  ByteReader in(bytes);
  if (in.raw(kTouchedMagic.size()) != kTouchedMagic) return Error{"not touched symbols of this version"};
  std::vector<TouchedSymbols> touched;
  for (std::string& module : graph::read_names(in))
    touched.push_back({std::move(module), std::string(in.string())});
  if (!in.finished()) return Error{"malformed touched symbols"};
  return touched;
}

}  // namespace runner
