#include "harness/skill/secrets_inside.h"

#include <gmock/gmock.h>

#include <string>

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// Secrets of no one, put together here so that nobody who searches this file finds one.
const std::string kRandom = "q7Zt2LmXv9KdR4sWb8NcY3hPf6JgQ1uTa5Ee0oIk";
std::string drawn(std::size_t length) {
  std::string text;
  // A step that shares no factor with the length goes through all of it.
  for (std::size_t i = 0; i < length; ++i) text += kRandom[(i * 7 + i / 40) % kRandom.size()];
  return text;
}
const std::string kAws = std::string("AK") + "IA" + "Q3ZL7WMX2VDRT5KB";

std::vector<std::string> found(const std::string& text) {
  std::vector<std::string> lines;
  for (const StaticFact& fact : secrets_in(text)) {
    EXPECT_EQ(fact.kind, StaticFactKind::Secret);
    lines.push_back(std::to_string(fact.line) + ": " + fact.text);
  }
  return lines;
}

std::string private_key(const std::string& label, const std::string& line_end) {
  std::string key = "-----BEGIN " + label + "-----" + line_end;
  for (int i = 0; i < 4; ++i) key += drawn(64) + line_end;
  return key + "-----END " + label + "-----" + line_end;
}

TEST(Secrets, AreToldByTheirFormAndShownBySixCharacters) {
  EXPECT_THAT(found("key = \"" + kAws + "\"\n"), ElementsAre("1: AWS access key, AKIAQ3…"));
  EXPECT_THAT(found("a\nb\nexport T=ghp_" + drawn(36) + "\n"),
              ElementsAre("3: GitHub token, ghp_" + drawn(36).substr(0, 2) + "…"));
  EXPECT_THAT(found("//r.example.com/:_authToken=npm_" + drawn(36)), SizeIs(1));
  EXPECT_THAT(found("github_pat_" + drawn(22) + "_" + drawn(59)), SizeIs(1));
  EXPECT_THAT(found("git clone https://oauth2:glpat-" + drawn(20) + "@git.example.com/x"),
              SizeIs(1));
  EXPECT_THAT(found("password = pypi-AgEIcHlwaS" + drawn(80)), SizeIs(1));
  EXPECT_THAT(found("x-api-key: sk-ant-api03-" + drawn(93) + "AA"),
              ElementsAre("1: Anthropic key, sk-ant…"));
  EXPECT_THAT(found("KEY=sk-" + drawn(48)), SizeIs(1));
  EXPECT_THAT(found("KEY=sk-proj-" + drawn(120)), SizeIs(1));
  EXPECT_THAT(found("xoxb-284756193057-2847561930571-" + drawn(24)), SizeIs(1));
  EXPECT_THAT(found("xoxp-284756193057-9847561930571-8847561930571-8a6bc05e1f93d7240b"), SizeIs(1));
  EXPECT_THAT(found("AIza" + drawn(35)), SizeIs(1));
  EXPECT_THAT(found("https://chat.example.com/services/T02AB9CDE/B07QWERTZ/" + drawn(24)),
              ElementsAre("1: Slack webhook, " + drawn(24).substr(0, 6) + "…"));
}

TEST(Secrets, AreFoundInEscapedText) {
  EXPECT_THAT(found("\"env\": \"A=1\\nB=ghp_" + drawn(36) + "\\n\""), SizeIs(1));
  EXPECT_THAT(found("\"tokens\": \"x\\nghp_" + drawn(36) + "\\n\""), SizeIs(1));
  EXPECT_THAT(found("_ghp_" + drawn(36) + "_"), Not(IsEmpty()));
}

