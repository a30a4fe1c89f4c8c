#include "harness/audit/audit_first_boot.h"

#include <fmt/core.h>

#include "harness/agents/agent_disk.h"
#include "harness/base/error.h"
#include "harness/base/hash.h"
#include "harness/base/interrupt.h"
#include "harness/base/text.h"
#include "harness/changes/changes.h"
#include "harness/observe/guest_state.h"
#include "harness/observe/witness_client.h"

namespace skillaudit {
namespace {

using std::chrono::seconds;

/// How long the control watches a guest in which nothing runs.
constexpr seconds kControlIdle{4};

/// The kernel gives its records to one process, and that is the audit's own
/// (harness/witness/trace.h).
constexpr const char* kEndAuditDaemon =
    "sudo -n sh -c 'systemctl mask auditd.service; pkill -x auditd; i=0; "
    "while pgrep -x auditd && [ $i -lt 100 ]; do sleep 0.1; i=$((i+1)); done'";

/// Mounts the agent's disk, now and at each boot, and puts the agent on the user's PATH. What it
/// reads of itself at its start stays in the guest's memory, and so in the template's.
void install_agent(SshSession& guest, const Agent& agent, Progress& progress) {
  progress.detail(fmt::format("installing {} {}", agent.title, agent.version()));
  std::string script = "set -eu\n";
  script += fmt::format(
      "mkdir -p {0}\necho 'LABEL={1} {0} ext4 ro,nosuid,nodev,nofail 0 0' "
      ">> /etc/fstab\nsystemctl daemon-reload\nmount {0}\n"
      "ln -s {0}/.bin/* {2}/\n",
      kAgentFolder, kAgentLabel, kProgramFolder);
  for (const std::string& word : agent.start)
    script += fmt::format("cat {}/{} > /dev/null\n", kAgentFolder, word);
  guest.check("installing the agent", "sudo -n sh -s", {.timeout = seconds(300), .input = script});
  const std::string version = guest.check(
      "starting the agent",
      fmt::format("home=$(mktemp -d) && HOME=$home {} --version; rm -rf \"$home\"", agent.name),
      {.timeout = seconds(300)});
  const std::string wanted = agent.version().substr(0, agent.version().find('-'));
  if (version.find(wanted) == std::string::npos)
    fail(ErrorKind::Evidence, "the agent {} reports version '{}', but {} was installed", agent.name,
         printable(shorten(trim(version), 200)), wanted);
}

}  // namespace

std::string AuditFirstBoot::key() const { return sha256(witness_program()); }

BaseState AuditFirstBoot::run(Machine& machine, SshSession& guest, Progress& progress) const {
  guest.exec(kEndAuditDaemon, {.timeout = seconds(60)});
  if (agent_) install_agent(guest, *agent_, progress);
  progress.detail("observing the idle guest");
  const TemplateState before = capture_template(machine, guest, Contents::NotHashed);
  if (!before.disk_readable)
    progress.detail("its files will be listed by the guest: " + before.why_not);
  interruptible_sleep(kControlIdle);
  TemplateState after = capture_template(machine, guest, Contents::Hashed);
  BaseState state;
  for (const std::string& path :
       changed_paths(parse_snapshot(before.tables), parse_snapshot(after.tables)))
    state.control.push_back(printable(path));
  state.disk_readable = before.disk_readable && after.disk_readable;
  state.snapshot = std::move(after.tables);
  state.digests = std::move(after.digests);
  leave_witness(guest);
  return state;
}

}  // namespace skillaudit
