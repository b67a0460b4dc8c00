// Any bytes as the last run's file, its checksum put right.
#include <string>

#include "runner/last_run.h"
#include "runner/seal.h"
#include "tests/fuzz/fuzz_input.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(fuzz::text_of(data, size));
  runner::seal(bytes);
  const auto run = runner::decode_last_run(bytes);
  if (run) fuzz::require(runner::encode_last_run(*run) == bytes, "a run has one form");
  return 0;
}
