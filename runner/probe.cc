#include "runner/probe.h"

#include <utility>

#include "runner/path_names.h"
#include "runner/probe_memo.h"
#include "runner/worker_process.h"

namespace runner {
namespace {

using nlohmann::json;

constexpr std::string_view kSupported = "2.4";

// Nothing when the interpreter has no mypy that typewave can drive; `why` then says so.
std::optional<ProbeResult> ask(const ProbeRequest& request, const Interpreter& interpreter, PackStore& store,
                               std::string& why) {
  const Whereabouts whereabouts = whereabouts_of(interpreter.path, request.cwd);
  ProbeMemo memo(whereabouts, interpreter_identity(interpreter.path), request.mypy_arguments, store,
                 request.state);
  std::optional<json> answer = memo.recall();
  if (!answer) {
    auto worker = WorkerProcess::start(interpreter.path);
    if (!worker) {
      why = "it could not be asked for its mypy (" + worker.error().message + ")";
      return std::nullopt;
    }
    auto reply = (*worker)->ask({{"do", "probe"}, {"argv", request.mypy_arguments}});
    if (!reply) {
      why = "it could not be asked for its mypy";
      return std::nullopt;
    }
    answer = std::move(reply->header);
    const std::string did = answer->value("did", "");
    if (did == "exit") {
      return EarlyExit{answer->value("code", 2), answer->value("stdout", ""), answer->value("stderr", "")};
    }
    if (did == "unsupported") {
      why = answer->value("reason", "it has no supported mypy");
      return std::nullopt;
    }
    try {
      add_plugin_digests(*answer);
    } catch (const json::exception& error) {
      return graph::Error{std::string("the user's mypy gave an answer of an unknown form: ") + error.what()};
    }
    memo.remember(*answer);
  }
  if (const json* mypy = answer->contains("mypy") ? &answer->at("mypy") : nullptr;
      mypy != nullptr && !mypy->value("supported", false)) {
    why = "it has mypy " + mypy->value("version", "?") + ", which this version of typewave does not support";
    return std::nullopt;
  }
  auto interpreted = interpret_probe(*answer, request.cwd);
  if (!interpreted) return interpreted.error();
  interpreted->digest = graph::sha256(answer->dump());
  interpreted->shared_digest = memo.identity();
  // Plugins read settings of their own from it.
  if (interpreted->has_plugins && !interpreted->config_file.empty()) {
    interpreted->environment.emplace_back("configuration",
                                          digest_of_file(interpreted->config_file).value_or("none"));
  }
  return Probe{interpreter.path, std::move(*interpreted)};
}

}  // namespace

ProbeResult probe(const ProbeRequest& request, PackStore& store) {
  std::string tried;
  for (const Interpreter& interpreter : request.interpreters) {
    std::string why = "it has no mypy";
    if (may_hold_mypy(interpreter.path)) {
      if (auto result = ask(request, interpreter, store, why)) return std::move(*result);
    }
    tried += "\n  " + interpreter.path + " (" + interpreter.origin + "): " + why;
  }
  if (tried.empty()) tried = "\n  no Python interpreter was found";
  return graph::Error{"no interpreter with mypy " + std::string(kSupported) + " was found; tried:" + tried,
                      "install it with `python3 -m pip install 'mypy~=" + std::string(kSupported) +
                          ".0'`, or name the interpreter that has it with --python"};
}

}  // namespace runner
