// Any bytes as what a worker sends.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "runner/added_dependencies.h"
#include "runner/diagnostic_codec.h"
#include "runner/scan_answer.h"
#include "runner/worker_frame.h"
#include "tests/fuzz/fuzz_input.h"

namespace {

constexpr std::size_t kManyFrames = 20;

void look_into(const runner::WorkerFrame& frame) {
  static_cast<void>(runner::read_scan_answer(frame.header));
  const auto errors = frame.header.find("errors");
  if (errors != frame.header.end() && errors->is_array()) {
    scheduler::Outcome outcome;
    for (const nlohmann::json& module : *errors) {
      auto diagnostics = runner::parse_diagnostics(module);
      if (diagnostics) outcome.modules.push_back({{}, std::move(*diagnostics)});
    }
    // Whatever was taken can be kept, and read again.
    const auto again = runner::decode_outcome(runner::encode_outcome(outcome));
    fuzz::require(again && *again == outcome, "diagnostics survive being stored");
  }
  if (const auto added = frame.header.find("added"); added != frame.header.end()) {
    static_cast<void>(runner::read_added_dependencies(*added));
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const int file = ::memfd_create("frames", MFD_CLOEXEC);
  fuzz::require(::ftruncate(file, 0) == 0, "the file in memory is emptied");
  fuzz::require(::pwrite(file, data, size, 0) == static_cast<ssize_t>(size), "the file in memory is filled");
  ::lseek(file, 0, SEEK_SET);
  for (std::size_t i = 0; i < kManyFrames; ++i) {
    const auto frame = runner::read_frame(file);
    if (!frame) break;
    look_into(*frame);
  }
  return 0;
}
