#include "harness/audit/missing_packages.h"

#include <gmock/gmock.h>

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Lacking {
  StepCause cause;
  std::string what;
  std::string err;
};

AuditResult audit_of(const std::vector<Lacking>& steps, Verdict verdict = Verdict::Inconclusive) {
  AuditResult audit;
  audit.assessment.verdict = verdict;
  for (const Lacking& each : steps) {
    Step& step = audit.evidence.execution.steps.emplace_back();
    step.name = "step " + std::to_string(audit.evidence.execution.steps.size());
    step.err = each.err;
    audit.assessment.ends.push_back({each.cause, each.what});
  }
  return audit;
}

void runs(AuditResult& audit, const std::vector<std::string>& words) {
  TraceEvent& event = audit.evidence.trace.events.emplace_back();
  event.kind = TraceKind::Exec;
  event.success = true;
  event.program = words.front();
  event.arguments = words;
}

std::vector<std::string> wants(const AuditResult& audit) {
  std::vector<std::string> all;
  for (const MissingThing& each : missing_packages(audit)) all.push_back(each.want);
  return all;
}

const Lacking kPandoc{StepCause::LacksProgram, "pandoc", "pandoc: command not found"};

TEST(MissingPackages, AreWhatStepsLack) {
  EXPECT_THAT(
      wants(audit_of({kPandoc,
                      {StepCause::LacksModule, "yaml", "No module named 'yaml'"},
                      {StepCause::LacksModule, "express", "Error: Cannot find module 'express'"},
                      kPandoc,
                      {StepCause::LacksFile, "/srv/a", ""},
                      {StepCause::OwnFault, "", ""}})),
      ElementsAre("node:express", "program:pandoc", "python:yaml"));
}

TEST(MissingPackages, AreNotThoseThatTheSkillInstalls) {
  AuditResult audit = audit_of({kPandoc});
  runs(audit, {"apt-get", "install", "pandoc"});
  EXPECT_THAT(wants(audit), IsEmpty());
  AuditResult poetry = audit_of({{StepCause::LacksProgram, "poetry", "poetry: command not found"}});
  runs(poetry, {"poetry", "install"});
  EXPECT_THAT(wants(poetry), ElementsAre("program:poetry")) << "it installs other things";
}

TEST(MissingPackages, AreAllThatProgramsOfPythonImportOnceOneIsMissing) {
  AuditResult audit = audit_of({{StepCause::LacksModule, "yaml", "No module named 'yaml'"}});
  SkillText& text = audit.evidence.skill.texts.emplace_back();
  text.path = "scripts/a.py";
  text.text =
      "import sys, time\nimport lxml.etree as e\nfrom own.part import x\nfrom rich import print\n"
      "# import commented\nimport os.path\nfrom here on, the text\n";
  audit.evidence.skill.files.push_back({.path = "own/part.py"});
  audit.evidence.before.files.emplace_back().path = "/usr/lib/python3.11/os.py";
  EXPECT_THAT(wants(audit), ElementsAre("python:lxml", "python:rich", "python:yaml"));
  audit.assessment.ends[0] = {StepCause::LacksProgram, "pandoc"};
  EXPECT_THAT(wants(audit), ElementsAre("program:pandoc"));
}

TEST(MissingPackages, AreNoneForWhatIsOnlyTriedAndCouldHarmNobody) {
  AuditResult audit = audit_of({kPandoc});
  Step& step = audit.evidence.execution.steps[0];
  step.tentative = true;
  step.command = "pandoc README.md -o out.html";
  EXPECT_THAT(wants(audit), IsEmpty());
  step.command = "pandoc README.md -o out.html && rm -r old";
  EXPECT_THAT(wants(audit), ElementsAre("program:pandoc"));
  step.tentative = false;
  step.command = "pandoc README.md -o out.html";
  EXPECT_THAT(wants(audit), ElementsAre("program:pandoc"));
}

TEST(MissingPackages, HaveNamesThatAPackageCanHave) {
  for (const char* name : {"$(id)", "../x", "a b", "-o", "", "x;y"})
    EXPECT_THAT(wants(audit_of({{StepCause::LacksProgram, name, ""}})), IsEmpty()) << name;
}

TEST(MissingPackages, AreNotAddedAfterAnAuditThatRefusesTheSkill) {
  EXPECT_THAT(wants(audit_of({kPandoc}, Verdict::NeedsReview)), IsEmpty());
  EXPECT_THAT(wants(audit_of({kPandoc}, Verdict::Rejected)), IsEmpty());
  EXPECT_THAT(wants(audit_of({kPandoc}, Verdict::Approved)), ElementsAre("program:pandoc"));
}

TEST(MissingPackages, AreNeverThoseThatTheSkillInstalls) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"apt-get", "install", "-y", "pandoc"},
           {"/usr/bin/python3", "/usr/bin/pip", "install", "pandoc==2.1"},
           {"python3", "-m", "pip", "install", "pandoc"},
           {"node", "/usr/bin/npm", "install", "@scope/pandoc"},
           {"sudo", "apt", "install", "pandoc"}}) {
    AuditResult audit = audit_of({kPandoc});
    runs(audit, words);
    EXPECT_THAT(wants(audit), IsEmpty()) << words.back();
  }
  AuditResult other = audit_of({kPandoc});
  runs(other, {"apt-get", "install", "pandocdata2"});
  runs(other, {"echo", "install", "pandoc"});
  EXPECT_THAT(wants(other), ElementsAre("program:pandoc"));
}

TEST(MissingPackages, OfAuditYamlThatTheSkillInstallsAreItsOwn) {
  AuditResult audit;
  runs(audit, {"apt-get", "install", "jq"});
  EXPECT_THAT(installed_by_skill(audit.evidence, {"jq", "tree", "pip:jq"}),
              ElementsAre("jq", "pip:jq"));
}

}  // namespace
}  // namespace skillaudit
