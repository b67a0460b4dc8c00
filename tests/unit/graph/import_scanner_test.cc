// What the import scanner finds, rule by rule.
#include "graph/import_scanner.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace {

using graph::ImportKind;
using graph::ImportScan;
using graph::ImportStatement;

const graph::ScanTarget kTarget{3, 12, "linux", {"YES"}, {"NO"}};

ImportScan scan(std::string_view source) {
  return graph::scan_imports(source, kTarget);
}

std::string line_of(const ImportStatement& statement) {
  std::string line = std::to_string(statement.line) + " ";
  if (statement.kind == ImportKind::kImport) {
    line += "import " + statement.module;
  } else {
    line += "from " + std::string(statement.dots, '.') + statement.module + " import ";
    if (statement.kind == ImportKind::kFromStar) line += "*";
    for (std::size_t i = 0; i < statement.names.size(); ++i) line += (i == 0 ? "" : ",") + statement.names[i];
  }
  if (!statement.top_level) line += " local";
  if (statement.mypy_only) line += " mypy";
  if (statement.in_dropped_body) line += " dropped";
  return line;
}

// All imports in one line: "1 import a; 2 from .b import c,d local mypy dropped".
std::string imports_of(const ImportScan& result) {
  if (!result.sure) return "unsure: " + result.doubt;
  std::string all;
  for (const ImportStatement& statement : result.imports)
    all += (all.empty() ? "" : "; ") + line_of(statement);
  return all;
}

std::string imports(std::string_view source) {
  return imports_of(scan(source));
}

// Whether an import under this condition is reached: "yes", "mypy" (for type checkers only) or "no"; then the
// same for its `else`.
std::string branches(const std::string& condition) {
  const ImportScan result = scan("if " + condition + ":\n  import a\nelse:\n  import b\n");
  if (!result.sure) return "unsure: " + result.doubt;
  const auto reached = [&](std::string_view module) -> std::string {
    for (const ImportStatement& statement : result.imports) {
      if (statement.module == module) return statement.mypy_only ? "mypy" : "yes";
    }
    return "no";
  };
  return reached("a") + " " + reached("b");
}

bool kept(const std::string& function) {
  const ImportScan result = scan(function);
  REQUIRE(result.sure);
  REQUIRE(result.imports.size() == 1);
  return !result.imports[0].in_dropped_body;
}

bool sure(std::string_view source) {
  return scan(source).sure;
}

}  // namespace

TEST_CASE("import statements in all their forms") {
  CHECK(imports("import a, b.c as d\n") == "1 import a; 1 import b.c");
  CHECK(imports("import a . b") == "1 import a.b");
  CHECK(imports("import \\\n  a, \\\n  b") == "2 import a; 3 import b");
  CHECK(imports("from a.b import c as d, e") == "1 from a.b import c,e");
  CHECK(imports("from\\\n a import b") == "1 from a import b");
  CHECK(imports("from .import a") == "1 from . import a");
  CHECK(imports("from . .. ...a.b import (x,  # one\n  y,)") == "1 from ......a.b import x,y");
  CHECK(imports("from a.b import*") == "1 from a.b import *");
  CHECK(imports("import a; import b;") == "1 import a; 1 import b");
  CHECK(imports("lazy import a\nlazy from b import c\nlazy = 1") == "1 import a; 2 from b import c");
  CHECK(imports("import match, type\nfrom lazy import case") ==
        "1 import match; 1 import type; 2 from lazy import case");
}

