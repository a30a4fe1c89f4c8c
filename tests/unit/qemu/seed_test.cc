#include "harness/providers/qemu/seed.h"

#include <gmock/gmock.h>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/temp_dir.h"

namespace skillaudit {
namespace {

using testing::HasSubstr;
using testing::Not;

SeedSpec spec() {
  return {.hostname = "devbox",
          .user = "ubuntu",
          .instance_id = "i-1",
          .client_key_public = "ssh-ed25519 CLIENT",
          .host_key_public = "ssh-ed25519 HOST",
          .host_key_private = "-----BEGIN\nline\n-----END\n",
          .ca_certificate = "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n",
          .npm_registry = "https://registry.example.com"};
}

/// The rendered text as a YAML parser of the guest's own kind reads it.
std::string yaml(const std::string& text, const std::string& expression) {
  return check_output(
      {"/usr/bin/python3", "-c",
       "import sys, yaml; d = yaml.safe_load(sys.stdin); print(" + expression + ")"},
      {.input = text});
}

TEST(Seed, GivesTheHostKeyAsOneBlock) {
  EXPECT_EQ(yaml(render_seed(spec()).user_data, "repr(d['ssh_keys']['ed25519_private'])"),
            "'-----BEGIN\\nline\\n-----END\\n'\n");
}

TEST(Seed, LetsOneKeyInAndNoPassword) {
  const std::string text = render_seed(spec()).user_data;
  EXPECT_EQ(yaml(text, "d['users'][0]['ssh_authorized_keys'], d['ssh_pwauth']"),
            "['ssh-ed25519 CLIENT'] False\n");
}

TEST(Seed, TrustsTheProxysAuthority) {
  EXPECT_THAT(yaml(render_seed(spec()).user_data, "d['ca_certs']['trusted'][0]"),
              HasSubstr("BEGIN CERTIFICATE-----\nabc\n"));
}

TEST(Seed, SetsTheProxyForEverySession) {
  const std::string files = yaml(render_seed(spec()).user_data, "d['write_files'][1]['content']");
  EXPECT_THAT(files, HasSubstr("https_proxy=http://10.0.2.100:3128\n"));
  EXPECT_THAT(files, HasSubstr("npm_config_registry=https://registry.example.com\n"));
}

TEST(Seed, LetsNamesBeLookedUpByTcp) {
  EXPECT_EQ(yaml(render_seed(spec()).user_data,
                 "d['write_files'][0]['path'], d['write_files'][0]['content']"),
            "/etc/resolv.conf nameserver 10.0.2.3\noptions use-vc\n\n");
}

TEST(Seed, LeavesNpmAloneWithoutARegistry) {
  SeedSpec without = spec();
  without.npm_registry.clear();
  EXPECT_THAT(render_seed(without).user_data, Not(HasSubstr("npm_config_registry")));
}

TEST(Seed, RoutesTheGuestToWhereNothingAnswersAndEverythingIsRecorded) {
  EXPECT_EQ(yaml(render_seed(spec()).network_config,
                 "d['ethernets']['nic0']['routes'], d['ethernets']['nic0']['nameservers']"),
            "[{'to': '0.0.0.0/0', 'via': '10.0.2.2'}] {'addresses': ['10.0.2.3']}\n");
}

TEST(Seed, WritesAnImageThatCloudInitRecognises) {
  const TempDir dir;
  write_seed_iso(render_seed(spec()), dir.path() / "seed.iso");
  // ISO 9660, 8.4: the volume identifier stands 40 bytes into sector 16.
  EXPECT_EQ(read_file(dir.path() / "seed.iso").substr(16 * 2048 + 40, 6), "cidata");
}

}  // namespace
}  // namespace skillaudit
