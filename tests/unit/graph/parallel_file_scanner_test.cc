// Reading files for their scans: once each, from memory where it knows them, never waiting for a device.
#include "graph/parallel_file_scanner.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

namespace {

// One file of this process's own; what is read here cannot be faked.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text)
      : path_(std::filesystem::temp_directory_path() / ("typewave-scan-" + std::to_string(::getpid()))) {
    std::ofstream(path_) << text;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

class FakeMemory final : public graph::ScanMemory {
 public:
  bool recall(const std::string& path, const graph::ScanTarget&, const graph::FileStat&,
              graph::ScannedFile& file) override {
    if (!known.contains(path)) return false;
    file.size = 4711;
    return true;
  }
  void remember(const std::string& path, const graph::ScanTarget&, const graph::FileStat& stat,
                const graph::ScannedFile& file) override {
    CHECK(stat.size == file.size);
    remembered.push_back(path);
  }
  bool empty() override { return known.empty(); }
  std::set<std::string> known;
  std::vector<std::string> remembered;
};

const graph::ScannedFile* scan_one(graph::FileScanner& scanner, const std::string& path,
                                   const graph::ScanTarget& target = {}) {
  const graph::ScanRequest request{.path = path, .target = &target};
  return scanner.scan({&request, 1}).front();
}

}  // namespace

TEST_CASE("a file is read, digested and scanned once for each target") {
  const TemporaryFile file("import a\n");
  graph::ParallelFileScanner scanner(2, nullptr);
  const graph::ScannedFile* scanned = scan_one(scanner, file.path());
  CHECK(scanned->unreadable.empty());
  CHECK(scanned->size == 9);
  CHECK(scanned->digest == graph::sha256("import a\n"));
  CHECK(scanned->sha1 == graph::sha1("import a\n"));
  REQUIRE(scanned->scan.imports.size() == 1);
  CHECK(scan_one(scanner, file.path()) == scanned);
  graph::ScanTarget other;
  other.python_minor = 9;
  CHECK(scan_one(scanner, file.path(), other) != scanned);
}

TEST_CASE("what was scanned ahead is what would have been scanned") {
  const TemporaryFile file("import a\n");
  const graph::ScanTarget target;
  graph::ScanTarget other;
  other.python_minor = 9;
  for (const graph::ScanTarget* guessed : std::initializer_list<const graph::ScanTarget*>{&target, &other}) {
    FakeMemory memory;
    graph::ParallelFileScanner scanner(2, &memory);
    scanner.anticipate(file.path(), *guessed);
    scanner.anticipate("/nowhere/at all.py", *guessed);
    for (int i = 0; i < 100; ++i)
      scanner.anticipate(std::string(static_cast<std::size_t>(i), '/') + file.path(), target);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    const graph::ScannedFile* scanned = scan_one(scanner, file.path(), target);
    CHECK(scanned->digest == graph::sha256("import a\n"));
    CHECK(scanned->scan.imports.size() == 1);
    CHECK(scan_one(scanner, "/nowhere/at all.py", target)->unreadable == "No such file or directory");
    CHECK(memory.remembered == std::vector<std::string>{file.path()});
    graph::DiskObservations seen;
    scanner.add_to(seen);
    CHECK(seen.files.size() == 2);
    CHECK_FALSE(seen.complete);
  }
}

TEST_CASE("what is scanned ahead and never asked for is left alone") {
  const TemporaryFile file("import a\n");
  FakeMemory memory;
  graph::ParallelFileScanner scanner(2, &memory);
  scanner.anticipate(file.path(), {});
  graph::DiskObservations seen;
  scanner.add_to(seen);
  CHECK(seen.files.empty());
  CHECK(memory.remembered.empty());
}

TEST_CASE("a directory is an empty file, what is no file is an error") {
  graph::ParallelFileScanner scanner(1, nullptr);
  CHECK(scan_one(scanner, "/")->unreadable.empty());
  CHECK(scan_one(scanner, "/")->digest == graph::sha256(""));
  CHECK(scan_one(scanner, "/dev/null")->unreadable == "Not a regular file");
  CHECK(scan_one(scanner, "/nowhere/at all.py")->unreadable == "No such file or directory");
}

TEST_CASE("answers come in the order of requests whatever the number of threads") {
  const TemporaryFile file("import a\n");
  const graph::ScanTarget target;
  std::vector<graph::ScanRequest> requests;
  for (int i = 0; i < 200; ++i) {
    // Another spelling each, so each is another path.
    requests.push_back(
        {.path = std::string(static_cast<std::size_t>(i), '/') + file.path(), .target = &target});
    requests.push_back({.path = "/nowhere/" + std::to_string(i), .target = &target});
  }
  graph::ParallelFileScanner scanner(4, nullptr);
  const std::vector<const graph::ScannedFile*> answers = scanner.scan(requests);
  REQUIRE(answers.size() == requests.size());
  for (std::size_t i = 0; i < answers.size(); ++i) CHECK(answers[i]->unreadable.empty() == (i % 2 == 0));
}

TEST_CASE("a memory answers for files it knows and hears of the others") {
  const TemporaryFile file("import a\n");
  FakeMemory memory;
  {
    graph::ParallelFileScanner scanner(1, &memory);
    CHECK(scan_one(scanner, file.path())->size == 9);
    scan_one(scanner, "/");
    scan_one(scanner, "/nowhere");
    CHECK(memory.remembered == std::vector{file.path()});
  }
  memory.known.insert(file.path());
  graph::ParallelFileScanner scanner(1, &memory);
  CHECK(scan_one(scanner, file.path())->size == 4711);
  CHECK(memory.remembered.size() == 1);
}
