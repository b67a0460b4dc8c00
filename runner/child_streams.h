// What a child writes and reads, served by a thread while it runs.
#pragma once

#include <functional>
#include <string_view>
#include <thread>

#include "runner/file_handle.h"

namespace runner {

// A pipe whose content is taken as it comes.
class Drain {
 public:
  explicit Drain(std::function<void(std::string_view)> take);
  ~Drain() { finish(); }
  Drain(const Drain&) = delete;
  Drain& operator=(const Drain&) = delete;

  // False when there can be no pipe.
  bool is_open() const { return bool(writing_); }
  // The child's end.
  int descriptor() const { return writing_.get(); }
  // Waits until all who write have ended.
  void finish();

 private:
  void read(const std::function<void(std::string_view)>& take) const;

  FileHandle reading_;
  FileHandle writing_;
  std::thread reader_;
};

// The other way: the child reads `text`, which must outlive this.
class Feed {
 public:
  explicit Feed(std::string_view text);
  ~Feed() { finish(); }
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  bool is_open() const { return bool(theirs_); }
  int descriptor() const { return theirs_.get(); }
  // The child has ended: what it did not read nobody reads.
  void finish();

 private:
  void write(std::string_view text) const;

  FileHandle theirs_;
  FileHandle ours_;
  std::thread writer_;
};

}  // namespace runner
