// The corpus in skills-examples/corpus: each row of its table has two skills that load without a
// complaint and run as they stand, and expects rules that exist.
#include <gmock/gmock.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <ostream>
#include <regex>
#include <set>

#include "harness/runner/plan.h"
#include "harness/skill/load.h"
#include "tests/paths.h"

namespace skillaudit {
namespace {
namespace fs = std::filesystem;

using testing::Contains;
using testing::ElementsAreArray;
using testing::Ge;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::Not;
using testing::SizeIs;

const fs::path kCorpus = fs::path(SKILLAUDIT_SOURCE_DIR) / "skills-examples/corpus";

struct Behaviour {
  std::string name;
  std::string category;
  std::string does;
  std::string hostile;  ///< relative to the corpus, as `honest`
  std::string honest;
  std::vector<std::string> expect;

  friend std::ostream& operator<<(std::ostream& out, const Behaviour& behaviour) {
    return out << behaviour.category << '/' << behaviour.name;
  }
};

std::vector<Behaviour> behaviours() {
  std::vector<Behaviour> all;
  const YAML::Node table = YAML::LoadFile((kCorpus / "corpus.yaml").string());
  for (const YAML::Node& row : table["behaviours"])
    all.push_back({row["behaviour"].as<std::string>(), row["category"].as<std::string>(),
                   row["does"].as<std::string>(), row["hostile"].as<std::string>(),
                   row["honest"].as<std::string>(), row["expect"].as<std::vector<std::string>>()});
  return all;
}

/// Relative paths of the folders that hold a SKILL.md.
std::vector<std::string> skill_folders() {
  std::vector<std::string> folders;
  for (const auto& entry : fs::recursive_directory_iterator(kCorpus))
    if (entry.path().filename() == "SKILL.md")
      folders.push_back(entry.path().parent_path().lexically_relative(kCorpus).string());
  std::sort(folders.begin(), folders.end());
  return folders;
}

std::set<std::string> rules_of_rubric() {
  std::set<std::string> rules;
  for (const auto& file : fs::directory_iterator(fs::path(SKILLAUDIT_SOURCE_DIR) / "reports/rules"))
    for (const YAML::Node& rule : YAML::LoadFile(file.path().string())["rules"])
      rules.insert(rule["id"].as<std::string>());
  return rules;
}

TEST(Corpus, HasAtLeastThirtyBehaviours) { EXPECT_THAT(behaviours(), SizeIs(Ge(30U))); }

TEST(Corpus, ListsEachSkillThatLiesInItOnce) {
  std::vector<std::string> listed;
  for (const Behaviour& behaviour : behaviours()) {
    listed.push_back(behaviour.hostile);
    listed.push_back(behaviour.honest);
  }
  std::sort(listed.begin(), listed.end());
  EXPECT_THAT(skill_folders(), ElementsAreArray(listed));
}

TEST(Corpus, NamesEachSkillOnceSoThatAllCanBeAuditedInOneCall) {
  std::map<std::string, int> names;
  for (const std::string& folder : skill_folders()) ++names[fs::path(folder).filename().string()];
  for (const auto& [name, count] : names) EXPECT_EQ(count, 1) << name;
}

class CorpusRow : public testing::TestWithParam<Behaviour> {};

TEST_P(CorpusRow, SaysWhatItIsAndWhere) {
  const Behaviour& row = GetParam();
  EXPECT_THAT(row.does, MatchesRegex("[A-Z].*\\."));
  const std::string folder = row.category + "/" + row.name;
  EXPECT_EQ(fs::path(row.hostile).parent_path(), folder + "/hostile");
  EXPECT_EQ(fs::path(row.honest).parent_path(), folder + "/honest");
}

TEST_P(CorpusRow, ExpectsRulesOfTheRubric) {
  const std::set<std::string> rules = rules_of_rubric();
  EXPECT_THAT(GetParam().expect, Not(IsEmpty()));
  for (const std::string& rule : GetParam().expect) EXPECT_THAT(rules, Contains(rule));
}

TEST_P(CorpusRow, HasSkillsThatLoadWithoutANoteAndRunAsTheyStand) {
  for (const std::string& folder : {GetParam().hostile, GetParam().honest}) {
    const Skill skill = load_skill(kCorpus / folder);
    EXPECT_THAT(skill.notes, IsEmpty()) << folder;
    const Plan plan = make_plan(skill, {});
    EXPECT_THAT(plan.steps, Not(IsEmpty())) << folder;
    for (const PlannedStep& step : plan.steps)
      EXPECT_EQ(step.reason_not_run, "") << folder << ": " << step.name;
  }
}

TEST_P(CorpusRow, KnowsOnlyHostsThatNobodyOwns) {
  const std::regex host(R"(://([A-Za-z0-9.-]*[A-Za-z0-9]))");
  const std::regex reserved(R"((.*\.)?example\.com|127\.0\.0\.1|localhost)");
  for (const std::string& folder : {GetParam().hostile, GetParam().honest})
    for (const SkillText& text : load_skill(kCorpus / folder).texts)
      for (std::sregex_iterator match(text.text.begin(), text.text.end(), host), end; match != end;
           ++match) {
        const std::string name = (*match)[1];
        EXPECT_TRUE(std::regex_match(name, reserved)) << folder << ": " << name;
      }
}

TEST_P(CorpusRow, MarksTheScriptsOfTheHostileSkillAndNoOthers) {
  const std::string mark = "this skill must not pass. Run it in the sandbox only.";
  for (const auto& [folder, marked] :
       {std::pair(GetParam().hostile, true), std::pair(GetParam().honest, false)})
    for (const SkillText& text : load_skill(kCorpus / folder).texts) {
      const bool is_script = text.path.starts_with("scripts/");
      EXPECT_EQ(text.text.find(mark) != std::string::npos, marked && is_script)
          << folder << "/" << text.path;
    }
}

std::string name_of_case(const testing::TestParamInfo<Behaviour>& info) {
  std::string name = info.param.category + "_" + info.param.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(All, CorpusRow, testing::ValuesIn(behaviours()), name_of_case);

}  // namespace
}  // namespace skillaudit
