#include "harness/analysis/later.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kHome = "/home/ubuntu";

Evidence evidence_of() {
  Evidence evidence;
  evidence.environment.guest_home = kHome;
  evidence.environment.guest_user = "ubuntu";
  evidence.environment.skill_dir = "/home/ubuntu/.claude/skills/x";
  return evidence;
}

FileChange added(const std::string& path, std::uint32_t mode = 0644) {
  FileChange change;
  change.after.path = path;
  change.after.type = FileType::Regular;
  change.after.mode = mode;
  change.content = Content::Other;
  return change;
}

std::vector<std::string> commands_of(const Changes& changes) {
  std::vector<std::string> commands;
  for (const PlannedStep& step : later_steps(evidence_of(), changes))
    commands.push_back(step.command);
  return commands;
}

std::vector<std::string> commands_of(const FileChange& change) {
  Changes changes;
  changes.files = {change};
  return commands_of(changes);
}

std::vector<std::string> commands_of_cron(CronEntry entry) {
  Changes changes;
  changes.cron = {{ChangeKind::Added, {}, std::move(entry)}};
  return commands_of(changes);
}

TEST(LaterSteps, ALineOfCronRunsAsCronRunsIt) {
  EXPECT_THAT(commands_of_cron({"/var/spool/cron/crontabs/ubuntu", "ubuntu",
                                "17 * * * *  /home/ubuntu/x --all >/dev/null"}),
              ElementsAre("cd && env -i HOME=\"$HOME\" LOGNAME=\"$USER\" PATH=/usr/bin:/bin "
                          "/bin/sh -c '/home/ubuntu/x --all >/dev/null'"));
  EXPECT_THAT(commands_of_cron({"/var/spool/cron/crontabs/ubuntu", "ubuntu", "@reboot date"}),
              ElementsAre(HasSubstr("/bin/sh -c 'date'")));
}

TEST(LaterSteps, ALineOfTheSystemsCronNamesItsUser) {
  EXPECT_THAT(commands_of_cron({"/etc/cron.d/x", "root", "5 4 * * 1 root /opt/x"}),
              ElementsAre("cd / && sudo -n /bin/sh -c '/opt/x'"));
}

TEST(LaterSteps, VariablesOfACrontabAreNoCommands) {
  EXPECT_THAT(commands_of_cron({"/var/spool/cron/crontabs/ubuntu", "ubuntu", "MAILTO=me"}),
              IsEmpty());
  EXPECT_THAT(commands_of_cron({"/var/spool/cron/crontabs/ubuntu", "ubuntu", "5 4 * * *"}),
              IsEmpty());
}

TEST(LaterSteps, AUnitIsStarted) {
  Changes changes;
  changes.units = {{ChangeKind::Added, {}, {"user:ubuntu", "x.timer", "", "", "", "enabled"}}};
  EXPECT_THAT(commands_of(changes), ElementsAre(HasSubstr("systemctl --user start 'x.service'")));
  EXPECT_THAT(commands_of(added("/home/ubuntu/.config/systemd/user/x.service")),
              ElementsAre(HasSubstr("systemctl --user start 'x.service'")))
      << "also one that nobody enabled";
}

TEST(LaterSteps, WhatReadsAStartUpFileIsStarted) {
  EXPECT_THAT(commands_of(added("/home/ubuntu/.bashrc")), ElementsAre(HasSubstr("bash -lic exit")));
  EXPECT_THAT(commands_of(added("/home/ubuntu/.local/lib/python3.11/site-packages/x.pth")),
              ElementsAre(HasSubstr("python3 -c pass")));
}

TEST(LaterSteps, HooksAndProgramsRunWhereTheyAreExecutable) {
  EXPECT_THAT(commands_of(added("/home/ubuntu/app/.git/hooks/pre-push", 0755)),
              ElementsAre("cd '/home/ubuntu/app/.git/hooks'/../.. && "
                          "'/home/ubuntu/app/.git/hooks/pre-push'"));
  EXPECT_THAT(commands_of(added("/home/ubuntu/app/.git/hooks/pre-push", 0644)), IsEmpty());
  EXPECT_THAT(commands_of(added("/home/ubuntu/.local/bin/tool", 0755)),
              ElementsAre("'/home/ubuntu/.local/bin/tool'"));
  EXPECT_THAT(commands_of(added("/home/ubuntu/notes/a.md")), IsEmpty());
}

TEST(LaterSteps, AnyNumberIsBounded) {
  Changes changes;
  for (int i = 0; i < 100; ++i)
    changes.files.push_back(added("/home/ubuntu/.local/bin/tool" + std::to_string(i), 0755));
  EXPECT_EQ(commands_of(changes).size(), kMostLaterSteps);
}

TEST(CouldActLater, IsAboutPlacesThatAreReadAgain) {
  EXPECT_TRUE(could_act_later({"/tmp/x", "/home/ubuntu/.bashrc"}, kHome, "/s"));
  EXPECT_TRUE(could_act_later({"/home/ubuntu/.local/bin/x"}, kHome, "/s"));
  EXPECT_FALSE(could_act_later({"/tmp/x", "/home/ubuntu/notes.md"}, kHome, "/s"));
}

}  // namespace
}  // namespace skillaudit
