#pragma once

#include <string>

#include "tests/unit/analysis/evidence_builder.h"

namespace skillaudit::testing {

inline void add_steps(Execution& execution, const std::string& hostile) {
  Step step;
  step.name = step.command = step.out = step.err = hostile;
  step.ran = true;
  step.exit_code = 3;
  execution.steps.push_back(step);
  step.ran = false;
  step.reason_not_run = hostile;
  execution.steps.push_back(step);
  step.ran = true;
  step.signal = hostile;
  execution.steps.push_back(step);
}

inline void add_changes(Changes& changes, const std::string& hostile) {
  changes.packages.push_back({ChangeKind::Deleted, {"dpkg", hostile, hostile, ""}, {}});
  changes.packages.push_back(
      {ChangeKind::Modified, {"npm", hostile, "1", hostile}, {"npm", hostile, hostile, hostile}});
  changes.users.push_back({ChangeKind::Added, {}, {hostile, 0, 0, hostile, hostile}});
  changes.groups.push_back({ChangeKind::Added, {}, {"docker", 0, {hostile}}});
  changes.kernel_modules.push_back({ChangeKind::Added, {}, hostile});
  changes.mounts.push_back({ChangeKind::Added, {}, {hostile, "/" + hostile, hostile, hostile}});
  changes.config.push_back({"/etc/" + hostile, ChangeKind::Modified, hostile + "\n+x\n"});
  changes.new_setuid = {regular("/" + hostile, 1, 04755, 0)};
  SocketEntry socket;
  socket.protocol = "tcp";
  socket.state = "LISTEN";
  socket.local_address = socket.process = hostile;
  changes.sockets.push_back({ChangeKind::Added, {}, socket});
}

inline void add_trace(Trace& trace, const std::string& hostile) {
  TraceEvent event;
  event.time_s = 1;
  event.pid = 812;
  event.parent = trace.session = 50;
  event.program = event.name = event.folder = event.syscall = event.address = event.detail =
      hostile;
  event.arguments = event.paths = {hostile, hostile};
  for (std::size_t kind = 0; kind < kTraceKinds; ++kind) {
    event.serial = kind + 1;
    event.kind = static_cast<TraceKind>(kind);
    event.target = 1;
    trace.events.push_back(event);
  }
  trace.collected = true;
  trace.began_at = trace.began_uptime_s = 0.5;
  trace.silenced = hostile;
  trace.lost = trace.omitted = trace.malformed = 1;
}

/// An audit with something in every list of the report, and hostile text wherever the guest or the
/// skill can put it.
inline AuditBuilder eventful(const std::string& hostile) {
  AuditBuilder audit;
  Evidence& evidence = audit.evidence;
  evidence.skill.name = evidence.skill.description = evidence.skill.license = hostile;
  evidence.skill.notes = {hostile};
  evidence.skill.hard_coded_paths = {{hostile, 1, "/home/x/" + hostile, hostile}};
  evidence.gaps = {Gap::lost(GapSource::Guest, hostile)};
  evidence.environment.os = evidence.environment.kernel = hostile;
  evidence.environment.rules = {hostile};
  evidence.execution.aborted = hostile;
  add_steps(evidence.execution, hostile);
  evidence.timing = {{hostile, 1.5}};
  Flow flow = AuditBuilder::request("POST", hostile, "/" + hostile);
  flow.query = flow.host_header = flow.sni = flow.user_agent = flow.rule = hostile;
  flow.request_body = hostile;
  audit.add(flow);
  evidence.decoys = {{hostile, hostile, hostile}};
  evidence.decoy_sightings = {{hostile, source::flow(1), hostile, hostile}};
  audit.added(regular("/tmp/" + hostile)).written(kHome + "/" + hostile);
  audit.deleted(regular("/var/log/" + hostile)).added(regular("/etc/sudoers.d/" + hostile));
  audit.package(hostile, {hostile}).process({hostile, hostile}, "/" + hostile);
  audit.unit(hostile + ".service").cron(hostile);
  add_changes(audit.changes, hostile);
  add_trace(evidence.trace, hostile);
  evidence.machine.samples = {{0, 0.5, 1 << 20, 0, 0, 0}, {0.5, 1.5, 2 << 20, 0, 4096, 100}};
  evidence.machine.events = {{1, hostile, hostile}, {1, "GUEST_PANICKED", hostile}};
  evidence.machine.console = {{ConsoleEvent::Kind::Panic, 1, hostile, 1},
                              {ConsoleEvent::Kind::OutOfMemory, 1, hostile, 2}};
  evidence.wire.contacts = {{"tcp", hostile, 0, 1, 1, 0}};
  return audit;
}

}  // namespace skillaudit::testing
