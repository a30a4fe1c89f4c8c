#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/base/version.h"
#include "harness/cli/command_tree.h"

namespace skillaudit {
namespace {

/// Text of a paragraph for man(7): escapes what roff would interpret, and writes characters beyond
/// ASCII as numbers.
std::string roff(std::string_view text) {
  std::string escaped;
  bool line_start = true;
  while (!text.empty()) {
    std::uint32_t code_point = 0;
    const std::size_t length = std::max<std::size_t>(1, utf8_sequence(text, code_point));
    const char c = text.front();
    text.remove_prefix(length);
    if (length > 1) {
      escaped += fmt::format("\\[u{:04X}]", code_point);
      line_start = false;
      continue;
    }
    if (line_start && (c == '.' || c == '\'')) escaped += "\\&";
    if (c == '\\')
      escaped += "\\e";
    else if (c == '-')
      escaped += "\\-";
    else
      escaped += c;
    line_start = c == '\n';
  }
  return escaped;
}

std::string title_of(const CommandWords& command) {
  return command.path.empty() ? "skillaudit" : "skillaudit " + join(command.path, " ");
}

std::string synopsis(const CommandWords& command) {
  std::string text = fmt::format("\\fB{}\\fR [\\fIoptions\\fR]", roff(title_of(command)));
  for (const OptionWords& option : command.options)
    if (!option.positional.empty())
      text += fmt::format(" \\fI{}\\fR{}", roff(option.positional), option.repeated ? " ..." : "");
  if (!command.commands.empty() && command.path.empty()) text += " \\fIcommand\\fR";
  return text;
}

std::string option_entry(const OptionWords& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.names) names.push_back("\\fB" + roff(name) + "\\fR");
  std::string head =
      option.positional.empty() ? join(names, ", ") : "\\fI" + roff(option.positional) + "\\fR";
  if (!option.names.empty() && !option.value.empty())
    head += " " + (option.choices.empty() ? "\\fI" + roff(option.value) + "\\fR"
                                          : roff(join(option.choices, "|")));
  return fmt::format(".TP\n{}\n{}\n", head, roff(option.description));
}

/// Examples and exit codes: keeps indented lines as they are.
std::string footer(const std::string& text) {
  std::string out;
  bool literal = false;
  for (const std::string_view line : split(text, '\n')) {
    const bool indented = line.starts_with("  ");
    if (indented != literal) {
      out += indented ? ".nf\n" : ".fi\n";
      literal = indented;
    }
    out += line.empty() ? ".PP\n" : roff(line) + "\n";
  }
  if (literal) out += ".fi\n";
  return out;
}

}  // namespace

std::string manual_page(const std::vector<CommandWords>& tree) {
  std::string page = fmt::format(
      ".TH SKILLAUDIT 1 \"\" \"skillaudit {}\" \"User Commands\"\n.SH NAME\nskillaudit \\- audit "
      "what an agent skill really does when it runs\n.SH SYNOPSIS\n",
      roff(kVersion));
  for (const CommandWords& command : tree) {
    if (command.path.empty()) continue;
    page += synopsis(command) + "\n.br\n";
  }
  for (const CommandWords& command : tree) {
    page += command.path.empty() ? std::string(".SH DESCRIPTION\n")
                                 : fmt::format(".SH {}\n", roff(title_of(command)));
    page += roff(command.description) + "\n";
    for (const OptionWords& option : command.options) page += option_entry(option);
    if (!command.footer.empty()) page += ".PP\n" + footer(command.footer);
  }
  return page +
         ".SH FILES\n"
         ".TP\n"
         "\\fI$XDG_CACHE_HOME/skillaudit\\fR\n"
         "Images, templates, agents and the proxy's CA; ~/.cache/skillaudit if the variable is not "
         "set.\n"
         ".TP\n"
         "\\fIskillaudit\\-reports/\\fR\n"
         "Bundles of audits, unless \\fB\\-\\-out\\fR names another folder.\n";
}

}  // namespace skillaudit
