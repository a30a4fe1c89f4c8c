#include "harness/changes/process_tree.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "harness/changes/drawn_words.h"
#include "harness/changes/locations.h"
#include "harness/changes/own_accord.h"

namespace skillaudit {
namespace {

/// The login uid of what nobody's login started.
constexpr std::uint32_t kNoLogin = 4294967295U;

}  // namespace

ProcessTree::ProcessTree(const Evidence& evidence)
    : evidence_(evidence), events_(evidence.trace.events) {
  process_of_.reserve(events_.size());
  if (evidence.trace.session > 0) session_ = add(evidence.trace.session, kNoEvent);
  for (std::size_t i = 0; i < events_.size(); ++i) {
    const TraceEvent& event = events_[i];
    const auto index = static_cast<std::uint32_t>(i);
    const Process process = process_for(event, i);
    process_of_.push_back(process);
    by_kind_[static_cast<std::size_t>(event.kind)].push_back(index);
    if (event.kind == TraceKind::Exec && event.success) execs_.emplace_back(process, index);
    if (event.kind == TraceKind::Exit) lives_[process].exited = true;
    if (event.kind == TraceKind::Fork && event.success && event.result > 0) fork(event, i, process);
    if ((event.kind == TraceKind::Ptrace || event.kind == TraceKind::Kill) && event.target > 0)
      targets_.emplace_back(index, latest(event.target, i));
  }
  std::sort(execs_.begin(), execs_.end());
  latest_.clear();
  for (const auto& [process, exec] : execs_)
    if (session_ != kNobody && lives_[process].parent == session_)
      first_step_ = std::min(first_step_, exec);
  for (std::size_t i = 0; i < evidence.execution.steps.size(); ++i)
    if (evidence.execution.steps[i].ran) ran_.push_back(i);
  walk();
}

ProcessTree::Process ProcessTree::add(std::int64_t pid, std::size_t event) {
  const auto process = static_cast<Process>(lives_.size());
  Life life;
  life.pid = pid;
  life.first = static_cast<std::uint32_t>(event);
  if (event < events_.size()) life.of_unset_login = events_[event].login_uid == kNoLogin;
  lives_.push_back(life);
  latest_[pid] = process;
  return process;
}

/// The last life of a pid, ended or not: the record of an exit is written before the kernel gives
/// the children to somebody else.
ProcessTree::Process ProcessTree::latest(std::int64_t pid, std::size_t event) {
  const auto found = latest_.find(pid);
  return found == latest_.end() ? add(pid, event) : found->second;
}

ProcessTree::Process ProcessTree::process_for(const TraceEvent& event, std::size_t index) {
  const auto found = latest_.find(event.pid);
  // What a thread does while another one ends the process comes after the exit. A program that is
  // executed then is a new process of the same number.
  const bool anew =
      found == latest_.end() || (lives_[found->second].exited && event.kind == TraceKind::Exec);
  const Process process = anew ? add(event.pid, index) : found->second;
  if (lives_[process].parent == kNobody && process != session_ && event.parent > 0) {
    const Process parent = latest(event.parent, index);
    if (parent != process) lives_[process].parent = parent;
  }
  return process;
}

/// A fork's record comes at its end: the child of a vfork has executed its program by then, and may
/// have ended.
void ProcessTree::fork(const TraceEvent& event, std::size_t index, Process forker) {
  const auto found = latest_.find(event.result);
  Process child = kNobody;
  if (found != latest_.end() && found->second != forker && found->second != session_) {
    const Life& seen = lives_[found->second];
    if (!seen.forked && (seen.parent == kNobody || seen.parent == forker)) child = found->second;
  }
  if (child == kNobody) child = add(event.result, index);
  lives_[child].parent = forker;
  lives_[child].forked = true;
  targets_.emplace_back(static_cast<std::uint32_t>(index), child);
}

/// Numbers the tree from front to back, so that who descends from whom is a comparison. A cycle,
/// which no kernel tells of, is never entered.
void ProcessTree::walk() {
  const std::size_t count = lives_.size();
  std::vector<std::uint32_t> begin(count + 1, 0);
  for (const Life& life : lives_)
    if (life.parent != kNobody) ++begin[life.parent + 1];
  for (std::size_t i = 1; i <= count; ++i) begin[i] += begin[i - 1];
  std::vector<Process> children(begin[count]);
  std::vector<std::uint32_t> next(begin.begin(), begin.end() - 1);
  for (Process i = 0; i < count; ++i)
    if (lives_[i].parent != kNobody) children[next[lives_[i].parent]++] = i;

  std::copy(begin.begin(), begin.end() - 1, next.begin());
  std::uint32_t place = 0;
  std::vector<Process> path;
  const auto go_into = [&](Process process) {
    lives_[process].enter = ++place;
    enter(process);
    path.push_back(process);
  };
  for (Process root = 0; root < count; ++root) {
    if (lives_[root].parent != kNobody) continue;
    go_into(root);
    while (!path.empty()) {
      const Process at = path.back();
      if (next[at] < begin[at + 1]) {
        go_into(children[next[at]++]);
      } else {
        lives_[at].leave = ++place;
        path.pop_back();
      }
    }
  }
}

/// What a process has of its parent, which was entered before.
void ProcessTree::enter(Process process) {
  Life& life = lives_[process];
  life.root = process;
  if (life.parent == kNobody) return;
  const Life& parent = lives_[life.parent];
  if (life.forked) life.root = parent.root;
  const std::uint32_t own = life.first == kNoEvent ? kNoEvent : own_image(life.parent, life.first);
  life.inherited = own == kNoEvent ? parent.inherited : own;
  life.carrier = own == kNoEvent ? parent.carrier : life.parent;
  life.cause = cause_of(process, parent);
  if (life.parent != session_) {
    life.step = parent.step;
    return;
  }
  const auto exec = std::lower_bound(execs_.begin(), execs_.end(), std::pair(process, 0U));
  if (exec == execs_.end() || exec->first != process) return;
  if (steps_ == 0) began_s_ = events_[exec->second].time_s;
  life.step = steps_++;
}

ProcessTree::Process ProcessTree::target(std::size_t event) const {
  const auto found = std::lower_bound(targets_.begin(), targets_.end(),
                                      std::pair(static_cast<std::uint32_t>(event), Process{0}));
  return found != targets_.end() && found->first == event ? found->second : kNobody;
}

bool ProcessTree::is_descendant(Process process, Process ancestor) const {
  if (process == kNobody || ancestor == kNobody) return false;
  const Life& of = lives_[process];
  const Life& root = lives_[ancestor];
  return of.enter != 0 && root.enter != 0 && root.enter <= of.enter && of.leave <= root.leave;
}

std::vector<std::string> files_run(const Evidence& evidence) {
  std::set<std::string> names;
  for (const TraceEvent& event : evidence.trace.events)
    if (event.kind == TraceKind::Exec && event.success)
      names.insert(name_of_exec(event, evidence.environment.skill_dir));
  std::vector<std::string> found;
  for (const SkillFile& file : evidence.skill.files)
    if (names.contains(file.path)) found.push_back(file.path);
  return found;
}

std::string deed_of_agent(const TraceEvent& event, const std::string& programs) {
  switch (event.kind) {
    case TraceKind::Exec:
    case TraceKind::Exit:
    case TraceKind::Fork:
    case TraceKind::Connect:
    case TraceKind::Kill:
    case TraceKind::AuditConfig:
      return {};
    default:
      break;
  }
  if (programs.empty() || !event.program.starts_with(programs + "/")) return {};
  std::string deed = std::string(skillaudit::name_of(event.kind)) + " " + event.program;
  for (const std::string& path : event.paths) deed += " " + without_drawn_words(path);
  return deed;
}

/// Whoever is told to run a command can start the agent's programs as well: with a script of its
/// own, or with an agent that it gave other settings. So nothing else may have been executed
/// between the step's own command and this.
bool ProcessTree::is_started_by_agent(Process process, std::size_t event) const {
  const std::string folder = evidence_.agent.programs + "/";
  for (std::size_t steps = 0; process != kNobody && steps <= lives_.size(); ++steps) {
    const Process parent = lives_[process].parent;
    if (is_shell_of_step(process) || is_shell_of_step(parent)) return true;
    auto exec = std::lower_bound(execs_.begin(), execs_.end(), std::pair(process, 0U));
    for (; exec != execs_.end() && exec->first == process && exec->second <= event; ++exec)
      if (!events_[exec->second].program.starts_with(folder)) return false;
    process = parent;
  }
  return false;
}

bool ProcessTree::is_of_agent(std::size_t event) const {
  const AgentRun& agent = evidence_.agent;
  if (agent.control.trace.empty() || !is_started_by_agent(process_of_[event], event)) return false;
  const std::string deed = deed_of_agent(events_[event], agent.programs);
  return !deed.empty() &&
         std::binary_search(agent.control.trace.begin(), agent.control.trace.end(), deed);
}

/// Until it has executed what it was started for, a process acts as its starter made it: systemd
/// mounts and unshares for a unit.
bool ProcessTree::acts_for_skill(std::size_t event) const {
  const Process process = process_of_[event];
  if (is_of_session(process)) return true;
  if (!is_on_request(process)) return false;
  const TraceEvent* exec = image(event);
  return exec != nullptr && !is_starters_own(exec->program);
}

bool ProcessTree::is_of_session(Process process) const {
  if (process == kNobody || process == session_) return false;
  // Without a session to go by, whatever a login started.
  if (session_ == kNobody)
    return lives_[process].first != kNoEvent && !lives_[process].of_unset_login;
  return is_descendant(process, session_);
}

bool ProcessTree::is_shell_of_step(Process process) const {
  return process != kNobody && session_ != kNobody && lives_[process].parent == session_;
}

bool ProcessTree::started_by_system(std::size_t event) const {
  const Process process = process_of_[event];
  if (is_of_session(process)) return false;
  const Starter starter = starter_of(process);
  return starter == Starter::Systemd || starter == Starter::Cron || starter == Starter::At;
}

/// The kernel clones its helpers without a system call: they are children of kthreadd.
bool ProcessTree::is_helper_of_kernel(Process process) const {
  const Process parent = lives_[process].parent;
  return parent != kNobody && lives_[parent].pid == 2;
}

/// Of systemd, cron and their like, which were there before the kernel kept records, the forks are
/// missing; their children show their parent.
Starter ProcessTree::starter_of(Process process) const {
  const Process root = lives_[process].root;
  if (root == kNobody || root == session_) return Starter::None;
  if (is_helper_of_kernel(root)) return Starter::Kernel;
  const auto identity = [&](Process of) {
    if (of == kNobody || of == session_) return Starter::None;
    if (lives_[of].pid == 1) return Starter::Systemd;
    for (const ProcessEntry& before : evidence_.before.processes)
      if (before.pid == lives_[of].pid) return starter_at(before.path);
    // Who was there before the trace is known by what it did first.
    const std::uint32_t first = lives_[of].first;
    return first == kNoEvent || process_of_[first] != of ? Starter::None
                                                         : starter_at(events_[first].program);
  };
  const Starter by_root = root == process ? Starter::None : identity(root);
  return by_root != Starter::None ? by_root : identity(lives_[root].parent);
}

/// A process is what it was started as: what it executes first, beside the starter's own programs.
ProcessTree::Cause ProcessTree::cause_of(Process process, const Life& parent) const {
  if (parent.cause == Cause::Request) return Cause::Request;
  if (session_ == kNobody || first_step_ == kNoEvent || process == session_) return Cause::Unknown;
  const Starter starter = starter_of(process);
  if (starter == Starter::None) return parent.cause;
  Cause cause = parent.cause;
  auto exec = std::lower_bound(execs_.begin(), execs_.end(), std::pair(process, 0U));
  for (; exec != execs_.end() && exec->first == process; ++exec) {
    const TraceEvent& event = events_[exec->second];
    if (exec->second < first_step_ || is_starters_own(event.program)) continue;
    const bool explained = cause == Cause::Machine ? runs_what_was_there(evidence_, event)
                                                   : is_of_own_accord(evidence_, starter, event);
    if (!explained) return Cause::Request;
    cause = Cause::Machine;
  }
  return cause;
}

std::uint32_t ProcessTree::own_image(Process process, std::size_t event) const {
  const auto after = std::upper_bound(execs_.begin(), execs_.end(),
                                      std::pair(process, static_cast<std::uint32_t>(event)));
  return after != execs_.begin() && std::prev(after)->first == process ? std::prev(after)->second
                                                                       : kNoEvent;
}

std::uint32_t ProcessTree::image_index(Process process, std::size_t event) const {
  const std::uint32_t own = own_image(process, event);
  return own == kNoEvent ? lives_[process].inherited : own;
}

const TraceEvent* ProcessTree::image_of(Process process, std::size_t event) const {
  const std::uint32_t index = image_index(process, event);
  return index == kNoEvent ? nullptr : &events_[index];
}

const Step* ProcessTree::step(std::size_t event) const {
  const Life& life = lives_[process_of_[event]];
  if (life.step < 0 || static_cast<std::size_t>(life.step) >= ran_.size()) return nullptr;
  return &evidence_.execution.steps[ran_[static_cast<std::size_t>(life.step)]];
}

std::string ProcessTree::name_of(Process process, std::size_t event) const {
  const std::uint32_t index = image_index(process, event);
  if (index != kNoEvent) return name_of_exec(events_[index], evidence_.environment.skill_dir);
  const std::uint32_t first = lives_[process].first;
  if (first == kNoEvent || process_of_[first] != process) return {};
  return events_[first].program.empty() ? events_[first].name
                                        : std::string(base_name(events_[first].program));
}

std::string ProcessTree::name(std::size_t event) const {
  std::string name = name_of(process_of_[event], event);
  return name.empty() ? events_[event].name : name;
}

std::string ProcessTree::who(std::size_t event, const Quote& quote) const {
  const Process process = process_of_[event];
  const std::string text = quote(name(event));
  if (!is_of_skill(process)) return text + " (not started by the skill itself)";
  if (!is_of_session(process) && lives_[lives_[process].parent].cause != Cause::Request)
    return fmt::format("{} (started by {} on request)", text,
                       skillaudit::name_of(starter_of(process)));
  // What was forked and never executed anything is its parent under another number.
  const bool is_copy = own_image(process, event) == kNoEvent && lives_[process].carrier != kNobody;
  const Process holder = is_copy ? lives_[process].carrier : process;
  const Process above = lives_[holder].parent;
  const bool has_parent = above != kNobody && above != session_ && holder != session_;
  const std::string parent = has_parent && lives_[holder].first != kNoEvent
                                 ? name_of(above, lives_[holder].first)
                                 : std::string();
  if (!parent.empty() && !(is_shell_of_step(above) && is_shell(parent)))
    return fmt::format("{} (child of {})", text, quote(parent));
  const Step* of = step(event);
  return of ? fmt::format("{} (in the step {})", text, quote(of->name)) : text;
}

}  // namespace skillaudit
