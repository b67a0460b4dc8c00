// JSON from a worker or a store: parsed only when its nesting cannot exhaust the stack of who works with it.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace runner {

// Deeper than anything we or our worker write.
inline constexpr std::size_t kDeepestJson = 64;

// Nothing if `text` is malformed or nested deeper than that.
std::optional<nlohmann::json> parse_bounded_json(std::string_view text);

// The string called `name` in an object; empty if there is none of that name or it is no string.
std::string text_in(const nlohmann::json& object, const char* name);

}  // namespace runner
