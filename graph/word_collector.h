// The words of a text as hashes: what the identifiers of a module may be, strings and comments included.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "graph/scannable_text.h"

namespace graph {

// Remembers the words it saw, also those of earlier texts: most words of a source stand in it several times,
// and in other sources as well. What it gives depends on the text alone.
class WordCollector {
 public:
  WordCollector();

  // word_hash of every word of the raw text: maximal runs of [A-Za-z0-9_] and bytes >= 0x80 that do not start
  // with a digit, and for those with other than ASCII bytes also the words of their NFKC form; a byte order
  // mark is no part of one. Sorted, unique.
  std::vector<std::uint32_t> collect(const ScannableText& text);

 private:
  // A word of at most 16 bytes, zeros behind it, as two numbers.
  struct ShortWord {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::uint32_t hash = 0;
    std::uint32_t text = 0;  // the last one it was seen in
  };
  // A longer one of at most 32 bytes, as the numbers that its first and its last 16 bytes make.
  struct LongWord {
    std::uint64_t parts[4] = {};
    std::uint32_t size = 0;
    std::uint32_t hash = 0;
    std::uint32_t text = 0;
  };

  void add(const char* at, std::size_t size);
  void add_short(const char* at, std::size_t size);
  void add_long(const char* at, std::size_t size);
  void add_normalised(std::string_view word);
  void add_hash(std::uint32_t hash);
  void sort();

  // By a few bits of what the numbers make.
  std::vector<ShortWord> short_words_;
  std::vector<LongWord> long_words_;
  std::uint32_t text_ = 0;  // the number of this one
  std::vector<std::uint32_t> hashes_;
  std::size_t count_ = 0;  // of the hashes
  std::vector<std::uint32_t> sorted_;
  std::vector<std::uint32_t> places_;
};

}  // namespace graph
