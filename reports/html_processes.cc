// What the skill started, as a tree, and what of it is still there.
#include <fmt/core.h>

#include "harness/base/text.h"
#include "reports/facts.h"
#include "reports/html_view.h"
#include "reports/process_view.h"

namespace skillaudit::html {
namespace {

constexpr std::size_t kMostProcesses = 500;
constexpr std::size_t kMostBytes = 384 << 10;
constexpr std::size_t kFew = 60;

/// "ubuntu, 0.3 s, exit code 1".
std::string details_of(const ProcessNode& node) {
  std::string text = node.user;
  if (node.duration_s) text += fmt::format(", {:.1f} s", *node.duration_s);
  if (node.exit_code) text += fmt::format(", exit code {}", *node.exit_code);
  return text;
}

Html line_of(const ProcessNode& node) {
  const Html times =
      node.times == 1 ? Html() : markup(" <span class=\"times\">× {}</span>", node.times);
  const bool failed = node.exit_code && *node.exit_code != 0;
  return markup("{}{} <span class=\"soft\">{}</span>{}", printable_code(node.command, 900), times,
                details_of(node),
                failed ? markup(" <span class=\"mark warning\">failed</span>") : Html());
}

class Tree {
 public:
  /// `few`: all of it is open; else what is nearest to the steps.
  explicit Tree(bool few) : few_(few) {}

  void put(const std::vector<ProcessNode>& nodes, std::size_t unlisted, std::size_t level = 0) {
    out_ += markup("<ul>\n");
    for (const ProcessNode& node : nodes) {
      if (out_.size() >= kMostBytes) {
        ++unlisted;
        continue;
      }
      if (node.children.empty() && node.unlisted == 0) {
        out_ += markup("<li>{}</li>\n", line_of(node));
        continue;
      }
      out_ += markup("<li><details{}><summary>{}</summary>\n",
                     few_ || level < 1 ? markup(" open") : Html(), line_of(node));
      put(node.children, node.unlisted, level + 1);
      out_ += markup("</details></li>\n");
    }
    if (unlisted > 0) out_ += markup("<li class=\"more\">and {} more</li>\n", unlisted);
    out_ += markup("</ul>\n");
  }
  void head(const Html& title) { out_ += markup("<h3>{}</h3>\n", title); }
  [[nodiscard]] const Html& html() const { return out_; }

 private:
  bool few_;
  Html out_;
};

}  // namespace

Section started(const Evidence& evidence) {
  const ProcessView view = process_view(evidence, kMostProcesses);
  Section section{"started", "What it started", "", {}};
  if (!view.observed) {
    section.body = markup("<p>Not observed: this audit has no trace of processes.</p>\n");
    return section;
  }
  section.count = std::to_string(view.total);
  if (view.groups.empty()) {
    section.body = markup("<p>No process.</p>\n");
    return section;
  }
  Tree tree(view.total <= kFew);
  for (const ProcessGroup& group : view.groups) {
    tree.head(group.step == nullptr
                  ? markup("Outside the steps, on request")
                  : markup("Step {}", code(title_of(*group.step, evidence).what, 200)));
    tree.put(group.processes, group.unlisted);
  }
  section.body = markup(
      "<p class=\"hint\">By the kernel's own record, each process with its user, how long it ran "
      "and "
      "its exit code. → is a program that another one became.</p>\n<div "
      "class=\"tree\">\n{}</div>\n",
      tree.html());
  return section;
}

}  // namespace skillaudit::html