TEST_CASE("imports are found in every kind of block") {
  CHECK(imports("try: import a\nexcept* E: import b\nelse: import c\nfinally: import d") ==
        "1 import a; 2 import b; 3 import c; 4 import d");
  CHECK(imports("for x in y:\n import a\nelse:\n import b\nwhile lambda: 1: import c") ==
        "2 import a; 4 import b; 5 import c");
  CHECK(imports("with (a as b,\n  c): import d") == "2 import d");
  CHECK(imports("async def f():\n async with x:\n  import a") == "3 import a local dropped");
  CHECK(imports("match x:\n case 1:\n  import a\n case _: import b") == "3 import a; 4 import b");
  CHECK(imports("class A:\n import a\n class B[T]: import b") == "2 import a; 3 import b");
  CHECK(imports("if x:\n\timport a\n\tif y:\n\t\timport b\nimport c") ==
        "2 import a; 4 import b; 5 import c");
}

TEST_CASE("class bodies are top level, functions and what is in them are not") {
  CHECK(imports("class A:\n import a\n def f(self): import b\ndef g():\n class B: import c") ==
        "2 import a; 3 import b local dropped; 5 import c local dropped");
}

TEST_CASE("soft keywords open blocks only where they do") {
  CHECK(imports("match = 1\nmatch[0]: int\nmatch(x)\nmatch x:\n case y: import a") == "5 import a");
  CHECK(imports("match x, *y: # note\n case [z]: import a") == "2 import a");
  CHECK_FALSE(sure("match x:\n import a"));
  CHECK_FALSE(sure("a; match x:\n case 1: pass"));
}

TEST_CASE("what looks like an import in a string, a comment or a field is none") {
  CHECK(imports("'''\nimport a\n'''\n\"import b\" # import c\nimport d") == "5 import d");
  CHECK(imports("r'\\'\\\nimport a'\nf'''{x:\n}\nimport b'''\nimport d") == "6 import d");
  CHECK(imports("f'{a['b']}' f\"{x!r:>{w}}\" f'{{' f'\\N{BULLET}}}'\nimport d") == "2 import d");
  CHECK(imports("f'{\nx # }\n}'\nimport d") == "4 import d");
  CHECK(imports("f'{lambda x: 1}' f'{x:=5}' rf'\\{x}' f'\\''\nimport d") == "2 import d");
}

TEST_CASE("numbers may touch keywords") {
  CHECK(imports("1if x else 0xfor y\n1_0j;.5;1.e5;0_0\nimport a") == "3 import a");
}

TEST_CASE("names are NFKC normalised") {
  CHECK(imports("import \xEF\xAC\x81n") == "1 import fin");
  CHECK(imports("from u\xCC\x88 import \xEF\xAC\x81") == "1 from \xC3\xBC import fi");
  CHECK_FALSE(sure("import a\xC2\xA0"));
}

TEST_CASE("newlines and byte order marks") {
  CHECK(imports("\xEF\xBB\xBFimport a\r\nimport b\rimport c\n\fimport d") ==
        "1 import a; 2 import b; 3 import c; 4 import d");
}

TEST_CASE("backslashes join lines, also at their start") {
  CHECK(imports("if x:\n  \\\n      import a\n  import b") == "3 import a; 4 import b");
  CHECK(imports("if x:\n\\\n  import a\n  import b") == "3 import a; 4 import b");
  CHECK_FALSE(sure("x = 1 \\ \n"));
  CHECK_FALSE(sure("x \\"));
}

TEST_CASE("conditions by name") {
  CHECK(branches("TYPE_CHECKING") == "mypy no");
  CHECK(branches("typing.TYPE_CHECKING") == "mypy no");
  CHECK(branches("x().y[0].MYPY") == "mypy no");
  CHECK(branches("not MYPY") == "no mypy");
  CHECK(branches("PY2") == "no yes");
  CHECK(branches("PY3") == "yes no");
  CHECK(branches("YES") == "yes no");
  CHECK(branches("a.NO") == "no yes");
  CHECK(branches("\xEF\xBC\xB0\xEF\xBC\xB9\xEF\xBC\x92") == "no yes");  // PY2 in full width
  for (const char* unknown :
       {"True", "False", "0", "x", "-x.PY2", "x[PY2]", "PY2()", "PY2 + 1", "x := PY2", "PY2 if x else PY2",
        "lambda: PY2", "await_ == PY2", "(PY2,)", "PY2, x", "f'{PY2}'"}) {
    CAPTURE(unknown);
    CHECK(branches(unknown) == "yes yes");
  }
}

