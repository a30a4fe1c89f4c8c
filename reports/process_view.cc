#include "reports/process_view.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "harness/base/text.h"
#include "harness/changes/process_tree.h"
#include "harness/rules/trace_words.h"

namespace skillaudit {
namespace {

constexpr std::size_t kLongestCommand = 300;
constexpr std::size_t kMostPrograms = 3;  ///< of one process, one after the other
constexpr std::uint32_t kNone = UINT32_MAX;

/// What the trace tells of one life of a pid.
struct Life {
  std::vector<std::uint32_t> execs;  ///< events
  std::uint32_t first = kNone;       ///< event
  std::uint32_t forked = kNone;      ///< event
  std::uint32_t exit = kNone;        ///< event
};

class Builder {
 public:
  Builder(const Evidence& evidence, std::size_t most)
      : evidence_(evidence), tree_(evidence), lives_(tree_.processes()), room_(most) {
    read_events();
    link();
  }

  ProcessView view() {
    ProcessView view{.observed = evidence_.trace.collected};
    for (std::size_t i = 0; i < lives_.size(); ++i)
      if (is_shown(static_cast<Process>(i))) ++view.total;
    std::map<const Step*, std::vector<Process>> by_step;
    for (const Process root : roots_) by_step[step_of(root)].push_back(root);
    for (const Step& step : evidence_.execution.steps)
      if (const auto at = by_step.find(&step); at != by_step.end())
        view.groups.push_back(group_of(&step, at->second));
    if (const auto at = by_step.find(nullptr); at != by_step.end())
      view.groups.push_back(group_of(nullptr, at->second));
    return view;
  }

 private:
  using Process = ProcessTree::Process;

  void read_events() {
    const auto& events = tree_.events();
    for (std::size_t i = 0; i < events.size(); ++i) {
      const auto index = static_cast<std::uint32_t>(i);
      Life& life = lives_[tree_.process(i)];
      if (life.first == kNone) life.first = index;
      if (events[i].kind == TraceKind::Exec && events[i].success) life.execs.push_back(index);
      if (events[i].kind == TraceKind::Exit && life.exit == kNone) life.exit = index;
      if (events[i].kind == TraceKind::Fork)
        if (const Process child = tree_.target(i); child != ProcessTree::kNobody)
          lives_[child].forked = index;
    }
  }

  /// Hangs each process that executed something below the nearest ancestor that did.
  void link() {
    children_.resize(lives_.size());
    for (std::size_t i = 0; i < lives_.size(); ++i) {
      const auto process = static_cast<Process>(i);
      if (!is_shown(process)) continue;
      Process above = tree_.parent(process);
      // Chains of copies are short in honest runs; a hostile one ends at the limit, as a root.
      for (std::size_t steps = 0; steps < 64 && above != ProcessTree::kNobody && !is_shown(above) &&
                                  tree_.is_of_skill(above);
           ++steps)
        above = tree_.parent(above);
      if (above != ProcessTree::kNobody && is_shown(above))
        children_[above].push_back(process);
      else
        roots_.push_back(process);
    }
    for (auto& each : children_) sort(each);
    sort(roots_);
  }
  void sort(std::vector<Process>& processes) const {
    std::sort(processes.begin(), processes.end(),
              [&](Process a, Process b) { return lives_[a].first < lives_[b].first; });
  }

  [[nodiscard]] bool is_shown(Process process) const {
    return !lives_[process].execs.empty() && tree_.is_of_skill(process);
  }
  [[nodiscard]] const Step* step_of(Process process) const {
    return tree_.step(lives_[process].first);
  }

  [[nodiscard]] std::string command_of(const Life& life) const {
    std::vector<std::string> commands;
    const std::size_t skip =
        life.execs.size() > kMostPrograms ? life.execs.size() - kMostPrograms : 0;
    for (std::size_t i = skip; i < life.execs.size(); ++i)
      commands.push_back(shorten(
          printable(command_line(tree_.events()[life.execs[i]]).substr(0, 1200)), kLongestCommand));
    return (skip > 0 ? "… → " : "") + join(commands, " → ");
  }
  [[nodiscard]] std::string user_of(std::uint32_t uid) const {
    if (uid == 0) return "root";
    for (const User& user : evidence_.after.users)
      if (user.uid == uid) return shorten(printable(user.username), 40);
    return fmt::format("uid {}", uid);
  }

  [[nodiscard]] ProcessNode node_of(Process process) const {
    const Life& life = lives_[process];
    const auto& events = tree_.events();
    ProcessNode node;
    node.command = command_of(life);
    node.user = user_of(events[life.execs.back()].effective_uid);
    const std::uint32_t start = std::min(life.first, life.forked);
    node.started_s = tree_.time_of(events[start]);
    if (life.exit != kNone) {
      node.duration_s = std::max(0.0, events[life.exit].time_s - events[start].time_s);
      node.exit_code = static_cast<int>(events[life.exit].result & 0xff);
    }
    return node;
  }

  /// All processes below, itself included. Without recursion: a chain may be as long as the trace.
  [[nodiscard]] std::size_t size_of(Process process) const {
    std::size_t size = 0;
    std::vector<Process> waiting = {process};
    while (!waiting.empty()) {
      const Process at = waiting.back();
      waiting.pop_back();
      ++size;
      waiting.insert(waiting.end(), children_[at].begin(), children_[at].end());
    }
    return size;
  }

  static bool are_alike(const ProcessNode& a, const ProcessNode& b) {
    return std::tie(a.command, a.user, a.exit_code) == std::tie(b.command, b.user, b.exit_code);
  }

  /// As many of them as there is room for; the number of the others is added to `unlisted`.
  /// Brothers before children, so that a step that starts many shows what they are.
  std::vector<ProcessNode> list(const std::vector<Process>& processes, std::size_t depth,
                                std::size_t& unlisted) {
    std::vector<ProcessNode> nodes;
    std::vector<Process> of_node;
    for (const Process process : processes) {
      const bool is_full = room_ == 0 || depth == kDeepestProcess;
      if (is_full && (nodes.empty() || !children_[process].empty())) {
        unlisted += size_of(process);
        continue;
      }
      ProcessNode node = node_of(process);
      const bool lone = children_[process].empty();
      if (lone && !nodes.empty() && children_[of_node.back()].empty() &&
          are_alike(nodes.back(), node)) {
        ++nodes.back().times;
      } else if (is_full) {
        unlisted += 1;
      } else {
        --room_;
        nodes.push_back(std::move(node));
        of_node.push_back(process);
      }
    }
    for (std::size_t i = 0; i < nodes.size(); ++i)
      nodes[i].children = list(children_[of_node[i]], depth + 1, nodes[i].unlisted);
    return nodes;
  }

  ProcessGroup group_of(const Step* step, const std::vector<Process>& roots) {
    ProcessGroup group{.step = step};
    group.processes = list(roots, 0, group.unlisted);
    return group;
  }

  const Evidence& evidence_;
  ProcessTree tree_;
  std::vector<Life> lives_;
  std::vector<std::vector<Process>> children_;
  std::vector<Process> roots_;
  std::size_t room_;
};

}  // namespace

ProcessView process_view(const Evidence& evidence, std::size_t most) {
  return Builder(evidence, most).view();
}

}  // namespace skillaudit
