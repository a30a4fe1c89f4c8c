#include <gmock/gmock.h>

#include <map>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "reports/ci_formats.h"
#include "reports/formats.h"
#include "tests/unit/reports/ci_audits.h"
#include "tests/unit/reports/without_code.h"

namespace skillaudit {
namespace {

using testing::accepting;
using testing::at_gate;
using testing::AuditBuilder;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;
using testing::without_code;

struct Command {
  std::string name;
  std::map<std::string, std::string> properties;
  std::string message;
};

std::string unescaped(std::string text, bool property) {
  const auto replace = [&text](std::string_view from, std::string_view to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
      text.replace(at, from.size(), to);
  };
  if (property) replace("%3A", ":"), replace("%2C", ",");
  replace("%0D", "\r");
  replace("%0A", "\n");
  replace("%25", "%");
  return text;
}

/// A line as the runner reads it (actions/runner, ActionCommand.cs): "::name k=v,k=v::data" at its
/// start. None: it is no command.
std::optional<Command> command_of(std::string line) {
  line.erase(0, line.find_first_not_of(" \t"));
  if (!line.starts_with("::")) return std::nullopt;
  const std::size_t end = line.find("::", 2);
  if (end == std::string::npos) return std::nullopt;
  const std::string info = line.substr(2, end - 2);
  Command command{.name = info.substr(0, info.find(' ')),
                  .message = unescaped(line.substr(end + 2), false)};
  if (info.find(' ') == std::string::npos) return command;
  const std::string list = info.substr(info.find(' ') + 1);
  for (const std::string_view pair : split(list, ',')) {
    const std::size_t is = pair.find('=');
    if (is != std::string_view::npos)
      command.properties[std::string(pair.substr(0, is))] =
          unescaped(std::string(pair.substr(is + 1)), true);
  }
  return command;
}

std::vector<Command> annotations_of(const AuditBuilder& audit, const GateResult* gate = nullptr,
                                    std::string_view folder = {}) {
  const std::string text = render_github_annotations(audit.evidence, audit.assessed(), gate,
                                                     {.folder = std::string(folder)});
  // The runner ends a line at any of these.
  EXPECT_EQ(text.find('\r'), std::string::npos);
  std::vector<Command> commands;
  for (const std::string_view line : split(text, '\n')) {
    // The old form of a command is looked for anywhere in a line.
    EXPECT_EQ(line.find("##["), std::string_view::npos) << line;
    EXPECT_EQ(line.find("##vso["), std::string_view::npos) << line;
    const auto command = command_of(std::string(line));
    EXPECT_TRUE(command) << line;
    if (command) commands.push_back(*command);
  }
  return commands;
}

std::size_t count(const std::vector<Command>& commands, std::string_view name) {
  return static_cast<std::size_t>(std::count_if(
      commands.begin(), commands.end(), [&](const Command& each) { return each.name == name; }));
}

TEST(GithubAnnotations, PointAtTheLineInTheRepository) {
  const auto commands =
      annotations_of(testing::approved_with_findings(), nullptr, "skills/vm, report:sample");
  const auto found = std::find_if(commands.begin(), commands.end(), [](const Command& each) {
    return each.properties.at("title").ends_with("portability.hard-coded-path");
  });
  ASSERT_NE(found, commands.end());
  EXPECT_EQ(found->properties.at("file"), "skills/vm, report:sample/scripts/run.sh");
  EXPECT_EQ(found->properties.at("line"), "67");
  EXPECT_THAT(found->message, HasSubstr("\nFix the hard-coded path"));
}

TEST(GithubAnnotations, OfAGreenAuditAreNoErrors) {
  EXPECT_TRUE(annotations_of(testing::approved()).empty());
  const auto commands = annotations_of(testing::approved_with_findings());
  EXPECT_EQ(count(commands, "error"), 0U);
  EXPECT_GE(count(commands, "warning"), 1U);
}

TEST(GithubAnnotations, OfEveryOtherAuditBeginWithAnError) {
  for (const AuditBuilder& audit : {testing::needs_review(), testing::rejected(),
                                    testing::inconclusive(), testing::aborted()}) {
    const auto commands = annotations_of(audit);
    ASSERT_FALSE(commands.empty());
    EXPECT_EQ(commands[0].name, "error");
  }
  EXPECT_THAT(annotations_of(testing::inconclusive())[0].message, "the trace ended early");
}

TEST(GithubAnnotations, LeaveOutWhatTheGateAccepted) {
  const AuditBuilder audit = testing::needs_review();
  const GateResult gate = at_gate(audit, accepting(audit.assessed().findings[0].rule, audit));
  EXPECT_TRUE(annotations_of(audit, &gate).empty());
}

TEST(GithubAnnotations, AreNoMoreThanAreShownAndSayHowManyAreLeft) {
  AuditBuilder audit = testing::rejected();
  for (int i = 0; i < 40; ++i)
    audit.add(AuditBuilder::request(
        "POST", std::string(1, static_cast<char>('a' + i % 26)) + (i < 26 ? "" : "x") + ".example",
        "/"));
  Assessment assessed = audit.assessed();
  const Finding one = assessed.findings.front();
  for (const Severity severity : {Severity::High, Severity::Medium, Severity::Low})
    for (int i = 0; i < 12; ++i) {
      assessed.findings.push_back(one);
      assessed.findings.back().severity = severity;
    }
  const std::string text = render_github_annotations(audit.evidence, assessed);
  std::vector<Command> commands;
  for (const std::string_view line : split(text, '\n'))
    commands.push_back(*command_of(std::string(line)));
  EXPECT_EQ(count(commands, "error"), 10U);
  EXPECT_LE(count(commands, "warning"), 10U);
  EXPECT_EQ(count(commands, "notice"), 10U);
  EXPECT_THAT(commands.back().message, HasSubstr(" more: "));
  EXPECT_THAT(commands[1].properties["title"], StartsWith("CRITICAL"));
}

TEST(GithubAnnotations, NoGuestCanWriteACommand) {
  for (const std::string& text : testing::texts_against_ci()) {
    const AuditBuilder audit = testing::hostile(text);
    const GateResult gate = at_gate(audit, accepting("cron.added", audit));
    for (const GateResult* each : {static_cast<const GateResult*>(nullptr), &gate})
      for (const Command& command : annotations_of(audit, each, text)) {
        EXPECT_TRUE(command.name == "error" || command.name == "warning" ||
                    command.name == "notice")
            << command.name;
        for (const auto& [name, value] : command.properties)
          EXPECT_TRUE(name == "file" || name == "line" || name == "title") << name;
      }
  }
}

std::string summary_of(const AuditBuilder& audit, const GateResult* gate = nullptr) {
  return render_github_summary(audit.evidence, audit.assessed(), gate);
}

TEST(GithubSummary, TellsVerdictScoresAndFindings) {
  const std::string text = summary_of(testing::approved_with_findings());
  EXPECT_THAT(text, StartsWith("## ✅ `vm-report-sample`: APPROVED after fixing, grade B (89.2)\n"));
  EXPECT_THAT(text, HasSubstr("| overall | execution | cleanliness | security | portability | "
                              "documentation |\n|---|---|---|---|---|---|\n| 89.2 | 100 | 75 |"));
  EXPECT_THAT(text, HasSubstr("\n- **CRITICAL** `documentation.undocumented-dependency`: "));
  EXPECT_THAT(text, HasSubstr("<details><summary>Evidence</summary>\n\n"));
  EXPECT_THAT(text, ::testing::EndsWith("</details>\n\n"));
}

TEST(GithubSummary, HasASignForEachVerdict) {
  EXPECT_THAT(summary_of(testing::approved()), StartsWith("## ✅"));
  EXPECT_THAT(summary_of(testing::needs_review()), StartsWith("## ⚠️"));
  EXPECT_THAT(summary_of(testing::rejected()), StartsWith("## ❌"));
  EXPECT_THAT(summary_of(testing::inconclusive()), StartsWith("## ❔"));
  EXPECT_THAT(summary_of(testing::aborted()), HasSubstr("the guest stopped answering"));
}

TEST(GithubSummary, TellsWhatTheGateAcceptedAndWhatIsNew) {
  const AuditBuilder before = testing::needs_review();
  AuditBuilder now = before;
  now.added(testing::regular("/tmp/left"));
  now.add(AuditBuilder::request("GET", "new.example", "/"));
  const GateResult gate = at_gate(now, accepting(before.assessed().findings[0].rule, before));
  const std::string text = summary_of(now, &gate);
  EXPECT_THAT(text, HasSubstr("**Gate**: not passed"));
  EXPECT_THAT(text, HasSubstr("### Accepted, not counted\n\n- **"));
  EXPECT_THAT(text, HasSubstr("<br>accepted until 2027-01-31: reviewed in \\#17"));
  EXPECT_THAT(text, HasSubstr("### New since the baseline"));
  EXPECT_THAT(text, HasSubstr("- hosts: `https://new.example`"));
  EXPECT_THAT(text, HasSubstr(" 🆕 `files.temp-left`"));
  EXPECT_THAT(text, HasSubstr(", was 100 |"));
}

TEST(GithubSummary, HostileTextNeverBecomesMarkup) {
  for (const std::string& text : testing::texts_against_ci()) {
    const AuditBuilder audit = testing::hostile(text);
    AuditBuilder before = testing::approved();
    before.evidence.skill.name = text;
    const GateResult gate = at_gate(audit, accepting("cron.added", before));
    std::string shown = without_code(summary_of(audit, &gate));
    for (const char* ours : {"<br>", "<details><summary>Evidence</summary>", "</details>"})
      for (std::size_t at = 0; (at = shown.find(ours)) != std::string::npos;)
        shown.erase(at, std::string_view(ours).size());
    EXPECT_THAT(shown, Not(HasSubstr("<"))) << text;
    EXPECT_THAT(shown, Not(HasSubstr("https://"))) << text;
    EXPECT_THAT(shown, Not(::testing::ContainsRegex("[^\\\\]\\]\\("))) << text;
  }
}

TEST(GithubSummary, StaysBelowTheLimitOfAStep) {
  const AuditBuilder audit = testing::rejected();
  Assessment assessed = audit.assessed();
  Finding large = assessed.findings[0];
  large.title = std::string(1500, '<');
  large.evidence.assign(50, {source::flow(1), std::string(390, '`') + "x"});
  assessed.findings.assign(5000, large);
  const std::string text = render_github_summary(audit.evidence, assessed);
  EXPECT_LE(text.size(), kMostSummary);
  EXPECT_GE(text.size(), kMostSummary / 2);
  EXPECT_THAT(text, HasSubstr(" more: see the report\n"));
  EXPECT_THAT(text, ::testing::EndsWith("</details>\n\n"));
}

TEST(Formats, EachRendersAnAuditOfEveryKind) {
  EXPECT_THAT(formats(), SizeIs(::testing::Ge(7U)));
  for (const Format& format : formats())
    for (const AuditBuilder& audit :
         {testing::approved(), testing::rejected(), testing::aborted()}) {
      const std::string text =
          format.render(audit.evidence, audit.assessed(), nullptr, {.folder = "skills/example"});
      if (format.name == "github-annotations" && text.empty()) continue;  // nothing to say
      EXPECT_THAT(text, ::testing::EndsWith("\n")) << format.name;
    }
}

TEST(Formats, AnUnknownOneIsRefusedWithTheNearest) {
  EXPECT_EQ(format_named("sarif").file_name, "skillaudit.sarif");
  try {
    (void)format_named("saarif");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Usage);
    EXPECT_THAT(error.what(), HasSubstr("did you mean sarif?"));
  }
}

}  // namespace
}  // namespace skillaudit
