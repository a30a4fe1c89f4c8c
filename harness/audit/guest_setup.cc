#include "harness/audit/guest_setup.h"

#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <vector>

#include "harness/base/hash.h"
#include "harness/base/text.h"
#include "harness/guest/archive.h"
#include "harness/guest/keys.h"

namespace skillaudit {
namespace {

/// Run as root, on standard input of `sudo -n python3 -I -`. RNDADDENTROPY credits the bytes and
/// RNDRESEEDCRNG makes the generator use them now (random(4)); writing alone would be mixed in at
/// the kernel's leisure, and two clones would draw the same numbers until then.
constexpr const char* kIdentityScript = R"py(
import fcntl, os, signal, struct, time
time.clock_settime(time.CLOCK_REALTIME, {boot:.3f} + time.clock_gettime(time.CLOCK_BOOTTIME))
seed = bytes.fromhex("{seed}")
with open("/dev/random", "wb", buffering=0) as rng:
    fcntl.ioctl(rng, 0x40085203, struct.pack("ii", len(seed) * 8, len(seed)) + seed)
    fcntl.ioctl(rng, 0x5207)
def write(path, text, mode, owner=None):
    with open(path + ".new", "w") as out:
        out.write(text)
    os.chmod(path + ".new", mode)
    if owner:
        os.chown(path + ".new", *owner)
    os.rename(path + ".new", path)
write("/etc/machine-id", "{machine_id}\n", 0o444)
write("/etc/hostname", "{hostname}\n", 0o644)
hosts = [line for line in open("/etc/hosts") if not line.startswith("127.0.1.1")]
write("/etc/hosts", "".join(hosts) + "127.0.1.1 {hostname}\n", 0o644)
open("/proc/sys/kernel/hostname", "w").write("{hostname}")
write("/etc/ssh/ssh_host_ed25519_key", """{host_private}""", 0o600)
write("/etc/ssh/ssh_host_ed25519_key.pub", "{host_public}\n", 0o644)
keys = os.path.expanduser("~{user}/.ssh/authorized_keys")
info = os.stat(keys)
write(keys, "{client_public}\n", 0o600, (info.st_uid, info.st_gid))
os.kill(int(open("/run/sshd.pid").read()), signal.SIGHUP)
)py";

void unpack(SshSession& guest, const std::string& what, const std::vector<ArchiveEntry>& entries,
            const std::string& target) {
  guest.check(what, "tar -x -p -f - -C " + shell_quote(target),
              {.timeout = std::chrono::seconds(120), .input = make_tar(entries)});
}

double host_time() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// The host's time at which the guest's count of seconds since its boot was zero. Asked for by a
/// command of its own: the script that sets the clock takes seconds to start, as this does not.
double boot_time(SshSession& guest) {
  const double before = host_time();
  const std::string uptime = guest.check("reading the guest's uptime", "cat /proc/uptime");
  return (before + host_time()) / 2 - std::strtod(uptime.c_str(), nullptr);
}

}  // namespace

CloneIdentity give_identity(SshSession& guest, const std::string& user) {
  const KeyPair host = generate_key_pair();
  const KeyPair client = generate_key_pair();
  CloneIdentity identity{.hostname = "devbox-" + random_hex(2),
                         .machine_id = random_hex(16),
                         .host_public_key = host.public_key,
                         .client_private_key = client.private_key};
  const std::string script = fmt::format(
      kIdentityScript, fmt::arg("boot", boot_time(guest)), fmt::arg("seed", random_hex(64)),
      fmt::arg("machine_id", identity.machine_id), fmt::arg("hostname", identity.hostname),
      fmt::arg("host_private", host.private_key), fmt::arg("host_public", host.public_key),
      fmt::arg("client_public", client.public_key), fmt::arg("user", user));
  guest.check("giving the clone its identity", "sudo -n python3 -I -", {.input = script});
  return identity;
}

void furnish(SshSession& guest, const FurnishedHome& home, const std::string& guest_home) {
  std::vector<ArchiveEntry> entries;
  for (const HomeFile& file : home.files)
    entries.push_back({.path = file.path, .mode = file.mode, .content = file.content});
  unpack(guest, "furnishing the guest's home", entries, guest_home);
}

std::string install_skill(SshSession& guest, const std::filesystem::path& skill_folder,
                          const std::string& name, const std::string& guest_home) {
  std::vector<ArchiveEntry> entries = archive_folder(skill_folder, ".claude/skills/" + name);
  entries.insert(entries.begin(), {.path = ".claude/skills", .mode = 0755, .directory = true});
  unpack(guest, "installing the skill in the guest", entries, guest_home);
  return guest_home + "/.claude/skills/" + name;
}

}  // namespace skillaudit
