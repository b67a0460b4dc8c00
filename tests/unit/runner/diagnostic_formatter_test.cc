// Tests of the text of messages: each rule by which mypy sorts, drops, locates, decorates and counts them.
#include "runner/diagnostic_formatter.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using runner::FileDiagnostics;
using runner::FormatOptions;
using runner::FormattedOutput;
using runner::Terminal;
using scheduler::Diagnostic;

namespace {

Diagnostic message_at(int line, int column, std::string text, std::string severity = "error") {
  Diagnostic diagnostic;
  diagnostic.line = diagnostic.end_line = line;
  diagnostic.column = column;
  diagnostic.end_column = column + 1;
  diagnostic.severity = std::move(severity);
  diagnostic.message = std::move(text);
  diagnostic.has_import_context = false;
  return diagnostic;
}

// One run over one file unless told otherwise.
struct Run {
  std::vector<Diagnostic> diagnostics;
  FormatOptions options{.error_summary = false, .cwd = "/repo"};
  Terminal terminal{};
  std::string path = "a.py";
  std::vector<std::pair<std::string, int>> import_context{};
  std::optional<std::vector<std::string>> source{};
  std::vector<std::string> closing{};
  std::size_t sources = 1;

  FormattedOutput output() const {
    const FileDiagnostics file{path, diagnostics, import_context};
    return runner::format_diagnostics({&file, 1}, options, terminal,
                                      [this](const std::string&) { return source; }, {closing, sources});
  }
  std::string text() const { return output().text; }
};

const runner::TerminalSequences kTags = {.normal = "<n>",
                                         .bold = "<b>",
                                         .underline = "<u>",
                                         .dim = "<d>",
                                         .red = "<r>",
                                         .green = "<g>",
                                         .blue = "<bl>",
                                         .yellow = "<y>"};

}  // namespace

TEST_SUITE("order") {
  TEST_CASE("messages are sorted by line and column, ties stay in order") {
    Run run{{message_at(2, 0, "c"), message_at(1, 5, "b"), message_at(1, 0, "z"), message_at(1, 0, "a")}};
    CHECK(run.text() == "a.py:1: error: z\na.py:1: error: a\na.py:1: error: b\na.py:2: error: c\n");
  }

  TEST_CASE("at one place and code a lower priority comes first") {
    Run run{{message_at(1, 0, "late"), message_at(1, 0, "early")}};
    run.diagnostics[0].priority = 20;
    CHECK(run.text() == "a.py:1: error: early\na.py:1: error: late\n");
    run.diagnostics[1].code = "misc";
    CHECK(run.text() == "a.py:1: error: late\na.py:1: error: early  [misc]\n");
  }

  TEST_CASE("messages with another import context are not sorted among each other") {
    Run run{{message_at(5, 0, "five"), message_at(1, 0, "one")}};
    run.import_context = {{"main.py", 3}};
    run.diagnostics[0].has_import_context = true;
    CHECK(run.text() == "a.py:5: error: five\na.py:1: error: one\n");
    run.import_context.clear();
    CHECK(run.text() == "a.py:1: error: one\na.py:5: error: five\n");
  }
}

TEST_SUITE("what is dropped") {
  TEST_CASE("hidden messages") {
    Run run{{message_at(1, 0, "hidden"), message_at(2, 0, "seen")}};
    run.diagnostics[0].hidden = true;
    CHECK(run.text() == "a.py:2: error: seen\n");
  }

  TEST_CASE("a second message with the same text and severity on a line") {
    Run run{
        {message_at(1, 0, "x"), message_at(1, 9, "x"), message_at(2, 0, "x"), message_at(1, 9, "x", "note")}};
    CHECK(run.text() == "a.py:1: error: x\na.py:1: note: x\na.py:2: error: x\n");
  }

  TEST_CASE("the notes of a dropped error, and no other equal notes that have a parent") {
    Run run{{message_at(1, 0, "x"), message_at(1, 0, "why", "note"), message_at(1, 4, "x"),
             message_at(1, 4, "why", "note"), message_at(1, 8, "y"), message_at(1, 8, "why", "note")}};
    run.diagnostics[1].parent = 0;
    run.diagnostics[3].parent = 2;
    run.diagnostics[5].parent = 4;
    CHECK(run.text() == "a.py:1: error: x\na.py:1: note: why\na.py:1: error: y\na.py:1: note: why\n");
  }
}

