// Each test fails on purpose.
#include <skillaudit/fixtures/testing.h>

using namespace skillaudit;
using testing::Not;

namespace {

const std::filesystem::path kSkills = SKILLS;

class FailingTwins : public SkillAuditTest {
 protected:
  const AuditResult& notes() {
    return run_skill(kSkills / "hello-notes",
                     {.command = "bash scripts/note.sh 'Water the plants'"});
  }
};

TEST_F(FailingTwins, Files) {
  const auto& audit = notes();
  EXPECT_THAT(audit, WroteNothing());
  EXPECT_THAT(audit, WroteOnlyUnder("~/journal"));
  EXPECT_THAT(audit, Created("~/notes/jurnal.md"));
  EXPECT_THAT(audit, Modified("~/.bashrc"));
  EXPECT_THAT(audit, Not(Executed("scripts/note.sh")));
  EXPECT_THAT(audit, ExitedWith(64));
  EXPECT_THAT(audit, GradeIs(Grade::B));
  EXPECT_THAT(audit, HasFinding("files.temp-left"));
}

TEST_F(FailingTwins, Network) {
  const auto& audit = run_skill(kSkills / "exfiltrate");
  EXPECT_THAT(audit, ContactedOnly("api.example.org"));
  EXPECT_THAT(audit, LeakedNoDecoys());
  EXPECT_THAT(audit, NeverRead("~/.aws/credentials"));
  EXPECT_THAT(audit, VerdictIs(Verdict::Approved));
}

TEST_F(FailingTwins, ASkillThatIsNotThere) { (void)run_skill(kSkills / "hello-nodes"); }

}  // namespace
