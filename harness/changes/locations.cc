#include "harness/changes/locations.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <vector>

namespace skillaudit {
namespace {

struct Known {
  std::string_view path;  ///< absolute, or below a home; with a final "/": all that is below it
  Place place;
};

/// First match wins. Sources: systemd.unit(5), crontab(5), bash(1), zsh(1), pam_env(7),
/// environment.d(5), sudoers(5), ld.so(8), Desktop Application Autostart Specification, apt.conf(5)
/// (DPkg::Post-Invoke and its like), update-motd(5), NetworkManager-dispatcher(8), logrotate(8)
/// (postrotate), readline(3), useradd(8), initramfs-tools(7), interfaces(5).
constexpr Known kOfSystem[] = {
    {"/tmp/", Place::Temp},
    {"/var/tmp/", Place::Temp},
    {"/var/log/", Place::Log},
    {"/etc/systemd/system/", Place::UnitFile},
    {"/etc/systemd/user/", Place::UnitFile},
    {"/usr/lib/systemd/system/", Place::UnitFile},
    {"/usr/lib/systemd/user/", Place::UnitFile},
    {"/lib/systemd/system/", Place::UnitFile},
    {"/lib/systemd/user/", Place::UnitFile},
    {"/usr/local/lib/systemd/", Place::UnitFile},
    {"/etc/init.d/", Place::UnitFile},
    {"/etc/rc0.d/", Place::UnitFile},
    {"/etc/rc1.d/", Place::UnitFile},
    {"/etc/rc2.d/", Place::UnitFile},
    {"/etc/rc3.d/", Place::UnitFile},
    {"/etc/rc4.d/", Place::UnitFile},
    {"/etc/rc5.d/", Place::UnitFile},
    {"/etc/rc6.d/", Place::UnitFile},
    {"/etc/rcS.d/", Place::UnitFile},
    {"/etc/crontab", Place::Cron},
    {"/etc/anacrontab", Place::Cron},
    {"/etc/cron.d/", Place::Cron},
    {"/etc/cron.hourly/", Place::Cron},
    {"/etc/cron.daily/", Place::Cron},
    {"/etc/cron.weekly/", Place::Cron},
    {"/etc/cron.monthly/", Place::Cron},
    {"/var/spool/cron/", Place::Cron},
    {"/etc/xdg/autostart/", Place::Autostart},
    {"/etc/environment", Place::SystemStartup},
    {"/etc/environment.d/", Place::SystemStartup},
    {"/etc/profile", Place::SystemStartup},
    {"/etc/profile.d/", Place::SystemStartup},
    {"/etc/bash.bashrc", Place::SystemStartup},
    {"/etc/bashrc", Place::SystemStartup},
    {"/etc/zsh/", Place::SystemStartup},
    {"/etc/fish/", Place::SystemStartup},
    {"/etc/rc.local", Place::SystemStartup},
    {"/etc/modules", Place::SystemStartup},
    {"/etc/modules-load.d/", Place::SystemStartup},
    {"/etc/modprobe.d/", Place::SystemStartup},
    {"/etc/udev/rules.d/", Place::SystemStartup},
    {"/etc/apt/apt.conf", Place::SystemStartup},
    {"/etc/apt/apt.conf.d/", Place::SystemStartup},
    {"/etc/dpkg/dpkg.cfg", Place::SystemStartup},
    {"/etc/dpkg/dpkg.cfg.d/", Place::SystemStartup},
    {"/etc/motd", Place::SystemStartup},
    {"/etc/update-motd.d/", Place::SystemStartup},
    {"/etc/NetworkManager/dispatcher.d/", Place::SystemStartup},
    {"/etc/network/if-up.d/", Place::SystemStartup},
    {"/etc/network/if-down.d/", Place::SystemStartup},
    {"/etc/network/if-pre-up.d/", Place::SystemStartup},
    {"/etc/network/if-post-down.d/", Place::SystemStartup},
    {"/etc/dhcp/dhclient-enter-hooks.d/", Place::SystemStartup},
    {"/etc/dhcp/dhclient-exit-hooks.d/", Place::SystemStartup},
    {"/etc/logrotate.conf", Place::SystemStartup},
    {"/etc/logrotate.d/", Place::SystemStartup},
    {"/etc/inputrc", Place::SystemStartup},
    {"/etc/skel/", Place::SystemStartup},
    {"/etc/X11/Xsession.d/", Place::SystemStartup},
    {"/etc/default/grub", Place::SystemStartup},
    {"/etc/default/grub.d/", Place::SystemStartup},
    {"/etc/grub.d/", Place::SystemStartup},
    {"/etc/kernel/", Place::SystemStartup},
    {"/etc/initramfs-tools/", Place::SystemStartup},
    {"/etc/claude-code/", Place::AgentSettings},
    {"/etc/sudoers", Place::Sudoers},
    {"/etc/sudoers.d/", Place::Sudoers},
    {"/etc/sudo.conf", Place::Sudoers},
    {"/etc/doas.conf", Place::Sudoers},
    {"/etc/polkit-1/", Place::Sudoers},
    {"/usr/share/polkit-1/rules.d/", Place::Sudoers},
    {"/etc/ld.so.preload", Place::Preload},
    {"/etc/ld.so.conf", Place::Preload},
    {"/etc/ld.so.conf.d/", Place::Preload},
    {"/etc/passwd", Place::Accounts},
    {"/etc/passwd-", Place::Accounts},
    {"/etc/shadow", Place::Accounts},
    {"/etc/shadow-", Place::Accounts},
    {"/etc/group", Place::Accounts},
    {"/etc/group-", Place::Accounts},
    {"/etc/gshadow", Place::Accounts},
    {"/etc/gshadow-", Place::Accounts},
    {"/etc/subuid", Place::Accounts},
    {"/etc/subuid-", Place::Accounts},
    {"/etc/subgid", Place::Accounts},
    {"/etc/subgid-", Place::Accounts},
    {"/etc/.pwd.lock", Place::Accounts},
    {"/etc/pam.d/", Place::SecuritySettings},
    {"/etc/pam.conf", Place::SecuritySettings},
    {"/etc/security/", Place::SecuritySettings},
    {"/etc/ssh/", Place::SecuritySettings},
    {"/etc/hosts", Place::SecuritySettings},
    {"/etc/resolv.conf", Place::SecuritySettings},
    {"/etc/nsswitch.conf", Place::SecuritySettings},
    {"/etc/ssl/", Place::SecuritySettings},
    {"/etc/ca-certificates.conf", Place::SecuritySettings},
    {"/usr/local/share/ca-certificates/", Place::SecuritySettings},
    {"/etc/audit/", Place::SecuritySettings},
    {"/etc/rsyslog.conf", Place::SecuritySettings},
    {"/etc/rsyslog.d/", Place::SecuritySettings},
    {"/etc/apparmor.d/", Place::SecuritySettings},
    {"/etc/nftables.conf", Place::SecuritySettings},
    {"/etc/iptables/", Place::SecuritySettings},
    {"/usr/local/", Place::System},
    {"/usr/share/", Place::System},
    {"/usr/src/", Place::System},
    {"/usr/", Place::Program},
    {"/bin/", Place::Program},
    {"/sbin/", Place::Program},
    {"/lib/", Place::Program},
    {"/lib32/", Place::Program},
    {"/lib64/", Place::Program},
    {"/boot/", Place::Program},
};

constexpr Known kOfHome[] = {
    {"/.bash_history", Place::Log},
    {"/.zsh_history", Place::Log},
    {"/.history", Place::Log},
    {"/.cache/", Place::Cache},
    {"/.npm/", Place::Cache},
    {"/.wget-hsts", Place::Cache},
    {"/.config/systemd/user/", Place::UnitFile},
    {"/.local/share/systemd/user/", Place::UnitFile},
    {"/.config/autostart/", Place::Autostart},
    {"/.config/environment.d/", Place::ShellStartup},
    {"/.config/fish/", Place::ShellStartup},
    {"/.bashrc", Place::ShellStartup},
    {"/.profile", Place::ShellStartup},
    {"/.bash_profile", Place::ShellStartup},
    {"/.bash_login", Place::ShellStartup},
    {"/.bash_logout", Place::ShellStartup},
    {"/.bash_aliases", Place::ShellStartup},
    {"/.zshrc", Place::ShellStartup},
    {"/.zshenv", Place::ShellStartup},
    {"/.zprofile", Place::ShellStartup},
    {"/.zlogin", Place::ShellStartup},
    {"/.zlogout", Place::ShellStartup},
    {"/.kshrc", Place::ShellStartup},
    {"/.pam_environment", Place::ShellStartup},
    {"/.xprofile", Place::ShellStartup},
    {"/.xsession", Place::ShellStartup},
    {"/.xsessionrc", Place::ShellStartup},
    {"/.ssh/rc", Place::ShellStartup},
    {"/.ssh/environment", Place::ShellStartup},
    {"/.inputrc", Place::ShellStartup},
    {"/.claude/skills/", Place::AgentSkill},
    {"/.claude/settings.json", Place::AgentSettings},
    {"/.claude/settings.local.json", Place::AgentSettings},
    {"/.claude/CLAUDE.md", Place::AgentSettings},
    {"/.claude/agents/", Place::AgentSettings},
    {"/.claude/commands/", Place::AgentSettings},
    {"/.claude/hooks/", Place::AgentSettings},
    {"/.claude/output-styles/", Place::AgentSettings},
    {"/.claude/plugins/", Place::AgentSettings},
    {"/.claude/rules/", Place::AgentSettings},
    {"/.claude/.credentials.json", Place::UserSecret},
    {"/.claude.json", Place::AgentSettings},
    {"/.agents/skills/", Place::AgentSkill},
    {"/.codex/skills/", Place::AgentSkill},
    {"/.codex/auth.json", Place::UserSecret},
    {"/.codex/", Place::AgentSettings},
    {"/.gemini/skills/", Place::AgentSkill},
    {"/.gemini/oauth_creds.json", Place::UserSecret},
    {"/.gemini/", Place::AgentSettings},
    {"/.config/opencode/skill/", Place::AgentSkill},
    {"/.config/opencode/skills/", Place::AgentSkill},
    {"/.config/opencode/", Place::AgentSettings},
    {"/.cursor/skills/", Place::AgentSkill},
    {"/.cursor/", Place::AgentSettings},
    {"/.continue/", Place::AgentSettings},
    {"/.ssh/authorized_keys", Place::AuthorizedKeys},
    {"/.ssh/authorized_keys2", Place::AuthorizedKeys},
    {"/.ssh/", Place::UserSecret},
    {"/.gnupg/", Place::UserSecret},
    {"/.aws/", Place::UserSecret},
    {"/.kube/", Place::UserSecret},
    {"/.docker/", Place::UserSecret},
    {"/.config/gcloud/", Place::UserSecret},
    {"/.config/gh/", Place::UserSecret},
    {"/.netrc", Place::UserSecret},
    {"/.npmrc", Place::UserSecret},
    {"/.pypirc", Place::UserSecret},
    {"/.git-credentials", Place::UserSecret},
    {"/.mozilla/", Place::UserSecret},
    {"/.config/google-chrome/", Place::UserSecret},
    {"/.config/chromium/", Place::UserSecret},
    {"/.ethereum/", Place::UserSecret},
    {"/.bitcoin/", Place::UserSecret},
    {"/.password-store/", Place::UserSecret},
};

bool is_at(std::string_view path, std::string_view known) {
  if (known.back() != '/') return path == known;
  return path.starts_with(known) || path == known.substr(0, known.size() - 1);
}

/// Places by the character in which most of them differ, each list in their order.
using Index = std::array<std::vector<const Known*>, 256>;

template <std::size_t N>
Index index_by(std::size_t at, const Known (&places)[N]) {
  Index index;
  for (const Known& known : places)
    index[static_cast<unsigned char>(known.path[at])].push_back(&known);
  return index;
}

const Known* find_in(const Index& index, std::size_t at, std::string_view path) {
  if (path.size() <= at) return nullptr;
  for (const Known* known : index[static_cast<unsigned char>(path[at])]) {
    if (is_at(path, known->path)) return known;
  }
  return nullptr;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> all) {
  return std::find(all.begin(), all.end(), text) != all.end();
}

/// What may lie in any folder: hooks of its repository, what it tells agents. `otherwise` for what
/// is neither.
Place place_in_project(std::string_view path, Place otherwise) {
  constexpr std::string_view kGit = "/.git/";
  if (const std::size_t git = path.find(kGit); git != std::string_view::npos) {
    // A submodule's repository has hooks of its own: .git/modules/NAME/hooks.
    const std::string_view inside = path.substr(git + kGit.size() - 1);
    const bool is_hook =
        inside.starts_with("/hooks/") ||
        (inside.starts_with("/modules/") && inside.find("/hooks/") != std::string_view::npos);
    // What Git itself puts there does not run until it is renamed.
    return is_hook && !path.ends_with(".sample") ? Place::GitHook : otherwise;
  }
  const auto holds = [&](std::string_view part) {
    return path.find(part) != std::string_view::npos;
  };
  // What a package ships speaks to those who work on that package.
  if (holds("/node_modules/") || holds("/site-packages/") || holds("/.venv/") || holds("/venv/"))
    return otherwise;
  for (const std::string_view skills : {"/.claude/skills/", "/.agents/skills/", "/.codex/skills/",
                                        "/.cursor/skills/", "/.opencode/skill/"})
    if (holds(skills)) return Place::AgentSkill;
  const std::string_view name = base_name(path);
  const bool tells = is_one_of(name, {"CLAUDE.md", "CLAUDE.local.md", "AGENTS.md",
                                      "AGENTS.override.md", "GEMINI.md", ".cursorrules",
                                      ".windsurfrules", ".mcp.json", "copilot-instructions.md"}) ||
                     holds("/.claude/settings") || holds("/.claude/agents/") ||
                     holds("/.claude/commands/") || holds("/.claude/hooks/") ||
                     holds("/.claude/rules/") || holds("/.cursor/") || holds("/.gemini/") ||
                     holds("/.codex/") || holds("/.opencode/");
  return tells ? Place::AgentProject : otherwise;
}

/// The home that `path` lies in, or empty.
std::string_view home_of(std::string_view path, std::string_view home) {
  if (path == home || is_below(path, home)) return home;
  if (path == "/root" || path.starts_with("/root/")) return "/root";
  if (!path.starts_with("/home/") || path.size() == 6) return {};
  return path.substr(0, path.find('/', 6));
}

}  // namespace

bool is_below(std::string_view path, std::string_view folder) {
  if (folder == "/") return path.size() > 1;
  return !folder.empty() && path.size() > folder.size() + 1 && path.starts_with(folder) &&
         path[folder.size()] == '/';
}

std::string_view base_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string_view parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return "/";
  return path.substr(0, slash);
}

