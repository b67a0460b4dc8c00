#include "graph/keyword.h"

namespace graph {

Keyword keyword_of(std::string_view name) {
  const auto choose = [name](std::string_view text, Keyword keyword) {
    return name == text ? keyword : Keyword::kNone;
  };
  if (name.size() < 2 || name.size() > 8) return Keyword::kNone;
  const char second = name[1];
  switch (name[0]) {
    case 'F':
      return choose("False", Keyword::kFalse);
    case 'N':
      return choose("None", Keyword::kNoneValue);
    case 'T':
      return choose("True", Keyword::kTrue);
    case 'a':
      if (second == 'n') return choose("and", Keyword::kAnd);
      if (second == 'w') return choose("await", Keyword::kAwait);
      if (name.size() == 2) return choose("as", Keyword::kAs);
      return name.size() == 6 ? choose("assert", Keyword::kAssert) : choose("async", Keyword::kAsync);
    case 'b':
      return choose("break", Keyword::kBreak);
    case 'c':
      return second == 'l' ? choose("class", Keyword::kClass) : choose("continue", Keyword::kContinue);
    case 'd':
      if (name.size() != 3) return Keyword::kNone;
      return name[2] == 'f' ? choose("def", Keyword::kDef) : choose("del", Keyword::kDel);
    case 'e':
      if (second == 'x') return choose("except", Keyword::kExcept);
      if (name.size() != 4) return Keyword::kNone;
      return name[2] == 's' ? choose("else", Keyword::kElse) : choose("elif", Keyword::kElif);
    case 'f':
      if (second == 'o') return choose("for", Keyword::kFor);
      return second == 'r' ? choose("from", Keyword::kFrom) : choose("finally", Keyword::kFinally);
    case 'g':
      return choose("global", Keyword::kGlobal);
    case 'i':
      if (name.size() > 2) return choose("import", Keyword::kImport);
      if (second == 'f') return Keyword::kIf;
      return second == 'n' ? Keyword::kIn : second == 's' ? Keyword::kIs : Keyword::kNone;
    case 'l':
      return choose("lambda", Keyword::kLambda);
    case 'n':
      return name.size() == 3 ? choose("not", Keyword::kNot) : choose("nonlocal", Keyword::kNonlocal);
    case 'o':
      return choose("or", Keyword::kOr);
    case 'p':
      return choose("pass", Keyword::kPass);
    case 'r':
      return second == 'a' ? choose("raise", Keyword::kRaise) : choose("return", Keyword::kReturn);
    case 't':
      return choose("try", Keyword::kTry);
    case 'w':
      return second == 'h' ? choose("while", Keyword::kWhile) : choose("with", Keyword::kWith);
    case 'y':
      return choose("yield", Keyword::kYield);
    default:
      return Keyword::kNone;
  }
}

}  // namespace graph
