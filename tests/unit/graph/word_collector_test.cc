// The words of a text, found by the map of its bytes, are those that a look at each byte finds.
#include "graph/word_collector.h"

#include <doctest/doctest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "graph/import_scanner.h"

namespace graph {
namespace {

bool in_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
         byte == '_' || byte >= 0x80;
}

std::vector<std::uint32_t> words_by_bytes(const std::string& text) {
  std::set<std::uint32_t> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    while (at < text.size() && in_word(text[at])) ++at;
    const std::string_view word = std::string_view(text).substr(begin, at - begin);
    if (!word.empty() && (word[0] < '0' || word[0] > '9')) words.insert(word_hash(word));
    if (word.empty()) ++at;
  }
  return {words.begin(), words.end()};
}

std::vector<std::uint32_t> collected(WordCollector& collector, const std::string& text) {
  ScannableText scannable;
  scannable.assign(text);
  return collector.collect(scannable);
}

std::vector<std::uint32_t> hashes(std::vector<std::string> words) {
  std::set<std::uint32_t> all;
  for (const std::string& word : words) all.insert(word_hash(word));
  return {all.begin(), all.end()};
}

TEST_CASE("words of every length at every place") {
  WordCollector collector;
  for (std::size_t size = 1; size <= 140; ++size) {
    for (const std::size_t before : std::initializer_list<std::size_t>{0, 1, 7, 63, 64, 65, 127}) {
      const std::string word(size, 'w');
      const std::string text = std::string(before, ' ') + word;
      CHECK(collected(collector, text) == hashes({word}));
      CHECK(collected(collector, text + '\n') == hashes({word}));
      CHECK(collected(collector, text + ' ' + word + "x." + word) == hashes({word, word + "x"}));
    }
  }
}

TEST_CASE("random texts, one after the other") {
  std::mt19937 random(1);
  WordCollector collector;
  const std::string alphabet = "abcz_AZ019 .,\n\"'#()";
  for (int round = 0; round < 3000; ++round) {
    std::string text(random() % 400, ' ');
    for (char& c : text) c = alphabet[random() % alphabet.size()];
    CHECK(collected(collector, text) == words_by_bytes(text));
  }
}

TEST_CASE("many words with hashes that begin alike") {
  std::string text;
  for (int i = 0; text.size() < 40'000 && i < 2'000'000; ++i) {
    const std::string word = "w" + std::to_string(i);
    if (word_hash(word) >> 24 == 7) text += word + ' ';
  }
  WordCollector collector;
  CHECK(collected(collector, text) == words_by_bytes(text));
}

TEST_CASE("words in other forms, and a byte order mark") {
  WordCollector collector;
  CHECK(collected(collector, "\xEF\xBB\xBFimport a") == hashes({"import", "a"}));
  CHECK(collected(collector, "\xEF\xBB\xBF") == std::vector<std::uint32_t>{});
  CHECK(collected(collector,
                  "\xEF\xBB\xBF"
                  "1a") == std::vector<std::uint32_t>{});
  // A ligature and what it is made of.
  CHECK(collected(collector,
                  "o\xEF\xAC\x83"
                  "ce") == hashes({"o\xEF\xAC\x83"
                                   "ce",
                                   "office"}));
  CHECK(collected(collector, "") == std::vector<std::uint32_t>{});
}

}  // namespace
}  // namespace graph