TEST_SUITE("location") {
  TEST_CASE("columns are shown from 1 and ends as they are") {
    Run run{{message_at(1, 4, "x")}};
    run.options.show_error_end = true;
    CHECK(run.text() == "a.py:1: error: x\n");
    run.options.show_column_numbers = true;
    CHECK(run.text() == "a.py:1:5:1:5: error: x\n");
    run.diagnostics[0].end_column = -1;
    CHECK(run.text() == "a.py:1:5: error: x\n");
    run.diagnostics[0].column = -1;
    CHECK(run.text() == "a.py:1: error: x\n");
    run.diagnostics[0].line = -1;
    CHECK(run.text() == "a.py: error: x\n");
  }

  TEST_CASE("paths are normalised and shortened by the working directory, or absolute") {
    Run run{{message_at(1, 0, "x")}};
    const auto shown = [&](const char* path) {
      run.path = path;
      const std::string text = run.text();
      return text.substr(0, text.find(':'));
    };
    CHECK(shown("./p//q/../a.py") == "p/a.py");
    CHECK(shown("/repo/a.py") == "a.py");
    CHECK(shown("/repo2/a.py") == "/repo2/a.py");
    CHECK(shown("../../a.py") == "../../a.py");
    CHECK(shown("/../a.py") == "/a.py");
    CHECK(shown("//net/a.py") == "//net/a.py");
    CHECK(shown("///net/a.py") == "/net/a.py");
    CHECK(shown("a/..") == ".");
    run.options.show_absolute_path = true;
    CHECK(shown("p/../a.py") == "/repo/a.py");
    CHECK(shown("/lib/./a.py") == "/lib/a.py");
    run.options = {.cwd = "/"};
    CHECK(shown("/repo/a.py") == "repo/a.py");
  }
}

TEST_SUITE("codes") {
  TEST_CASE("errors show their code, notes only where they stand alone") {
    Run run{{message_at(1, 0, "e"), message_at(2, 0, "n", "note"), message_at(3, 0, "u", "note"),
             message_at(4, 0, "d", "note")}};
    run.diagnostics[0].code = run.diagnostics[1].code = "misc";
    run.diagnostics[2].code = "annotation-unchecked";
    run.diagnostics[3].code = "deprecated";
    CHECK(run.text() ==
          "a.py:1: error: e  [misc]\na.py:2: note: n\na.py:3: note: u  [annotation-unchecked]\n"
          "a.py:4: note: d  [deprecated]\n");
    run.options.hide_error_codes = true;
    CHECK(run.text() == "a.py:1: error: e\na.py:2: note: n\na.py:3: note: u\na.py:4: note: d\n");
  }
}

TEST_SUITE("context") {
  TEST_CASE("a change of class or function is announced") {
    Run run{{message_at(1, 0, "1"), message_at(2, 0, "2"), message_at(3, 0, "3"), message_at(4, 0, "4"),
             message_at(5, 0, "5"), message_at(6, 0, "6")}};
    run.options.show_error_context = true;
    run.diagnostics[1].local_function = "f";
    run.diagnostics[2].local_function = "m";
    run.diagnostics[2].local_type = run.diagnostics[3].local_type = run.diagnostics[4].local_type = "C";
    CHECK(run.text() ==
          "a.py:1: error: 1\na.py: note: In function \"f\":\na.py:2: error: 2\n"
          "a.py: note: In member \"m\" of class \"C\":\na.py:3: error: 3\na.py: note: In class \"C\":\n"
          "a.py:4: error: 4\na.py:5: error: 5\na.py: note: At top level:\na.py:6: error: 6\n");
  }

  TEST_CASE("the import chain is told innermost first, once for neighbours") {
    Run run{{message_at(1, 0, "x"), message_at(2, 0, "y")}};
    run.options.show_error_context = true;
    run.diagnostics[0].has_import_context = run.diagnostics[1].has_import_context = true;
    run.import_context = {{"/repo/main.py", 1}, {"./lib.py", 7}};
    CHECK(run.text() ==
          "./lib.py:7: note: In module imported here,\nmain.py:1: note: ... from here:\n"
          "a.py:1: error: x\na.py:2: error: y\n");
  }
}

