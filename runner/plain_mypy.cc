#include "runner/plain_mypy.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "runner/subprocess.h"

namespace runner {
namespace {

// As the console script starts it: the working directory must not be on sys.path.
constexpr const char* kStart =
    "import sys, os\n"
    "if sys.path and sys.path[0] == '': sys.path[0] = os.path.dirname(sys.executable)\n"
    "sys.argv[0] = 'mypy'\n"
    "from mypy.__main__ import console_entry\n"
    "console_entry()\n";

// The options are changed where mypy's parser of arguments is done with them, wherever they came from.
constexpr const char* kJsonPrelude =
    "import argparse\n"
    "parse = argparse.ArgumentParser.parse_args\n"
    "def parse_args(*arguments, **named):\n"
    "    options = parse(*arguments, **named)\n"
    "    options.output, options.junit_xml = 'json', None\n"
    "    options.install_types = options.non_interactive = False\n"
    "    return options\n"
    "argparse.ArgumentParser.parse_args = parse_args\n";

Command command_for(const std::string& python, const std::vector<std::string>& mypy_arguments,
                    const std::vector<std::string>& variables) {
  Command command{.words = {python, "-c", kStart}, .variables = variables, .name = "mypy", .guarded = true};
  command.words.insert(command.words.end(), mypy_arguments.begin(), mypy_arguments.end());
  return command;
}

}  // namespace

std::string shell_word(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,@%+";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) c == '\'' ? text.append("'\\''") : text.append(1, c);
  return text + "'";
}

std::vector<std::string> cold_arguments(std::vector<std::string> mypy_arguments) {
  const auto is_file_of_arguments = [](const std::string& word) { return word.starts_with('@'); };
  // The last word counts, but after -- there are only targets, and a file of arguments may hold that mark
  // too.
  auto at = std::find(mypy_arguments.begin(), mypy_arguments.end(), "--");
  if (std::any_of(mypy_arguments.begin(), at, is_file_of_arguments)) at = mypy_arguments.begin();
  mypy_arguments.insert(at, {"--no-incremental", "--cache-dir=/dev/null", "--num-workers=0"});
  return mypy_arguments;
}

graph::Result<int> run_plain_mypy(const std::string& python, const std::vector<std::string>& mypy_arguments) {
  return run_passed_on(command_for(python, mypy_arguments, {}));
}

namespace {

graph::Result<PrintedAnswer> printed(graph::Result<Finished> finished) {
  if (!finished) return finished.error();
  return PrintedAnswer{finished->status, std::move(finished->stdout_text), std::move(finished->stderr_text)};
}

}  // namespace

graph::Result<PrintedAnswer> run_plain_mypy_kept(const std::string& python,
                                                 const std::vector<std::string>& mypy_arguments, bool shown) {
  return printed(run_kept(command_for(python, mypy_arguments, {}), shown));
}

graph::Result<PrintedAnswer> capture_mypy_json(const std::string& python,
                                               const std::vector<std::string>& mypy_arguments) {
  Command command = command_for(python, mypy_arguments, {});
  command.words[2] = std::string(kJsonPrelude) + kStart;
  command.input = "";
  return printed(run_captured(command));
}

graph::Result<PrintedAnswer> capture_plain_mypy(const std::string& python,
                                                const std::vector<std::string>& mypy_arguments,
                                                const std::vector<std::string>& variables) {
  return printed(run_captured(command_for(python, mypy_arguments, variables)));
}

std::string reproducing_command(const std::string& python, const std::vector<std::string>& mypy_arguments) {
  std::string text = shell_word(python) + " -m mypy --no-incremental --show-traceback";
  for (const std::string& argument : mypy_arguments) text += " " + shell_word(argument);
  return text;
}

}  // namespace runner
