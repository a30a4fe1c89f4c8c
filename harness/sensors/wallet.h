#pragma once

#include <string>

#include "harness/sensors/decoys.h"

namespace skillaudit {

/// A wallet as Ethereum's programs keep it: a JSON file of the Web3 Secret Storage Definition,
/// version 3, that no passphrase opens.
struct Wallet {
  std::string name;     ///< of its file: "UTC--2024-03-02T09-14-27.318264105Z--ADDRESS"
  std::string content;  ///< JSON on one line
  std::string nonce;    ///< its ciphertext, 64 hexadecimal digits
};
[[nodiscard]] Wallet make_wallet(const Entropy& entropy);

}  // namespace skillaudit
