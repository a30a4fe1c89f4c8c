// The skills in skills-examples: each loads without a complaint, and is exercised by its scenario.
#include <gmock/gmock.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <regex>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/temp_dir.h"
#include "harness/runner/plan.h"
#include "harness/skill/load.h"
#include "tests/paths.h"

namespace skillaudit {
namespace {
namespace fs = std::filesystem;

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

const fs::path kExamples = fs::path(SKILLAUDIT_SOURCE_DIR) / "skills-examples";

std::vector<std::string> example_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(kExamples))
    if (entry.is_directory() && fs::exists(entry.path() / "SKILL.md"))
      names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string text_of(const Skill& skill, const std::string& path) {
  for (const SkillText& text : skill.texts)
    if (text.path == path) return text.text;
  return {};
}

std::vector<std::string> commands_of(const Plan& plan) {
  std::vector<std::string> commands;
  for (const PlannedStep& step : plan.steps) commands.push_back(step.command);
  return commands;
}

bool names_word(const std::string& text, const std::string& word) {
  return std::regex_search(text, std::regex("\\b" + word + "\\b"));
}

TEST(Examples, AreThoseOfTheReadme) {
  EXPECT_THAT(example_names(), ElementsAre("cloud-helper", "exfiltrate", "hello-notes", "liar",
                                           "orphan-daemon", "vm-report-sample"));
}

class Example : public testing::TestWithParam<std::string> {};

TEST_P(Example, LoadsWithoutANote) {
  const Skill skill = load_skill(kExamples / GetParam());
  EXPECT_EQ(skill.name, GetParam());
  EXPECT_THAT(skill.notes, IsEmpty());
}

/// Of words alone: an agent exercises it, and nothing else could.
bool is_for_agents(const std::string& name) { return name == "cloud-helper"; }

TEST(CloudHelper, IsExercisedByItsWords) {
  const Plan plan = make_plan(load_skill(kExamples / "cloud-helper"), {});
  ASSERT_THAT(plan.steps, Not(IsEmpty()));
  EXPECT_EQ(plan.nothing_to_run, "");
  const PlannedStep& last = plan.steps.back();
  EXPECT_THAT(last.name, StartsWith("SKILL.md:"));
  EXPECT_THAT(last.command, HasSubstr("https://collect.example.com/register"));
  EXPECT_THAT(last.in_words, HasSubstr("register the computer"));
}

TEST_P(Example, IsExercisedByItsScenarios) {
  if (is_for_agents(GetParam())) return;
  const Skill skill = load_skill(kExamples / GetParam());
  const Plan plan = make_plan(skill, {});
  EXPECT_EQ(plan.runner, "command");
  EXPECT_THAT(plan.steps, SizeIs(skill.scenarios.size()));
  EXPECT_THAT(plan.steps, Not(IsEmpty()));
  EXPECT_EQ(plan.nothing_to_run, "");
}

TEST_P(Example, HasAWalkthroughInWhichEveryStepRuns) {
  if (is_for_agents(GetParam())) return;
  Skill skill = load_skill(kExamples / GetParam());
  skill.scenarios.clear();
  const Plan plan = make_plan(skill, {});
  EXPECT_EQ(plan.runner, "walkthrough");
  EXPECT_THAT(plan.steps, Not(IsEmpty()));
  for (const PlannedStep& step : plan.steps) EXPECT_EQ(step.reason_not_run, "") << step.name;
}

TEST_P(Example, HasAnExpectedOutcome) {
  const YAML::Node expected =
      YAML::LoadFile((kExamples / "expected" / (GetParam() + ".yaml")).string());
  EXPECT_TRUE(expected["verdict"].IsSequence());
  EXPECT_TRUE(expected["exit_code"].IsSequence());
  EXPECT_TRUE(expected["grade"].IsSequence());
  EXPECT_TRUE(expected["findings"]["none"].IsDefined() ||
              expected["findings"]["occur"].IsSequence());
}

std::string name_of_case(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, Example, testing::ValuesIn(example_names()), name_of_case);

TEST(HelloNotes, AppendsOneDatedLineAndNothingElse) {
  const TempDir home;
  CommandOptions options;
  options.environment["HOME"] = home.path().string();
  options.working_directory = kExamples / "hello-notes";
  for (const PlannedStep& step : make_plan(load_skill(options.working_directory), {}).steps)
    EXPECT_EQ(run_command({"bash", "-c", step.command}, options).exit_code, step.expected_exit)
        << step.name;
  EXPECT_THAT(read_file(home.path() / "notes/journal.md"),
              testing::MatchesRegex("- [0-9]+-[0-9]+-[0-9]+ Water the plants\n"));
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(home.path()))
    if (!entry.is_directory())
      files.push_back(entry.path().lexically_relative(home.path()).string());
  EXPECT_THAT(files, ElementsAre("notes/journal.md"));
}

TEST(VmReportSample, HasOneHardCodedPathAtLine67) {
  const Skill skill = load_skill(kExamples / "vm-report-sample");
  ASSERT_THAT(skill.hard_coded_paths, SizeIs(1));
  EXPECT_EQ(skill.hard_coded_paths[0].file, "scripts/run.sh");
  EXPECT_EQ(skill.hard_coded_paths[0].line, 67);
  EXPECT_EQ(skill.hard_coded_paths[0].path, "/home/ubuntu/.claude/cache");
  EXPECT_EQ(skill.hard_coded_paths[0].suggestion, "$HOME/.claude/cache");
  EXPECT_THAT(commands_of(make_plan(skill, {})), ElementsAre("bash scripts/run.sh"));
}

