#include <algorithm>

#include "harness/snapshot/fields.h"
#include "harness/snapshot/tables.h"

namespace skillaudit {
namespace {

/// Path, length, at most 256 KiB of content. A link is followed where it leads to a regular file:
/// many keep their rc files that way. The limits keep a guest that plants a million unit files from
/// holding up the audit; reaching one is a gap.
constexpr std::string_view kPython = R"py(
def tree(folder, found):
    for name in names(folder):
        path = folder + b"/" + name
        mode = os.lstat(path).st_mode
        if stat.S_ISDIR(mode):
            tree(path, found)
        elif stat.S_ISREG(mode):
            found.add(path)
        if len(found) > 5000:
            raise RuntimeError("more than 5000 configuration files")

def table_config(out):
    etc = (b"environment profile bash.bashrc zsh/zshrc zsh/zshenv sudoers sudo.conf ssh/sshd_config "
           b"ssh/ssh_config hosts resolv.conf nsswitch.conf ld.so.preload ld.so.conf passwd group "
           b"crontab anacrontab gitconfig npmrc pip.conf rc.local inputrc fstab sysctl.conf modules "
           b"login.defs hosts.allow hosts.deny shells subuid subgid")
    found = {b"/etc/" + name for name in etc.split()}
    for folder in (b"/etc/profile.d", b"/etc/sudoers.d", b"/etc/ssh/sshd_config.d",
                   b"/etc/ssh/ssh_config.d", b"/etc/pam.d", b"/etc/apt", b"/etc/cron.d",
                   b"/etc/ld.so.conf.d", b"/etc/systemd/system", b"/etc/systemd/user",
                   b"/etc/environment.d", b"/etc/sysctl.d", b"/etc/modules-load.d",
                   b"/etc/modprobe.d", b"/etc/udev/rules.d", b"/etc/xdg/autostart",
                   b"/var/spool/cron/crontabs"):
        tree(folder, found)
    # Which packages apt installed because others need them.
    found.add(b"/var/lib/apt/extended_states")
    found = {path for path in found if not path.endswith((b".gpg", b".asc"))}
    home_files = (b".bashrc .profile .bash_profile .bash_login .bash_logout .bash_aliases .zshrc "
                  b".zshenv .zprofile .zlogin .zlogout .config/fish/config.fish .inputrc "
                  b".pam_environment .gitconfig .config/git/config .npmrc .pip/pip.conf "
                  b".config/pip/pip.conf .curlrc .wgetrc .vimrc .ssh/authorized_keys "
                  b".ssh/authorized_keys2 .ssh/config .ssh/rc .ssh/environment").split()
    for _, home in homes():
        found.update(home + b"/" + name for name in home_files)
        for folder in (b"/.config/environment.d", b"/.config/systemd/user", b"/.config/autostart",
                       b"/.bashrc.d"):
            tree(home + folder, found)
    total = 0
    for path in sorted(found):
        try:
            content = read(path, 1 << 18)
        except OSError:
            continue
        total += len(content)
        if total > 1 << 26:
            raise RuntimeError("more than 64 MiB of configuration files")
        out(path + b"\0%d\0" % len(content) + content)
)py";

}  // namespace

std::string_view config_python() { return kPython; }

Parsed<ConfigText> parse_config(std::string_view raw) {
  Parsed<ConfigText> result;
  MalformedRows malformed("config");
  FieldReader reader(raw);
  while (!reader.done()) {
    const std::string_view rest = reader.rest();
    const auto path = reader.field();
    const auto content = reader.blob();
    if (!path || !content || !path->starts_with('/')) {
      malformed.add(rest);
      break;
    }
    result.rows.push_back({std::string(*path), std::string(*content)});
  }
  const auto by_path = [](const ConfigText& a, const ConfigText& b) { return a.path < b.path; };
  std::sort(result.rows.begin(), result.rows.end(), by_path);
  const auto same = [](const ConfigText& a, const ConfigText& b) { return a.path == b.path; };
  result.rows.erase(std::unique(result.rows.begin(), result.rows.end(), same), result.rows.end());
  result.gaps = malformed.gaps();
  return result;
}

}  // namespace skillaudit
