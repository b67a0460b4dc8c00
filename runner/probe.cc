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
constexpr int kMaxQuestions = 6;

// What mypy says of itself, and what that rests on if it can be watched.
struct Heard {
  json answer;
  std::shared_ptr<const SettledInputs> settled;
};
// The last two: what stops the run, and why there is no supported mypy.
using Hearing = std::variant<Heard, ProbeResult, std::string>;

// Like a component, the question is tried twice. Only an error about an interpreter that surely has mypy has
// a hint.
graph::Result<WorkerFrame> ask_twice(const ProbeRequest& request, const std::string& python) {
  graph::Result<WorkerFrame> reply = graph::Error{};
  for (int attempt = 0; attempt < 2 && !reply; ++attempt) {
    auto worker = WorkerProcess::start(python, request.patience);
    if (!worker) return worker.error();
    reply = (*worker)->ask({{"do", "probe"}, {"argv", request.mypy_arguments}});
    if (!reply && (*worker)->timed_out()) {
      return graph::Error{"reading mypy's options with " + python + " failed: " + reply.error().message,
                          "a plugin may hang while it is loaded; if it only needs longer, give it more time "
                          "with --worker-timeout"};
    }
  }
  return reply;
}

Hearing ask_worker(const ProbeRequest& request, const Interpreter& interpreter, ProbeMemo& memo) {
  std::optional<SettledInputs> before;
  std::string changing;
  for (int question = 0; question < kMaxQuestions; ++question) {
    const std::int64_t started_ns = coarse_clock_ns();
    auto reply = ask_twice(request, interpreter.path);
    if (!reply && !reply.error().hint.empty()) return ProbeResult(reply.error());
    if (!reply) return "it could not be asked for its mypy: " + reply.error().message;
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
    // A busy directory above (/tmp) never looks the same twice; what counts of it may.
    if (before && question + 1 == kMaxQuestions && now->rests_on_the_same(*before)) {
      return Heard{std::move(answer), std::make_shared<const SettledInputs>(*std::move(now))};
    }
    if (before) changing = now->difference(*before);
    before = std::move(now);
  }
  return ProbeResult(graph::Error{
      "mypy's configuration, a plugin or mypy itself kept changing while mypy was asked about it" +
          (changing.empty() ? "" : ": " + changing),
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

ProbeResult probe(const ProbeRequest& request, PackStore& store, std::vector<Tried>* tried) {
  std::string list;
  for (const Interpreter& interpreter : request.interpreters) {
    std::string why = "it has no mypy";
    if (may_hold_mypy(interpreter.path)) {
      if (auto result = ask(request, interpreter, store, why)) return std::move(*result);
    }
    if (tried != nullptr) tried->push_back({interpreter, why});
    list += "\n  " + interpreter.path + " (" + interpreter.origin + "): " + why;
  }
  if (list.empty()) list = "\n  no Python interpreter was found";
  return graph::Error{"no interpreter with mypy " + std::string(kSupported) + " was found; tried:" + list,
                      "install it with `python3 -m pip install 'mypy~=" + std::string(kSupported) +
                          ".0'`, or name the interpreter that has it with --python"};
}

}  // namespace runner