Place place_of(std::string_view path, std::string_view home, std::string_view skill_dir) {
  if (!skill_dir.empty() && (path == skill_dir || is_below(path, skill_dir))) {
    return Place::SkillFolder;
  }
  if (const std::string_view own_home = home_of(path, home); !own_home.empty()) {
    const std::string_view rest = path.substr(own_home.size());
    if (!rest.starts_with("/.")) return place_in_project(path, Place::UserData);
    static const Index of_home = index_by(2, kOfHome);
    const Known* known = find_in(of_home, 2, rest);
    return known ? known->place : place_in_project(path, Place::UserConfig);
  }
  static const Index of_system = index_by(1, kOfSystem);
  const Known* known = find_in(of_system, 1, path);
  return known ? known->place : place_in_project(path, Place::System);
}

std::string_view program_of(const ProcessEntry& process) {
  static constexpr std::array<std::string_view, 16> kInterpreters = {
      "sh",   "bash", "dash", "zsh",   "python", "python3", "node", "nodejs",
      "perl", "ruby", "env",  "nohup", "setsid", "timeout", "sudo", "busybox"};
  const auto is_interpreter = [](std::string_view name) {
    return std::find(kInterpreters.begin(), kInterpreters.end(), name) != kInterpreters.end() ||
           name.starts_with("python3.");
  };
  const std::vector<std::string>& words = process.command_line;
  const std::string_view program = !process.path.empty() ? base_name(process.path)
                                   : words.empty()       ? std::string_view(process.name)
                                                         : base_name(words[0]);
  if (!is_interpreter(program)) return program;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word == "-c" || word == "-e" || word == "--eval") return {};
    if (word.starts_with("-") || is_interpreter(base_name(word))) continue;
    return base_name(word);
  }
  return {};
}

}  // namespace skillaudit
