// Frames over a socket pair: what arrives, and what is refused.
#include "runner/worker_frame.h"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace runner {
namespace {

constexpr std::uint32_t kMagic = 0x31575754;

// Both ends of a connection; `there` is the worker's.
class Connection {
 public:
  Connection() {
    std::array<int, 2> ends{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    here = ends[0];
    there_ = ends[1];
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    hang_up();
    ::close(here);
  }
  Connection& send(std::string_view bytes) {
    REQUIRE(::send(there_, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
    return *this;
  }
  void hang_up() {
    if (there_ >= 0) ::close(there_);
    there_ = -1;
  }
  int there() const { return there_; }

  int here = -1;

 private:
  int there_ = -1;
};

template <typename T>
std::string little_endian(T value) {
  return {reinterpret_cast<const char*>(&value), sizeof(value)};
}

std::string prefix(std::uint32_t header, std::uint64_t payload, std::uint32_t magic = kMagic) {
  return little_endian(magic) + little_endian(header) + little_endian(payload);
}

std::string frame(const std::string& header, const std::string& payload = "") {
  return prefix(static_cast<std::uint32_t>(header.size()), payload.size()) + header + payload;
}

// What reading gives when the worker sends these bytes and hangs up.
std::string error_after(const std::string& bytes) {
  Connection connection;
  connection.send(bytes).hang_up();
  const auto result = read_frame(connection.here);
  return result ? "a frame" : result.error().message;
}

TEST_CASE("a frame arrives as it was sent") {
  Connection connection;
  const std::string binary("\0\xff\n{", 4);
  REQUIRE(write_frame(connection.there(), {{"do", "load"}, {"n", 1}}, {"one", "", binary}).ok());
  REQUIRE(write_frame(connection.there(), {{"do", "next"}}, {}).ok());
  const auto first = read_frame(connection.here);
  REQUIRE(first.ok());
  CHECK(first->header.at("do") == "load");
  CHECK(first->header.at("n") == 1);
  CHECK(first->blobs == std::vector<std::string>{"one", "", binary});
  const auto second = read_frame(connection.here);
  REQUIRE(second.ok());
  CHECK(second->header.at("do") == "next");
  CHECK(second->blobs.empty());
}

TEST_CASE("the bytes on the wire are those of the protocol") {
  Connection connection;
  REQUIRE(write_frame(connection.there(), {{"a", 1}}, {"xy", "z"}).ok());
  const std::string expected = frame(R"({"a":1,"blobs":[2,1]})", "xyz");
  std::string got(expected.size(), ' ');
  REQUIRE(::recv(connection.here, got.data(), got.size(), MSG_WAITALL) == static_cast<ssize_t>(got.size()));
  CHECK(got == expected);
}

TEST_CASE("a frame that arrives byte by byte is one frame") {
  Connection connection;
  const std::string bytes = frame(R"({"blobs":[3]})", "abc");
  std::jthread worker([&] {
    for (const char byte : bytes) connection.send({&byte, 1});
  });
  const auto result = read_frame(connection.here);
  REQUIRE(result.ok());
  CHECK(result->blobs.front() == "abc");
}

TEST_CASE("a frame larger than the connection's buffer arrives whole") {
  Connection connection;
  const std::string large(5u << 20, 'x');
  std::jthread worker([&] { (void)write_frame(connection.there(), {{"do", "load"}}, {large}).ok(); });
  const auto result = read_frame(connection.here);
  REQUIRE(result.ok());
  CHECK(result->blobs.front() == large);
}

TEST_CASE("text that is not UTF-8 is sent with replacements, not refused") {
  Connection connection;
  REQUIRE(write_frame(connection.there(), {{"path", "\xff.py"}}, {}).ok());
  const auto result = read_frame(connection.here);
  REQUIRE(result.ok());
  CHECK(result->header.at("path") == "\xef\xbf\xbd.py");
}

TEST_CASE("a worker that hangs up before or within a frame is gone") {
  const std::string whole = frame(R"({"blobs":[3]})", "abc");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK(error_after(whole.substr(0, size)) == "the worker is gone");
  }
  CHECK(error_after(whole) == "a frame");
}

TEST_CASE("what does not begin like a frame is refused") {
  CHECK(error_after("Traceback (most recent call last)") == "the worker sent something that is not a frame");
  CHECK(error_after(prefix(2, 0, kMagic + 1) + "{}") == "the worker sent something that is not a frame");
}

TEST_CASE("sizes beyond all measure are refused at once") {
  CHECK(error_after(prefix(UINT32_MAX, 0)) == "the worker sent something that is not a frame");
  CHECK(error_after(prefix(2, UINT64_MAX) + "{}") == "the worker sent something that is not a frame");
}

TEST_CASE("a large announced size allocates no more than what arrives") {
  rusage before{}, after{};
  ::getrusage(RUSAGE_SELF, &before);
  CHECK(error_after(prefix(1u << 28, 0) + "{") == "the worker is gone");
  CHECK(error_after(prefix(24, std::uint64_t{1} << 32) + R"({"blobs":[4000000000]}  )" + "x") ==
        "the worker is gone");
  ::getrusage(RUSAGE_SELF, &after);
  CHECK(after.ru_maxrss - before.ru_maxrss < 100'000);  // kilobytes
}

TEST_CASE("a header has to be a JSON object") {
  for (const std::string header : {"", "[]", "1", "nonsense", "{", "{}}", "\xff"}) {
    CAPTURE(header);
    CHECK(error_after(frame(header)) == "the worker sent a header that is not a JSON object");
  }
  CHECK(error_after(frame(std::string(100'000, '['))) ==
        "the worker sent a header that is not a JSON object");
}

TEST_CASE("the list of blobs has to fit the payload exactly") {
  CHECK(error_after(frame(R"({"blobs":3})", "abc")) == "the worker sent a malformed list of blobs");
  for (const std::string lengths : {"[4]", "[2,2]", "[-1]", "[1.5]", "[\"3\"]", "[null]",
                                    "[18446744073709551615]", "[1,18446744073709551615]"}) {
    CAPTURE(lengths);
    CHECK(error_after(frame("{\"blobs\":" + lengths + "}", "abc")) ==
          "the worker sent blobs that are longer than their frame");
  }
  CHECK(error_after(frame(R"({"blobs":[2]})", "abc")) == "the worker sent bytes that belong to no blob");
  CHECK(error_after(frame("{}", "abc")) == "the worker sent bytes that belong to no blob");
}

TEST_CASE("writing to a worker that is gone is an error, no signal") {
  Connection connection;
  connection.hang_up();
  const auto result = write_frame(connection.here, {{"do", "check"}}, {});
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().message == "the worker is gone");
}

std::string content_of(const FileHandle& file) {
  std::string text(1 << 20, '\0');
  const ssize_t count = ::read(file.get(), text.data(), text.size());
  REQUIRE(count >= 0);
  text.resize(static_cast<std::size_t>(count));
  return text;
}

TEST_CASE("a large payload goes beside its frame, where it may") {
  const std::string large(200'000, 'x');
  const std::string header = R"({"blobs":[3,200000,3],"do":"load"})";
  const std::string head = prefix(static_cast<std::uint32_t>(header.size()), large.size() + 6) + header;
  const std::vector<std::string_view> blobs = {"one", large, "two"};

  const OutgoingFrame beside = outgoing_frame({{"do", "load"}}, blobs, PayloadPlace::kBesideIfLarge);
  CHECK(beside.bytes == head);
  CHECK(content_of(beside.payload) == "one" + large + "two");

  const OutgoingFrame within = outgoing_frame({{"do", "load"}}, blobs, PayloadPlace::kInFrame);
  CHECK_FALSE(within.payload);
  CHECK(within.bytes == head + "one" + large + "two");
}

TEST_CASE("a small payload follows its header") {
  const OutgoingFrame small = outgoing_frame({{"do", "load"}}, {"one"}, PayloadPlace::kBesideIfLarge);
  CHECK_FALSE(small.payload);
  CHECK(small.bytes == frame(R"({"blobs":[3],"do":"load"})", "one"));
}

TEST_CASE("a payload that no file can be had for follows its header") {
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  const rlimit none{0, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  const std::string large(200'000, 'x');
  const OutgoingFrame sent = outgoing_frame({}, {large}, PayloadPlace::kBesideIfLarge);
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK_FALSE(sent.payload);
  CHECK(sent.bytes == frame(R"({"blobs":[200000]})", large));
}

}  // namespace
}  // namespace runner
