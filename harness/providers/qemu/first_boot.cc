#include "harness/providers/qemu/first_boot.h"

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/text.h"
#include "harness/guest/ssh_session.h"
#include "harness/providers/qemu/seed.h"

namespace skillaudit {
namespace {

using std::chrono::seconds;

/// Emulation is some twenty times slower than the hardware, and the machine may be busy.
constexpr seconds kBootLimit{900};

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

FirstBoot await_first_boot(QemuMachine& machine, const TemplateSpec& spec, const BootKeys& keys,
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
    FirstBoot booted;
    booted.os = printable(
        trim(guest.check("reading /etc/os-release", ". /etc/os-release; echo \"$PRETTY_NAME\"")));
    booted.kernel = printable(trim(guest.check("reading the kernel version", "uname -r")));
    booted.state = spec.work->run(machine, guest, progress);
    guest.check("writing the guest's disk", "sudo -n sync");
    return booted;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Evidence) throw;
    fail(ErrorKind::Environment,
         "the image {} did not boot into a usable guest: {}\nThe end of its console:\n{}",
         spec.image.name, error.what(), console_tail(console_log));
  }
}

MachineBase write_base(const FirstBoot& booted, const BootKeys& keys,
                       const std::filesystem::path& folder) {
  write_raw(booted.state.snapshot, folder / "snapshot");
  write_file(MachineBase::digests_file(folder), booted.state.digests);
  return {.folder = folder,
          .os = booted.os,
          .kernel = booted.kernel,
          .host_public_key = keys.host.public_key,
          .client_private_key = keys.client.private_key,
          .control = booted.state.control,
          .disk_readable = booted.state.disk_readable};
}

}  // namespace skillaudit
