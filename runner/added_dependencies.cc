#include "runner/added_dependencies.h"

#include <cstdint>
#include <limits>

#include "runner/bounded_json.h"

namespace runner {

using nlohmann::json;

std::optional<std::vector<graph::AddedDependency>> read_added_dependencies(const json& answer) {
  if (!answer.is_array()) return std::nullopt;
  std::vector<graph::AddedDependency> added;
  for (const json& entry : answer) {
    if (!entry.is_array() || entry.size() != 3) return std::nullopt;
    const json& priority = entry[0];
    const json& line = entry[2];
    if (!priority.is_number_integer() || !entry[1].is_string() || !line.is_number_integer())
      return std::nullopt;
    const auto rank = priority.get<std::int64_t>();
    const auto number = line.get<std::int64_t>();
    if (rank < 0 || rank > std::numeric_limits<std::uint8_t>::max()) return std::nullopt;
    if (number < std::numeric_limits<std::int32_t>::min() ||
        number > std::numeric_limits<std::int32_t>::max())
      return std::nullopt;
    added.push_back({.name = entry[1],
                     .priority = static_cast<std::uint8_t>(rank),
                     .line = static_cast<std::uint32_t>(static_cast<std::int32_t>(number))});
  }
  return added;
}

std::optional<std::vector<graph::AddedDependency>> read_added_dependencies_record(std::string_view record) {
  const auto answer = parse_bounded_json(record);
  return answer ? read_added_dependencies(*answer) : std::nullopt;
}

}  // namespace runner
