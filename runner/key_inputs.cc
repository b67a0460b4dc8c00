#include "runner/key_inputs.h"

#include <algorithm>
#include <map>
#include <utility>

namespace runner {
namespace {

constexpr std::size_t kDigestBytes = 8;
// The bits beside a name's number.
constexpr std::uint64_t kIsDigest = 1;
constexpr std::uint64_t kNewSubject = 2;

// Reads inputs one after the other.
class InputReader {
 public:
  InputReader(std::string_view bytes, const StringTable& strings) : in_(bytes), strings_(strings) {}

  struct Item {
    std::string_view subject;
    bool new_subject = false;
    std::string_view name;
    bool is_digest = false;
    std::string_view value;
  };

  // Nothing at the end, and when the bytes are broken: see finished().
  std::optional<Item> next() {
    if (!in_.ok() || in_.remaining() == 0) return std::nullopt;
    Item item;
    const std::uint64_t head = in_.varint();
    item.is_digest = (head & kIsDigest) != 0;
    item.new_subject = (head & kNewSubject) != 0;
    item.name = text(head >> 2);
    if (item.new_subject) subject_ = text(in_.varint());
    item.subject = subject_;
    item.value = item.is_digest ? in_.raw(kDigestBytes) : text(in_.varint());
    if (!in_.ok()) return std::nullopt;
    return item;
  }
  bool finished() const { return in_.finished(); }

 private:
  std::string_view text(std::uint64_t id) {
    if (id < strings_.size()) return strings_[static_cast<std::uint32_t>(id)];
    in_.fail();
    return {};
  }

  graph::ByteReader in_;
  const StringTable& strings_;
  std::string_view subject_;
};

// An input with what else is said of it.
struct Item {
  std::string value;
  std::vector<std::pair<std::string, std::string>> more;  // name -> value

