#include "graph/source_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>

#include "graph/identifier.h"

namespace graph {
namespace {

// How many bytes of `text` at `at` form one valid UTF-8 character (RFC 3629), 0 if none.
std::size_t character_size(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4 || !continues(1)) return 0;
  if (first < 0xE0) return 2;
  if (!continues(2)) return 0;
  const unsigned second = byte(1);
  if (first == 0xE0 && second < 0xA0) return 0;  // overlong
  if (first == 0xED && second > 0x9F) return 0;  // surrogates
  if (first < 0xF0) return 3;
  if (!continues(3)) return 0;
  if (first == 0xF0 && second < 0x90) return 0;  // overlong
  if (first == 0xF4 && second > 0x8F) return 0;  // above U+10FFFF
  return 4;
}

bool is_utf8(std::string_view text) {
  constexpr std::size_t kStride = 16;
  for (std::size_t at = 0; at < text.size();) {
    if (at + kStride <= text.size() && is_ascii(text.substr(at, kStride))) {
      at += kStride;
      continue;
    }
    const std::size_t size = character_size(text, at);
    if (size == 0) return false;
    at += size;
  }
  return true;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\v';
}

std::string_view first_line(std::string_view bytes) {
  return bytes.substr(0, bytes.find_first_of("\r\n"));
}

bool is_comment(std::string_view line) {
  std::size_t at = 0;
  while (at < line.size() && is_blank(line[at])) ++at;
  return at < line.size() && line[at] == '#';
}

// The codec a comment line names by `coding:` or `coding=`; the last one on the line, as PEP 263's pattern
// finds it.
std::string_view coding_of(std::string_view line) {
  constexpr std::string_view kMark = "coding";
  const auto is_codec_byte = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  };
  if (!is_comment(line)) return {};
  for (std::size_t at = line.rfind(kMark); at != std::string_view::npos;) {
    std::size_t begin = at + kMark.size();
    if (begin < line.size() && (line[begin] == ':' || line[begin] == '=')) {
      ++begin;
      while (begin < line.size() && (line[begin] == ' ' || line[begin] == '\t')) ++begin;
      std::size_t end = begin;
      while (end < line.size() && is_codec_byte(line[end])) ++end;
      if (end > begin) return line.substr(begin, end - begin);
    }
    at = at == 0 ? std::string_view::npos : line.rfind(kMark, at - 1);
  }
  return {};
}

std::string_view cookie_of(std::string_view bytes) {
  const std::string_view line = first_line(bytes);
  const std::string_view found = coding_of(line);
  if (!found.empty() || !is_comment(line)) return found;
  std::string_view rest = bytes.substr(line.size());
  if (rest.starts_with("\r\n")) rest.remove_prefix(1);
  if (rest.empty()) return {};
  return coding_of(first_line(rest.substr(1)));
}

std::string normalised_codec(std::string_view codec) {
  std::string name;
  for (const char c : codec) {
    name += c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return name;
}

bool is_latin_1(std::string_view codec) {
  const std::string name = normalised_codec(codec);
  for (const std::string_view alias : {"latin-1", "latin1", "iso-8859-1", "iso8859-1", "l1", "8859", "cp819",
                                       "latin", "iso8859", "iso-ir-100", "ibm819"}) {
    if (name == alias) return true;
  }
  // The two prefixes are mypy's own rule and compare case.
  return codec.starts_with("latin-1-") || codec.starts_with("iso-latin-1-") || codec == "iso-latin-1";
}

// Whether all of `bytes` are characters of a codec that has one byte a character and ASCII as its lower half.
bool is_in_known_codec(std::string_view codec, std::string_view bytes) {
  struct Codec {
    std::string_view name;
    std::string_view undefined;
  };
  static constexpr std::array<Codec, 16> kCodecs{{{"koi8-r", ""},
                                                  {"koi8-u", ""},
                                                  {"iso-8859-2", ""},
                                                  {"iso8859-2", ""},
                                                  {"latin-2", ""},
                                                  {"iso-8859-5", ""},
                                                  {"iso-8859-9", ""},
                                                  {"iso-8859-15", ""},
                                                  {"iso8859-15", ""},
                                                  {"latin-9", ""},
                                                  {"cp437", ""},
                                                  {"cp850", ""},
                                                  {"cp866", ""},
                                                  {"cp1251", "\x98"},
                                                  {"cp1252", "\x81\x8D\x8F\x90\x9D"},
                                                  {"windows-1252", "\x81\x8D\x8F\x90\x9D"}}};
  const std::string name = normalised_codec(codec);
  for (const Codec& known : kCodecs) {
    if (known.name == name) return bytes.find_first_of(known.undefined) == std::string_view::npos;
  }
  return false;
}

// Characters above ASCII become U+FFFD, which is harmless in strings and comments and no part of a name.
std::string with_replacements(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    if (static_cast<unsigned char>(c) < 0x80) {
      text += c;
    } else {
      text += "\xEF\xBF\xBD";
    }
  }
  return text;
}

std::string utf8_of_latin_1(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() + bytes.size() / 8);
  for (const char c : bytes) {
    const auto point = static_cast<unsigned char>(c);
    if (point < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xC0U | (point >> 6U));
      text += static_cast<char>(0x80U | (point & 0x3FU));
    }
  }
  return text;
}

std::string with_plain_newlines(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t stop = std::min(text.find('\r', at), text.size());
    plain.append(text, at, stop - at);
    if (stop == text.size()) break;
    plain += '\n';
    at = stop + (text.substr(stop).starts_with("\r\n") ? 2 : 1);
  }
  return plain;
}

}  // namespace

SourceText::SourceText(std::string_view bytes) {
  decode(bytes);
  if (!doubt_.empty()) return;
  if (text_.size() >= std::numeric_limits<std::uint32_t>::max()) {
    doubt_ = "the file has more than 4 GiB";
    text_ = {};
  } else if (!text_.empty() && std::memchr(text_.data(), '\r', text_.size()) != nullptr) {
    storage_ = with_plain_newlines(text_);
    text_ = storage_;
  }
}

void SourceText::decode(std::string_view bytes) {
  ascii_ = is_ascii(bytes);
  if (ascii_ || is_utf8(bytes)) {
    text_ = bytes;
    return;
  }
  const std::string_view codec = bytes.starts_with("\xEF\xBB\xBF") ? "utf8" : cookie_of(bytes);
  if (is_latin_1(codec)) {
    storage_ = utf8_of_latin_1(bytes);
  } else if (is_in_known_codec(codec, bytes)) {
    storage_ = with_replacements(bytes);
  } else {
    doubt_ = "not UTF-8 and not in a codec that is known here";
    return;
  }
  text_ = storage_;
}

}  // namespace graph
