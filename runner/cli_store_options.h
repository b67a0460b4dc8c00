// The options by which several commands choose the store and its limit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace runner {

// --store and --store-limit.
void add_store_options(CLI::App& app, std::optional<std::string>& store, std::optional<std::uint64_t>& limit);

}  // namespace runner
