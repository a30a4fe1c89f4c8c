#include "harness/rules/documented.h"

#include <gtest/gtest.h>

#include "tests/unit/analysis/evidence_builder.h"

namespace skillaudit {
namespace {

using testing::AuditBuilder;
using testing::kHome;

Documented documents(const std::string& body) {
  return Documented(AuditBuilder().document(body).evidence);
}

TEST(Documented, APackageIsNamedByAWholeWord) {
  EXPECT_TRUE(documents("It needs `jq`.").package("jq"));
  EXPECT_TRUE(documents("It needs jq.").package("jq"));
  EXPECT_TRUE(documents("apt install libstdc++-12-dev").package("libstdc++-12-dev"));
  EXPECT_FALSE(documents("It needs jqplay.").package("jq"));
  EXPECT_FALSE(documents("jq-based").package("jq"));
  EXPECT_FALSE(documents("").package("jq"));
}

TEST(Documented, FrontMatterCountsByItsNamedFieldsAlone) {
  AuditBuilder audit;
  audit.evidence.skill.texts = {
      {"SKILL.md", "---\nname: jq\ndescription: about curl\n---\nbody\n", true, false}};
  EXPECT_FALSE(Documented(audit.evidence).package("jq"));
  audit.evidence.skill.compatibility = "Debian with jq";
  EXPECT_TRUE(Documented(audit.evidence).package("jq"));
  audit.evidence.skill.allowed_tools = "Bash(tree:*)";
  EXPECT_TRUE(Documented(audit.evidence).package("tree"));
  audit.evidence.skill.declares = {"curl"};
  EXPECT_TRUE(Documented(audit.evidence).package("curl"));
}

TEST(Documented, AScriptDocumentsNothing) {
  AuditBuilder audit;
  audit.script("jq .");
  EXPECT_FALSE(Documented(audit.evidence).package("jq"));
}

TEST(Documented, AHomeIsWrittenInManyWays) {
  const std::string path = kHome + "/.tool/state.json";
  for (const char* text :
       {"`~/.tool/state.json`", "$HOME/.tool/state.json", "${HOME}/.tool", "/home/ubuntu/.tool/",
        "/home/alice/.tool", "in ~/.tool.", "~/.tool/*", "(~/.tool)", "~/.tool/**"}) {
    EXPECT_TRUE(documents(text).path(path)) << text;
  }
}

TEST(Documented, FoldersThatAllShareSayNothing) {
  for (const char* text : {"~", "~/", "/", "/tmp", "/tmp/", "/tmp/*", "~/.*", "~/*", "/etc", "/usr",
                           "~/.config", "/var/lib", "/usr/local/bin", "$HOME", "/home/ubuntu"}) {
    const Documented documented = documents(text);
    EXPECT_FALSE(documented.path("/tmp/x.log")) << text;
    EXPECT_FALSE(documented.path(kHome + "/.bashrc")) << text;
    EXPECT_FALSE(documented.path(kHome + "/.config/app/x")) << text;
    EXPECT_FALSE(documented.path("/etc/hosts")) << text;
    EXPECT_FALSE(documented.path("/usr/local/bin/x")) << text;
    EXPECT_FALSE(documented.path("/var/lib/x/y")) << text;
  }
}

TEST(Documented, PartsThatVaryAreWildcards) {
  EXPECT_TRUE(documents("`/tmp/skill-*.log`").path("/tmp/skill-a.log"));
  EXPECT_FALSE(documents("`/tmp/skill-*.log`").path("/tmp/other.log"));
  EXPECT_FALSE(documents("`/tmp/skill-*.log`").path("/tmp/skill-a/b.log"));
  EXPECT_TRUE(documents("`~/notes/YYYY-MM-DD.md`").path(kHome + "/notes/2026-01-02.md"));
  EXPECT_TRUE(documents("`~/notes/<name>.md`").path(kHome + "/notes/x.md"));
  EXPECT_TRUE(documents("`~/notes/$(date +%F).md`").path(kHome + "/notes/2026-01-02.md"));
  EXPECT_FALSE(documents("`~/notes/<name>.md`").path(kHome + "/notes/x.sh"));
}

TEST(Documented, AFolderAboveADocumentedPathIsDocumentedAsAFolder) {
  const Documented documented = documents("`~/notes/journal.md`");
  EXPECT_TRUE(documented.path(kHome + "/notes", true));
  EXPECT_FALSE(documented.path(kHome + "/notes"));
  EXPECT_FALSE(documented.path(kHome + "/notes/other.md"));
}

TEST(Documented, APathWithinAUrlIsNoPath) {
  EXPECT_FALSE(documents("https://example.com/opt/tool/x").path("/opt/tool/x"));
}

TEST(Documented, HostilePatternsEndSoon) {
  const std::string stars = "~/a" + std::string(2000, '*') + "b";
  const std::string pairs = [] {
    std::string text = "~/a";
    for (int i = 0; i < 500; ++i) text += "*a";
    return text + "b";
  }();
  EXPECT_FALSE(documents(stars).path(kHome + "/" + std::string(3000, 'a')));
  EXPECT_FALSE(documents(pairs).path(kHome + "/" + std::string(3000, 'a')));
}

}  // namespace
}  // namespace skillaudit