TEST_SUITE("JSON") {
  TEST_CASE("a note at the place of an earlier error is its hint") {
    Run run{{message_at(1, 0, "e"), message_at(1, 0, "n", "note"), message_at(1, 0, "m", "note"),
             message_at(2, 0, "alone", "note")}};
    run.options.output = "json";
    run.diagnostics[0].code = "misc";
    CHECK(run.text() ==
          R"({"file": "a.py", "line": 1, "column": 0, "end_line": 1, "end_column": 1, "message": "e", )"
          R"("hint": "n\nm", "code": "misc", "severity": "error"})"
          "\n"
          R"({"file": "a.py", "line": 2, "column": 0, "end_line": 2, "end_column": 1, "message": "alone", )"
          R"("hint": null, "code": null, "severity": "note"})"
          "\n");
  }

  TEST_CASE("all but printable ASCII is escaped") {
    Run run{{message_at(1, 0, "\"\\\n\t\x01\x7F\u00e9\U0001F389\xFF")}};
    run.options.output = "json";
    CHECK(run.text().find(R"("message": "\"\\\n\t\u0001\u007f\u00e9\ud83c\udf89\udcff")") !=
          std::string::npos);
  }

  TEST_CASE("there is no word of success, only its line end; notes alone count as failure") {
    Run run{{}};
    run.options.output = "json";
    run.options.error_summary = true;
    CHECK(run.text() == "\n");
    CHECK(run.output().exit_code == 0);
    run.diagnostics = {message_at(1, 0, "n", "note")};
    CHECK(run.output().exit_code == 1);
  }
}

TEST_SUITE("pretty") {
  TEST_CASE("an error shows its line with the range marked, tabs expanded") {
    Run run{{message_at(1, 5, "x")}};
    run.options.pretty = true;
    run.diagnostics[0].end_column = 8;
    run.source = {"\tx = foo"};
    CHECK(run.text() == "a.py:1: error: x\n            x = foo\n                ^~~\n");
  }

  TEST_CASE("columns are code points, not bytes or cells") {
    Run run{{message_at(1, 7, "x")}};
    run.options.pretty = true;
    run.source = {"\u65e5\u672c = \u00e9, y"};
    CHECK(run.text() == "a.py:1: error: x\n    \u65e5\u672c = \u00e9, y\n           ^\n");
  }

  TEST_CASE("a range over lines is marked to the end of the first") {
    Run run{{message_at(1, 0, "x")}};
    run.options.pretty = true;
    run.diagnostics[0].end_line = 2;
    run.source = {"foo(", ")"};
    CHECK(run.text() == "a.py:1: error: x\n    foo(\n    ^~~~\n");
  }

  TEST_CASE("a column inside the indentation moves to the code") {
    Run run{{message_at(1, -1, "x")}};
    run.options.pretty = true;
    run.source = {"    foo"};
    CHECK(run.text() == "a.py:1: error: x\n        foo\n        ^\n");
  }

  TEST_CASE("notes, unreadable files, unknown lines and lines beyond the end show nothing") {
    Run run{{message_at(1, 0, "n", "note"), message_at(-1, 0, "x"), message_at(9, 0, "y")}};
    run.options.pretty = true;
    run.source = {"foo"};
    CHECK(run.text() == "a.py: error: x\na.py:1: note: n\na.py:9: error: y\n");
    run.source.reset();
    run.diagnostics = {message_at(1, 0, "x")};
    CHECK(run.text() == "a.py:1: error: x\n");
  }

  TEST_CASE("long errors are wrapped between words, never inside quotes; notes are not") {
    Run run{{message_at(1, 0, "some words \"in quotes stay\" here"),
             message_at(2, 0, "a note that is long", "note")}};
    run.options.pretty = true;
    run.terminal.width = 20;
    CHECK(run.text() ==
          "a.py:1: error: some\nwords\n\"in quotes stay\"\nhere\na.py:2: note: a note that is long\n");
  }

  TEST_CASE("long lines are trimmed around the error") {
    Run run{{message_at(1, 0, "x")}};
    run.options.pretty = true;
    run.terminal.width = 51;  // 41 for the code
    run.source = {std::string(30, 'a') + std::string(30, 'b') + std::string(40, 'c')};
    CHECK(run.text() ==
          "a.py:1: error: x\n    " + std::string(30, 'a') + std::string(11, 'b') + "...\n    ^\n");
    run.diagnostics[0].column = 50;
    run.diagnostics[0].end_column = 90;
    CHECK(run.text() == "a.py:1: error: x\n    ..." + std::string(30, 'b') + std::string(11, 'c') + "...\n" +
                            std::string(27, ' ') + "^" + std::string(20, '~') + "...\n");
    run.diagnostics[0].column = 95;
    run.diagnostics[0].end_column = 96;
    CHECK(run.text() ==
          "a.py:1: error: x\n    ...b" + std::string(40, 'c') + "\n" + std::string(43, ' ') + "^\n");
  }
}

