#include "harness/guest/keys.h"

#include <libssh/libssh.h>

#include <memory>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/temp_dir.h"

namespace skillaudit {

KeyPair generate_key_pair() {
  ssh_key raw = nullptr;
  if (ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &raw) != SSH_OK)
    fail(ErrorKind::Internal, "libssh cannot generate an ed25519 key");
  const std::unique_ptr<ssh_key_struct, decltype(&ssh_key_free)> key(raw, ssh_key_free);
  char* encoded = nullptr;
  if (ssh_pki_export_pubkey_base64(key.get(), &encoded) != SSH_OK)
    fail(ErrorKind::Internal, "libssh cannot export a public key");
  KeyPair pair;
  pair.public_key = std::string("ssh-ed25519 ") + encoded;
  ssh_string_free_char(encoded);
  // libssh writes private keys to files only.
  const TempDir dir;
  const std::string file = (dir.path() / "key").string();
  if (ssh_pki_export_privkey_file(key.get(), nullptr, nullptr, nullptr, file.c_str()) != SSH_OK)
    fail(ErrorKind::Internal, "libssh cannot export a private key");
  pair.private_key = read_file(file);
  return pair;
}

}  // namespace skillaudit
