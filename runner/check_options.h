// What the user asks of `typewave check`.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runner/change_options.h"
#include "runner/report_target.h"
#include "runner/store_choice.h"

namespace runner {

enum class ColorChoice { kAuto, kAlways, kNever };

// How a child of ours is told to check as this process does.
struct ChildOptions {
  std::string python;
  std::vector<std::string> own;   // typewave's options: store, jobs
  std::vector<std::string> mypy;  // everything else
};

struct CheckOptions {
  std::vector<std::string> mypy_arguments;
  std::optional<std::string> python;
  std::optional<std::size_t> jobs;
  std::optional<std::chrono::seconds> worker_timeout;  // of one component; zero: none
  std::optional<std::uint64_t> max_memory;             // bytes, for typewave and its workers
  std::optional<std::string> store;                    // directory; default_store_directory() otherwise
  std::optional<std::uint64_t> store_limit;            // bytes; the project's or the default otherwise
  bool no_store = false;
  bool stats = false;
  bool dry_run = false;
  std::optional<std::string> summary_json;
  std::optional<std::string> trace;
  bool verify = false;
  std::optional<std::string> verify_bundle;  // implies verify
  ColorChoice color = ColorChoice::kAuto;
  ChangeOptions changes;
  BaselineOptions baseline;
  std::vector<ReportTarget> reports;  // beside the answer

  // Whether results are taken from a store, and kept.
  bool may_reuse() const;
  // Where that is; nothing if there is no place for one.
  std::optional<std::string> store_directory() const;
  // What a child of ours has to be told to check as we do.
  ChildOptions child(const std::string& used_python, std::size_t used_jobs) const;
};

}  // namespace runner