  bool operator==(const Item&) const = default;
};

// All inputs of one subject and name.
struct List {
  std::string subject;
  std::string name;
  std::vector<Item> items;
};

std::vector<List> lists_of(const KeyInputs& inputs) {
  std::vector<List> lists;
  const auto list_of = [&lists](const std::string& subject, const std::string& name) -> List& {
    for (auto it = lists.rbegin(); it != lists.rend() && it->subject == subject; ++it) {
      if (it->name == name) return *it;
    }
    return lists.emplace_back(List{subject, name, {}});
  };
  const KeyInput* head = nullptr;
  for (const KeyInput& input : inputs) {
    const bool more =
        head != nullptr && input.subject == head->subject && input.name.starts_with(head->name + " ");
    if (more) {
      list_of(head->subject, head->name).items.back().more.emplace_back(input.name, input.value);
      continue;
    }
    head = &input;
    list_of(input.subject, input.name).items.push_back({input.value, {}});
  }
  return lists;
}

void compare_items(const List& list, const Item& before, const Item& now, std::vector<KeyChange>& changes) {
  const std::size_t count = std::max(before.more.size(), now.more.size());
  for (std::size_t i = 0; i < count; ++i) {
    const auto* a = i < before.more.size() ? &before.more[i] : nullptr;
    const auto* b = i < now.more.size() ? &now.more[i] : nullptr;
    if (a != nullptr && b != nullptr && *a == *b) continue;
    KeyChange change{list.subject, a != nullptr ? a->first : b->first, now.value, {}, {}};
    if (a != nullptr) change.from = a->second;
    if (b != nullptr) change.to = b->second;
    changes.push_back(std::move(change));
  }
}

void compare_lists(const List& before, const List& now, std::vector<KeyChange>& changes) {
  if (before.items == now.items) return;
  if (before.items.size() == 1 && now.items.size() == 1 && before.items[0].more.empty() &&
      now.items[0].more.empty()) {
    changes.push_back({now.subject, now.name, {}, before.items[0].value, now.items[0].value});
    return;
  }
  const std::size_t changes_before = changes.size();
  // The n-th item of a value is the same item.
  std::multimap<std::string_view, const Item*> left;
  for (const Item& item : before.items) left.emplace(item.value, &item);
  for (const Item& item : now.items) {
    const auto same = left.find(item.value);
    if (same == left.end()) {
      changes.push_back({now.subject, now.name, item.value, std::nullopt, item.value});
      continue;
    }
    compare_items(now, *same->second, item, changes);
    left.erase(same);
  }
  for (const Item& item : before.items) {
    const auto range = left.equal_range(item.value);
    for (auto it = range.first; it != range.second; ++it) {
      if (it->second == &item)
        changes.push_back({now.subject, now.name, item.value, item.value, std::nullopt});
    }
  }
  if (changes.size() == changes_before) changes.push_back({now.subject, now.name + " order", {}, {}, {}});
}

std::vector<std::string> subjects_of(const KeyInputs& inputs) {
  std::vector<std::string> subjects;
  for (const KeyInput& input : inputs) {
    if (input.subject.empty()) continue;
    if (std::find(subjects.begin(), subjects.end(), input.subject) == subjects.end()) {
      subjects.push_back(input.subject);
    }
  }
  return subjects;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Modules that came into the key or left it; their own inputs say nothing more then.
void compare_subjects(const std::vector<std::string>& before, const std::vector<std::string>& now,
                      std::vector<KeyChange>& changes) {
  for (const std::string& name : now) {
    if (!contains(before, name)) changes.push_back({name, "member", name, std::nullopt, name});
  }
  for (const std::string& name : before) {
    if (!contains(now, name)) changes.push_back({name, "member", name, name, std::nullopt});
  }
  if (changes.empty() && before != now) changes.push_back({{}, "member order", {}, {}, {}});
}

}  // namespace

void RecordingSink::head(std::string_view subject, std::string_view name, bool is_digest) {
  const bool new_subject = bytes_.empty() || subject != subject_;
  out_.varint(std::uint64_t{strings_.intern(name)} << 2 | (new_subject ? kNewSubject : 0) |
              (is_digest ? kIsDigest : 0));
  if (!new_subject) return;
  out_.varint(strings_.intern(subject));
  subject_ = subject;
}

void RecordingSink::input(std::string_view subject, std::string_view name, std::string_view value) {
  head(subject, name, false);
  out_.varint(strings_.intern(value));
}

void RecordingSink::content(std::string_view subject, std::string_view name, const graph::Digest& value) {
  head(subject, name, true);
  out_.raw(value.view().substr(0, kDigestBytes));
}

void RecordingSink::part(std::string_view name, const graph::Digest& digest, const scheduler::KeyPart&) {
  if (name == scheduler::kRunPart) return;
  auto known = std::find_if(parts_.begin(), parts_.end(), [&](const Part& p) { return p.name == name; });
  if (known == parts_.end()) known = parts_.insert(parts_.end(), Part{name, {}});
  known->digests.field("part", digest);
}

std::string RecordingSink::finish() {
  for (Part& part : parts_) content({}, part.name, part.digests.finish());
  parts_.clear();
  return std::move(bytes_);
}

std::optional<KeyInputs> decode_inputs(std::string_view bytes, const StringTable& strings) {
  InputReader reader(bytes, strings);
  KeyInputs inputs;
  while (const auto item = reader.next()) {
    inputs.push_back({std::string(item->subject), std::string(item->name),
                      item->is_digest ? graph::to_hex(item->value) : std::string(item->value)});
  }
  if (!reader.finished()) return std::nullopt;
  return inputs;
}

std::optional<std::string> renumber_inputs(std::string_view bytes, const StringTable& from, StringTable& to) {
  InputReader reader(bytes, from);
  std::string renumbered;
  graph::ByteWriter out(renumbered);
  while (const auto item = reader.next()) {
    out.varint(std::uint64_t{to.intern(item->name)} << 2 | (item->new_subject ? kNewSubject : 0) |
               (item->is_digest ? kIsDigest : 0));
    if (item->new_subject) out.varint(to.intern(item->subject));
    item->is_digest ? out.raw(item->value) : out.varint(to.intern(item->value));
  }
  if (!reader.finished()) return std::nullopt;
  return renumbered;
}

std::vector<KeyChange> compare_inputs(const KeyInputs& before, const KeyInputs& now) {
  std::vector<KeyChange> changes;
  const std::vector<std::string> members_before = subjects_of(before);
  const std::vector<std::string> members = subjects_of(now);
  compare_subjects(members_before, members, changes);
  const std::vector<List> old_lists = lists_of(before);
  const std::vector<List> new_lists = lists_of(now);
  const auto same_list = [](const std::vector<List>& lists, const List& list) {
    return std::find_if(lists.begin(), lists.end(), [&list](const List& other) {
      return other.subject == list.subject && other.name == list.name;
    });
  };
  for (const List& list : new_lists) {
    if (!list.subject.empty() && !contains(members_before, list.subject)) continue;
    const auto known = same_list(old_lists, list);
    compare_lists(known == old_lists.end() ? List{list.subject, list.name, {}} : *known, list, changes);
  }
  for (const List& list : old_lists) {
    if (!list.subject.empty() && !contains(members, list.subject)) continue;
    if (same_list(new_lists, list) == new_lists.end()) {
      compare_lists(list, {list.subject, list.name, {}}, changes);
    }
  }
  // The same lists in another order: of subjects without a name, say.
  if (changes.empty() && before != now) changes.push_back({{}, "order", {}, {}, {}});
  return changes;
}

}  // namespace runner
