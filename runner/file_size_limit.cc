#include "runner/file_size_limit.h"

#include <sys/resource.h>

namespace runner {
namespace {

bool was_default = false;  // written before there are threads

}  // namespace

void survive_file_size_limit() {
  was_default = ::signal(SIGXFSZ, SIG_IGN) == SIG_DFL;
}

void add_file_size_signal(sigset_t& defaults) {
  if (was_default) sigaddset(&defaults, SIGXFSZ);
}

void restore_file_size_signal() {
  if (was_default) ::signal(SIGXFSZ, SIG_DFL);
}

bool has_file_size_limit() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

}  // namespace runner
