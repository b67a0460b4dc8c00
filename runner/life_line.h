// A pipe that nobody writes to: when typewave ends, however that happens, the kernel kills what holds the
// other end. Whatever code runs or waits in the child, it cannot be in the way.
#pragma once

#include <sys/types.h>

#include "graph/result.h"
#include "runner/file_handle.h"

namespace runner {

struct LifeLine {
  FileHandle ours;
  FileHandle theirs;  // to be inherited by the child under another number, and closed here

  static graph::Result<LifeLine> make();
  // `target` is a process, or with `-pid` the group it leads.
  void tie(pid_t target) const;
};

}  // namespace runner
