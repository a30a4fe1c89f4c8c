#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/analysis/evidence_builder.h"

namespace skillaudit::testing {

/// The program of the system by its name, or the path that was given.
inline std::string at_its_place(const std::string& program) {
  return program.starts_with('/') ? program : "/usr/bin/" + program;
}

/// An audit with a trace: one step whose shell is pid 100, a child of the session's pid 50. Each
/// event comes a tenth of a second after the one before.
class TraceBuilder : public AuditBuilder {
 public:
  static constexpr std::int64_t kSession = 50;
  static constexpr std::int64_t kShell = 100;
  static constexpr std::int64_t kReader = 40;

  TraceBuilder() {
    evidence.trace.collected = true;
    evidence.trace.session = kSession;
    evidence.trace.reader = kReader;
    evidence.decoys = {{"aws-secret-key", kHome + "/.aws/credentials", "n1"},
                       {"netrc-password", kHome + "/.netrc", "n2"},
                       {"npm-token", kHome + "/.npmrc", "n3"},
                       {"ssh-private-key", kHome + "/.ssh/id_ed25519", "n4"}};
    was(regular("/usr/bin/sudo", 10, 04755, 0));
    was(regular("/var/log/syslog", 10, 0640, 0));
    exec(kShell, kSession, {"bash", "scripts/run.sh"});
  }

  /// A file that was there before.
  TraceBuilder& was(FileEntry entry) {
    auto& files = evidence.before.files;
    files.insert(std::find_if(files.begin(), files.end(),
                              [&](const FileEntry& other) { return other.path > entry.path; }),
                 entry);
    return *this;
  }
  TraceEvent& event(TraceKind kind, std::int64_t pid, std::int64_t parent = 0) {
    TraceEvent event;
    event.serial = evidence.trace.events.size() + 1;
    event.time_s = now;
    now += 0.1;
    event.kind = kind;
    event.pid = pid;
    event.parent = parent;
    event.uid = event.effective_uid = event.login_uid = 1000;
    if (const auto known = running.find(pid); known != running.end()) {
      event.parent = parent > 0 ? parent : known->second.parent;
      event.uid = known->second.uid;
      event.effective_uid = known->second.effective_uid;
      event.program = known->second.program;
      event.name = known->second.name;
    }
    evidence.trace.events.push_back(event);
    return evidence.trace.events.back();
  }
  /// Without a fork before it, as posix_spawn shows one.
  TraceBuilder& exec(std::int64_t pid, std::int64_t parent, std::vector<std::string> words,
                     std::uint32_t uid = 1000, std::uint32_t effective = 4294967295U) {
    TraceEvent& made = event(TraceKind::Exec, pid, parent);
    made.program = at_its_place(words[0]);
    made.name = made.program.substr(made.program.rfind('/') + 1).substr(0, 15);
    made.arguments = std::move(words);
    made.folder = evidence.environment.skill_dir;
    made.uid = uid;
    made.effective_uid = effective == 4294967295U ? uid : effective;
    running[pid] = made;
    return *this;
  }
  TraceBuilder& fork(std::int64_t pid, std::int64_t child) {
    event(TraceKind::Fork, pid).result = child;
    running[child] = running[pid];
    running[child].parent = pid;
    return *this;
  }
  TraceBuilder& exit(std::int64_t pid) {
    event(TraceKind::Exit, pid);
    return *this;
  }
  TraceBuilder& at(TraceKind kind, std::int64_t pid, const std::string& path,
                   const std::string& syscall = "openat") {
    TraceEvent& made = event(kind, pid);
    made.paths = {path};
    made.syscall = syscall;
    return *this;
  }
  TraceBuilder& reads(std::int64_t pid, const std::string& path) {
    return at(TraceKind::SecretRead, pid, path);
  }
  TraceBuilder& aims(TraceKind kind, std::int64_t pid, std::int64_t target,
                     const std::string& syscall) {
    TraceEvent& made = event(kind, pid);
    made.target = target;
    made.syscall = syscall;
    return *this;
  }

  double now = 3;

 private:
  std::map<std::int64_t, TraceEvent> running;
};

}  // namespace skillaudit::testing