TEST_CASE("the literals count when an option names them") {
  const graph::ScanTarget target{3, 12, "linux", {"True"}, {"False"}};
  CHECK(imports_of(graph::scan_imports("if True: import a\nelse: import b", target)) == "1 import a");
  CHECK(imports_of(graph::scan_imports("if False: import a\nelse: import b", target)) == "2 import b");
}

TEST_CASE("conditions joined") {
  CHECK(branches("PY2 or x") == "yes yes");
  CHECK(branches("x or PY3") == "yes no");
  CHECK(branches("TYPE_CHECKING or x") == "mypy no");
  CHECK(branches("TYPE_CHECKING and x") == "yes yes");
  CHECK(branches("not TYPE_CHECKING and x") == "no mypy");
  CHECK(branches("not MYPY or not TYPE_CHECKING") == "no mypy");
  CHECK(branches("not MYPY or PY2") == "no yes");
  CHECK(branches("MYPY and PY3") == "mypy no");
  CHECK(branches("not (x or PY3) ") == "no yes");
  CHECK(branches("not not PY2") == "no yes");
  CHECK(branches("((PY2 or (PY2 and x)))") == "no yes");
}

TEST_CASE("versions") {
  for (const char* yes :
       {"sys.version_info >= (3, 12)", "sys.version_info[0] == 3", "sys.version_info[1] < 0xd",
        "(3,) < sys.version_info", "sys.version_info[:1] == (3,)", "sys.version_info > ()",
        "sys.version_info[0:2:1] != (3, 1_1)", "(sys).version_info[1:] >= ((12,))"}) {
    CAPTURE(yes);
    CHECK(branches(yes) == "yes no");
  }
  CHECK(branches("sys.version_info < (3, 12)") == "no yes");
  CHECK(branches("(3, 13) <= sys.version_info") == "no yes");
  for (const char* unknown :
       {"_sys.version_info < (3,)", "version_info < (3,)", "sys.version_info < (3, 12, 0)",
        "sys.version_info == (3,)", "sys.version_info < 3", "sys.version_info[2] < 3",
        "sys.version_info[-1] < 3", "sys.version_info < [3]", "sys.version_info.minor < 3",
        "2 < sys.version_info[0] < 3", "sys.version_info[::2] < (3,)", "sys.version_info < (3, True)",
        "sys.version_info[0] < 2147483648", "sys.version_info < (3, -1)"}) {
    CAPTURE(unknown);
    CHECK(branches(unknown) == "yes yes");
  }
}

TEST_CASE("platforms") {
  for (const char* yes :
       {"sys.platform == 'linux'", "sys.platform != r'win32'", "sys.platform == 'li' u\"nux\"",
        "sys.platform in ('linux', 'x')", "sys.platform not in []", "sys.platform in {'l\\x69nux'}",
        "sys.platform.startswith('''lin''')", "sys.platform.startswith('lin', start=0)"}) {
    CAPTURE(yes);
    CHECK(branches(yes) == "yes no");
  }
  CHECK(branches("sys.platform == 'win32'") == "no yes");
  CHECK_FALSE(sure("if sys.platform == '\\N{LATIN SMALL LETTER W}in32': pass"));
  for (const char* unknown :
       {"'win32' == sys.platform", "sys.platform == b'win32'", "sys.platform == f'win32'",
        "sys.platform in ('win32')", "sys.platform in ('win32', x)", "sys.platform in {'a': 1}",
        "sys.platform.startswith('w', 0)", "sys.platform.startswith(('w',))", "os.name == 'nt'",
        "sys.platform.endswith('w')", "sys.platform is 'win32'"}) {
    CAPTURE(unknown);
    CHECK(branches(unknown) == "yes yes");
  }
}

