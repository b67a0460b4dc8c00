// What a key is made of goes through a sink, input by input. There are two kinds of sinks: the digest, which
// is the key, and explanations. Both see the same traversal, so a key and its explanation cannot differ.
#pragma once

#include <string_view>

#include "graph/digest.h"

namespace scheduler {

// The part that holds what all components of a run share.
inline constexpr std::string_view kRunPart = "run";

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

// The sink that makes keys.
class DigestSink final : public KeySink {
 public:
  void input(std::string_view subject, std::string_view name, std::string_view value) override {
    builder_.field("subject", subject);
    builder_.field(name, value);
  }
  void content(std::string_view subject, std::string_view name, const graph::Digest& value) override {
    input(subject, name, value.view());
  }
  void part(std::string_view name, const graph::Digest& digest, const KeyPart&) override {
    builder_.field(name, digest);
  }
  graph::Digest finish() { return builder_.finish(); }

 private:
  graph::DigestBuilder builder_;
};

inline graph::Digest digest_of(const KeyPart& part) {
  DigestSink sink;
  part.describe(sink);
  return sink.finish();
}

}  // namespace scheduler
