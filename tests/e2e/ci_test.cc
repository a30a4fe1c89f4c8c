// What `.ci/` gives to GitHub, GitLab and pre-commit, run as these do it, with real audits.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "harness/base/file.h"
#include "harness/base/text.h"
#include "tests/e2e/account.h"
#include "tests/e2e/expected_outcome.h"
#include "tests/paths.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

const std::string kSource = SKILLAUDIT_SOURCE_DIR;

/// What a program says that must end well.
std::string said(const std::vector<std::string>& command) {
  const CommandResult result = run_command(command);
  EXPECT_EQ(result.exit_code, 0) << join(command, " ") << "\n" << result.out << result.err;
  return result.out;
}

json steps_of(std::vector<std::string> arguments) {
  std::vector<std::string> command = {"/usr/bin/python3", kSource + "/tests/e2e/ci_steps.py"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const std::string text = said(command);
  return text.empty() ? json::array() : json::parse(text);
}

class Ci : public testing::Test {
 protected:
  Ci() {
    fs::create_directories(repository() / "skills");
    for (const char* each : {"summary", "output", "env"}) write_file(runner_file(each), "");
  }

  [[nodiscard]] fs::path repository() const { return account.home() / "repository"; }
  [[nodiscard]] fs::path runner_file(const std::string& name) const {
    return account.home() / ("github-" + name);
  }
  [[nodiscard]] fs::path out() const { return repository() / "skillaudit-ci"; }

  void add_skill(const std::string& name) const {
    fs::copy(kExamples / name, repository() / "skills" / name, fs::copy_options::recursive);
  }

  /// Has the script of that hello-notes do something more at its end.
  void leave_behind(const std::string& name, const std::string& commands) const {
    const fs::path script = repository() / "skills" / name / "scripts/note.sh";
    write_file(script, read_file(script) + "\n" + commands + "\n", 0755);
  }

  /// Runs steps until one fails, each in a bash of its own with GitHub's options.
  [[nodiscard]] CommandResult run(const json& steps,
                                  std::map<std::string, std::string> environment) const {
    CommandResult all;
    for (const json& step : steps) {
      const fs::path script = account.home() / "step.sh";
      write_file(script, step["script"].get<std::string>());
      auto variables = account.environment();
      variables.merge(environment);
      environment = variables;
      for (const auto& [name, value] : step["env"].items())
        variables[name] = value.get<std::string>();
      const CommandResult result = run_command(
          {"/bin/bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script.string()},
          {.timeout = std::chrono::minutes(10),
           .environment = variables,
           .working_directory = repository()});
      all.out += result.out;
      all.err += result.err;
      all.exit_code = result.exit_code;
      if (result.exit_code != 0) break;
    }
    return all;
  }

  /// As `uses: OWNER/skillaudit/.ci/github@v1` does on GitHub.
  [[nodiscard]] CommandResult action(const std::vector<std::string>& inputs) const {
    std::vector<std::string> arguments = {"action", kSource + "/.ci/github/action.yml"};
    arguments.insert(arguments.end(), inputs.begin(), inputs.end());
    return run(steps_of(arguments), {{"SKILLAUDIT_PROGRAM", SKILLAUDIT_PROGRAM},
                                     {"GITHUB_ACTIONS", "true"},
                                     {"GITHUB_ACTION_PATH", kSource + "/.ci/github"},
                                     {"GITHUB_WORKSPACE", repository().string()},
                                     {"GITHUB_STEP_SUMMARY", runner_file("summary").string()},
                                     {"GITHUB_OUTPUT", runner_file("output").string()},
                                     {"GITHUB_ENV", runner_file("env").string()}});
  }

  /// `.ci/audit` as any other CI calls it.
  [[nodiscard]] CommandResult audit(std::map<std::string, std::string> environment) const {
    environment["SKILLAUDIT_PROGRAM"] = SKILLAUDIT_PROGRAM;
    environment["CI_PROJECT_DIR"] = repository().string();
    return run({{{"script", kSource + "/.ci/audit"}, {"env", json::object()}}}, environment);
  }

  [[nodiscard]] static json junit(const fs::path& file) {
    return json::parse(
        said({"/usr/bin/python3", kSource + "/tests/unit/reports/check_junit.py", file}));
  }
  /// The run of a SARIF file, which must be valid.
  [[nodiscard]] static json sarif(const fs::path& file) {
    const std::string tests = kSource + "/tests/unit/reports/";
    EXPECT_EQ(said({"/usr/bin/python3", tests + "check_sarif.py", tests + "sarif-schema-2.1.0.json",
                    file}),
              "\n");
    return json::parse(read_file(file))["runs"][0];
  }

  Account account{Account::Images::Shared};
};

/// The lines of a log that GitHub's runner takes for commands: those that begin so, but for what
/// stands between "::stop-commands::TOKEN" and "::TOKEN::".
std::vector<std::string> commands_in(const std::string& log) {
  std::vector<std::string> commands;
  std::string token;
  for (const std::string_view line : split(log, '\n')) {
    constexpr std::string_view kStop = "::stop-commands::";
    if (!token.empty()) {
      if (line == "::" + token + "::") token.clear();
    } else if (line.starts_with(kStop)) {
      token = line.substr(kStop.size());
      EXPECT_EQ(token.size(), 32U) << "anybody can guess " << token;
    } else if (line.starts_with("::") || line.find("##[") != std::string_view::npos) {
      commands.emplace_back(line);
    }
  }
  EXPECT_EQ(token, "") << "the runner hears nothing any more";
  return commands;
}

TEST_F(Ci, TheActionIsGreenForACleanSkillAndItsNextReleaseIsComparedWithThat) {
  add_skill("hello-notes");
  const CommandResult result = action({"skills=skills/*", "fail-under=A"});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_THAT(commands_in(result.out), IsEmpty());
  EXPECT_THAT(read_file(runner_file("output")), HasSubstr("exit-code=0\n"));
  EXPECT_THAT(read_file(runner_file("summary")),
              StartsWith("## ✅ `hello-notes`: APPROVED, grade A (100.0)\n"));
  const json suite = junit(out() / "junit/hello-notes.xml");
  EXPECT_EQ(suite["failures"], 0);
  EXPECT_EQ(suite["errors"], 0);
  const json run = sarif(out() / "sarif/hello-notes.sarif");
  EXPECT_THAT(run["results"], IsEmpty());
  EXPECT_EQ(run["invocations"][0]["exitCode"], 0);
  EXPECT_EQ(json::parse(read_file(out() / "gate.json"))["passed"], true);
  EXPECT_TRUE(fs::exists(out() / "bundles/hello-notes/report.json"));

  // The next release leaves something behind, and there is a second skill, judged without a
  // baseline.
  fs::rename(out(), repository() / "../released");
  leave_behind("hello-notes", "echo left >/tmp/left-here");
  fs::copy(account.skill("other"), repository() / "skills/other", fs::copy_options::recursive);
  write_file(repository() / "skills/other/audit.yaml",
             "scenarios:\n  - name: works\n    command: 'true'\n");
  const CommandResult next =
      audit({{"SKILLAUDIT_SKILLS", "skills/*"}, {"SKILLAUDIT_BASELINE", "../released"}});
  EXPECT_EQ(next.exit_code, 1) << next.out << next.err;
  EXPECT_THAT(next.out, Not(HasSubstr("::stop-commands::")));
  const json gate = json::parse(read_file(out() / "gate.json"));
  EXPECT_EQ(gate["audits"][0]["skill"], "hello-notes");
  EXPECT_EQ(gate["audits"][0]["verdict"], "APPROVED");
  EXPECT_EQ(gate["passed"], false);
  EXPECT_EQ(json::parse(read_file(out() / "gate-without-baseline.json"))["passed"], true);
  EXPECT_THAT(read_file(out() / "summary.md"), HasSubstr("### New since the baseline"));
  const json compared = sarif(out() / "sarif/hello-notes.sarif");
  EXPECT_EQ(compared["results"][0]["baselineState"], "new");
}

TEST_F(Ci, TheActionIsRedForASkillThatSteals) {
  add_skill("exfiltrate");
  const CommandResult result = action({"skills=\n  skills/exfiltrate/\n\n"});
  EXPECT_EQ(result.exit_code, 2) << result.out << result.err;
  const std::vector<std::string> commands = commands_in(result.out);
  ASSERT_FALSE(commands.empty());
  for (const std::string& each : commands) EXPECT_THAT(each, StartsWith("::error title="));
  EXPECT_THAT(read_file(runner_file("output")), HasSubstr("exit-code=2\n"));
  EXPECT_THAT(read_file(runner_file("summary")),
              AllOf(StartsWith("## ❌ `exfiltrate`: REJECTED"),
                    HasSubstr("`credentials.decoy-left-machine`")));
  EXPECT_GE(junit(out() / "junit/exfiltrate.xml")["failures"], 2);
  const json run = sarif(out() / "sarif/exfiltrate.sarif");
  EXPECT_EQ(run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            "skills/exfiltrate/SKILL.md");
  EXPECT_EQ(run["invocations"][0]["exitCode"], 2);
}

TEST_F(Ci, EachOfSeveralAuditsOfASkillIsACategoryOfItsOwn) {
  fs::copy(account.skill("other"), repository() / "skills/other", fs::copy_options::recursive);
  write_file(repository() / "skills/other/audit.yaml",
             "scenarios:\n  - name: works\n    command: 'true'\n");
  const CommandResult result =
      audit({{"SKILLAUDIT_SKILLS", "skills/*"}, {"SKILLAUDIT_ARGS", "--repeat=2"}});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  for (const std::string run : {"1", "2"})
    EXPECT_EQ(sarif(out() / "sarif" / ("other-" + run + ".sarif"))["automationDetails"]["id"],
              "skillaudit/other%2F" + run + "/");
}

TEST_F(Ci, AGitlabJobFailsBelowItsLeastGradeAndAcceptsWhatIsAccepted) {
  add_skill("hello-notes");
  leave_behind("hello-notes",
               "echo left >/tmp/left-here\necho left >~/left-here\n"
               "git config --global alias.n notes\nsetsid sleep 5000 >/dev/null 2>&1 </dev/null &");
  std::vector<std::string> job = {"gitlab",
                                  kSource + "/.ci/gitlab/skillaudit.yml",
                                  ".skillaudit",
                                  "CI_PROJECT_DIR=" + repository().string(),
                                  "XDG_CACHE_HOME=" + account.cache().parent_path().string(),
                                  "SKILLAUDIT_HOME=" + kSource,
                                  "SKILLAUDIT_SKILLS=skills/hello-notes",
                                  "SKILLAUDIT_FAIL_UNDER=A"};
  const json steps = steps_of(job);
  const CommandResult result = run(steps, {{"SKILLAUDIT_PROGRAM", SKILLAUDIT_PROGRAM}});
  EXPECT_EQ(result.exit_code, 1) << result.out << result.err;
  EXPECT_THAT(result.out, HasSubstr("the grade is C; required: A or better"));
  // Where the job says that GitLab finds it.
  const fs::path pattern = repository() / steps[0]["env"]["EXPECTED_JUNIT"].get<std::string>();
  EXPECT_EQ(pattern.filename(), "*.xml");
  const fs::path file = pattern.parent_path() / "hello-notes.xml";
  const json refused = junit(file);
  EXPECT_GE(refused["failures"], 1);

  // The same evidence, with its findings looked at by somebody.
  std::string accept = "schema_version: 1\naccept:\n";
  for (const json& each : refused["cases"]) {
    const std::string name = each["name"];
    if (name.find('.') == std::string::npos || name.find(':') == std::string::npos) continue;
    const std::string entry =
        "  - {rule: " + name.substr(0, name.find(':')) + ", reason: seen, expires: 2099-12-31}\n";
    if (accept.find(entry) == std::string::npos) accept += entry;
  }
  write_file(repository() / "accept.yaml", accept);
  const CommandResult accepted = account.run(
      {"report", (out() / "bundles/hello-notes").string(), "--format", "junit", "--accept",
       (repository() / "accept.yaml").string(), "-o", (repository() / "again.xml").string()});
  EXPECT_EQ(accepted.exit_code, 0) << accepted.out << accepted.err;
  const json again = junit(repository() / "again.xml");
  EXPECT_GE(again["skipped"], 4);
  EXPECT_EQ(again["failures"], 0);
}

TEST_F(Ci, TheHookAuditsTheSkillsOfTheFilesThatChange) {
  add_skill("hello-notes");
  write_file(repository() / "README.md", "No skill.\n");
  const json hook = steps_of({"pre-commit", kSource + "/.pre-commit-hooks.yaml", "skillaudit"});
  const auto run_hook = [&](const std::string& files) {
    json step = hook;
    step[0]["script"] = kSource + "/" + hook[0]["script"].get<std::string>() + files;
    return run(step, {{"SKILLAUDIT_PROGRAM", SKILLAUDIT_PROGRAM}});
  };
  const CommandResult none = run_hook(" README.md skills/nothing/x.md");
  EXPECT_EQ(none.exit_code, 0);
  EXPECT_EQ(none.out + none.err, "");
  const CommandResult one = run_hook(
      " --fail-under A README.md skills/hello-notes/scripts/note.sh skills/hello-notes/SKILL.md");
  EXPECT_EQ(one.exit_code, 0) << one.out << one.err;
  EXPECT_THAT(one.out, HasSubstr("hello-notes: passes the gate"));
  EXPECT_THAT(account.left_behind(), IsEmpty());
}

TEST_F(Ci, WhatCannotBeDoneIsRefusedBeforeAnAuditStarts) {
  add_skill("hello-notes");
  const auto refusal = [&](std::map<std::string, std::string> environment) {
    const CommandResult result = audit(std::move(environment));
    EXPECT_EQ(result.exit_code, 64) << result.out << result.err;
    EXPECT_THAT(result.err, StartsWith("skillaudit: "));
    return result.err;
  };
  EXPECT_THAT(refusal({}), HasSubstr("no skill is given"));
  EXPECT_THAT(refusal({{"SKILLAUDIT_SKILLS", "nothing/*"}}), HasSubstr("no skill nothing/*"));
  EXPECT_THAT(refusal({{"SKILLAUDIT_SKILLS", "skills/*"}, {"SKILLAUDIT_ARGS", "--out=/tmp/x"}}),
              HasSubstr("--out=/tmp/x cannot be among"));
  EXPECT_THAT(refusal({{"SKILLAUDIT_SKILLS", "skills/*"}, {"SKILLAUDIT_OUT", "skills"}}),
              HasSubstr("is not empty"));
  EXPECT_THAT(refusal({{"SKILLAUDIT_SKILLS", "skills/*"}, {"SKILLAUDIT_FAIL_UNDER", "$(id)"}}),
              HasSubstr("use A, B, C, D or F"));
  EXPECT_THAT(refusal({{"SKILLAUDIT_SKILLS", "skills/*"},
                       {"SKILLAUDIT_FAIL_UNDER", "B"},
                       {"SKILLAUDIT_POLICY", "gate.yaml"}}),
              HasSubstr("write `grade: B` in the policy"));
}

TEST_F(Ci, ARunGoesThroughTheGateByItself) {
  const fs::path policy = account.home() / "gate.yaml";
  write_file(policy, "schema_version: 1\nscores: {overall: 100}\nhosts: []\n");
  const fs::path notes = kExamples / "hello-notes";
  const fs::path first = account.home() / "first";
  const CommandResult passed =
      account.run({"run", notes, "--quiet", "--out", first, "--gate-policy", policy});
  EXPECT_EQ(passed.exit_code, 0) << passed.out << passed.err;
  EXPECT_THAT(passed.out, HasSubstr("hello-notes: passes the gate: APPROVED, grade A (100.0)"));

  const CommandResult refused = account.run(
      {"run", notes, "--quiet", "--out", account.home() / "second", "--baseline", first,
       "--fail-on-new", "--cmd",
       "python3 -c 'import urllib.request as r; r.urlopen(\"http://new-host.test/\")' || true"});
  EXPECT_EQ(refused.exit_code, 1) << refused.out << refused.err;
  EXPECT_THAT(refused.out, HasSubstr("\n  new host: http://new-host.test\n"));
}

}  // namespace
}  // namespace skillaudit
