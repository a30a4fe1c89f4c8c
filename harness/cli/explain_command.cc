#include <fmt/core.h>

#include <filesystem>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/cli/commands.h"
#include "harness/cli/rules_option.h"
#include "harness/consent/render_consent.h"
#include "harness/skill/load.h"
#include "reports/rule_page.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

struct ExplainArguments {
  std::string rule;
  std::string write;
  std::string rules;
  std::string consent;
};

/// "network.unexpected-host", or "unexpected-host" if only one rule ends like that.
const RubricRule& find_rule(const std::string& name, const Rubric& rubric) {
  if (const RubricRule* rule = rubric.find(name)) return *rule;
  std::vector<const RubricRule*> ending_so;
  for (const RubricRule& rule : rubric.rules)
    if (rule.id.ends_with("." + name)) ending_so.push_back(&rule);
  if (ending_so.size() == 1) return *ending_so[0];
  const std::string near = nearest(name, rubric.ids());
  fail(ErrorKind::Usage, "there is no rule '{}': {}", printable(shorten(name, 80)),
       near.empty() ? "`skillaudit explain` lists them" : "did you mean '" + near + "'?");
}

/// Writes a page for each rule, and an index. Removes pages of rules that no longer exist.
void write_pages(const fs::path& folder, const Rubric& rubric) {
  fs::create_directories(folder);
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string stem = entry.path().stem().string();
    if (entry.path().extension() == ".md" && stem.find('.') != std::string::npos &&
        stem != kInconclusiveRule && rubric.find(stem) == nullptr)
      fs::remove(entry.path());
  }
  write_file(folder / fmt::format("{}.md", kInconclusiveRule), render_inconclusive_markdown());
  for (const RubricRule& rule : rubric.rules)
    write_file(folder / fmt::format("{}.md", rule.id), render_rule_markdown(rule));
  write_file(folder / "README.md", render_rules_markdown(rubric));
}

int explain(const ExplainArguments& arguments) {
  if (!arguments.consent.empty()) {
    const Skill skill = load_skill(arguments.consent);
    fmt::print("{}", render_consent(Consent(skill, {})));
    return 0;
  }
  const auto in_force = rules_in_force(arguments.rules);
  const Rubric& rubric = *in_force;
  if (!arguments.write.empty()) {
    write_pages(arguments.write, rubric);
    return 0;
  }
  if (arguments.rule == kInconclusiveRule) {
    fmt::print("{}", render_inconclusive_text());
    return 0;
  }
  fmt::print("{}", arguments.rule.empty() ? render_rules_text(rubric)
                                          : render_rule_text(find_rule(arguments.rule, rubric)));
  return 0;
}

}  // namespace

void add_explain_command(Command& program) {
  Command command = program.add_command(
      "explain", "Explain a rule: what it detects, what it costs and why, and how to fix it");
  const auto arguments = std::make_shared<ExplainArguments>();
  command.add_option("RULE", arguments->rule, "Rule id from a report; without it, list all rules")
      .type_name("RULE");
  command.add_option("--write", arguments->write,
                     "Write a page for each rule, and an index, to this folder");
  command
      .add_option("--consent", arguments->consent,
                  "Print what this skill's documents excuse, statement by statement")
      .type_name("SKILL");
  add_rules_option(command, arguments->rules);
  command.set_footer(
      "Examples:\n"
      "  skillaudit explain                          every rule, worst first\n"
      "  skillaudit explain network.unexpected-host\n"
      "  skillaudit explain --consent ./my-skill     what its documents excuse, and why not\n"
      "  skillaudit explain acme.no-crontab --rules team-rules\n"
      "  skillaudit explain --write docs/rules");
  command.set_action([arguments] { return explain(*arguments); });
}

}  // namespace skillaudit
