#include "harness/audit/arrangement.h"

#include <gmock/gmock.h>

#include "harness/base/error.h"

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

const std::string kHome = "/home/u";
const StepPlaces kPlaces{"/home/u/.claude/skills/demo", "/home/u/projects/p"};

Scenario scenario(const std::string& name, const Surroundings& asked = {}) {
  Scenario made{.name = name, .command = "true"};
  made.surroundings = asked;
  return made;
}

Surroundings with_file(const std::string& path, const std::string& text) {
  Surroundings asked;
  asked.files = {{path, text, "", "audit.yaml:3:4"}};
  return asked;
}

Arrangement arranged(const Skill& skill, const AuditSpec& spec = {}) {
  Plan plan =
      spec.scenario.empty() ? make_plan(skill, spec.commands) : plan_scenario(skill, spec.scenario);
  return arrange(spec, skill, kPlaces, kHome, plan);
}

std::string complaint(const Skill& skill) {
  try {
    (void)arranged(skill);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

std::vector<std::string> paths(const Arrangement& arrangement) {
  std::vector<std::string> all;
  for (const PlacedEntry& file : arrangement.files)
    all.push_back(file.entry.path + (file.entry.placed ? " outside" : ""));
  return all;
}

TEST(Arrangement, PlacesFilesOfAuditYamlBelowTheHomeAndElsewhere) {
  Skill skill;
  skill.surroundings = with_file("~/a.csv", "a");
  skill.scenarios = {scenario("one", with_file("/srv/b.csv", "b")),
                     scenario("two", with_file("{project}/c", "c"))};
  EXPECT_THAT(paths(arranged(skill)), ElementsAre("a.csv", "/srv/b.csv outside", "projects/p/c"));
  AuditSpec test;
  test.scenario = "two";
  EXPECT_THAT(paths(arranged(skill, test)), ElementsAre("a.csv", "projects/p/c"));
}

TEST(Arrangement, RefusesFilesOfAuditYamlThatWouldHideWhatASkillDoes) {
  for (const char* path :
       {"~/.bashrc", "~/.ssh/authorized_keys", "~/.config/systemd/user/a.service",
        "~/.aws/credentials", "~/.claude/settings.json", "~/.local/bin/ls", "/etc/hosts",
        "/usr/local/bin/x", "/var/lib/x", "/home/u/.claude/skills/demo/a.sh",
        "{project}/.git/hooks/pre-commit"}) {
    Skill skill;
    skill.surroundings = with_file(path, "x");
    EXPECT_THAT(complaint(skill), HasSubstr("cannot be put into the guest by audit.yaml")) << path;
  }
  for (const char* path : {"~/.config/tool/settings.ini", "~/notes/a", "/tmp/x", "/data/x"}) {
    Skill skill;
    skill.surroundings = with_file(path, "x");
    EXPECT_EQ(complaint(skill), "accepted") << path;
  }
}

TEST(Arrangement, RefusesOneFileWithTwoTextsInOneVm) {
  Skill skill;
  skill.scenarios = {scenario("one", with_file("~/a", "1")),
                     scenario("two", with_file("~/a", "2"))};
  EXPECT_THAT(complaint(skill), HasSubstr("another scenario has other text for ~/a"));
  skill.scenarios[1].surroundings.files[0].content = "1";
  EXPECT_EQ(complaint(skill), "accepted");
}

TEST(Arrangement, KnowsCredentialsOfAuditYamlUnlessAnOptionSetsThem) {
  Skill skill;
  skill.scenarios = {scenario("one")};
  skill.surroundings.environment = {{"REGION", "eu"}, {"ACME_TOKEN", "test-token-0123"}};
  EXPECT_THAT(arranged(skill).credentials, ElementsAre(Pair("ACME_TOKEN", "test-token-0123")));
  AuditSpec spec;
  spec.given.environment = {{"ACME_TOKEN", "of-the-auditor"}};
  const Arrangement given = arranged(skill, spec);
  EXPECT_THAT(given.credentials, IsEmpty());
  EXPECT_THAT(given.environment, ElementsAre(Pair("ACME_TOKEN", "of-the-auditor")));
}

TEST(Arrangement, JudgesTheSetupOfAuditYamlUnlessItIsTrusted) {
  Skill skill;
  skill.scenarios = {scenario("one")};
  skill.surroundings.setup = {"touch a"};
  AuditSpec spec;
  Plan plan = make_plan(skill, {});
  EXPECT_THAT(arrange(spec, skill, kPlaces, kHome, plan).setup, IsEmpty());
  EXPECT_EQ(plan.steps.front().name, "setup");
  spec.trusts_setup = true;
  plan = make_plan(skill, {});
  EXPECT_THAT(arrange(spec, skill, kPlaces, kHome, plan).setup, ElementsAre("touch a"));
  EXPECT_EQ(plan.steps.size(), 1U);
  AuditSpec test;
  test.scenario = "one";
  plan = plan_scenario(skill, "one");
  EXPECT_THAT(arrange(test, skill, kPlaces, kHome, plan).setup, ElementsAre("touch a"));
}

TEST(Arrangement, TakesNothingOfAuditYamlForCommandsOfTheAuditor) {
  Skill skill;
  skill.surroundings = with_file("~/a", "1");
  skill.surroundings.setup = {"touch a"};
  AuditSpec spec;
  spec.commands = {"pwd"};
  const Arrangement none = arranged(skill, spec);
  EXPECT_THAT(none.files, IsEmpty());
  EXPECT_THAT(none.setup, IsEmpty());
}

TEST(Arrangement, MakesFoldersThatStepsWorkIn) {
  Skill skill;
  skill.scenarios = {scenario("one")};
  skill.surroundings.working_directory = "~/shop/src";
  AuditSpec spec;
  spec.given.working_directory = "{project}/src";
  EXPECT_THAT(arranged(skill, spec).folders, ElementsAre("~/shop/src"))
      << "what is in the project is there";
}

}  // namespace
}  // namespace skillaudit
