// Of the Markdown report what the skill started, as nested lists.
#include <fmt/core.h>

#include "harness/base/text.h"
#include "reports/facts.h"
#include "reports/markdown_text.h"
#include "reports/markdown_view.h"
#include "reports/process_view.h"

namespace skillaudit::markdown {
namespace {

constexpr std::size_t kMostProcesses = 100;

std::string line_of(const ProcessNode& node) {
  std::string line = markdown_code(shorten(node.command, 300));
  if (node.times > 1) line += fmt::format(" × {}", node.times);
  line += " (" + markdown_prose(node.user);
  if (node.duration_s) line += fmt::format(", {:.1f} s", *node.duration_s);
  if (node.exit_code) line += fmt::format(", exit code {}", *node.exit_code);
  return line + ")";
}

void put(std::string& text, const std::vector<ProcessNode>& nodes, std::size_t unlisted,
         std::size_t depth) {
  const std::string margin(2 * depth, ' ');
  for (const ProcessNode& node : nodes) {
    text += margin + "- " + line_of(node) + "\n";
    put(text, node.children, node.unlisted, depth + 1);
  }
  if (unlisted > 0) text += fmt::format("{}- and {} more\n", margin, unlisted);
}

}  // namespace

void put_started(data& view, const Evidence& evidence) {
  const ProcessView processes = process_view(evidence, kMostProcesses);
  view.set("started_count",
           processes.observed ? std::to_string(processes.total) : std::string("not observed"));
  std::string text;
  for (const ProcessGroup& group : processes.groups) {
    text += group.step == nullptr ? std::string("- outside the steps, on request\n")
                                  : "- step " + code(title_of(*group.step, evidence).what) + "\n";
    put(text, group.processes, group.unlisted, 1);
  }
  view.set("started", text);
}

}  // namespace skillaudit::markdown