TEST_SUITE("colours") {
  TEST_CASE("of an error: location, word, quoted groups, code") {
    Run run{{message_at(1, 0, "Has \"int\" type")}};
    run.terminal.sequences = kTags;
    run.diagnostics[0].code = "misc";
    CHECK(run.text() == "a.py:1: <b><r>error:<n> Has <n><b>\"int\"<n> type  <n><y>[misc]<n>\n");
    run.options.hide_error_codes = true;
    run.diagnostics[0].message = "List[int]";
    CHECK(run.text() == "a.py:1: <b><r>error:<n> List[int]<n>\n");
  }

  TEST_CASE("unpaired quotes are left alone") {
    Run run{{message_at(1, 0, "odd \" one")}};
    run.terminal.sequences = kTags;
    CHECK(run.text() == "a.py:1: <b><r>error:<n> odd \" one<y><n>\n");
  }

  TEST_CASE("of a note: its link is underlined") {
    Run run{{message_at(1, 0, "See http https://x.y/z for", "note")}};
    run.terminal.sequences = kTags;
    CHECK(run.text() == "a.py:1: <bl>note:<n> See http <u>https://x.y/z<n> for<n>\n");
  }

  TEST_CASE("of a snippet: dim code and a red marker") {
    Run run{{message_at(1, 0, "x")}};
    run.options.pretty = true;
    run.terminal.sequences = kTags;
    run.source = {"foo"};
    CHECK(run.text() == "a.py:1: <b><r>error:<n> x<n><y><n>\n<d>    foo<n>\n<r>    ^<n>\n");
  }

  TEST_CASE("--no-color-output leaves everything plain") {
    Run run{{message_at(1, 0, "x")}};
    run.terminal.sequences = kTags;
    run.options.color_output = false;
    run.options.error_summary = true;
    CHECK(run.text() == "a.py:1: error: x\nFound 1 error in 1 file (checked 1 source file)\n");
  }
}

TEST_SUITE("summary") {
  TEST_CASE("success, also with notes") {
    Run run{{}};
    run.options.error_summary = true;
    CHECK(run.text() == "Success: no issues found in 1 source file\n");
    run.sources = 0;
    run.terminal.sequences = kTags;
    CHECK(run.text() == "<b><g>Success: no issues found in 0 source files<n>\n");
    run.diagnostics = {message_at(1, 0, "n", "note")};
    CHECK(run.output().exit_code == 0);
    CHECK(run.output().notes == 1);
    CHECK(run.text().ends_with("<b><g>Success: no issues found in 0 source files<n>\n"));
  }

  TEST_CASE("failure counts errors and files") {
    const std::vector<Diagnostic> one = {message_at(1, 0, "x"), message_at(2, 0, "y")};
    const std::vector<FileDiagnostics> files = {{"a.py", one, {}}, {"b.py", one, {}}};
    const auto output = runner::format_diagnostics(files, {.cwd = "/repo"}, {}, {}, {{}, 3});
    CHECK(output.exit_code == 1);
    CHECK(output.errors == 4);
    CHECK(output.files_with_errors == 2);
    CHECK(output.text.ends_with("\nFound 4 errors in 2 files (checked 3 source files)\n"));
  }

  TEST_CASE("messages of no file come last and are counted") {
    Run run{{}};
    run.options.error_summary = true;
    run.closing = {"mypy.ini: note: unused section(s): [mypy-x]"};
    CHECK(run.text() ==
          "mypy.ini: note: unused section(s): [mypy-x]\nSuccess: no issues found in 1 source file\n");
    CHECK(run.output().exit_code == 0);
  }
}
