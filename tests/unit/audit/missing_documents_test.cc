#include "harness/audit/missing_documents.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// An audit of steps that failed, each of which deletes something besides.
AuditResult audit_of(const std::vector<std::string>& errors) {
  AuditResult audit;
  audit.assessment.verdict = Verdict::Inconclusive;
  audit.evidence.project = "/home/ubuntu/projects/tidewatch";
  for (const std::string& err : errors) {
    Step& step = audit.evidence.execution.steps.emplace_back();
    step.name = "SKILL.md:" + std::to_string(audit.evidence.execution.steps.size());
    step.command = "rm -rf ~/old";
    step.ran = true;
    step.exit_code = 1;
    step.err = err;
    audit.assessment.ends.push_back({StepCause::LacksFile, "x"});
  }
  return audit;
}

std::vector<std::string> documents(const AuditResult& audit) {
  return documents_among(missing_documents(audit));
}

constexpr const char* kPdf = "I/O Error: Couldn't open file './in.pdf': No such file or directory.";

TEST(MissingDocuments, AreThoseOfTheProjectThatStepsDidNotFind) {
  EXPECT_THAT(documents(audit_of({kPdf,
                                  "cat: a.csv: No such file or directory\n"
                                  "cat: data/b.json: No such file or directory",
                                  kPdf})),
              ElementsAre("in.pdf", "a.csv", "data/b.json"));
  EXPECT_THAT(
      documents(audit_of({"cat: /home/ubuntu/projects/tidewatch/c.md: No such file or directory"})),
      ElementsAre("c.md"));
  EXPECT_THAT(documents(audit_of({"open /tmp/body.md: no such file or directory"})),
              ElementsAre("/tmp/body.md"));
}

TEST(MissingDocuments, AreNothingThatAnotherProgramRunsOrReadsAtItsStart) {
  for (const char* name :
       {"/etc/a.csv", "/tmp/../etc/a.csv", "/tmp/a/b.csv", "../a.csv", "a/../../b.csv",
        ".hidden.md", "run.sh", ".claude/a.md", "-o.csv", "~/a.csv", "conftest.py"})
    EXPECT_THAT(documents(audit_of({"cat: " + std::string(name) + ": No such file or directory"})),
                IsEmpty())
        << name;
}

TEST(MissingDocuments, AreNoneThatTheSkillMadeOrThatAConversionGives) {
  AuditResult audit = audit_of({"cat: out.csv: No such file or directory",
                                "cat: report.docx: No such file or directory",
                                "cat: report.pdf: No such file or directory"});
  FileEntry& made = audit.evidence.after.files.emplace_back();
  made.path = "/home/ubuntu/projects/tidewatch/out.csv";
  EXPECT_THAT(documents(audit), ElementsAre("report.docx"));
}

TEST(MissingDocuments, AreMadeOnlyWhereSomethingIsOpenThatTheyCouldSettle) {
  AuditResult refused = audit_of({kPdf});
  refused.assessment.verdict = Verdict::Rejected;
  EXPECT_THAT(documents(refused), IsEmpty());
  AuditResult harmless = audit_of({kPdf});
  harmless.evidence.execution.steps[0].command = "cat in.pdf";
  EXPECT_THAT(documents(harmless), IsEmpty());
  AuditResult elsewhere = audit_of({kPdf});
  elsewhere.evidence.project.clear();
  EXPECT_THAT(documents(elsewhere), IsEmpty());
}

TEST(MissingDocuments, MakeTheStepsThatNameThemTheAuditsReading) {
  Plan plan;
  plan.steps = {{.name = "a", .command = "rm x; qpdf in.pdf"}, {.name = "b", .command = "rm y"}};
  mark_steps_with({{"document:in.pdf", "a"}, {"program:qpdf", "a"}}, plan);
  EXPECT_TRUE(plan.steps[0].tentative);
  EXPECT_FALSE(plan.steps[1].tentative);
}

}  // namespace
}  // namespace skillaudit