TEST_CASE("chains of branches") {
  CHECK(imports("if not MYPY: import a\nelif x: import b\nelse: import c") == "2 import b; 3 import c mypy");
  CHECK(imports("if MYPY: import a\nelif x: import b\nelse: import c") == "1 import a mypy");
  CHECK(imports("if x: import a\nelif MYPY: import b\nelse: import c") == "1 import a; 2 import b mypy");
  CHECK(imports("if PY2:\n if MYPY: import a\n import b\nif MYPY:\n if x: import c") == "5 import c mypy");
  CHECK(imports("while PY2: import a\nfor x in PY2: import b\nelse: import c") ==
        "1 import a; 2 import b; 3 import c");
}

TEST_CASE("cases") {
  CHECK(imports("match x:\n case 1 if PY2: import a\n case y if MYPY: import b\n case _: import c") ==
        "3 import b mypy");
  CHECK(imports("match x:\n case (1|_): import a\n case 2: import b") == "2 import a");
  CHECK(imports("match x:\n case [*_]: import a\n case 1 as y: import b\n case z,: import c\n case Q(): "
                "import d") == "2 import a; 3 import b; 4 import c; 5 import d");
}

TEST_CASE("an assertion of the module that always fails ends it") {
  CHECK(imports("import a\nassert PY2, x\nimport b") == "1 import a");
  CHECK(imports("import a; assert not MYPY; import b\nimport c") == "1 import a");
  CHECK(imports("assert False\nassert (PY2, 'm')\nif x: assert PY2\nclass A:\n assert PY2\nimport b") ==
        "6 import b");
  CHECK_FALSE(sure("assert PY2\n("));
}

TEST_CASE("an ignore before the first statement empties the module") {
  for (const char* ignore : {"# type: ignore", "#type:ignore", "# mypy: ignore", "# type: ignore[a-b, c:d]",
                             "# type: int # type: ignore", "  # type: ignore # x", "# type:\xC2\xA0ignore"}) {
    CAPTURE(ignore);
    CHECK(imports(std::string(ignore) + "\nimport a") == "");
  }
  for (const char* none :
       {"## type: ignore", "# noqa # type: ignore", "# type: ignore x", "# type: ignored", "# type: ignore[a",
        "# Type: ignore", "# type: ignore[a b]", "'''doc''' # type: ignore"}) {
    CAPTURE(none);
    CHECK(imports(std::string(none) + "\nimport a") == "2 import a");
  }
  CHECK(imports("import a # type: ignore") == "1 import a");
  const ImportScan emptied = scan("# type: ignore\nx = t''\ndef __getattr__(n): ...");
  CHECK(emptied.sure);
  CHECK_FALSE(emptied.template_strings);
  CHECK_FALSE(emptied.module_getattr);
}

TEST_CASE("inline options hold for the whole file") {
  CHECK(imports("if X: import a\n# mypy: always-false=X\n") == "");
  CHECK(imports("if X: pass\nelse: import a\n# mypy: strict, always_true=\"Y, X\"") == "");
  CHECK(imports("if X: import a\n #mypy: always-false=X\n'''\n# mypy: always-false=X\n'''") == "1 import a");
  CHECK(scan("# mypy: ignore-errors\n").ignores_errors);
  CHECK(scan("x = (1,\n# mypy: ignore_errors = yes\n)").ignores_errors);
  CHECK_FALSE(scan("# mypy: ignore-errors\n# mypy: ignore-errors=no\n").ignores_errors);
  CHECK_FALSE(scan(" # mypy: ignore-errors\n#mypy: ignore-errors\n").ignores_errors);
}

TEST_CASE("stripping drops bodies without effects") {
  CHECK_FALSE(kept("def f():\n import a"));
  CHECK_FALSE(kept("async def f():\n import a\n await x"));
  CHECK_FALSE(kept("def f(self):\n self.x = 1\n import a"));
}

