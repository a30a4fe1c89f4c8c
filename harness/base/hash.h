#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace skillaudit {

/// SHA-256, incremental. Results are 64 lower-case hexadecimal digits.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void add(std::string_view bytes);
  [[nodiscard]] std::string finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

[[nodiscard]] std::string sha256(std::string_view bytes);
/// The same digest in base64, as a Content-Security-Policy names it.
[[nodiscard]] std::string sha256_base64(std::string_view bytes);
/// Streams the file. Throws Error{Environment} when it cannot be read.
[[nodiscard]] std::string sha256_file(const std::filesystem::path& path);

/// `count` random bytes from the kernel.
[[nodiscard]] std::string random_bytes(std::size_t count);
/// `bytes` random bytes from the kernel, as lower-case hexadecimal.
[[nodiscard]] std::string random_hex(std::size_t bytes);

}  // namespace skillaudit
