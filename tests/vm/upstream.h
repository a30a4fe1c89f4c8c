#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/process.h"
#include "harness/base/temp_dir.h"
#include "harness/traffic/policy.h"

namespace skillaudit {

/// The real servers that the proxy reaches for the names of these tests: servers.py, as a child.
class Upstream {
 public:
  /// Returns once they listen. Throws Error{Environment} with their log when they do not.
  Upstream();

  /// Allows GET on allowed.example.com (both schemes), git.example.test, tls-only.example.com and
  /// untrusted.example.com (https), and on this host's package mirrors. Names that no rule allows
  /// are routed too, so that what the filter let through would arrive and be seen.
  [[nodiscard]] Policy policy() const;

  /// Paths of the requests that arrived, in their order.
  [[nodiscard]] std::vector<std::string> seen() const;
  [[nodiscard]] bool has_seen(const std::string& path) const;
  /// A header, named in lower case, of the first request with that path; empty: no such.
  [[nodiscard]] std::string seen_header(const std::string& path, const std::string& name) const;

  /// "127.0.0.1:PORT" of the server that speaks plain HTTP.
  [[nodiscard]] std::string plain_place() const;

  /// PEM of an authority that neither guest nor proxy trusts.
  [[nodiscard]] std::string other_authority() const;

 private:
  TempDir dir_;
  Process process_;
  std::uint16_t http_ = 0;
  std::uint16_t https_ = 0;
  std::uint16_t untrusted_ = 0;
};

}  // namespace skillaudit
