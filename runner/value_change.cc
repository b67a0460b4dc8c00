#include "runner/value_change.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

namespace runner {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxValue = 80;
constexpr std::size_t kMaxNames = 12;
// A digest in hexadecimal, and as much of it as is shown.
constexpr std::size_t kDigestSize = 64;
constexpr std::size_t kShownDigest = 16;

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

std::string with_short_digests(std::string_view value) {
  std::string text;
  while (!value.empty()) {
    const auto end = std::find_if_not(value.begin(), value.end(), is_hex);
    const auto run = static_cast<std::size_t>(end - value.begin());
    text += value.substr(0, run == kDigestSize ? kShownDigest : run);
    value.remove_prefix(run);
    if (value.empty()) break;
    text += value.front();
    value.remove_prefix(1);
  }
  return text;
}

// Of two long values what is around the first difference.
std::string shortened(const std::string& value, const std::string& other) {
  if (value.size() <= kMaxValue) return value.empty() ? "nothing" : value;
  std::size_t same = 0;
  while (same < std::min(value.size(), other.size()) && value[same] == other[same]) ++same;
  const std::size_t begin = same > kMaxValue / 4 ? same - kMaxValue / 4 : 0;
  std::string text = begin > 0 ? "..." : "";
  text += value.substr(begin, kMaxValue);
  if (begin + kMaxValue < value.size()) text += "...";
  return text;
}

std::string plain_change(const std::string& from, const std::string& to) {
  std::string before = with_short_digests(from), now = with_short_digests(to);
  if (before == now) {
    before = from;
    now = to;
  }
  return shortened(before, now) + " -> " + shortened(now, before);
}

std::string entry_text(const json& object, const std::string& name) {
  return object.contains(name) ? object[name].dump() : "not set";
}

std::string object_change(const json& from, const json& to) {
  std::set<std::string> names;
  for (const json* object : {&from, &to}) {
    for (const auto& [name, value] : object->items()) names.insert(name);
  }
  std::string text;
  std::size_t count = 0;
  for (const std::string& name : names) {
    const std::string before = entry_text(from, name), now = entry_text(to, name);
    if (before == now || ++count > kMaxNames) continue;
    text += (text.empty() ? "" : ", ") + name + " " + plain_change(before, now);
  }
  if (count > kMaxNames) text += " and " + std::to_string(count - kMaxNames) + " more";
  return text;
}

}  // namespace

std::string value_change(const std::string& from, const std::string& to) {
  const json before = json::parse(from, nullptr, false), now = json::parse(to, nullptr, false);
  if (before.is_object() && now.is_object() && before != now) return object_change(before, now);
  return plain_change(from, to);
}

std::string short_value(const std::string& value) {
  return shortened(with_short_digests(value), "");
}

}  // namespace runner