TEST(Secrets, ArePrivateKeysWithoutAnythingOfTheirs) {
  for (const char* label :
       {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY", "PGP PRIVATE KEY BLOCK"}) {
    EXPECT_THAT(found("x\n" + private_key(label, "\n")), ElementsAre("2: private key")) << label;
  }
  EXPECT_THAT(found("{\"private_key\": \"" + private_key("PRIVATE KEY", "\\n") + "\"}"), SizeIs(1));
  EXPECT_THAT(found(private_key("PUBLIC KEY", "\n") + private_key("CERTIFICATE", "\n")), IsEmpty());
  EXPECT_THAT(found("-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----\n"), IsEmpty());
  EXPECT_THAT(found("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC...\n" +
                    drawn(64) + "\n-----END PRIVATE KEY-----\n"),
              IsEmpty());
  EXPECT_THAT(found("grep -- '-----BEGIN RSA PRIVATE KEY-----' \"$file\"\n"), IsEmpty());
}

TEST(Secrets, AreSignedWebTokens) {
  const std::string head = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.";
  EXPECT_THAT(found("Bearer " + head + "eyJpc3MiOiJhbm4ifQ." + drawn(43)), SizeIs(1));
  // The token that every introduction shows, and one that is signed by nobody.
  EXPECT_THAT(found(head + "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIn0." + drawn(43)),
              IsEmpty());
  EXPECT_THAT(found(head + "eyJpc3MiOiJhbm4ifQ."), IsEmpty());
  EXPECT_THAT(found(head + "eyJpc3MiOiJhbm4ifQ.signature"), IsEmpty());
}

TEST(Secrets, AreNotWhatAuthorsWriteInTheirPlace) {
  for (const char* text :
       {"AKIAIOSFODNN7EXAMPLE",
        "AKIAXXXXXXXXXXXXXXXX",
        "AKIA1234567890ABCDEF",
        "AKIA...",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "ghp_yourTokenHere",
        "ghp_<token>",
        "ghp_0123456789abcdefghijABCDEFGHIJ012345",
        "sk-ant-...",
        "sk-ant-api03-...",
        "sk-ant-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "sk-your-api-key-goes-here-1A-and-nothing-else-follows",
        "npm_${TOKEN}",
        "$GITHUB_TOKEN",
        "sk-circle-progress-indicator-of-the-page-that-loads-slowly",
        "glpat-XXXXXXXXXXXXXXXXXXXX",
        "xoxb-your-bot-token-with-a-long-placeholder",
        "AIzaSyXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX",
        "https://chat.example.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
        "grep -E 'ghp_[A-Za-z0-9]{36}' file",
        "disk-image",
        "risk-free"}) {
    EXPECT_THAT(found(text), IsEmpty()) << text;
  }
}

TEST(Secrets, AreNotPartsOfLongerWords) {
  EXPECT_THAT(found("x" + kAws), IsEmpty());
  EXPECT_THAT(found(kAws + "B"), IsEmpty());
  EXPECT_THAT(found("sha512-" + drawn(60) + kAws + drawn(20)), IsEmpty());
}

TEST(Secrets, TheSameCountsOnceInAFile) {
  EXPECT_THAT(found(kAws + "\n" + kAws + "\n"), SizeIs(1));
}

TEST(Secrets, NeverShowMoreThanSixCharacters) {
  const std::string token = "ghp_" + drawn(36);
  const auto facts = found(token);
  ASSERT_THAT(facts, SizeIs(1));
  EXPECT_THAT(facts[0], Not(HasSubstr(token.substr(0, 7))));
}

TEST(Secrets, AreBoundedAndLinearWhateverTheTextHolds) {
  std::string begins;
  while (begins.size() < (1 << 20)) begins += "-----BEGIN PRIVATE KEY-----";
  EXPECT_THAT(found(begins), IsEmpty());
  std::string dots;
  while (dots.size() < (1 << 20)) dots += "eyJhbGciOiJIUzI1NiJ9.";
  EXPECT_THAT(found(dots), IsEmpty());
  EXPECT_THAT(found(std::string(1 << 20, '-')), IsEmpty());
  EXPECT_THAT(found("eyJ" + std::string(1 << 20, 'a') + "."), IsEmpty());
  std::string services;
  while (services.size() < (1 << 20)) services += "/services/T";
  EXPECT_THAT(found(services), IsEmpty());

  std::string many;
  for (int i = 0; i < 500; ++i) many += "ghp_" + drawn(33) + std::to_string(100 + i) + "\n";
  EXPECT_THAT(found(many), SizeIs(20));
  const std::vector<SkillText> texts(50, SkillText{"x", many, false, false});
  EXPECT_THAT(find_secrets(texts), SizeIs(kMostStaticFacts));
}

}  // namespace
}  // namespace skillaudit
