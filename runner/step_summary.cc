#include "runner/step_summary.h"

#include <set>
#include <string_view>

#include <sys/stat.h>

#include "runner/console.h"
#include "runner/disk_trouble.h"
#include "runner/error_code_page.h"
#include "runner/report_file.h"
#include "runner/shown_text.h"

namespace runner {
namespace {

constexpr std::size_t kLimit = std::size_t{1} << 20;
constexpr std::string_view kTableHead = "\n| File | Line | Message | Code |\n|---|---:|---|---|\n";

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string headline(const ReportInput& input) {
  std::size_t errors = 0;
  std::set<std::string_view> files;
  for (const Finding& finding : input.findings) {
    if (!finding.is_error) continue;
    ++errors;
    files.insert(finding.file);
  }
  std::string text = "\n### typewave: ";
  if (errors > 0) {
    text += counted(errors, "error") + " in " + counted(files.size(), "file");
  } else {
    text += input.exit_code < 2 ? "no errors found" : "the check could not be completed";
  }
  text += "\n";
  if (errors > 0 && input.exit_code >= 2) text += "\nThe check could not be completed.\n";
  return text;
}

std::string message_cell(const Finding& finding) {
  std::string cell;
  std::string_view rest;
  const std::string message = whole_message(finding);
  for (rest = message;;) {
    const std::size_t end = rest.find('\n');
    cell += markdown_text(rest.substr(0, end));
    if (end == std::string_view::npos) return cell;
    cell += "<br>";
    rest.remove_prefix(end + 1);
  }
}

std::string row(const Finding& finding, const ReportPaths& paths) {
  std::string text = "| " + markdown_text(paths.in_repository(finding.file)) + " | ";
  if (finding.line > 0) text += std::to_string(finding.line);
  text += finding.is_error ? " | " : " | note: ";
  text += message_cell(finding) + " | ";
  if (finding.code) {
    const auto page = error_code_page(*finding.code);
    const std::string code = markdown_text(*finding.code);
    text += page ? "[" + code + "](" + *page + ")" : code;
  }
  return text + " |\n";
}

std::string what_is_missing(std::size_t count) {
  return "\nand " + counted(count, "message") + " more\n";
}

}  // namespace

std::string step_summary(const ReportInput& input, std::size_t room) {
  const std::vector<const Finding*> findings = changed_first(input);
  // Room for what has to be said when something is left out.
  const std::size_t reserve = what_is_missing(findings.size() + input.failures.size()).size();
  std::string summary = headline(input);
  if (summary.size() + kTableHead.size() + reserve > room) return {};
  std::size_t missing = 0;
  const auto add = [&](const std::string& text) {
    const bool fits = missing == 0 && summary.size() + text.size() + reserve <= room;
    fits ? void(summary += text) : void(++missing);
  };
  for (const std::string& failure : input.failures) add("\n" + markdown_text(failure) + "\n");
  if (!findings.empty() && missing == 0) summary += kTableHead;
  for (const Finding* finding : findings) add(row(*finding, input.paths));
  if (missing > 0) summary += what_is_missing(missing);
  return summary;
}

void append_step_summary(const ReportInput& input, const std::string& file) {
  struct stat old {};
  const std::size_t used = ::stat(file.c_str(), &old) == 0 ? static_cast<std::size_t>(old.st_size) : 0;
  const std::string summary = step_summary(input, used < kLimit ? kLimit - used : 0);
  if (summary.empty()) {
    print_warning("no room for a summary in " + file);
    return;
  }
  if (const auto error = append_to_file(file, summary)) print_warning(one_sentence(*error));
}

}  // namespace runner
