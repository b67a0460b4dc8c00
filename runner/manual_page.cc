#include "runner/manual_page.h"

namespace runner {
namespace {

// Text as roff takes it literally.
std::string roff(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '\\':
        result += "\\e";
        break;
      case '-':
        result += "\\-";
        break;
      case '\'':
        result += "\\(aq";
        break;
      case '`':
        result += "\\(ga";
        break;
      case '~':
        result += "\\(ti";
        break;
      case '^':
        result += "\\(ha";
        break;
      case '.':
        // Harmless inside of a line; at its beginning it would be a request.
        result += result.empty() ? "\\&." : ".";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string bold(std::string_view text) {
  return "\\fB" + roff(text) + "\\fR";
}

std::string italic(std::string_view text) {
  return "\\fI" + roff(text) + "\\fR";
}

std::string sentence(std::string_view text) {
  std::string result = roff(text);
  if (!result.ends_with('.') && !result.ends_with(')')) result += '.';
  return result;
}

std::string option_entry(const TreeOption& option) {
  std::string names;
  for (const std::string& name : option.names) names += (names.empty() ? "" : ", ") + bold(name);
  if (option.kind != ValueKind::kNone) {
    names += option.may_be_alone ? " [" + italic(option.value) + "]" : " " + italic(option.value);
  }
  return ".TP\n" + names + "\n" + (option.text.empty() ? "\\&" : sentence(option.text)) + "\n";
}

std::string synopsis(const TreeCommand& command, const std::string& before) {
  std::string text = before + " " + bold(command.name);
  for (const TreeOption& place : command.places) text += " " + italic(place.names.front());
  if (!command.branches.empty()) text += " " + italic("SUBCOMMAND");
  text += " [" + italic("OPTION") + "]...";
  if (command.rest == Rest::kMypy)
    text += " [" + italic("MYPY-OPTION") + "]... [" + italic("TARGET") + "]...";
  return text;
}

std::string command_entries(const TreeCommand& command, const std::string& before) {
  std::string text = ".SS " + synopsis(command, before) + "\n" + sentence(command.summary) + "\n";
  for (const TreeOption& place : command.places) {
    text += ".TP\n" + italic(place.names.front()) + "\n" + sentence(place.text) + "\n";
  }
  for (const TreeOption& option : command.options) text += option_entry(option);
  for (const TreeCommand& branch : command.branches) {
    text += command_entries(branch, before + " " + bold(command.name));
  }
  return text;
}

constexpr const char* kBeginning =
    ".SH NAME\n"
    "typewave \\- incremental, shareable type checking with mypy\n"
    ".SH SYNOPSIS\n"
    "\\fBtypewave\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR]... [\\fIMYPY\\-OPTION\\fR]... [\\fITARGET\\fR]...\n"
    ".SH DESCRIPTION\n"
    "typewave checks a Python repository with mypy, one import cycle at a time, dependencies first,\n"
    "and keeps every result in a content\\-addressed store.\n"
    "The answer is that of one cold run of mypy: the same lines, the same summary, the same exit status.\n"
    ".PP\n"
    "Whatever is not an option of typewave is mypy\\(aqs and means what it means there.\n"
    "Everything after \\fB\\-\\-\\fR is mypy\\(aqs.\n"
    ".SH COMMANDS\n";

constexpr const char* kEnd =
    ".SH EXIT STATUS\n"
    ".TP\n"
    "0\n"
    "Nothing was found.\n"
    ".TP\n"
    "1\n"
    "Errors were found.\n"
    ".TP\n"
    "2\n"
    "The check could not be done.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n"
    "\\fBXDG_CACHE_HOME\\fR, \\fBHOME\\fR\n"
    "The store is \\fItypewave\\fR in the first, or \\fI.cache/typewave\\fR in the second.\n"
    ".TP\n"
    "\\fBVIRTUAL_ENV\\fR, \\fBPATH\\fR\n"
    "Where an interpreter with mypy is looked for.\n"
    ".TP\n"
    "\\fBNO_COLOR\\fR\n"
    "No colours, if it is not empty.\n"
    ".PP\n"
    "Variables that mypy reads mean what they mean to mypy.\n"
    ".SH FILES\n"
    ".TP\n"
    "\\fI.typewave_cache/\\fR\n"
    "What is remembered of a checkout; it may be deleted at any time.\n"
    ".TP\n"
    "\\fIpyproject.toml\\fR\n"
    "Settings of typewave in the table [tool.typewave], of mypy in [tool.mypy].\n"
    ".SH SEE ALSO\n"
    "\\fBmypy\\fR(1)\n";

}  // namespace

std::string manual_page(const std::vector<TreeCommand>& tree, std::string_view version) {
  std::string text = ".TH TYPEWAVE 1 \"\" \"typewave " + std::string(version) + "\" \"User commands\"\n";
  text += kBeginning;
  for (const TreeCommand& command : tree) text += command_entries(command, "\\fBtypewave\\fR");
  return text + kEnd;
}

}  // namespace runner
