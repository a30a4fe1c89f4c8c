#include <gmock/gmock.h>

#include "tests/unit/analysis/evidence_builder.h"

namespace skillaudit {
namespace {

using ::testing::AllOf;
using testing::AuditBuilder;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

AuditBuilder with_fact(StaticFact fact) {
  AuditBuilder audit;
  audit.evidence.skill.static_facts = {std::move(fact)};
  return audit;
}

const StaticFact kHidden = {StaticFactKind::HiddenText, "SKILL.md", 3, "U+202E ×1, on line 3"};
const StaticFact kSecret = {StaticFactKind::Secret, "run.sh", 7, "GitHub token, ghp_ab…"};
const StaticFact kProgram = {StaticFactKind::OpaqueFile, "bin/tool", 0, "ELF program"};

TEST(StaticRules, HiddenTextCostsSecurityAndNamesPlaceAndCharacters) {
  const Assessment assessed = with_fact(kHidden).assessed();
  ASSERT_THAT(assessed.findings, SizeIs(1));
  const Finding& finding = assessed.findings[0];
  EXPECT_EQ(finding.rule, "documentation.hidden-text");
  EXPECT_EQ(finding.axis, Axis::Security);
  EXPECT_EQ(finding.severity, Severity::Medium);
  EXPECT_EQ(finding.attack, "T1027");
  EXPECT_EQ(finding.title,
            "The skill contains invisible characters in `SKILL.md:3`: `U+202E ×1, on line 3`");
  ASSERT_THAT(finding.evidence, SizeIs(1));
  EXPECT_EQ(text_of(finding.evidence[0].source), "skill.json#SKILL.md:3");
  // A note, not a refusal: what the skill does weighs more.
  EXPECT_EQ(assessed.verdict, Verdict::Approved);
}

TEST(StaticRules, HiddenCharactersThatSpellATextNeedAReview) {
  AuditBuilder audit = with_fact(kHidden);
  std::string text = "# Notes\n\n";
  for (const char letter : std::string("run env"))  // U+E0000 and on mirror ASCII
    text += std::string("\xF3\xA0") + static_cast<char>(0x80 + (letter >> 6)) +
            static_cast<char>(0x80 + (letter & 0x3f));
  audit.evidence.skill.texts = {{.path = "SKILL.md", .text = text, .documents = true}};
  const Assessment assessed = audit.assessed();
  EXPECT_EQ(assessed.findings.at(0).rule, "documentation.hidden-message");
  EXPECT_EQ(assessed.verdict, Verdict::NeedsReview);
}

TEST(StaticRules, ASecretIsCitedAsItsFactShowsIt) {
  const Assessment assessed = with_fact(kSecret).assessed();
  ASSERT_THAT(assessed.findings, SizeIs(1));
  EXPECT_EQ(assessed.findings[0].title,
            "A file of the skill contains what looks like a secret: `GitHub token, ghp_ab…` in "
            "`run.sh:7`");
  EXPECT_THAT(assessed.findings[0].recommendation, HasSubstr("`run.sh:7`"));
}

TEST(StaticRules, AProgramThatNoDocumentNamesIsANote) {
  const Assessment assessed = with_fact(kProgram).assessed();
  ASSERT_THAT(assessed.findings, SizeIs(1));
  EXPECT_EQ(assessed.findings[0].rule, "documentation.opaque-file");
  EXPECT_EQ(assessed.findings[0].axis, Axis::Documentation);
  EXPECT_THAT(assessed.findings[0].title, HasSubstr("`bin/tool` (ELF program)"));
  EXPECT_EQ(assessed.grade, Grade::A);
}

TEST(StaticRules, AProgramThatADocumentNamesByItsPathIsNone) {
  for (const char* body :
       {"Run `bin/tool`, built from https://example.com/src.\n", "The tool is in ./bin/tool.\n",
        "[tool](bin/tool)\n", "`$SKILL_DIR/bin/tool --help`\n",
        "~/.claude/skills/example/bin/tool\n"}) {
    AuditBuilder audit = with_fact(kProgram);
    EXPECT_THAT(audit.document(body).assessed().findings, IsEmpty()) << body;
  }
  AuditBuilder declared = with_fact(kProgram);
  declared.evidence.skill.declares = {"bin/tool"};
  EXPECT_THAT(declared.assessed().findings, IsEmpty());
}

TEST(StaticRules, AProgramIsNotNamedByAFolderOrAPlainWord) {
  for (const char* body :
       {"The tool does it.\n", "Look into bin/ for more.\n", "See `other/bin/tools`.\n",
        "Installed in ~/.claude/skills/example/.\n"}) {
    AuditBuilder audit = with_fact(kProgram);
    EXPECT_THAT(audit.document(body).assessed().findings, SizeIs(1)) << body;
  }
  AuditBuilder at_top = with_fact({StaticFactKind::OpaqueFile, "tool", 0, "ELF program"});
  EXPECT_THAT(at_top.document("The tool does it.\n").assessed().findings, SizeIs(1));
  // Only what a person reads explains.
  AuditBuilder by_script = with_fact(kProgram);
  EXPECT_THAT(by_script.script("exec bin/tool\n").assessed().findings, SizeIs(1));
}

TEST(StaticRules, BroadToolsAreOneNote) {
  AuditBuilder audit;
  audit.evidence.skill.static_facts = {{StaticFactKind::BroadTools, "SKILL.md", 4, "Bash(*)"},
                                       {StaticFactKind::BroadTools, "SKILL.md", 4, "*"}};
  const Assessment assessed = audit.assessed();
  ASSERT_THAT(assessed.findings, SizeIs(1));
  EXPECT_EQ(assessed.findings[0].title,
            "The skill requests tools without limits: `Bash(*)` and `*`");
  EXPECT_EQ(assessed.findings[0].severity, Severity::Low);
  EXPECT_EQ(assessed.findings[0].deduction, 3);
}

TEST(StaticRules, NameLettersThatLookLikeLatinOnes) {
  const Assessment assessed =
      with_fact({StaticFactKind::Lookalike, "SKILL.md", 2, "p\u0430ypal (U+0430) on line 2"})
          .assessed();
  ASSERT_THAT(assessed.findings, SizeIs(1));
  EXPECT_EQ(assessed.findings[0].rule, "documentation.lookalike-letters");
  EXPECT_EQ(assessed.findings[0].title,
            "Letters of another script look like Latin ones in `SKILL.md:2`: `p\u0430ypal "
            "(U+0430) on line 2`");
}

TEST(StaticRules, SayThatNoAgentWouldLoadTheSkill) {
  const Assessment assessed =
      with_fact({StaticFactKind::NotLoadable, "SKILL.md", 1, "it is a folder: make it a file"})
          .assessed();
  ASSERT_THAT(assessed.findings, SizeIs(1));
  EXPECT_EQ(assessed.findings[0].title,
            "No agent would load this skill: it is a folder: make it a file");
  EXPECT_EQ(assessed.findings[0].severity, Severity::High);
}

TEST(StaticRules, ManyFactsStayAReportThatCanBeRead) {
  AuditBuilder audit;
  for (const StaticFact& fact : {kHidden, kSecret, kProgram})
    for (std::size_t i = 0; i < kMostStaticFacts; ++i) {
      audit.evidence.skill.static_facts.push_back(fact);
      audit.evidence.skill.static_facts.back().file += std::to_string(i);
    }
  const Assessment assessed = audit.assessed();
  EXPECT_LE(assessed.findings.size(), 40U);
  EXPECT_EQ(assessed.scores[static_cast<std::size_t>(Axis::Security)], 60);
  EXPECT_EQ(assessed.scores[static_cast<std::size_t>(Axis::Documentation)], 90);
  EXPECT_NE(assessed.verdict, Verdict::Rejected);
}

TEST(StaticRules, HostileNamesAreShownEscaped) {
  const Assessment assessed =
      with_fact({StaticFactKind::OpaqueFile, "a`b\n\xe2\x80\xae.zip", 0, "ZIP archive"}).assessed();
  ASSERT_THAT(assessed.findings, SizeIs(1));
  for (const std::string& shown :
       {assessed.findings[0].title, text_of(assessed.findings[0].evidence[0].source)})
    EXPECT_THAT(shown, AllOf(Not(HasSubstr("\n")), Not(HasSubstr("\xe2\x80\xae"))));
}

}  // namespace
}  // namespace skillaudit
