#pragma once

#include <filesystem>
#include <string>

namespace skillaudit {

/// What cloud-init is told on a guest's first boot.
struct SeedSpec {
  std::string hostname = "devbox";
  std::string user;
  std::string instance_id;
  std::string client_key_public;  ///< "ssh-ed25519 AAAA…"
  std::string host_key_public;
  std::string host_key_private;  ///< OpenSSH PEM
  std::string ca_certificate;    ///< PEM of the proxy's CA
  std::string npm_registry;      ///< URL; empty: npm's own default
};

struct Seed {
  std::string user_data;
  std::string meta_data;
  std::string network_config;
};

/// Renders the templates in cloud-init/. Pure but for reading them.
[[nodiscard]] Seed render_seed(const SeedSpec& spec);

/// The templates' own text, for a template's key.
[[nodiscard]] std::string seed_templates();

/// Writes a NoCloud ISO 9660 image (volume id `cidata`). Throws Error{Environment}.
void write_seed_iso(const Seed& seed, const std::filesystem::path& iso);

}  // namespace skillaudit
