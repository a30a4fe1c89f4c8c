#include <gmock/gmock.h>

#include "tests/unit/analysis/evidence_builder.h"

namespace skillaudit {
namespace {

using testing::AuditBuilder;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kHome;

std::vector<std::string> credentials(const AuditBuilder& audit) {
  std::vector<std::string> rules;
  for (const Finding& finding : audit.assessed().findings)
    if (finding.rule.starts_with("credentials."))
      rules.push_back(finding.rule + " " + std::string(name_of(finding.severity)));
  return rules;
}

/// A request that carries a credential, and what the documents say.
struct Used {
  std::string decoy = "github-token";
  std::string host = "api.github.com";
  std::string where = "headers";
  std::string says;
  std::string scheme = "https";
};

std::vector<std::string> found(const Used& used) {
  AuditBuilder audit;
  audit.document(used.says);
  audit.evidence.decoys = {{"github-token", kHome + "/.config/gh/hosts.yml", "n"},
                           {"environment-api-key", "environment", "m"},
                           {"$ACME_TOKEN", "environment", "o"},
                           {"$GITHUB_TOKEN", "environment", "p"}};
  Flow flow = AuditBuilder::request("POST", used.host, "/x");
  flow.scheme = used.scheme;
  audit.add(flow);
  audit.evidence.decoy_sightings = {{used.decoy, source::flow(1), used.where, "raw"}};
  return credentials(audit);
}

const std::string kGitHub =
    "Reads `~/.config/gh/hosts.yml`.\n\nSends the issue to `api.github.com`.\n";
const std::string kPaired = "Set `NORTHLAKE_API_KEY` for `api.north.example`.\n";

TEST(CredentialService, ATokenAtItsServiceNeedsReviewOrIsNamed) {
  EXPECT_THAT(found({}), ElementsAre("credentials.used-at-its-service MEDIUM"));
  EXPECT_THAT(found({.says = kGitHub}), IsEmpty());
}

TEST(CredentialService, AnywhereElseItHasLeft) {
  const auto left = ElementsAre("credentials.decoy-left-machine CRITICAL");
  EXPECT_THAT(found({.host = "api.github.com.example"}), left);
  EXPECT_THAT(found({.where = "body", .says = kGitHub}), left) << "published there";
  EXPECT_THAT(found({.says = kGitHub, .scheme = "http"}), left);
}

TEST(CredentialService, AVariableBelongsToTheHostThatASentencePairsItWith) {
  EXPECT_THAT(found({.decoy = "environment-api-key", .host = "api.north.example", .says = kPaired}),
              IsEmpty());
  EXPECT_THAT(found({.decoy = "environment-api-key", .host = "other.example", .says = kPaired}),
              ElementsAre("credentials.decoy-left-machine CRITICAL"));
}

TEST(CredentialService, AVariableThatASkillAsksForGoesWhereADocumentSendsIt) {
  const std::string says = "Set `ACME_TOKEN` for `api.hosting.example`.\n";
  const auto left = ElementsAre("credentials.decoy-left-machine CRITICAL");
  for (const char* where : {"headers", "body", "url"})
    EXPECT_THAT(
        found(
            {.decoy = "$ACME_TOKEN", .host = "api.hosting.example", .where = where, .says = says}),
        IsEmpty());
  EXPECT_THAT(found({.decoy = "$ACME_TOKEN", .host = "other.example", .says = says}), left);
  EXPECT_THAT(found({.decoy = "$GITHUB_TOKEN", .host = "api.hosting.example", .says = says}), left);
}

TEST(CredentialService, AVariableBelongsToTheServiceThatItIsNamedAfter) {
  const Used acme{.decoy = "$ACME_TOKEN", .host = "api.acme.example"};
  EXPECT_THAT(found(acme), ElementsAre("credentials.used-at-its-service MEDIUM"));
  Used named = acme;
  named.says = "Needs `ACME_TOKEN`.\n\nSends the text to `api.acme.example`.\n";
  EXPECT_THAT(found(named), IsEmpty());
  Used github{.decoy = "$GITHUB_TOKEN"};
  EXPECT_THAT(found(github), ElementsAre("credentials.used-at-its-service MEDIUM"));
  github.host = "acme.example";
  EXPECT_THAT(found(github), ElementsAre("credentials.decoy-left-machine CRITICAL"));
}

}  // namespace
}  // namespace skillaudit
