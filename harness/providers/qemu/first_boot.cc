#include "harness/providers/qemu/first_boot.h"

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/interrupt.h"
#include "harness/base/text.h"
#include "harness/changes/changes.h"
#include "harness/guest/ssh_session.h"
#include "harness/observe/guest_state.h"
#include "harness/observe/witness_client.h"
#include "harness/providers/qemu/seed.h"

namespace skillaudit {
namespace {

using std::chrono::seconds;

/// Emulation is some twenty times slower than the hardware, and the machine may be busy.
constexpr seconds kBootLimit{900};
/// How long the control watches a guest in which nothing runs.
constexpr seconds kControlIdle{4};

/// cloud-init's own account of what went wrong, or empty.
std::string cloud_init_error(SshSession& guest) {
  const ExecResult status = guest.exec("cloud-init status --wait --long", {.timeout = kBootLimit});
  // 2: it has done its work and has warnings (since 23.4), of which a cloud's own image has some.
  if (status.exit_code == 0 || status.exit_code == 2) return {};
  const ExecResult log = guest.exec(
      "sudo -n grep -hE 'ERROR|CRITICAL|Traceback|failed|Failed' /var/log/cloud-init.log "
      "/var/log/cloud-init-output.log | tail -n 20");
  return fmt::format("{}\n{}", trim(status.out), trim(log.out));
}

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
    fail(ErrorKind::Evidence, "the agent {} says that it is '{}', and {} was installed", agent.name,
         printable(shorten(trim(version), 200)), wanted);
}

std::string console_tail(const std::filesystem::path& console_log) {
  const std::string text = read_file(console_log);
  return printable_block(text.size() > 1200 ? text.substr(text.size() - 1200) : text);
}

}  // namespace

BootKeys write_boot_seed(const TemplateSpec& spec, const std::filesystem::path& iso) {
  BootKeys keys{generate_key_pair(), generate_key_pair()};
  write_seed_iso(render_seed({.user = kGuestUser,
                              .instance_id = random_hex(8),
                              .client_key_public = keys.client.public_key,
                              .host_key_public = keys.host.public_key,
                              .host_key_private = keys.host.private_key,
                              .ca_certificate = read_file(spec.ca_certificate),
                              .npm_registry = spec.npm_registry}),
                 iso);
  return keys;
}

FirstBoot await_first_boot(Machine& machine, const TemplateSpec& spec, const BootKeys& keys,
                           const std::filesystem::path& console_log, Progress& progress) {
  try {
    SshSession guest = SshSession::connect({.port = machine.ssh_port(),
                                            .user = kGuestUser,
                                            .client_private_key = keys.client.private_key,
                                            .host_public_key = keys.host.public_key},
                                           kBootLimit, [&] { return machine.running(); });
    progress.detail("waiting for cloud-init");
    if (const std::string error = cloud_init_error(guest); !error.empty())
      fail(ErrorKind::Environment, "cloud-init failed in {}:\n{}", spec.image.name,
           printable_block(error));
    guest.exec("systemctl is-system-running --wait", {.timeout = seconds(120)});
    guest.exec(kEndAuditDaemon, {.timeout = seconds(60)});
    if (spec.agent) install_agent(guest, *spec.agent, progress);
    FirstBoot booted;
    booted.os = printable(
        trim(guest.check("reading /etc/os-release", ". /etc/os-release; echo \"$PRETTY_NAME\"")));
    booted.kernel = printable(trim(guest.check("asking for the kernel", "uname -r")));
    progress.detail("observing the idle guest");
    const TemplateState before = capture_template(machine, guest);
    if (!before.disk_readable)
      progress.detail("its files will be listed by the guest: " + before.why_not);
    interruptible_sleep(kControlIdle);
    TemplateState after = capture_template(machine, guest);
    for (const std::string& path :
         changed_paths(parse_snapshot(before.tables), parse_snapshot(after.tables)))
      booted.control.push_back(printable(path));
    booted.disk_readable = before.disk_readable && after.disk_readable;
    booted.snapshot = std::move(after.tables);
    leave_witness(guest);
    guest.check("writing the guest's disk", "sudo -n sync");
    return booted;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Evidence) throw;
    fail(ErrorKind::Environment,
         "the image {} did not boot into a usable guest: {}\nThe end of its console:\n{}",
         spec.image.name, error.what(), console_tail(console_log));
  }
}

}  // namespace skillaudit
