// What a key is made of goes through a sink, input by input. There are two kinds of sinks: the digest, which
// is the key, and explanations. Both see the same traversal, so a key and its explanation cannot differ.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "graph/digest.h"
#include "graph/result.h"

namespace scheduler {

// The part that holds what all components of a run share.
inline constexpr std::string_view kRunPart = "run";
// The name of a module's source among its inputs.
inline constexpr std::string_view kSourceInput = "source";

class KeySink;

// Inputs that many components share. They are hashed once; their digest stands for them in each key.
class KeyPart {
 public:
  virtual ~KeyPart() = default;
  virtual void describe(KeySink& sink) const = 0;
};

class KeySink {
 public:
  virtual ~KeySink() = default;
  // `subject` is the module the input belongs to, empty for the run's. Inputs of one subject and name are a
  // list; those whose name begins with another's and a space ("import priority") say more of its items.
  virtual void input(std::string_view subject, std::string_view name, std::string_view value) = 0;
  // The same, of content that is known by its digest.
  virtual void content(std::string_view subject, std::string_view name, const graph::Digest& value) = 0;
  // `digest` is digest_of(part).
  virtual void part(std::string_view name, const graph::Digest& digest, const KeyPart& part) = 0;
};

// The sink that makes keys. What it hashes tells every call from every other: subjects and names are written
// when they change, values always, each with what it is and its size. A run's keys are some million inputs.
class DigestSink final : public KeySink {
 public:
  void input(std::string_view subject, std::string_view name, std::string_view value) override {
    if (subject != subject_) write(Kind::kSubject, subject_ = subject);
    if (name != name_) write(Kind::kName, name_ = name);
    write(Kind::kValue, value);
  }
  void content(std::string_view subject, std::string_view name, const graph::Digest& value) override {
    input(subject, name, value.view());
  }
  void part(std::string_view name, const graph::Digest& digest, const KeyPart&) override {
    if (name != name_) write(Kind::kName, name_ = name);
    write(Kind::kPart, digest.view());
  }
  graph::Digest finish() { return graph::sha256(bytes_); }

 private:
  enum class Kind : char { kSubject, kName, kValue, kPart };

  void write(Kind kind, std::string_view text) {
    INVARIANT(text.size() <= UINT32_MAX, "an input of a key is short");
    const auto size = static_cast<std::uint32_t>(text.size());
    bytes_ += static_cast<char>(kind);
    bytes_.append(reinterpret_cast<const char*>(&size), sizeof(size));
    bytes_ += text;
  }

  std::string bytes_;
  std::string subject_;
  std::string name_;
};

inline graph::Digest digest_of(const KeyPart& part) {
  DigestSink sink;
  part.describe(sink);
  return sink.finish();
}

}  // namespace scheduler
