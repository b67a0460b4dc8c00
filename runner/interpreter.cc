#include "runner/interpreter.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>

#include "graph/regular_file.h"
#include "runner/project_config.h"

namespace runner {
namespace {

namespace fs = std::filesystem;

bool is_executable(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

std::optional<std::string> on_path(const std::string& name) {
  const char* path = std::getenv("PATH");
  if (path == nullptr) return std::nullopt;
  std::istringstream directories(path);
  for (std::string directory; std::getline(directories, directory, ':');) {
    std::string candidate = (directory.empty() ? "." : directory) + "/" + name;
    if (is_executable(candidate)) return candidate;
  }
  return std::nullopt;
}

// As version managers put one for each program on PATH: which interpreter it leads to, only running it shows.
bool is_script(const std::string& executable) {
  std::ifstream file(executable, std::ios::binary);
  char start[2] = {};
  return file.read(start, sizeof(start)) && start[0] == '#' && start[1] == '!';
}

// Empty for what is no regular file: nothing here waits for a pipe's writer.
std::string read_text(const fs::path& path) {
  return graph::read_file(path.string()).text;
}

// The interpreter in the first line of a console script.
std::optional<std::string> interpreter_of_script(const std::string& script) {
  const std::string text = read_text(script);
  const std::string line = text.substr(0, text.find('\n'));
  if (!line.starts_with("#!")) return std::nullopt;
  std::istringstream words(line.substr(2));
  std::string executable;
  words >> executable;
  if (executable.ends_with("/env")) {
    std::string name;
    words >> name;
    return name.empty() ? std::nullopt : on_path(name);
  }
  if (executable.find("python") == std::string::npos || !is_executable(executable)) return std::nullopt;
  return executable;
}

// A path is taken as it is, a bare name is looked up on PATH.
std::optional<std::string> named_executable(const std::string& name, const std::string& directory) {
  if (name.find('/') == std::string::npos) return on_path(name);
  const std::string path = fs::path(name).is_absolute() ? name : directory + "/" + name;
  if (!is_executable(path)) return std::nullopt;
  return path;
}

// An environment has its Python and the programs installed in it in one folder.
std::optional<std::string> beside(const std::string& binary) {
  const fs::path folder = fs::path(binary).parent_path();
  if (folder.empty()) return std::nullopt;  // the working directory is no such place
  for (const char* name : {"python", "python3"}) {
    if (std::string candidate = folder / name; is_executable(candidate)) return candidate;
  }
  return std::nullopt;
}

// bin/.. of the executable, without following the executable's own link.
fs::path environment_of(const std::string& executable) {
  return fs::path(executable).parent_path().parent_path();
}

std::string stripped_lower(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  std::string result(text.substr(first, text.find_last_not_of(kBlank) + 1 - first));
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

}  // namespace

bool has_system_packages(const std::string& settings) {
  bool system = false;
  std::istringstream lines(settings);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos) continue;
    const std::string_view view(line);
    if (stripped_lower(view.substr(0, equals)) != "include-system-site-packages") continue;
    system = stripped_lower(view.substr(equals + 1)) == "true";
  }
  return system;
}

std::string running_binary() {
  std::error_code unknown;
  return fs::read_symlink("/proc/self/exe", unknown);
}

graph::Result<std::vector<Interpreter>> find_interpreters(const std::optional<std::string>& option,
                                                          const std::string& cwd, const std::string& binary) {
  if (option) {
    if (auto path = named_executable(*option, cwd))
      return std::vector<Interpreter>{{*path, "--python", true}};
    return graph::Error{"--python " + *option + ": no such executable",
                        "name a Python interpreter that has mypy"};
  }
  auto config = read_project_config(cwd);
  if (!config) return config.error();
  if (config->python) {
    if (auto path = named_executable(*config->python, cwd)) {
      return std::vector<Interpreter>{{*path, "[tool.typewave] python in pyproject.toml", true}};
    }
    return graph::Error{
        "pyproject.toml: tool.typewave.python names " + *config->python + ", which is no executable",
        "name a Python interpreter that has mypy"};
  }
  std::vector<Interpreter> found;
  const auto add = [&found](std::optional<std::string> path, const char* origin) {
    if (!path || !is_executable(*path)) return;
    for (const Interpreter& other : found) {
      if (other.path == *path) return;
    }
    found.push_back({std::move(*path), origin});
  };
  if (const char* python = std::getenv("TYPEWAVE_PYTHON"); python != nullptr) {
    add(std::string(python), "the Python of `python -m typewave`");
  }
  if (const char* environment = std::getenv("VIRTUAL_ENV"); environment != nullptr && *environment != '\0') {
    add(std::string(environment) + "/bin/python", "$VIRTUAL_ENV");
  }
  add(cwd + "/.venv/bin/python", ".venv of the project");
  add(beside(binary), "the environment typewave is installed in");
  if (const auto script = on_path("mypy")) add(interpreter_of_script(*script), "the mypy on PATH");
  add(on_path("python3"), "python3 on PATH");
  if (const char* fallback = std::getenv("TYPEWAVE_FALLBACK_PYTHON"); fallback != nullptr) {
    add(std::string(fallback), "the environment of ./tw");
  }
  return found;
}

std::string interpreter_identity(const std::string& executable) {
  if (is_script(executable)) return {};
  const fs::path config = environment_of(executable) / "pyvenv.cfg";
  std::error_code ignored;
  if (fs::exists(config, ignored)) {
    std::istringstream lines(read_text(config));
    std::string identity = "venv";
    for (std::string line; std::getline(lines, line);) {
      // `home`, `executable` and `command` say where, the rest says what.
      if (line.starts_with("version") || line.starts_with("include-system-site-packages"))
        identity += "\n" + line;
    }
    return identity;
  }
  struct stat status {};
  if (::stat(executable.c_str(), &status) != 0) return "missing " + executable;
  return executable + " " + std::to_string(status.st_size) + " " + std::to_string(status.st_mtim.tv_sec) +
         "." + std::to_string(status.st_mtim.tv_nsec);
}

bool may_hold_mypy(const std::string& executable) {
  const fs::path environment = environment_of(executable);
  std::error_code error;
  // What cannot be looked at, as without a descriptor that is free, may have it.
  const auto is_hidden = [&error] {
    return error && error != std::errc::no_such_file_or_directory && error != std::errc::not_a_directory;
  };
  if (!fs::exists(environment / "pyvenv.cfg", error)) return true;
  if (has_system_packages(read_text(environment / "pyvenv.cfg"))) return true;
  for (const auto& entry : fs::directory_iterator(environment / "lib", error)) {
    const fs::path site = entry.path() / "site-packages";
    if (fs::exists(site / "mypy", error)) return true;
    for (const auto& file : fs::directory_iterator(site, error)) {
      if (file.path().extension() == ".pth" && file.path().filename() != "distutils-precedence.pth")
        return true;
    }
    if (is_hidden()) return true;
  }
  return is_hidden();
}

}  // namespace runner