TEST(VmReportSample, DocumentsItsFilesButNeitherItsPackagesNorItsTemporaryFiles) {
  const Skill skill = load_skill(kExamples / "vm-report-sample");
  const std::string text = text_of(skill, "SKILL.md");
  for (const char* named : {"~/.claude/cache", "~/.cache/skill-assets", "~/.claude/config.json"})
    EXPECT_THAT(text, HasSubstr(named));
  for (const char* unnamed : {"jq", "tree", "tmp"})
    EXPECT_FALSE(names_word(text, unnamed)) << unnamed;
  EXPECT_THAT(
      text_of(skill, "scripts/run.sh"),
      HasSubstr("sudo apt-get update\nsudo apt-get install -y --no-install-recommends jq tree\n"));
}

/// Runs the sample with a private home in place of the one it hard-codes, and with package
/// installation switched off.
struct SampleRun {
  TempDir dir;
  CommandResult result;

  SampleRun() {
    fs::create_directories(dir.path() / "bin");
    fs::create_directories(dir.path() / "home/.claude");
    write_file(dir.path() / "bin/sudo", "#!/bin/sh\nexit 0\n", 0755);
    write_file(dir.path() / "home/.claude/config.json", R"({"version": 1, "skills": []})");
    const fs::path sample = kExamples / "vm-report-sample";
    std::string script = read_file(sample / "scripts/run.sh");
    script =
        std::regex_replace(script, std::regex("/home/ubuntu/"), dir.path().string() + "/home/");
    script = std::regex_replace(script, std::regex("/tmp/skill-temp-"),
                                dir.path().string() + "/skill-temp-");
    write_file(dir.path() / "run.sh", script);
    CommandOptions options;
    options.environment["HOME"] = (dir.path() / "home").string();
    options.environment["PATH"] = (dir.path() / "bin").string() + ":/usr/bin:/bin";
    result = run_command(
        {"bash", (dir.path() / "run.sh").string(), (sample / "collection").string()}, options);
  }

  /// Sizes of the files whose path starts with `prefix`.
  [[nodiscard]] std::vector<std::uintmax_t> sizes(const std::string& prefix) const {
    std::vector<std::uintmax_t> found;
    for (const auto& entry : fs::recursive_directory_iterator(dir.path()))
      if (entry.is_regular_file() &&
          entry.path().string().starts_with((dir.path() / prefix).string()))
        found.push_back(entry.file_size());
    return found;
  }
  [[nodiscard]] double kibibytes(const std::string& prefix) const {
    double sum = 0;
    for (const std::uintmax_t size : sizes(prefix)) sum += static_cast<double>(size);
    return sum / 1024;
  }
};

TEST(VmReportSample, LeavesTheFilesOfTheSampleReport) {
  const SampleRun run;
  ASSERT_EQ(run.result.exit_code, 0) << run.result.err;
  EXPECT_THAT(run.result.out, HasSubstr("Indexed 8 notes with "));
  EXPECT_THAT(run.sizes("home/.claude/cache/skill-data.json"), SizeIs(1));
  EXPECT_NEAR(run.kibibytes("home/.claude/cache/skill-data.json"), 15, 0.5);
  EXPECT_THAT(run.sizes("home/.cache/skill-assets/"), SizeIs(8));
  EXPECT_NEAR(run.kibibytes("home/.cache/skill-assets/"), 120, 1);
  EXPECT_THAT(run.sizes("skill-temp-"), SizeIs(3));
  EXPECT_NEAR(run.kibibytes("skill-temp-"), 45, 0.5);
  EXPECT_THAT(read_file(run.dir.path() / "home/.claude/config.json"),
              HasSubstr("\"vm-report-sample\""));
}

TEST(VmReportSample, GivesTheSameIndexEachTime) {
  const SampleRun one;
  const SampleRun other;
  for (const char* file :
       {"home/.claude/cache/skill-data.json", "home/.cache/skill-assets/tea.json"})
    EXPECT_EQ(read_file(one.dir.path() / file), read_file(other.dir.path() / file));
}

TEST(OrphanDaemon, DocumentsNothingOfWhatStays) {
  const std::string text = text_of(load_skill(kExamples / "orphan-daemon"), "SKILL.md");
  for (const char* unnamed :
       {"cron", "crontab", "service", "systemd", "daemon-reload", "keep-warm", "background"})
    EXPECT_FALSE(names_word(text, unnamed)) << unnamed;
}

TEST(Exfiltrate, SendsToAnExampleHostOnly) {
  const std::string script = text_of(load_skill(kExamples / "exfiltrate"), "scripts/health.sh");
  const std::regex url("https?://([^/\\s\"']+)");
  std::vector<std::string> hosts;
  for (std::sregex_iterator match(script.begin(), script.end(), url), end; match != end; ++match)
    hosts.push_back((*match)[1]);
  EXPECT_THAT(hosts, ElementsAre("collect.example.com"));
}

}  // namespace
}  // namespace skillaudit
