#include "graph/digest.h"

// The plain functions: to make OpenSSL 3 ready for its "EVP" ones takes a millisecond of each process.
#define OPENSSL_API_COMPAT 0x10100000L
#include <openssl/sha.h>

#include <algorithm>
#include <cstring>

#include "graph/result.h"

namespace graph {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

std::string to_hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 15]);
  }
  return text;
}

std::string Digest::hex() const {
  return to_hex(view());
}

std::optional<Digest> Digest::from_hex(std::string_view text) {
  Digest digest;
  if (text.size() != digest.bytes.size() * 2) return std::nullopt;
  for (std::size_t i = 0; i < digest.bytes.size(); ++i) {
    const int high = hex_value(text[2 * i]);
    const int low = hex_value(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    digest.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return digest;
}

Digest Digest::from_raw(std::string_view raw) {
  Digest digest;
  INVARIANT(raw.size() == digest.bytes.size(), "a raw digest has 32 bytes");
  std::memcpy(digest.bytes.data(), raw.data(), raw.size());
  return digest;
}

Digest sha256(std::string_view bytes) {
  Digest digest;
  static_assert(sizeof(digest.bytes) == SHA256_DIGEST_LENGTH);
  SHA256_CTX context;
  const bool done = SHA256_Init(&context) == 1 && SHA256_Update(&context, bytes.data(), bytes.size()) == 1 &&
                    SHA256_Final(digest.bytes.data(), &context) == 1;
  INVARIANT(done, "hashing a buffer cannot fail");
  return digest;
}

Sha1 sha1(std::string_view bytes) {
  Sha1 digest;
  static_assert(sizeof(digest) == SHA_DIGEST_LENGTH);
  SHA_CTX context;
  const bool done = SHA1_Init(&context) == 1 && SHA1_Update(&context, bytes.data(), bytes.size()) == 1 &&
                    SHA1_Final(digest.data(), &context) == 1;
  INVARIANT(done, "hashing a buffer cannot fail");
  return digest;
}

void DigestBuilder::field(std::string_view tag, std::string_view value) {
  // Little-endian, as on every platform typewave is built for.
  const auto tag_length = static_cast<std::uint8_t>(tag.size());
  const auto value_length = static_cast<std::uint32_t>(value.size());
  INVARIANT(tag.size() < 256 && value.size() <= UINT32_MAX, "a key field is short");
  buffer_.append(reinterpret_cast<const char*>(&tag_length), sizeof(tag_length));
  buffer_.append(reinterpret_cast<const char*>(&value_length), sizeof(value_length));
  buffer_.append(tag);
  buffer_.append(value);
}

void DigestBuilder::field(std::string_view tag, std::uint64_t value) {
  field(tag, std::string_view(reinterpret_cast<const char*>(&value), sizeof(value)));
}

Digest DigestBuilder::finish() {
  const Digest digest = sha256(buffer_);
  buffer_.clear();
  return digest;
}

FieldDigest::FieldDigest(std::string_view tag, std::size_t expected_size)
    : begin_(1 + sizeof(std::uint32_t) + tag.size()) {
  INVARIANT(tag.size() < 256, "a key field is short");
  buffer_.reserve(begin_ + expected_size);
  buffer_ += static_cast<char>(tag.size());
  buffer_.append(sizeof(std::uint32_t), '\0');  // the value's length, not known yet
  buffer_ += tag;
}

void FieldDigest::drop_trailing(std::string_view bytes) {
  const std::size_t last = buffer_.find_last_not_of(bytes);
  buffer_.resize(std::max(begin_, last + 1));  // npos + 1 is 0
}

Digest FieldDigest::finish() {
  INVARIANT(buffer_.size() - begin_ <= UINT32_MAX, "a key field is short");
  const auto length = static_cast<std::uint32_t>(buffer_.size() - begin_);
  std::memcpy(buffer_.data() + 1, &length, sizeof(length));
  return sha256(buffer_);
}

}  // namespace graph