TEST_CASE("stripping keeps generators") {
  for (const char* statement :
       {"yield", "x = yield 1", "f'{(yield)}'", "f'{x:{(yield)}}'", "[lambda: 1, (yield)]",
        "match (yield):\n  case 1: pass", "x: (yield) = 1", "return (yield)"}) {
    CAPTURE(statement);
    CHECK(kept(std::string("def f():\n import a\n ") + statement));
  }
  for (const char* statement :
       {"lambda: (yield)", "lambda x=(yield): 1", "lambda: lambda: (yield), 1", "'yield'",
        "def g(x=(yield)): yield", "class A((yield)):\n  x = yield", "@(yield)\n def g(): pass"}) {
    CAPTURE(statement);
    CHECK_FALSE(kept(std::string("def f():\n import a\n ") + statement));
  }
}

TEST_CASE("stripping keeps methods that assign attributes of their first parameter") {
  const auto method = [](const std::string& statement, const std::string& parameters = "self") {
    return kept("class A:\n def f(" + parameters + "):\n  import a\n  " + statement);
  };
  for (const char* statement :
       {"self.x = 1", "y = self.x = 1", "self.x += 1", "self.x: int", "self.x: int = 1", "(self.x) = 1",
        "(self).x = 1", "y, [z, *self.x] = 1", "*self.x, = 1", "for self.x in y: pass",
        "with y as self.x: pass", "with (y as z, z as (self.x, q)): pass",
        "if y:\n   while z:\n    self.x = 1"}) {
    CAPTURE(statement);
    CHECK(method(statement));
  }
  for (const char* statement :
       {"self.x.y = 1", "self.x[0] = 1", "self().x = 1", "f(self.x)[0] = 1", "del self.x",
        "(self.x, y).z = 1", "self.x == 1", "f(x=self.x)", "y = lambda self=self.x: 1", "[0 for self.x in y]",
        "def g(): self.x = 1", "match (self.x):\n   case 1: pass", "with self.x as y, self.z: pass",
        "for y in self.x, self.z: pass"}) {
    CAPTURE(statement);
    CHECK_FALSE(method(statement));
  }
  CHECK(method("match.x = 1", "match, /"));
  CHECK_FALSE(method("self.x = 1", "*self"));
  CHECK_FALSE(method("self.x = 1", "*, self"));
  CHECK_FALSE(method("self.x = 1", "cls, self"));
  CHECK(imports("class A:\n def f(x):\n  x.y = 1\n  def g(z):\n   z.y = 1\n   import a") ==
        "6 import a local");
  CHECK(imports("class A:\n def f(x):\n  def g(z):\n   z.y = 1\n   import a") == "5 import a local dropped");
}

TEST_CASE("template strings, and those that stripping leaves") {
  const auto strings = [](std::string_view source) {
    const ImportScan result = scan(source);
    REQUIRE(result.sure);
    return std::string(result.template_strings ? "yes" : "no") +
           (result.template_strings_kept ? " kept" : "");
  };
  CHECK(strings("x = t''") == "yes kept");
  CHECK(strings("if PY2: f'{rt\"{x}\"}'") == "yes kept");
  CHECK(strings("def f(x=t''): pass") == "yes kept");
  CHECK(strings("def f():\n x = t''") == "yes");
  CHECK(strings("def f():\n 'doc'\n raise t''") == "yes kept");
  CHECK(strings("def f():\n b''\n raise t''") == "yes");
  CHECK(strings("def f():\n yield\n def g(): return t''") == "yes");
  CHECK(strings("assert PY2\nt''") == "no");
  CHECK(strings("# t''\n't\"\"'") == "no");
  // mypy does not look into types.
  CHECK(
      strings(
          "x: t'' = 1\ndef f(x: t'', *y: A[t'']) -> t'': pass\nclass A[T: t'']: pass\ntype X[T = t''] = 1") ==
      "no");
  CHECK(strings("x: int = t''") == "yes kept");
  CHECK(strings("type X = t''") == "yes kept");
}

