// `typewave waves`: the waves of a graph, its critical path, and what more processors could bring.
#pragma once

#include "runner/preview_request.h"

namespace runner {

struct WavesOptions {
  PreviewRequest about;
  bool json = false;
};

int run_waves(const WavesOptions& options);

}  // namespace runner
