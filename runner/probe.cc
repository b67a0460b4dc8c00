#include "runner/probe.h"

#include <utility>

#include "runner/bounded_json.h"
#include "runner/path_names.h"
#include "runner/probe_memo.h"
#include "runner/worker_process.h"

namespace runner {
namespace {

using nlohmann::json;

constexpr std::string_view kSupported = "2.4";

EarlyExit early_exit_of(const json& answer) {
  const json code = answer.value("code", json());
  return {code.is_number_integer() ? code.get<int>() : 2, text_in(answer, "stdout"),
          text_in(answer, "stderr")};
}

// How often mypy is asked again because something its answer rests on changed meanwhile.
constexpr int kMaxQuestions = 3;

// What mypy says of itself, and what that rests on if it can be watched.
struct Heard {
  json answer;
  std::shared_ptr<const SettledInputs> settled;
};
// The last two: what stops the run, and why there is no supported mypy.
using Hearing = std::variant<Heard, ProbeResult, std::string>;

Hearing ask_worker(const ProbeRequest& request, const Interpreter& interpreter, ProbeMemo& memo) {
  std::optional<SettledInputs> before;
  for (int question = 0; question < kMaxQuestions; ++question) {
    const std::int64_t started_ns = coarse_clock_ns();
    auto worker = WorkerProcess::start(interpreter.path);
    if (!worker) return "it could not be asked for its mypy (" + worker.error().message + ")";
    auto reply = (*worker)->ask({{"do", "probe"}, {"argv", request.mypy_arguments}});
    if (!reply) return std::string("it could not be asked for its mypy");
    json answer = std::move(reply->header);
    const std::string did = text_in(answer, "did");
    if (did == "exit") return ProbeResult(early_exit_of(answer));
    if (did == "unsupported") return text_in(answer, "reason");
    try {
      add_plugin_digests(answer);
    } catch (const json::exception& error) {
      return ProbeResult(
          graph::Error{std::string("the user's mypy gave an answer of an unknown form: ") + error.what()});
    }
    std::optional<SettledInputs> now = memo.look(answer);
    if (!now || now->can_be_read_once()) return Heard{std::move(answer), nullptr};
    if (now->older_than(started_ns) || now == before) {
      memo.remember(answer, *now);
      return Heard{std::move(answer), std::make_shared<const SettledInputs>(*std::move(now))};
    }
    before = std::move(now);
  }
  return ProbeResult(graph::Error{
      "mypy's configuration, a plugin or mypy itself kept changing while mypy was asked about it",
      "run it again when that is done"});
}

// Nothing when the interpreter has no mypy that typewave can drive; `why` then says so.
std::optional<ProbeResult> ask(const ProbeRequest& request, const Interpreter& interpreter, PackStore& store,
                               std::string& why) {
  const Whereabouts whereabouts = whereabouts_of(interpreter.path, request.cwd);
  ProbeMemo memo(whereabouts, interpreter_identity(interpreter.path), request.mypy_arguments, store,
                 request.state);
  std::optional<json> answer = memo.recall();
  std::shared_ptr<const SettledInputs> settled;
  if (answer) {
    settled = std::make_shared<const SettledInputs>(*memo.recalled());
  } else {
    Hearing hearing = ask_worker(request, interpreter, memo);
    if (auto* stop = std::get_if<ProbeResult>(&hearing)) return std::move(*stop);
    if (auto* lack = std::get_if<std::string>(&hearing)) {
      why = *lack;
      return std::nullopt;
    }
    answer = std::move(std::get<Heard>(hearing).answer);
    settled = std::move(std::get<Heard>(hearing).settled);
  }
  const auto mypy = answer->find("mypy");
  if (mypy != answer->end() && mypy->is_object() && mypy->value("supported", json()) != true) {
    why = "it has mypy " + text_in(*mypy, "version") + ", which this version of typewave does not support";
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
  return Probe{interpreter.path, std::move(*interpreted), std::move(settled)};
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
