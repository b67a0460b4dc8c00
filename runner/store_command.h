// `typewave store`: shows, checks, shrinks or empties the store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace runner {

enum class StoreAction { kStatus, kGc, kClear, kVerify, kPath };

struct StoreOptions {
  StoreAction action = StoreAction::kStatus;
  std::optional<std::string> store;          // directory; default_store_directory() otherwise
  std::optional<std::uint64_t> store_limit;  // bytes
  bool json = false;                         // status for programs
  bool heal = false;                         // verify also removes what is damaged
};

// Runs the command and gives the process's exit status: 0, 1 if `verify` found something, 2 for trouble.
int run_store(const StoreOptions& options);

}  // namespace runner
