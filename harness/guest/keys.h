#pragma once

#include <string>

namespace skillaudit {

/// An ed25519 key pair for one guest's life.
struct KeyPair {
  std::string private_key;  ///< OpenSSH PEM
  std::string public_key;   ///< "ssh-ed25519 AAAA…", no comment, no line feed
};

/// Fresh from libssh's generator. Throws Error{Internal}.
[[nodiscard]] KeyPair generate_key_pair();

}  // namespace skillaudit
