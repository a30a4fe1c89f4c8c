#include "harness/sensors/secret_formats.h"

#include <openssl/evp.h>
#include <zlib.h>

#include <cstdint>
#include <memory>

#include "harness/base/error.h"
#include "harness/sensors/encodings.h"

namespace skillaudit {
namespace {

/// RFC 4251, section 5.
std::string uint32_field(std::uint32_t value) {
  std::string bytes;
  for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>((value >> shift) & 0xff);
  return bytes;
}

std::string string_field(std::string_view value) {
  return uint32_field(static_cast<std::uint32_t>(value.size())) + std::string(value);
}

std::string ed25519_public_key(const std::string& seed) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr,
                                   reinterpret_cast<const unsigned char*>(seed.data()),
                                   seed.size()),
      EVP_PKEY_free);
  std::string bytes(32, '\0');
  std::size_t size = bytes.size();
  if (!key || EVP_PKEY_get_raw_public_key(key.get(), reinterpret_cast<unsigned char*>(bytes.data()),
                                          &size) != 1)
    fail(ErrorKind::Internal, "OpenSSL cannot make an Ed25519 key");
  return bytes;
}

std::string padded_base64(std::string_view bytes) {
  std::string text = base64url(bytes);
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

/// Characters of one line in a key file (sshkey.c writes 70).
constexpr std::size_t kKeyLine = 70;

}  // namespace

std::string random_text(const Entropy& entropy, std::string_view alphabet, std::size_t count) {
  // Bytes from the uneven rest of 256 are thrown away.
  const std::size_t even = 256 / alphabet.size() * alphabet.size();
  std::string text;
  while (text.size() < count) {
    const std::string bytes = entropy(count);
    if (bytes.size() != count) fail(ErrorKind::Internal, "the entropy source gave too few bytes");
    for (const char c : bytes) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < even && text.size() < count) text += alphabet[byte % alphabet.size()];
    }
  }
  return text;
}

std::string draw_canary(const Entropy& entropy) {
  return random_text(entropy, "0123456789abcdefghijklmnopqrstuvwxyz", 32);
}

SshKey make_ssh_key(const Entropy& entropy, const std::string& comment) {
  const std::string seed = entropy(32);
  const std::string check = entropy(4);
  const std::string public_key = ed25519_public_key(seed);
  const std::string public_blob = string_field("ssh-ed25519") + string_field(public_key);
  // The same number twice, by which a reader knows that it decrypted well.
  std::string secret =
      check + check + public_blob + string_field(seed + public_key) + string_field(comment);
  for (char pad = 1; secret.size() % 8 != 0; ++pad) secret += pad;
  using namespace std::string_literals;
  const std::string container = "openssh-key-v1\0"s + string_field("none") + string_field("none") +
                                string_field("") + uint32_field(1) + string_field(public_blob);
  const std::string text = padded_base64(container + string_field(secret));

  SshKey key;
  key.private_file = "-----BEGIN OPENSSH PRIVATE KEY-----\n";
  for (std::size_t at = 0; at < text.size(); at += kKeyLine)
    key.private_file += text.substr(at, kKeyLine) + "\n";
  key.private_file += "-----END OPENSSH PRIVATE KEY-----";
  key.public_line = "ssh-ed25519 " + padded_base64(public_blob);
  if (!comment.empty()) key.public_line += " " + comment;
  // The seed stands at bytes 161 to 192 of the container, and a line holds 52.5 bytes: it is all in
  // the fourth, which holds nothing of what the public file tells but the key's first bytes.
  key.nonce = text.substr(3 * kKeyLine, kKeyLine);
  return key;
}

std::string base62_crc32(std::string_view payload) {
  auto value = static_cast<std::uint32_t>(::crc32(0, reinterpret_cast<const Bytef*>(payload.data()),
                                                  static_cast<uInt>(payload.size())));
  std::string digits(6, kBase62[0]);
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, value /= 62)
    *digit = kBase62[value % 62];
  return digits;
}

Secret make_checked_token(const Entropy& entropy, const std::string& prefix) {
  const std::string payload = random_text(entropy, kBase62, 30);
  return {prefix + payload + base62_crc32(payload), payload};
}

Secret make_service_account_token(const Entropy& entropy) {
  const std::string key_id = random_text(entropy, kBase64UrlAlphabet, 43);
  const std::string signature = base64url(entropy(256));
  const std::string header = R"({"alg":"RS256","kid":")" + key_id + R"("})";
  const std::string claims =
      R"({"iss":"kubernetes/serviceaccount","kubernetes.io/serviceaccount/namespace":"billing",)"
      R"("kubernetes.io/serviceaccount/service-account.name":"deployer",)"
      R"("sub":"system:serviceaccount:billing:deployer"})";
  return {base64url(header) + "." + base64url(claims) + "." + signature, signature.substr(0, 64)};
}

Secret make_index_token(const Entropy& entropy, const std::string& location) {
  const auto field = [](char type, std::string_view value) {
    // Lengths below 128 are one byte of the format's variable-length integers.
    return std::string(1, type) + static_cast<char>(value.size()) + std::string(value);
  };
  const std::string identifier = random_text(entropy, "0123456789abcdef", 32);
  const char kEndOfSection = '\0';
  const std::string macaroon = std::string(1, '\x02') + field(1, location) + field(2, identifier) +
                               kEndOfSection + kEndOfSection + field(6, entropy(32));
  const std::string text = base64url(macaroon);
  // The last characters hold nothing but the signature.
  return {"pypi-" + text, text.substr(text.size() - 42)};
}

Secret make_refresh_token(const Entropy& entropy) {
  const std::string random = random_text(entropy, kBase64UrlAlphabet, 64);
  return {"1//0" + random_text(entropy, kBase64UrlAlphabet, 15) + "CgYIARAAGA" + random, random};
}

}  // namespace skillaudit
