#include "harness/providers/qemu/seed.h"

#include <fmt/core.h>

#include <kainjow/mustache.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/temp_dir.h"
#include "harness/base/text.h"
#include "harness/providers/qemu/qemu_spec.h"

namespace skillaudit {
namespace {

/// A block scalar's lines, each moved in by `spaces`.
std::string indented(std::string_view text, int spaces) {
  std::string out;
  for (const std::string_view line : split(trim(text), '\n')) {
    if (!out.empty()) out += '\n';
    out += std::string(static_cast<std::size_t>(spaces), ' ') + std::string(line);
  }
  return out;
}

std::string render(const std::string& file, const kainjow::mustache::data& values) {
  kainjow::mustache::mustache text(read_file(resource("cloud-init/" + file)));
  if (!text.is_valid()) fail(ErrorKind::Internal, "cloud-init/{}: {}", file, text.error_message());
  return text.render(values);
}

}  // namespace

Seed render_seed(const SeedSpec& spec) {
  kainjow::mustache::data values;
  values.set("hostname", spec.hostname);
  values.set("user", spec.user);
  values.set("instance_id", spec.instance_id);
  values.set("client_key_public", spec.client_key_public);
  values.set("host_key_public", spec.host_key_public);
  values.set("host_key_private", indented(spec.host_key_private, 4));
  values.set("ca_certificate", indented(spec.ca_certificate, 6));
  values.set("proxy_url", fmt::format("http://{}:{}", kProxyAddress, kProxyPort));
  if (!spec.npm_registry.empty()) values.set("npm_registry", spec.npm_registry);
  values.set("mac", kGuestMac);
  values.set("address", kGuestAddress);
  values.set("gateway", kGatewayAddress);
  values.set("resolver", kResolverAddress);
  return {render("user-data", values), render("meta-data", values),
          render("network-config", values)};
}

std::string seed_templates() {
  std::string all;
  for (const char* file : {"user-data", "meta-data", "network-config"})
    all += read_file(resource(std::string("cloud-init/") + file));
  return all;
}

void write_seed_iso(const Seed& seed, const std::filesystem::path& iso) {
  const TempDir dir;
  write_file(dir.path() / "user-data", seed.user_data);
  write_file(dir.path() / "meta-data", seed.meta_data);
  write_file(dir.path() / "network-config", seed.network_config);
  check_output({"xorriso", "-as", "mkisofs", "-quiet", "-volid", "cidata", "-joliet", "-rock",
                "-output", iso.string(), (dir.path() / "user-data").string(),
                (dir.path() / "meta-data").string(), (dir.path() / "network-config").string()});
}

}  // namespace skillaudit
