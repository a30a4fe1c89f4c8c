#include "harness/analysis/timeline.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <map>
#include <tuple>
#include <utility>

#include "harness/base/text.h"
#include "harness/changes/process_tree.h"
#include "harness/rules/flow_text.h"
#include "harness/rules/rules.h"
#include "harness/rules/trace_words.h"

namespace skillaudit {
namespace {

/// Of each witness.
constexpr std::size_t kMostEntries = 100000;
constexpr std::size_t kLongestText = 300;
constexpr std::int64_t kInProgress = -115;  // EINPROGRESS: a connection that is not waited for

std::optional<double> epoch_of(const std::string& rfc3339) {
  std::tm time{};
  char zone = 0;
  const int read =
      std::sscanf(rfc3339.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d%c", &time.tm_year, &time.tm_mon,
                  &time.tm_mday, &time.tm_hour, &time.tm_min, &time.tm_sec, &zone);
  if (read != 7 || zone != 'Z') return std::nullopt;
  time.tm_year -= 1900;
  time.tm_mon -= 1;
  return static_cast<double>(timegm(&time));
}

std::string path_of(const TraceEvent& event) {
  if (event.paths.empty()) return "a file that was open";
  return event.paths.size() == 1 ? event.paths[0]
                                 : fmt::format("{} and {}", event.paths[0], event.paths.back());
}

/// What the process did, as the end of a sentence: raw bytes.
std::string deed_of(const TraceEvent& event) {
  switch (event.kind) {
    case TraceKind::Exec:
      return "ran " + command_line(event);
    case TraceKind::Connect:
      return fmt::format("connected to {} port {}", event.address, event.port);
    case TraceKind::Bind:
      return fmt::format("took {} port {}", event.address, event.port);
    case TraceKind::SecretRead:
    case TraceKind::DocumentRead:
    case TraceKind::MachineRead:
    case TraceKind::RawRead:
      return "read " + path_of(event);
    case TraceKind::Persist:
    case TraceKind::SetId:
      return fmt::format("changed {} by {}", path_of(event), event.syscall);
    case TraceKind::LogCut:
      return fmt::format("cut {} by {}", path_of(event), event.syscall);
    case TraceKind::Ptrace:
    case TraceKind::Kill:
      return fmt::format("aimed {} at pid {}", event.syscall, event.target);
    case TraceKind::AuditConfig:
    case TraceKind::Crash:
      return event.detail;
    default:
      return "called " + event.syscall;
  }
}

class Joiner {
 public:
  Joiner(const Evidence& evidence, const Changes& changes)
      : evidence_(evidence),
        changes_(changes),
        processes_(evidence),
        began_at_(skill_began_at(evidence, processes_.began_s())) {}

  Timeline join() {
    trace();
    flows();
    agent_calls();
    wire();
    files();
    console();
    machine();
    auto& entries = timeline_.entries;
    std::sort(entries.begin(), entries.end(), [](const TimelineEntry& a, const TimelineEntry& b) {
      return std::tie(a.t, a.kind, a.source, a.text) < std::tie(b.t, b.kind, b.source, b.text);
    });
    return std::move(timeline_);
  }

 private:
  void add(double t, std::string_view kind, Source source, std::string_view text) {
    if (!std::isfinite(t)) return;
    TimelineEntry entry;
    // Adding zero makes no difference but to a negative one.
    entry.t = std::round(t * 1000) / 1000 + 0.0;
    entry.kind = kind;
    entry.source = std::move(source);
    entry.text = shorten(printable(text.substr(0, kLongestText * 2)), kLongestText);
    timeline_.entries.push_back(std::move(entry));
  }
  /// Whether one more is within what a witness may add.
  bool take(std::size_t& taken) {
    if (taken == kMostEntries) {
      ++timeline_.omitted;
      return false;
    }
    ++taken;
    return true;
  }

