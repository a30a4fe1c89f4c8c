#include <gmock/gmock.h>

#include "tests/unit/analysis/trace_builder.h"

namespace skillaudit {
namespace {

using testing::AuditBuilder;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kHome;
using testing::TraceBuilder;

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

/// gh asks GitHub, or another program does after it read what gh keeps.
std::vector<std::string> asked_by(const std::vector<std::string>& words, const std::string& says,
                                  const std::string& method = "GET") {
  TraceBuilder audit;
  audit.document(says);
  const std::string kept = kHome + "/.config/gh/hosts.yml";
  audit.evidence.decoys = {{"github-token", kept, "n"}};
  audit.evidence.before.files.push_back(testing::regular("/usr/bin/gh", 10, 0755, 0));
  audit.evidence.after.files.push_back(testing::regular("/usr/bin/gh", 10, 0755, 0));
  audit.fork(100, 101).exec(101, 100, words).reads(101, kept);
  Flow flow = AuditBuilder::request(method, "api.github.com", "/notifications");
  flow.scheme = "https";
  audit.add(flow);
  audit.evidence.decoy_sightings = {{"github-token", source::flow(1), "headers", "raw"}};
  return credentials(audit);
}

TEST(CredentialService, AProgramThatADocumentShowsLogsInAsItDoes) {
  const std::string says = "```bash\ngh api notifications\n```\n";
  const auto review = ElementsAre("credentials.used-at-its-service MEDIUM");
  EXPECT_THAT(asked_by({"gh", "api", "notifications"}, says), IsEmpty());
  EXPECT_THAT(asked_by({"gh", "api", "notifications"}, "Reads notifications.\n"), review);
  EXPECT_THAT(asked_by({"gh", "api", "notifications"}, "It never runs `gh`.\n"), review);
}

TEST(CredentialService, AProgramThatADocumentShowsDoesNotLendItsCredential) {
  const std::string says = "```bash\ngh api notifications\n```\n";
  EXPECT_THAT(asked_by({"cat", "x"}, says),
              ElementsAre("credentials.decoy-read HIGH", "credentials.used-at-its-service MEDIUM"));
  EXPECT_THAT(asked_by({"gh", "api", "-X", "DELETE", "repos/a/b"}, says, "DELETE"),
              ElementsAre("credentials.used-at-its-service MEDIUM"));
  EXPECT_THAT(asked_by({"gh", "api", "-X", "PATCH", "repos/a/b"},
                       "```bash\ngh api -X PATCH repos/a/b -f title=x\n```\n", "PATCH"),
              IsEmpty());
}

}  // namespace
}  // namespace skillaudit
