#include "harness/skill/surroundings.h"

#include <gmock/gmock.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/temp_dir.h"
#include "harness/skill/audit_manifest.h"

namespace skillaudit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using testing::StartsWith;

AuditManifest parse(const std::string& text) { return parse_audit_manifest("audit.yaml", text); }

std::string complaint(const std::string& text) {
  try {
    (void)parse(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Surroundings, AreReadForTheWholeSkill) {
  const Surroundings asked =
      parse(
          "packages: [jq, \"npm:@scope/tool\", pip:rich]\n"
          "environment: {REGION: eu, EMPTY: , PORT: 80}\n"
          "files:\n  ~/a.csv: \"a,b\\n\"\n  \"{project}/data/b\": {from: examples/b.txt}\n"
          "setup:\n  - git init -q ~/shop\nworking_directory: ~/shop\nterminal: true\n"
          "stdin: \"yes\\n\"\narguments:\n  scripts/a.sh: --all \"two words\"\n"
          "  scripts/b.py: [-n, 3]\n")
          .surroundings;
  EXPECT_THAT(asked.packages, ElementsAre("jq", "npm:@scope/tool", "pip:rich"));
  EXPECT_THAT(asked.environment,
              ElementsAre(Pair("REGION", "eu"), Pair("EMPTY", ""), Pair("PORT", "80")));
  ASSERT_THAT(asked.files, SizeIs(2));
  EXPECT_EQ(asked.files[0].path, "~/a.csv");
  EXPECT_EQ(asked.files[0].content, "a,b\n");
  EXPECT_EQ(asked.files[1].from, "examples/b.txt");
  EXPECT_EQ(asked.files[1].place, "audit.yaml:5:23");
  EXPECT_THAT(asked.setup, ElementsAre("git init -q ~/shop"));
  EXPECT_EQ(asked.working_directory, "~/shop");
  EXPECT_TRUE(asked.terminal);
  EXPECT_EQ(asked.standard_input, "yes\n");
  ASSERT_THAT(asked.arguments, SizeIs(2));
  EXPECT_EQ(asked.arguments[0].unit, "scripts/a.sh");
  EXPECT_THAT(asked.arguments[0].arguments, ElementsAre("--all", "two words"));
  EXPECT_THAT(asked.arguments[1].arguments, ElementsAre("-n", "3"));
}

TEST(Surroundings, AreReadForOneScenario) {
  const Scenario scenario = parse(
                                "scenarios:\n  - command: bash a.sh\n    arguments: [it's, b]\n"
                                "    environment: {A: b}\n    terminal: true\n")
                                .scenarios.at(0);
  EXPECT_EQ(scenario.command, "bash a.sh 'it'\\''s' 'b'");
  EXPECT_THAT(scenario.surroundings.environment, ElementsAre(Pair("A", "b")));
  EXPECT_TRUE(scenario.surroundings.terminal);
}

TEST(Surroundings, AreRefusedWithTheirPlace) {
  EXPECT_THAT(complaint("packages:\n  - \"jq; id\"\n"),
              StartsWith("audit.yaml:2:5: `jq; id` is not a name of a package"));
  EXPECT_THAT(complaint("environment: {A-B: c}\n"),
              StartsWith("audit.yaml:1:20: `A-B` is not a name of a variable"));
  EXPECT_THAT(complaint("environment: {A: \"b\\nc\"}\n"), HasSubstr("more than one line"));
  EXPECT_THAT(complaint("files: {a.csv: b}\n"),
              StartsWith("audit.yaml:1:16: `a.csv` is not a path of a file in the guest"));
  EXPECT_THAT(complaint("files: {~/../x: b}\n"), HasSubstr("is not a path of a file in the guest"));
  EXPECT_THAT(complaint("files: {~/x: {from: ../../etc/passwd}}\n"),
              HasSubstr("give a file of the skill's folder"));
  EXPECT_THAT(complaint("files: {~/x: {form: a}}\n"), HasSubstr("did you mean `from`?"));
  EXPECT_THAT(complaint("working_directory: shop\n"), HasSubstr("is not a folder of the guest"));
  EXPECT_THAT(complaint("terminal: maybe\n"), HasSubstr("write `true` or `false`"));
  EXPECT_THAT(complaint("arguments: {a.sh: \"x; rm y\"}\n"), HasSubstr("more than words"));
  EXPECT_THAT(complaint("enviroment: {}\n"), HasSubstr("did you mean `environment`?"));
}

TEST(Surroundings, ReadFilesOfTheSkillAloneAndFollowNoLinkOutOfIt) {
  const TempDir temporary;
  const std::filesystem::path skill = temporary.path() / "skill";
  std::filesystem::create_directory(skill);
  write_file(skill / "a.txt", "milk");
  write_file(temporary.path() / "secret", "s");
  std::filesystem::create_symlink("../secret", skill / "link");
  Surroundings asked = parse("files: {~/a: {from: a.txt}}\n").surroundings;
  read_placed_files(skill, asked);
  EXPECT_EQ(asked.files[0].content, "milk");
  for (const char* from : {"link", "nothing"}) {
    Surroundings wrong = parse("files: {~/a: {from: " + std::string(from) + "}}\n").surroundings;
    EXPECT_THROW(read_placed_files(skill, wrong), Error) << from;
  }
}

std::vector<std::string> names(const AuditManifest& manifest) {
  std::vector<std::string> all;
  for (const Scenario& scenario : manifest.scenarios) all.push_back(scenario.name);
  return all;
}

TEST(Parameters, MakeAScenarioOfEachCombination) {
  const AuditManifest manifest = parse(
      "scenarios:\n  - name: takes\n    command: a.sh {what} ${count}\n    arguments: "
      "[\"{count}\"]\n"
      "    environment: {WHAT: \"<{what}>\"}\n    stdin: \"{what}\\n\"\n"
      "    parameters:\n      what: [milk, \"two eggs\"]\n      count: [1, 2]\n");
  EXPECT_THAT(names(manifest), ElementsAre("takes (milk, 1)", "takes (milk, 2)",
                                           "takes (two eggs, 1)", "takes (two eggs, 2)"));
  const Scenario& last = manifest.scenarios[3];
  EXPECT_EQ(last.command, "a.sh two eggs ${count} '2'") << "a variable of the shell stays";
  EXPECT_EQ(last.surroundings.environment[0].second, "<two eggs>");
  EXPECT_EQ(last.standard_input, "two eggs\n");
  EXPECT_EQ(last.line, 2);
}

TEST(Parameters, AreBoundedAndUsed) {
  const std::string head = "scenarios:\n  - command: a {x} {y}\n    parameters:\n";
  std::string many = "      x: [0";
  for (int i = 1; i < 11; ++i) many += "," + std::to_string(i);
  many += "]\n      y: [0,1,2,3,4,5,6,7,8,9]\n";
  EXPECT_THAT(complaint(head + many), HasSubstr("more than 100 tests"));
  EXPECT_THAT(complaint(head + "      z: [1]\n"), HasSubstr("uses `{z}`"));
  EXPECT_THAT(complaint(head + "      x: []\n"), HasSubstr("must be a list of values"));
}

TEST(Scenario, IsACommandOrPrompts) {
  EXPECT_THAT(parse("scenarios:\n  - prompts: [Hello]\n").scenarios[0].prompts,
              ElementsAre("Hello"));
  EXPECT_THAT(complaint("scenarios:\n  - {prompts: [a], command: b}\n"),
              HasSubstr("keep one of them"));
  EXPECT_THAT(complaint("scenarios:\n  - {prompts: []}\n"), HasSubstr("`prompts` is empty"));
}

ScenarioExpectations expect(const std::string& lines) {
  return parse("scenarios:\n  - command: x\n    expect:\n" + lines).scenarios.at(0).expect;
}

TEST(ExpectedText, IsASubstringOrMore) {
  const ScenarioExpectations asked = expect(
      "      stdout: done\n      stderr: {equals: \"\", matches: [\"^a+$\", b]}\n"
      "      files:\n        ~/a.json:\n          contains: [x, y]\n"
      "          json: {/n: 1, /s: \"1\", /l: [a, {b: null}], \"\": true}\n");
  EXPECT_THAT(asked.out.value().contains, ElementsAre("done"));
  EXPECT_EQ(asked.err.value().equals, "");
  EXPECT_THAT(asked.err->matches, ElementsAre("^a+$", "b"));
  ASSERT_THAT(asked.texts, SizeIs(1));
  EXPECT_EQ(asked.texts[0].path, "~/a.json");
  EXPECT_EQ(asked.texts[0].line, 7);
  std::vector<std::string> values;
  for (const auto& each : asked.texts[0].json) values.push_back(each.pointer + "=" + each.value);
  EXPECT_THAT(values, ElementsAre("/n=1", "/s=\"1\"", "/l=[\"a\",{\"b\":null}]", "=true"));
}

TEST(ExpectedText, IsRefusedWithItsPlace) {
  const std::string head = "scenarios:\n  - command: x\n    expect:\n";
  EXPECT_THAT(complaint(head + "      stdout: {matches: \"(\"}\n"),
              StartsWith("audit.yaml:4:25: the regular expression `(` is invalid"));
  EXPECT_THAT(complaint(head + "      stdout: {contain: a}\n"),
              HasSubstr("did you mean `contains`?"));
  EXPECT_THAT(complaint(head + "      stdout: {}\n"), HasSubstr("is empty"));
  EXPECT_THAT(complaint(head + "      stdout:\n"), HasSubstr("`stdout` is empty"));
  EXPECT_THAT(complaint(head + "      files: {a: b}\n"), HasSubstr("is not a path"));
  EXPECT_THAT(complaint(head + "      files: {~/a: {json: {n: 1}}}\n"),
              HasSubstr("is not a JSON pointer"));
}

TEST(ExpectedCalls, AreAListOrNone) {
  EXPECT_THAT(expect("      calls: none\n").calls.value().made, IsEmpty());
  const CallsExpected calls =
      expect("      calls: [{tool: shell, contains: jq}, {contains: [a, b]}]\n").calls.value();
  ASSERT_THAT(calls.made, SizeIs(2));
  EXPECT_EQ(calls.made[0].tool, "shell");
  EXPECT_THAT(calls.made[1].contains, ElementsAre("a", "b"));
  EXPECT_THAT(complaint("scenarios:\n  - command: x\n    expect:\n      calls: [{}]\n"),
              HasSubstr("a call of `calls` is empty"));
}

}  // namespace
}  // namespace skillaudit