  void trace() {
    std::size_t taken = 0;
    const auto& events = processes_.events();
    const auto raw = [](std::string_view name) { return fmt::format("`{}`", name.substr(0, 60)); };
    for (std::size_t i = 0; i < events.size(); ++i) {
      const TraceEvent& event = events[i];
      if (event.kind == TraceKind::Connect)
        connected_.try_emplace({event.address, event.port}, processes_.time_of(event));
      if (event.kind == TraceKind::Clock && event.success) clock_changed_ = true;
      // Who forked and ended is in the trace; here it would be most of what there is to read.
      if (event.kind == TraceKind::Fork || event.kind == TraceKind::Exit || !take(taken)) continue;
      add(processes_.time_of(event), name_of(event.kind), source::trace(event.serial),
          fmt::format("pid {} {} {}{}", event.pid, processes_.who(i, raw), deed_of(event),
                      event.success || event.result == kInProgress ? "" : " (failed)"));
    }
  }
  /// What the model had the agent do: when it asked for it.
  void agent_calls() {
    if (!began_at_) return;
    std::size_t taken = 0;
    for (const AgentAction& action : evidence_.agent.transcript.actions)
      if (take(taken))
        add(action.time - *began_at_, "agent-call", action.source,
            fmt::format("the model called {}: {}", action.tool, action.what));
  }
  void flows() {
    if (!began_at_) return;
    std::size_t taken = 0;
    for (const Flow& flow : evidence_.flows) {
      if (!take(taken)) continue;
      const Citation cited = cite_flow(flow);
      add(flow.time - *began_at_, "flow", cited.source, "");
      timeline_.entries.back().text = cited.text;
    }
  }
  /// A capture has a clock of its own; the trace knows when the same address was asked for.
  void wire() {
    std::size_t taken = 0;
    for (const WireContact& contact : evidence_.wire.contacts) {
      const auto found = connected_.find({contact.address, contact.port});
      if (found == connected_.end() || !take(taken)) continue;
      add(found->second, "wire", source::network(),
          fmt::format("{} to {} port {}, {}, bypassing the proxy", contact.protocol,
                      contact.address, contact.port, count_of(contact.frames, "frame")));
    }
  }
  /// By the time of the last change, which no program can set; a clock that was set places nothing.
  void files() {
    if (!began_at_ || clock_changed_) return;
    double end = 0;
    for (const Step& step : evidence_.execution.steps)
      end = std::max(end, step.started_s + step.duration_s);
    constexpr double kSlack = 2;
    std::size_t taken = 0;
    for (const FileChange& change : changes_.files) {
      if (change.origin != Origin::Skill || change.kind == ChangeKind::Deleted) continue;
      const double t = static_cast<double>(change.after.ctime_ns) * 1e-9 - *began_at_;
      if (t < -kSlack || t > end + kSlack || !take(taken)) continue;
      const Citation cited = cite_file(change);
      add(t, "file-change", cited.source, "");
      timeline_.entries.back().text = cited.text;
    }
  }
  void console() {
    const Trace& trace = evidence_.trace;
    if (trace.began_uptime_s <= 0) return;
    std::size_t taken = 0;
    for (const ConsoleEvent& event : evidence_.machine.console) {
      if (!take(taken)) continue;
      add(event.uptime_s - trace.began_uptime_s - processes_.began_s(), "console",
          source::console(event.line), event.text);
    }
  }
  void machine() {
    std::size_t taken = 0;
    for (const MachineEvent& event : evidence_.machine.events)
      if (take(taken))
        add(event.time_s, "machine", source::machine(),
            event.detail.empty() ? event.name : fmt::format("{}: {}", event.name, event.detail));
  }

  const Evidence& evidence_;
  const Changes& changes_;
  ProcessTree processes_;
  std::optional<double> began_at_;
  std::map<std::pair<std::string_view, std::uint16_t>, double> connected_;
  bool clock_changed_ = false;
  Timeline timeline_;
};

}  // namespace

std::optional<double> skill_began_at(const Evidence& evidence, double began_in_trace) {
  if (evidence.trace.collected && evidence.trace.began_at > 0)
    return evidence.trace.began_at + began_in_trace;
  std::optional<double> at = epoch_of(evidence.started_at);
  if (!at) return std::nullopt;
  for (const StageTime& stage : evidence.timing) {
    if (stage.stage == "Running the skill") return at;
    *at += stage.seconds;
  }
  return std::nullopt;
}

Timeline make_timeline(const Evidence& evidence, const Changes& changes) {
  return Joiner(evidence, changes).join();
}

}  // namespace skillaudit
