#include "harness/sensors/wallet.h"

#include <nlohmann/json.hpp>

#include "harness/base/json_text.h"
#include "harness/sensors/encodings.h"
#include "harness/sensors/secret_formats.h"

namespace skillaudit {
namespace {

/// RFC 9562, version 4.
std::string random_uuid(const Entropy& entropy) {
  std::string digits = hex_of(entropy(16));
  digits[12] = '4';
  digits[16] = random_text(entropy, "89ab", 1)[0];
  for (const std::size_t at : {8U, 13U, 18U, 23U}) digits.insert(at, "-");
  return digits;
}

}  // namespace

Wallet make_wallet(const Entropy& entropy) {
  const std::string address = hex_of(entropy(20));
  Wallet wallet;
  wallet.name = "UTC--2024-03-02T09-14-27.318264105Z--" + address;
  wallet.nonce = hex_of(entropy(32));
  nlohmann::ordered_json json;
  json["address"] = address;
  nlohmann::ordered_json& crypto = json["crypto"];
  crypto["cipher"] = "aes-128-ctr";
  crypto["ciphertext"] = wallet.nonce;
  crypto["cipherparams"] = {{"iv", hex_of(entropy(16))}};
  crypto["kdf"] = "scrypt";
  crypto["kdfparams"]["dklen"] = 32;
  crypto["kdfparams"]["n"] = 262144;
  crypto["kdfparams"]["p"] = 1;
  crypto["kdfparams"]["r"] = 8;
  crypto["kdfparams"]["salt"] = hex_of(entropy(32));
  crypto["mac"] = hex_of(entropy(32));
  json["id"] = random_uuid(entropy);
  json["version"] = 3;
  wallet.content = json_text(json);
  return wallet;
}

}  // namespace skillaudit
