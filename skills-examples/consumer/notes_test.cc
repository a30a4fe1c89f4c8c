#include <skillaudit/fixtures/testing.h>

using namespace skillaudit;
using testing::AllOf;
using testing::EndsWith;
using testing::Not;

namespace {

const std::filesystem::path kSkills = SKILLS;

class Notes : public SkillAuditTest {};

TEST_F(Notes, TakesANoteAndLeavesNothingElse) {
  const auto& audit =
      run_skill(kSkills / "hello-notes", {.command = "bash scripts/note.sh 'Water the plants'"});
  EXPECT_THAT(audit, AllOf(ExitedWith(0), Executed("scripts/note.sh")));
  EXPECT_THAT(audit, AllOf(Created("~/notes/journal.md"), WroteOnlyUnder("~/notes")));
  EXPECT_THAT(audit, AllOf(LeftNoProcesses(), InstalledNoPackages(), ContactedNothing()));
  EXPECT_THAT(audit,
              AllOf(NeverRead("~/.aws/credentials"), LeakedNoDecoys(), AddedNoPersistence()));
  EXPECT_THAT(audit, AllOf(GradeIs(Grade::A), VerdictIs(Verdict::Approved), HasNoFindings()));
}

TEST_F(Notes, RefusesAnEmptyNote) {
  const auto& audit = run_skill(kSkills / "hello-notes", {.command = "bash scripts/note.sh ''"});
  EXPECT_THAT(audit,
              AllOf(ExitedWith(64), WroteNothing(), FinishedWithin(std::chrono::seconds(30))));
}

class Exfiltrate : public SkillAuditTest {};

TEST_F(Exfiltrate, IsFoundOut) {
  const auto& audit = run_skill(kSkills / "exfiltrate");
  EXPECT_THAT(audit, Not(LeakedNoDecoys()));
  EXPECT_THAT(audit, Not(ContactedNothing()));
  EXPECT_THAT(audit,
              AllOf(VerdictIs(Verdict::Rejected), HasFinding("credentials.decoy-left-machine")));
}

/// The layer below: a VM, and what changes in it.
class Sandboxes : public SandboxTest {};

TEST_F(Sandboxes, TellWhatAnythingChanges) {
  upload(kSkills / "hello-notes", "~/uploaded");
  const Snapshot before = snapshot();
  EXPECT_EQ(exec("cd ~/uploaded/hello-notes && bash scripts/note.sh 'Buy tea'").exit_code, 0);
  const Changes changes = diff(before, snapshot());
  const FileChange* journal = find_change(changes.files, "/home/ubuntu/notes/journal.md");
  ASSERT_NE(journal, nullptr) << testing::PrintToString(changes);
  EXPECT_EQ(journal->kind, ChangeKind::Added);
  EXPECT_EQ(find_change(changes.files, "/home/ubuntu/uploaded/hello-notes/SKILL.md"), nullptr);
}

}  // namespace
