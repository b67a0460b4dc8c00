// Expected failures as values. A bug is an INVARIANT with a sentence; there is no third way.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <variant>

namespace graph {

// What went wrong, where, and what to do about it. `message` holds no trailing newline.
struct Error {
  std::string message;
  std::string hint{};
};

// Either a value or an Error.
template <typename T>
class [[nodiscard]] Result {
 public:
  // Implicit, so that a function returns the one or the other as it is.
  Result(T value) : state_(std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  explicit operator bool() const { return ok(); }
  bool ok() const { return std::holds_alternative<T>(state_); }
  T& operator*() { return std::get<T>(state_); }
  const T& operator*() const { return std::get<T>(state_); }
  T* operator->() { return &std::get<T>(state_); }
  const T* operator->() const { return &std::get<T>(state_); }
  const Error& error() const { return std::get<Error>(state_); }

 private:
  std::variant<T, Error> state_;
};

[[noreturn]] inline void invariant_failed(const char* condition, const char* sentence, const char* file,
                                          int line) {
  std::fprintf(stderr, "typewave: internal error: %s (%s) at %s:%d\n", sentence, condition, file, line);
  std::abort();
}

}  // namespace graph

// Always on: a broken invariant would give a wrong answer, which is worse than none.
#define INVARIANT(condition, sentence) \
  ((condition) ? void(0) : ::graph::invariant_failed(#condition, sentence, __FILE__, __LINE__))
