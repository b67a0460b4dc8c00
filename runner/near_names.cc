#include "runner/near_names.h"

#include <algorithm>
#include <utility>

namespace runner {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::vector<std::string> near_names(std::string_view wanted, const std::vector<std::string>& names,
                                    std::size_t limit) {
  // A name that ends with the one wanted, or lacks only its packages, is better than any misspelling.
  const auto rank = [wanted](const std::string& name) -> std::size_t {
    const std::string tail = "." + std::string(wanted);
    if (name.ends_with(tail)) return 0;
    const std::size_t distance = edit_distance(wanted, name);
    const std::string_view last = std::string_view(name).substr(name.rfind('.') + 1);
    return 1 + std::min(distance, edit_distance(wanted, last) + 1);
  };
  const std::size_t most = 1 + std::max<std::size_t>(2, wanted.size() / 3);
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (const std::string& name : names) {
    const std::size_t value = rank(name);
    if (value <= most) ranked.emplace_back(value, name);
  }
  std::sort(ranked.begin(), ranked.end());
  std::vector<std::string> near;
  for (auto& [value, name] : ranked) {
    if (near.size() == limit) break;
    near.push_back(std::move(name));
  }
  return near;
}

std::string did_you_mean(std::string_view wanted, const std::vector<std::string>& names) {
  constexpr std::size_t kMaxNear = 5;
  std::string near;
  for (const std::string& name : near_names(wanted, names, kMaxNear))
    near += (near.empty() ? "" : ", ") + name;
  return near.empty() ? near : "did you mean " + near + "?";
}

}  // namespace runner
