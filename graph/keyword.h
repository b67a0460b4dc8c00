// The hard keywords of Python 3 (soft ones are names).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "graph/token.h"

namespace graph {

// All in a table without collisions: the factor that spreads them was found by trying.
class Keywords {
 public:
  static constexpr std::size_t kLongest = 8;

  constexpr Keywords() {
    constexpr std::pair<std::string_view, Keyword> kAll[] = {{"False", Keyword::kFalse},
                                                             {"None", Keyword::kNoneValue},
                                                             {"True", Keyword::kTrue},
                                                             {"and", Keyword::kAnd},
                                                             {"as", Keyword::kAs},
                                                             {"assert", Keyword::kAssert},
                                                             {"async", Keyword::kAsync},
                                                             {"await", Keyword::kAwait},
                                                             {"break", Keyword::kBreak},
                                                             {"class", Keyword::kClass},
                                                             {"continue", Keyword::kContinue},
                                                             {"def", Keyword::kDef},
                                                             {"del", Keyword::kDel},
                                                             {"elif", Keyword::kElif},
                                                             {"else", Keyword::kElse},
                                                             {"except", Keyword::kExcept},
                                                             {"finally", Keyword::kFinally},
                                                             {"for", Keyword::kFor},
                                                             {"from", Keyword::kFrom},
                                                             {"global", Keyword::kGlobal},
                                                             {"if", Keyword::kIf},
                                                             {"import", Keyword::kImport},
                                                             {"in", Keyword::kIn},
                                                             {"is", Keyword::kIs},
                                                             {"lambda", Keyword::kLambda},
                                                             {"nonlocal", Keyword::kNonlocal},
                                                             {"not", Keyword::kNot},
                                                             {"or", Keyword::kOr},
                                                             {"pass", Keyword::kPass},
                                                             {"raise", Keyword::kRaise},
                                                             {"return", Keyword::kReturn},
                                                             {"try", Keyword::kTry},
                                                             {"while", Keyword::kWhile},
                                                             {"with", Keyword::kWith},
                                                             {"yield", Keyword::kYield}};
    for (const auto& [text, keyword] : kAll) {
      const std::uint64_t name = number_of(text);
      Place& place = places_[place_of(name)];
      if (place.name != 0) collides_ = true;
      place = {name, keyword};
    }
  }

  constexpr bool collides() const { return collides_; }

  // kNone: not a keyword.
  constexpr Keyword find(std::string_view name) const {
    return name.size() > kLongest ? Keyword::kNone : find(number_of(name));
  }
  // `name`: its at most eight bytes as a number, the first one lowest.
  constexpr Keyword find(std::uint64_t name) const {
    const Place& place = places_[place_of(name)];
    return place.name == name ? place.keyword : Keyword::kNone;
  }

 private:
  struct Place {
    std::uint64_t name = 0;
    Keyword keyword = Keyword::kNone;
  };
  static constexpr std::uint64_t number_of(std::string_view name) {
    std::uint64_t number = 0;
    for (std::size_t i = name.size(); i != 0; --i) {
      number = number << 8 | static_cast<unsigned char>(name[i - 1]);
    }
    return number;
  }
  static constexpr std::size_t place_of(std::uint64_t name) { return (name * 0xb57c8e05e3c9b0e1U) >> 58; }

  std::array<Place, 64> places_{};
  bool collides_ = false;
};

inline constexpr Keywords kKeywords;
static_assert(!kKeywords.collides());

}  // namespace graph
