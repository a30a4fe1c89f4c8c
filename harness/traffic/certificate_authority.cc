#include "harness/traffic/certificate_authority.h"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <memory>
#include <string_view>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/fd.h"
#include "harness/base/file.h"

namespace skillaudit {
namespace fs = std::filesystem;
namespace {

/// What a skill sees of it must not say that it is audited.
constexpr const char* kName = "Internal Root CA";
constexpr const char* kOrganization = "Internal";
constexpr int kDays = 3650;
constexpr int kRenewDays = 30;
constexpr int kKeyBits = 2048;

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Memory = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using Number = std::unique_ptr<BIGNUM, Deleter<BN_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;

/// OpenSSL's functions return 1 or a pointer on success.
template <typename T>
T check(T result, const char* what) {
  if (result) return result;
  char reason[256];
  ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
  fail(ErrorKind::Environment, "cannot make the proxy's certificate authority: {} failed ({})",
       what, reason);
}

std::string text_of(BIO* memory) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  return std::string(data, static_cast<std::size_t>(size));
}

void add_extension(X509* certificate, int kind, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const Extension extension(
      check(X509V3_EXT_conf_nid(nullptr, &context, kind, value), "X509V3_EXT_conf_nid"));
  check(X509_add_ext(certificate, extension.get(), -1), "X509_add_ext");
}

Certificate self_signed(EVP_PKEY* key) {
  Certificate certificate(check(X509_new(), "X509_new"));
  X509* x = certificate.get();
  const Number serial(check(BN_new(), "BN_new"));
  check(BN_rand(serial.get(), 159, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY),
        "BN_rand");  // RFC 5280, 4.1.2.2
  check(BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(x)), "BN_to_ASN1_INTEGER");
  check(X509_set_version(x, X509_VERSION_3), "X509_set_version");
  // A guest's clock may be behind until it is set.
  check(X509_time_adj_ex(X509_getm_notBefore(x), -2, 0, nullptr), "X509_time_adj_ex");
  check(X509_time_adj_ex(X509_getm_notAfter(x), kDays, 0, nullptr), "X509_time_adj_ex");
  X509_NAME* name = X509_get_subject_name(x);
  for (const auto& [field, value] : {std::pair("CN", kName), std::pair("O", kOrganization)})
    check(X509_NAME_add_entry_by_txt(name, field, MBSTRING_ASC,
                                     reinterpret_cast<const unsigned char*>(value), -1, -1, 0),
          "X509_NAME_add_entry_by_txt");
  check(X509_set_issuer_name(x, name), "X509_set_issuer_name");
  check(X509_set_pubkey(x, key), "X509_set_pubkey");
  add_extension(x, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(x, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(x, NID_ext_key_usage, "serverAuth");
  add_extension(x, NID_subject_key_identifier, "hash");
  check(X509_sign(x, key, EVP_sha256()), "X509_sign");
  return certificate;
}

bool has_its_name(const X509* certificate) {
  std::array<char, 64> name{};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name.data(),
                            static_cast<int>(name.size()));
  return std::string_view(name.data()) == kName;
}

/// True when `pem` holds a private key, and the certificate for it with its name and time left.
bool is_usable(const std::string& pem) {
  const auto open = [&] {
    return Memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  };
  const Key key(PEM_read_bio_PrivateKey(open().get(), nullptr, nullptr, nullptr));
  const Certificate certificate(PEM_read_bio_X509(open().get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (!key || !certificate || X509_check_private_key(certificate.get(), key.get()) != 1)
    return false;
  if (!has_its_name(certificate.get())) return false;
  std::time_t later = std::time(nullptr) + std::time_t{kRenewDays} * 24 * 3600;
  return X509_cmp_time(X509_get0_notAfter(certificate.get()), &later) > 0;
}

bool is_usable(const fs::path& key_file, const fs::path& certificate_file) {
  try {
    const std::string both = read_file(key_file, 1 << 20);
    const std::string certificate = read_file(certificate_file, 1 << 20);
    // The certificate that guests trust must be the one that the proxy signs with.
    return both.ends_with(certificate) && !certificate.empty() && is_usable(both);
  } catch (const Error&) {
    return false;
  }
}

void make_authority(const fs::path& key_file, const fs::path& certificate_file) {
  const Key key(check(EVP_RSA_gen(kKeyBits), "EVP_RSA_gen"));
  const Certificate certificate = self_signed(key.get());
  const Memory key_pem(check(BIO_new(BIO_s_mem()), "BIO_new"));
  const Memory certificate_pem(check(BIO_new(BIO_s_mem()), "BIO_new"));
  check(PEM_write_bio_PrivateKey_traditional(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                             nullptr),
        "PEM_write_bio_PrivateKey_traditional");
  check(PEM_write_bio_X509(certificate_pem.get(), certificate.get()), "PEM_write_bio_X509");
  write_file(certificate_file, text_of(certificate_pem.get()), 0600);
  // Last: this is the file that mitmproxy looks for, and would make itself if it were missing.
  write_file(key_file, text_of(key_pem.get()) + text_of(certificate_pem.get()), 0600);
}

}  // namespace

fs::path ensure_certificate_authority(const fs::path& dir) {
  std::error_code error;
  fs::create_directories(dir, error);
  if (error)
    fail(ErrorKind::Environment,
         "cannot create the folder {} for the proxy's certificate authority: {}", dir.string(),
         error.message());
  fs::permissions(dir, fs::perms::owner_all, error);
  const fs::path lock_file = dir / "lock";
  const Fd lock(::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock)
    fail(ErrorKind::Environment, "cannot open {}: {}", lock_file.string(), errno_text(errno));
  while (::flock(lock.get(), LOCK_EX) != 0)
    if (errno != EINTR)
      fail(ErrorKind::Environment, "cannot lock {}: {}", lock_file.string(), errno_text(errno));
  const fs::path key_file = dir / "mitmproxy-ca.pem";
  const fs::path certificate_file = dir / "mitmproxy-ca-cert.pem";
  if (!is_usable(key_file, certificate_file)) make_authority(key_file, certificate_file);
  return certificate_file;
}

}  // namespace skillaudit
