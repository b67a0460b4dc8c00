// `typewave doctor`: which mypy and why, what is kept where, and what would make the next run slow.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace runner {

struct DoctorOptions {
  std::vector<std::string> mypy_arguments;
  std::optional<std::string> python;
  std::optional<std::string> store;   // directory; default_store_directory() otherwise
  std::optional<std::string> bundle;  // file for a bug report
};

// Changes nothing on the disk. Gives 0, 1 when something is broken, or 2 when the report cannot be written.
int run_doctor(const DoctorOptions& options);

}  // namespace runner
