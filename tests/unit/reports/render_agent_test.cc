#include <fmt/core.h>
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/temp_dir.h"
#include "reports/render.h"
#include "tests/paths.h"
#include "tests/unit/analysis/agent_builder.h"

namespace skillaudit {
namespace {

using testing::AgentBuilder;
using testing::AuditBuilder;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::regular;

/// What validate.py prints of a report: empty when the schema allows it.
std::string schema_errors(const std::string& report) {
  const TempDir folder;
  write_file(folder.path() / "report.json", report);
  const CommandResult result = run_command(
      {"/usr/bin/python3", SKILLAUDIT_SOURCE_DIR "/tests/unit/reports/validate.py",
       SKILLAUDIT_SOURCE_DIR "/reports/schema/report.schema.json", folder.path() / "report.json"});
  return result.exit_code == 0 ? "" : result.out + result.err + "(validation failed)";
}

std::string json_of(const AuditBuilder& audit) {
  return render_json(audit.evidence, audit.assessed());
}
std::string markdown_of(const AuditBuilder& audit) {
  return render_markdown(audit.evidence, audit.assessed());
}

AgentBuilder driven() {
  AgentBuilder audit;
  audit.asks();
  Transcript& transcript = audit.evidence.agent.transcript;
  transcript.files_read = {"SKILL.md", "references/units.md"};
  transcript.input_tokens = 1234;
  transcript.output_tokens = 56;
  transcript.last_text = "It rains.";
  audit.call("scripts/weather.sh Oslo", "It rains.");
  audit.starts({"bash", "-c", "scripts/weather.sh Oslo"});
  audit.call("scripts/wind.sh Oslo", "no wind", true);
  transcript.actions.push_back({.tool = "Read", .kind = "read", .what = "/home/ubuntu/notes"});
  transcript.actions.back().source = source::flow(9);
  return audit;
}

TEST(AgentSection, TellsWhoDroveTheSkillAndWhatWasDone) {
  const std::string report = markdown_of(driven());
  for (const char* line :
       {"### The agent\n", "- **Agent**: Claude Code 2.1.330\n",
        "- **Model**: built in: follows the skill literally, in place of `api.anthropic.com:443`\n",
        "- **Prompt**: `Use it.`\n", "- **Skill offered to the model**: ✅ yes\n",
        "- **Skill triggered**: ✅ yes\n",
        "- **Files of the skill that the model read**: `SKILL.md`, `references/units.md`\n",
        "- **Conversation**: 2 answers from the model, 1234 tokens in, 56 out\n",
        "- ✅ `Bash` `scripts/weather.sh Oslo` (`flows.jsonl#7`)\n",
        "- ❌ `Bash` `scripts/wind.sh Oslo` (`flows.jsonl#7`)\n",
        "- ❔ `Read` `/home/ubuntu/notes` (`flows.jsonl#9`)\n"})
    EXPECT_THAT(report, HasSubstr(line));
  EXPECT_LT(report.find("## Execution Results"), report.find("### The agent"));
  EXPECT_LT(report.find("### The agent"), report.find("## Filesystem Changes"));
}

TEST(AgentSection, IsNotThereWhereNoAgentDroveTheSkill) {
  const AuditBuilder audit;
  EXPECT_THAT(markdown_of(audit), Not(HasSubstr("The agent")));
  EXPECT_THAT(markdown_of(audit), Not(HasSubstr("the agent also changes")));
  const auto report = nlohmann::json::parse(json_of(audit));
  EXPECT_TRUE(report.at("agent").is_null());
  EXPECT_EQ(report["changes"]["files"]["by_origin"]["agent"], 0);
}

TEST(AgentSection, SaysWhoAnsweredInTheModelsPlace) {
  AgentBuilder audit = driven();
  const auto model = [&](const std::string& name) {
    audit.evidence.agent.model = name;
    EXPECT_EQ(schema_errors(json_of(audit)), "");
    const std::string report = markdown_of(audit);
    const std::size_t at = report.find("- **Model**: ");
    return report.substr(at, report.find('\n', at) - at);
  };
  EXPECT_EQ(model("script"), "- **Model**: a script, in place of `api.anthropic.com:443`");
  EXPECT_EQ(model("replay"), "- **Model**: a recording, in place of `api.anthropic.com:443`");
  EXPECT_EQ(model("live"), "- **Model**: live, at `api.anthropic.com:443`");
}

TEST(AgentSection, SaysWhatALiveModelCostByTheAgentsCount) {
  AgentBuilder audit = driven();
  audit.evidence.agent.transcript.cost_usd = 0.25;
  EXPECT_THAT(markdown_of(audit), HasSubstr("56 out, 0.2500 US dollars as counted by the agent\n"));
  EXPECT_EQ(nlohmann::json::parse(json_of(audit))["agent"]["cost_usd"], 0.25);
}

TEST(AgentSection, SaysWhatDidNotHappen) {
  AgentBuilder audit;
  Transcript& transcript = audit.evidence.agent.transcript;
  transcript.offered = transcript.triggered = false;
  transcript.files_read.clear();
  const std::string report = markdown_of(audit);
  for (const char* line :
       {"- **Skill offered to the model**: ❌ no\n", "- **Skill triggered**: ❌ no\n",
        "- **Files of the skill that the model read**: none\n", "\nNone.\n"})
    EXPECT_THAT(report, HasSubstr(line));
}

TEST(AgentSection, CountsTheFilesThatTheAgentChangesWithoutASkillToo) {
  AgentBuilder audit = driven();
  audit.added(regular("/tmp/claude-x"), Origin::Agent);
  EXPECT_THAT(markdown_of(audit),
              HasSubstr(", 1 that the agent also changes without a skill, and what a "));
  EXPECT_EQ(nlohmann::json::parse(json_of(audit))["changes"]["files"]["by_origin"]["agent"], 1);
}

TEST(AgentSection, EndsALongListOfCallsAndSaysSo) {
  AgentBuilder audit;
  for (int i = 0; i < 1100; ++i) audit.call(fmt::format("x{}", i), "", true);
  const std::string report = markdown_of(audit);
  EXPECT_THAT(report, HasSubstr("- **Calls**: 1100; the first 50 are shown\n"));
  EXPECT_THAT(report, HasSubstr("`x49` (`flows"));
  EXPECT_THAT(report, Not(HasSubstr("`x50` (`flows")));
  const auto json = nlohmann::json::parse(json_of(audit));
  EXPECT_EQ(json["agent"]["calls"].size(), 1000U);
  EXPECT_EQ(json["agent"]["calls_omitted"], 100);
}

TEST(AgentInJson, HoldsTheWholeConversationInTheSchemasShape) {
  const std::string text = json_of(driven());
  EXPECT_EQ(schema_errors(text), "");
  auto report = nlohmann::json::parse(text);
  const auto& agent = report["agent"];
  EXPECT_EQ(agent["name"], "claude");
  EXPECT_EQ(agent["version"], "2.1.330");
  EXPECT_EQ(agent["model"], "obedient");
  EXPECT_EQ(agent["prompts"], nlohmann::json::array({"Use it."}));
  EXPECT_EQ(agent["files_read"].size(), 2U);
  EXPECT_TRUE(agent["cost_usd"].is_null());
  ASSERT_EQ(agent["calls"].size(), 3U);
  EXPECT_EQ(agent["calls"][1]["what"], "scripts/wind.sh Oslo");
  EXPECT_EQ(agent["calls"][1]["result"], "no wind");
  EXPECT_EQ(agent["calls"][1]["is_error"], true);
  EXPECT_EQ(agent["calls"][2]["answered"], false);
  report["agent"]["model"] = "a friend";
  EXPECT_THAT(schema_errors(report.dump()), HasSubstr("agent/model"));
  report["agent"] = nlohmann::json::object();
  EXPECT_THAT(schema_errors(report.dump()), HasSubstr("required"));
}

TEST(AgentSection, ShowsAPromptOfManyLinesInOne) {
  AgentBuilder audit;
  audit.evidence.agent.prompts = {"Two\nlines", "Another"};
  EXPECT_THAT(markdown_of(audit),
              HasSubstr("- **Prompt**: `Two\\nlines`\n- **Prompt**: `Another`\n"));
}

/// What a model says, and what a guest returns, is a stranger's.
TEST(AgentSection, ShowsHostileTextAsCodeAndPrintable) {
  for (const std::string hostile :
       {"<script>alert(1)</script>", "`x` <b>", "[x](https://evil.example)", "a\n# Heading\n",
        "\x1b[31m\xff\xe2\x80\xae", "**bold** | table", "{{#findings}}"}) {
    AgentBuilder audit;
    AgentRun& agent = audit.evidence.agent;
    agent.prompts = {hostile};
    agent.title = agent.version = hostile;
    agent.host = hostile;
    agent.transcript.files_read = {hostile};
    agent.transcript.last_text = agent.transcript.last_error = hostile;
    audit.call(hostile, hostile, true);
    agent.transcript.actions[0].tool = hostile;
    const std::string report = markdown_of(audit);
    EXPECT_THAT(report, Not(HasSubstr("\x1b")));
    EXPECT_THAT(report, Not(HasSubstr("\xff")));
    EXPECT_THAT(report, Not(HasSubstr("\xe2\x80\xae")));
    EXPECT_THAT(report, Not(HasSubstr("\n# Heading")));
    const std::size_t from = report.find("### The agent");
    const std::string section = report.substr(from, report.find("\n## ", from) - from);
    for (std::size_t at = section.find('<'); at != std::string::npos;
         at = section.find('<', at + 1)) {
      const std::size_t line = section.rfind('\n', at);
      EXPECT_NE(section.substr(line, at - line).find('`'), std::string::npos)
          << "not as code: " << section.substr(line, 80);
    }
    EXPECT_EQ(schema_errors(json_of(audit)), "");
  }
}

}  // namespace
}  // namespace skillaudit
