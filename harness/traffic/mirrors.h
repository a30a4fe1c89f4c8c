#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

/// The package mirrors configured on this host: the image is built from them, and they are all
/// that a guest reaches by default.
struct HostMirrors {
  /// deb822 text (sources.list(5)) of the distribution's own entries, for mmdebstrap and the guest.
  /// Without comments, user names and passwords. Empty when there are none.
  std::string apt_sources;
  /// "http://mirror.example.com/debian", without a trailing slash; each once.
  std::vector<std::string> apt_urls;
  /// "https://registry.example.com", without a trailing slash; empty when npm has none.
  std::string npm_registry;
  /// "bookworm": VERSION_CODENAME of os-release(5).
  std::string codename;
};

/// Reads apt's sources, npm's configuration and os-release of the system at `root`. npm itself and
/// the environment (NPM_CONFIG_REGISTRY) are asked only where `root` is this system.
///
/// An apt entry is the distribution's when it is signed by the Debian archive's keyring, or when it
/// names no keyring, its suite is the release's codename (or its -updates, -security, -backports),
/// and the Release file that apt has of it, if any, says `Origin: Debian`.
///
/// Never throws for what is missing or malformed: such an entry is left out, as apt leaves it out.
[[nodiscard]] HostMirrors host_mirrors(const std::filesystem::path& root = "/");

/// The `registry=` line of an npmrc file, cleaned; empty when there is none.
[[nodiscard]] std::string registry_of_npmrc(std::string_view text);

/// An http or https URL without user name, password, query and trailing slashes; empty when `url`
/// is none.
[[nodiscard]] std::string clean_mirror_url(std::string_view url);

}  // namespace skillaudit
