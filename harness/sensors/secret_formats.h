#pragma once

#include <string>
#include <string_view>

#include "harness/sensors/decoys.h"

namespace skillaudit {

/// Credentials that are valid in form and open nothing.

/// `count` characters drawn evenly from `alphabet` (at most 256 characters).
[[nodiscard]] std::string random_text(const Entropy& entropy, std::string_view alphabet,
                                      std::size_t count);

/// Text for one document: what no other file of the home, no other audit and no skill has.
[[nodiscard]] std::string draw_canary(const Entropy& entropy);

inline constexpr std::string_view kBase62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
inline constexpr std::string_view kBase64UrlAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A secret as it is planted, and the part of it that is looked for.
struct Secret {
  std::string value;
  std::string nonce;
};

struct SshKey {
  std::string
      private_file;  ///< PEM-like, ends in "-----END OPENSSH PRIVATE KEY-----", no newline after
  std::string public_line;  ///< "ssh-ed25519 AAAA… comment"
  std::string nonce;        ///< the line of the private file that holds the seed, 70 characters
};

/// A new Ed25519 key in OpenSSH's own format (PROTOCOL.key), without a passphrase.
[[nodiscard]] SshKey make_ssh_key(const Entropy& entropy, const std::string& comment);

/// "ghp_…" and "npm_…": 30 characters of Base62, then their CRC-32 in six more
/// (github.blog, "Behind GitHub's new authentication token formats", 2021).
[[nodiscard]] Secret make_checked_token(const Entropy& entropy, const std::string& prefix);

/// The same checksum, for tests.
[[nodiscard]] std::string base62_crc32(std::string_view payload);

/// A signed JSON Web Token (RFC 7519) as a Kubernetes service account has it. The signature is
/// noise.
[[nodiscard]] Secret make_service_account_token(const Entropy& entropy);

/// "pypi-…": a macaroon (libmacaroons' binary format, version 2) in Base64.
[[nodiscard]] Secret make_index_token(const Entropy& entropy, const std::string& location);

/// A refresh token as Google issues it: "1//0…".
[[nodiscard]] Secret make_refresh_token(const Entropy& entropy);

}  // namespace skillaudit