TEST_CASE("__getattr__ of the module") {
  CHECK(scan("def __getattr__(name): ...").module_getattr);
  CHECK(scan("if PY2:\n async def __getattr__(name): ...").module_getattr);
  CHECK_FALSE(scan("class A:\n def __getattr__(self, name): ...").module_getattr);
  CHECK_FALSE(scan("def f():\n def __getattr__(name): ...").module_getattr);
  CHECK_FALSE(scan("assert PY2\ndef __getattr__(name): ...").module_getattr);
  CHECK_FALSE(scan("__getattr__ = 1").module_getattr);
}

TEST_CASE("encodings") {
  CHECK(imports("# coding: latin-1\n'\xC3\xA9'\nimport a") == "3 import a");
  CHECK(imports("# coding: nonsense\n'\xC3\xA9'\nimport a") == "3 import a");  // UTF-8 all the same
  CHECK(imports("#!x\n# -*- coding: latin-1 -*-\nimport \xE9") == "3 import \xC3\xA9");
  CHECK(imports("# coding=koi8_r\n'\xE9'\nimport a") == "3 import a");
  CHECK_FALSE(sure("# coding=koi8-r\nimport \xE9"));
  CHECK_FALSE(sure("# coding: cp1252\n'\x81'"));
  CHECK_FALSE(sure("# coding: shift_jis\n'\xE9\\'"));
  CHECK_FALSE(sure("x\n# coding: latin-1\n'\xE9'"));
  CHECK_FALSE(sure("'\xE9'"));
}

TEST_CASE("what is no Python makes the scan unsure") {
  for (const char* source : {"(",
                             ")",
                             "(]",
                             "f'{x",
                             "f'}'",
                             "'x",
                             "'''x",
                             "if x:\nimport a",
                             "import a\n  import b",
                             "if x:\n    a\n  b",
                             "if x:\n\ta\n        b",
                             "else: x",
                             "elif x: y",
                             "try: x\nelif y: z",
                             "finally: x",
                             "import",
                             "import a,",
                             "import (a)",
                             "import a b",
                             "from import a",
                             "from a import",
                             "from a import b,",
                             "from a import (b c)",
                             "from a import (*)",
                             "from . import a.b",
                             "import if",
                             "x = $",
                             "x ? y",
                             "x ! y",
                             "0777",
                             "0x",
                             "def f: pass",
                             "class: pass",
                             "if x",
                             "a; if x: y",
                             ";",
                             "async x",
                             "@x\ny = 1",
                             "f'{x:'",
                             "f'{x:\n}'",
                             "1._5"}) {
    CAPTURE(source);
    CHECK_FALSE(sure(source));
  }
  CHECK_FALSE(sure(std::string_view("x = \0", 5)));
  CHECK(sure(std::string_view("# \0\n'\0'", 7)));
  CHECK(scan("import a\n)").doubt == "brackets do not match (line 2)");
  CHECK(scan("import a\n)").imports.empty());
}

TEST_CASE("words are hashed wherever they stand") {
  const auto has = [](const ImportScan& result, std::string_view word) {
    return std::ranges::binary_search(result.words, graph::word_hash(word));
  };
  const ImportScan result = scan(
      "\xEF\xBB\xBF"
      "abc = 'de fg' # hi_1 2jk\nabc(\xEF\xAC\x81n)");
  for (const char* word : {"abc", "de", "fg", "hi_1", "\xEF\xAC\x81n", "fin"}) CHECK(has(result, word));
  CHECK_FALSE(has(result, "2jk"));
  CHECK_FALSE(has(result, "jk"));
  CHECK(result.words.size() == 6);
  CHECK(has(scan("( abc"), "abc"));
  CHECK(graph::word_hash("a") == 0xE40C292CU);
}
