// The options by which several commands choose the store and its limit.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace runner {

// The bytes that an option's value stands for; throws what CLI11 wants.
std::uint64_t size_of_option(const char* option, const std::string& text);

// --store and --store-limit.
void add_store_options(CLI::App& app, std::optional<std::string>& store, std::optional<std::uint64_t>& limit);

}  // namespace runner
