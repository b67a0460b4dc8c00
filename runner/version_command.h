// `typewave --version`.
#pragma once

namespace runner {

int print_versions();

}  // namespace runner
