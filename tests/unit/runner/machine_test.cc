// How much memory control groups leave to a process.
#include "runner/machine.h"

#include <doctest/doctest.h>

#include <map>

namespace runner {
namespace {

using Files = std::map<std::string, std::string>;

std::optional<std::uint64_t> limit(std::string_view groups, const Files& files) {
  return control_group_limit(groups, [&](const std::string& path) -> std::optional<std::string> {
    const auto file = files.find(path);
    return file == files.end() ? std::nullopt : std::optional(file->second);
  });
}

TEST_CASE("version 2: the smallest limit on the way up counts") {
  const Files files = {{"/sys/fs/cgroup/a/b/memory.max", "max\n"},
                       {"/sys/fs/cgroup/a/memory.max", "2000\n"},
                       {"/sys/fs/cgroup/memory.max", "3000\n"}};
  CHECK(limit("0::/a/b\n", files) == 2000);
  CHECK(limit("0::/\n", files) == 3000);
}

TEST_CASE("inside a container the path may lead nowhere: the root counts") {
  CHECK(limit("0::/../../pod\n", {{"/sys/fs/cgroup/memory.max", "512\n"}}) == 512);
}

TEST_CASE("version 1: only the group of the memory controller counts") {
  const Files files = {{"/sys/fs/cgroup/memory/x/memory.limit_in_bytes", "700\n"},
                       {"/sys/fs/cgroup/cpu/y/memory.limit_in_bytes", "1\n"}};
  CHECK(limit("4:memory:/x\n1:cpu:/y\n0::/\n", files) == 700);
  CHECK(limit("7:cpu,memory:/x\n", files) == 700);
}

TEST_CASE("without a limit there is none") {
  CHECK_FALSE(limit("", {}).has_value());
  CHECK_FALSE(limit("0::/a\n", {{"/sys/fs/cgroup/a/memory.max", "max\n"}}).has_value());
  CHECK_FALSE(limit("3:memory:/\n", {{"/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712"}})
                  .has_value());
  CHECK_FALSE(limit("nonsense\n::\n:", {}).has_value());
}

TEST_CASE("jobs fit into memory, but there is always one") {
  CHECK(default_jobs(1) == 1);
  CHECK(default_jobs(std::uint64_t{1} << 50) == usable_processors());
}

}  // namespace
}  // namespace runner
