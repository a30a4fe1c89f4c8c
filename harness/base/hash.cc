#include "harness/base/hash.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/random.h>

#include <cerrno>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/fd.h"

namespace skillaudit {
namespace {

std::string hex(const unsigned char* bytes, std::size_t count) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(count * 2);
  for (std::size_t i = 0; i < count; ++i) {
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 15];
  }
  return text;
}

}  // namespace

struct Sha256::Impl {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~Impl() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : impl_(std::make_unique<Impl>()) {
  if (!impl_->context || EVP_DigestInit_ex(impl_->context, EVP_sha256(), nullptr) != 1)
    fail(ErrorKind::Internal, "OpenSSL has no SHA-256");
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(std::string_view bytes) {
  EVP_DigestUpdate(impl_->context, bytes.data(), bytes.size());
}

std::string Sha256::finish() {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_DigestFinal_ex(impl_->context, digest, &size);
  return hex(digest, size);
}

std::string sha256(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.finish();
}

std::string sha256_base64(std::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr) != 1)
    fail(ErrorKind::Internal, "OpenSSL has no SHA-256");
  unsigned char text[EVP_ENCODE_LENGTH(EVP_MAX_MD_SIZE)];
  const int length = EVP_EncodeBlock(text, digest, static_cast<int>(size));
  return {text, text + length};
}

std::string sha256_file(const std::filesystem::path& path) {
  Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) fail(ErrorKind::Environment, "cannot read {}: {}", path.string(), errno_text(errno));
  Sha256 hash;
  std::vector<char> buffer(1 << 20);
  for (;;) {
    const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      fail(ErrorKind::Environment, "cannot read {}: {}", path.string(), errno_text(errno));
    if (got == 0) return hash.finish();
    hash.add({buffer.data(), static_cast<std::size_t>(got)});
  }
}

std::string random_bytes(std::size_t count) {
  std::string buffer(count, '\0');
  for (std::size_t done = 0; done < count;) {
    const ssize_t got = ::getrandom(buffer.data() + done, count - done, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      fail(ErrorKind::Environment, "the kernel gives no random bytes: {}", errno_text(errno));
    done += static_cast<std::size_t>(got);
  }
  return buffer;
}

std::string random_hex(std::size_t bytes) {
  const std::string buffer = random_bytes(bytes);
  return hex(reinterpret_cast<const unsigned char*>(buffer.data()), bytes);
}

}  // namespace skillaudit
