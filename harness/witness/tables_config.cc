#include <algorithm>
#include <array>
#include <set>

#include "harness/witness/io.h"
#include "harness/witness/tables.h"

namespace witness {
namespace {

/// The limits keep a guest that plants a million unit files from holding up the audit; reaching one
/// is a gap.
constexpr std::size_t kMostFiles = 5000;
constexpr std::size_t kMostOfOne = 1U << 18;
constexpr std::size_t kMostOfAll = 1U << 26;

constexpr std::array<std::string_view, 33> kEtc = {
    "environment", "profile",       "bash.bashrc",     "zsh/zshrc",      "zsh/zshenv",
    "sudoers",     "sudo.conf",     "ssh/sshd_config", "ssh/ssh_config", "hosts",
    "resolv.conf", "nsswitch.conf", "ld.so.preload",   "ld.so.conf",     "passwd",
    "group",       "crontab",       "anacrontab",      "gitconfig",      "npmrc",
    "pip.conf",    "rc.local",      "inputrc",         "fstab",          "sysctl.conf",
    "modules",     "login.defs",    "hosts.allow",     "hosts.deny",     "shells",
    "subuid",      "subgid",        "doas.conf"};

constexpr std::array<std::string_view, 17> kFolders = {"/etc/profile.d",
                                                       "/etc/sudoers.d",
                                                       "/etc/ssh/sshd_config.d",
                                                       "/etc/ssh/ssh_config.d",
                                                       "/etc/pam.d",
                                                       "/etc/apt",
                                                       "/etc/cron.d",
                                                       "/etc/ld.so.conf.d",
                                                       "/etc/systemd/system",
                                                       "/etc/systemd/user",
                                                       "/etc/environment.d",
                                                       "/etc/sysctl.d",
                                                       "/etc/modules-load.d",
                                                       "/etc/modprobe.d",
                                                       "/etc/udev/rules.d",
                                                       "/etc/xdg/autostart",
                                                       "/var/spool/cron/crontabs"};

constexpr std::array<std::string_view, 26> kOfHome = {".bashrc",
                                                      ".profile",
                                                      ".bash_profile",
                                                      ".bash_login",
                                                      ".bash_logout",
                                                      ".bash_aliases",
                                                      ".zshrc",
                                                      ".zshenv",
                                                      ".zprofile",
                                                      ".zlogin",
                                                      ".zlogout",
                                                      ".config/fish/config.fish",
                                                      ".inputrc",
                                                      ".pam_environment",
                                                      ".gitconfig",
                                                      ".config/git/config",
                                                      ".npmrc",
                                                      ".pip/pip.conf",
                                                      ".config/pip/pip.conf",
                                                      ".curlrc",
                                                      ".wgetrc",
                                                      ".vimrc",
                                                      ".claude/settings.json",
                                                      ".claude/settings.local.json",
                                                      ".claude/CLAUDE.md",
                                                      ".ssh/authorized_keys"};
constexpr std::array<std::string_view, 4> kOfHomeSsh = {".ssh/authorized_keys2", ".ssh/config",
                                                        ".ssh/rc", ".ssh/environment"};
constexpr std::array<std::string_view, 4> kFoldersOfHome = {
    "/.config/environment.d", "/.config/systemd/user", "/.config/autostart", "/.bashrc.d"};

void add_tree(const std::string& folder, std::set<std::string>& found, int depth = 0) {
  if (depth > 64) throw Failure{"more than 64 folders deep in " + folder};
  for (const std::string& name : names_in(folder)) {
    const std::string path = folder + "/" + name;
    const auto status = look_at(path);
    if (!status) continue;
    if (S_ISDIR(status->st_mode)) {
      add_tree(path, found, depth + 1);
    } else if (S_ISREG(status->st_mode)) {
      found.insert(path);
    }
    if (found.size() > kMostFiles) throw Failure{"more than 5000 configuration files"};
  }
}

/// The settings of the repositories in a home, which stand in it or one folder deeper.
void add_repositories(const std::string& folder, std::set<std::string>& found, int deeper = 1) {
  for (const std::string& name : names_in(folder)) {
    if (name.starts_with('.') || name == "node_modules") continue;
    const std::string path = folder + "/" + name;
    const auto status = look_at(path);
    if (!status || !S_ISDIR(status->st_mode)) continue;
    if (const auto config = look_at(path + "/.git/config"); config && S_ISREG(config->st_mode))
      found.insert(path + "/.git/config");
    else if (deeper > 0)
      add_repositories(path, found, deeper - 1);
    if (found.size() > kMostFiles) throw Failure{"more than 5000 configuration files"};
  }
}

}  // namespace

std::string config_table() {
  std::set<std::string> found;
  for (const auto name : kEtc) found.insert("/etc/" + std::string(name));
  for (const auto folder : kFolders) add_tree(std::string(folder), found);
  // Which packages apt installed because others need them.
  found.insert("/var/lib/apt/extended_states");
  std::erase_if(found, [](const std::string& path) {
    return path.ends_with(".gpg") || path.ends_with(".asc");
  });
  for (const Account& account : homes()) {
    for (const auto name : kOfHome) found.insert(account.home + "/" + std::string(name));
    for (const auto name : kOfHomeSsh) found.insert(account.home + "/" + std::string(name));
    for (const auto folder : kFoldersOfHome) add_tree(account.home + std::string(folder), found);
    // The homes of services are full of what is no repository: /usr/sbin, /var/lib.
    if (account.home == "/root" || account.home.starts_with("/home/"))
      add_repositories(account.home, found);
  }
  std::string out;
  std::size_t total = 0;
  for (const std::string& path : found) {
    const auto content = read_file(path, kMostOfOne);
    if (!content) continue;
    total += content->size();
    if (total > kMostOfAll) throw Failure{"more than 64 MiB of configuration files"};
    put_blob(out, path, *content);
  }
  return out;
}

std::string cron_table() {
  std::vector<std::string> texts = {"/etc/crontab", "/etc/anacrontab"};
  for (const std::string folder :
       {"/etc/cron.d", "/var/spool/cron/crontabs", "/var/spool/cron/atjobs"})
    for (const std::string& name : names_in(folder))
      if (name != ".SEQ") texts.push_back(folder + "/" + name);
  std::vector<std::string> scripts;
  for (const std::string period : {"hourly", "daily", "weekly", "monthly", "yearly"})
    for (const std::string& name : names_in("/etc/cron." + period))
      scripts.push_back("/etc/cron." + period + "/" + name);
  if (texts.size() + scripts.size() > kMostFiles)
    throw Failure{"more than 5000 files of cron and at"};
  std::string out;
  for (const std::string& path : texts)
    if (const auto content = read_file(path, kMostOfOne)) put_blob(out, path, *content);
  // Of the scripts in cron.daily and its like the name is what counts; their content is the file
  // table's business.
  for (const std::string& path : scripts) put_blob(out, path, "");
  return out;
}

}  // namespace witness
