// The options of every command that only looks.
#pragma once

namespace CLI {
class App;
}

namespace runner {

struct PreviewRequest;

// --store and --python.
void add_preview_options(CLI::App& app, PreviewRequest& request);

}  // namespace runner
