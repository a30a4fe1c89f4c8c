#include "harness/consent/documents.h"

#include <gmock/gmock.h>

#include "harness/consent/render_consent.h"
#include "tests/unit/consent/probe.h"

namespace skillaudit {
namespace {

using testing::at;
using testing::consent_of;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::places;
using testing::skill_with;

ConsentExtent extent(const Skill& skill, Verb verb, const ConsentObject& object) {
  return Consent(skill, places()).covers(verb, object).extent;
}

TEST(ConsentDocuments, TheFrontMatterCountsByItsFieldsAlone) {
  Skill skill = skill_with(
      "---\nname: probe\ndescription: Deletes `~/a.md`.\nx: Deletes `~/b.md`.\n---\nText.\n");
  skill.description = "Deletes `~/a.md`.";
  EXPECT_EQ(extent(skill, Verb::Delete, at("~/a.md")), ConsentExtent::Exactly);
  EXPECT_EQ(extent(skill, Verb::Delete, at("~/b.md")), ConsentExtent::None);
  const Consent consent(skill, places());
  EXPECT_EQ(consent.covers(Verb::Delete, at("~/a.md")).statement->place.line, 3);
}

TEST(ConsentDocuments, LinesAreThoseOfTheFile) {
  Skill skill =
      skill_with("---\nname: probe\ndescription: x\n---\n\n# T\n\nReads it.\nDeletes `~/a.md`.\n");
  const Consent consent(skill, places());
  const Coverage coverage = consent.covers(Verb::Delete, at("~/a.md"));
  ASSERT_NE(coverage.statement, nullptr);
  EXPECT_EQ(coverage.statement->place.file, "SKILL.md");
  EXPECT_EQ(coverage.statement->place.line, 9);
}

TEST(ConsentDocuments, ALinkedDocumentCountsAndOthersDoNot) {
  Skill skill = skill_with(
      "See [the API](references/api.md#limits) and `docs/more.md`.\n<!-- docs/hidden.md -->\n");
  skill.texts.push_back({"references/api.md", "Asks `api.example.com`.", false, false});
  skill.texts.push_back({"docs/more.md", "Deletes `~/a.md`.", false, false});
  skill.texts.push_back({"docs/hidden.md", "Deletes `~/b.md`.", false, false});
  skill.texts.push_back({"docs/other.md", "Deletes `~/c.md`.", false, false});
  EXPECT_EQ(extent(skill, Verb::Receive, ConsentObject::host_at("api.example.com", 443)),
            ConsentExtent::Exactly);
  EXPECT_EQ(extent(skill, Verb::Delete, at("~/a.md")), ConsentExtent::Exactly);
  EXPECT_EQ(extent(skill, Verb::Delete, at("~/b.md")), ConsentExtent::None);
  EXPECT_EQ(extent(skill, Verb::Delete, at("~/c.md")), ConsentExtent::None);
}

TEST(ConsentDocuments, ReadmeCountsAndScriptsDoNot) {
  Skill skill = skill_with("Text.");
  skill.texts.push_back({"README.md", "Deletes `~/a.md`.", true, false});
  skill.texts.push_back({"run.sh", "rm ~/b.md", false, true});
  EXPECT_EQ(extent(skill, Verb::Delete, at("~/a.md")), ConsentExtent::Exactly);
  EXPECT_EQ(extent(skill, Verb::Delete, at("~/b.md")), ConsentExtent::None);
}

TEST(ConsentDocuments, DeclaresIsTheAuthorsWordByVerb) {
  Skill skill = skill_with("Text.");
  skill.texts.push_back(
      {"audit.yaml",
       "declares:\n  reads: [~/a.md]\n  hosts: [api.example.com]\n  paths: [~/c.md]\n"
       "  packages: [jq]\n  cron: [~/bin/x.sh]\n",
       false, false});
  const Consent consent(skill, places());
  const Coverage read = consent.covers(Verb::Read, at("~/a.md"));
  EXPECT_EQ(read.extent, ConsentExtent::Exactly);
  EXPECT_TRUE(read.by_author);
  EXPECT_EQ(read.statement->place.line, 2);
  EXPECT_EQ(consent.covers(Verb::Modify, at("~/a.md")).extent, ConsentExtent::None);
  EXPECT_EQ(consent.covers(Verb::Create, at("~/c.md")).extent, ConsentExtent::Exactly);
  EXPECT_EQ(consent.covers(Verb::Delete, at("~/c.md")).extent, ConsentExtent::None);
  EXPECT_TRUE(consent.covers(Verb::Install, ConsentObject::package("jq")).by_author);
  EXPECT_TRUE(consent.covers(Verb::Stay, ConsentObject::cron("/home/ubuntu/bin/x.sh")).by_author);
}

TEST(ConsentDocuments, ADocumentsWordGoesBeforeTheAuthors) {
  Skill skill = skill_with("Needs jq.");
  skill.texts.push_back({"audit.yaml", "declares: {installs: [jq]}\n", false, false});
  const Coverage coverage =
      Consent(skill, places()).covers(Verb::Install, ConsentObject::package("jq"));
  EXPECT_FALSE(coverage.by_author);
  EXPECT_EQ(coverage.extent, ConsentExtent::General);
}

TEST(ConsentDocuments, BrokenYamlDeclaresWhatTheSkillSays) {
  Skill skill = skill_with("Text.");
  skill.texts.push_back({"audit.yaml", "declares: [\xff", false, false});
  skill.declares = {"~/a.md"};
  EXPECT_EQ(extent(skill, Verb::Create, at("~/a.md")), ConsentExtent::Exactly);
}

TEST(ConsentRender, SaysWhereWhatAndWhyNot) {
  const std::string text = render_consent(consent_of(
      "Deletes `~/.cache/x/*.log`.\n\nIt never opens `~/.netrc`.\n\n<!-- Deletes `~/a`. -->\n\n"
      "The user can delete `~/b`.\n"));
  EXPECT_THAT(text, HasSubstr("SKILL.md:1:1  sentence\n    Deletes `~/.cache/x/*.log`.\n    "
                              "covers: delete path ~/.cache/x/*.log\n"));
  EXPECT_THAT(text, HasSubstr("denies: read path ~/.netrc"));
  EXPECT_THAT(text, HasSubstr("covers nothing: it does not show on the page (an HTML comment)"));
  EXPECT_THAT(text, HasSubstr("covers nothing: delete path ~/b: it speaks of what the user does"));
}

TEST(ConsentRender, IsSafeToShow) {
  const std::string text =
      render_consent(consent_of("Deletes `~/a\x1b[31m.md` and \xe2\x80\xae`~/b`.\n"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, Not(HasSubstr("\xe2\x80\xae")));
}

TEST(ConsentRender, SaysWhatWasCut) {
  EXPECT_THAT(render_consent(consent_of("a\n\n" + std::string(40 << 10, 'x'))),
              HasSubstr("Not read, covers nothing: SKILL.md: line 3 and what follows: the line has "
                        "more than 32 KiB"));
}

TEST(ConsentRender, OfASilentSkill) {
  EXPECT_THAT(render_consent(consent_of("Prints a word.")),
              HasSubstr("The documents name nothing"));
}

}  // namespace
}  // namespace skillaudit
