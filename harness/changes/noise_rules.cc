#include "harness/changes/noise.h"

namespace skillaudit {
namespace {

constexpr unsigned kAddedModified = kAdded | kModified;
constexpr unsigned kAny = kAdded | kModified | kDeleted;
constexpr auto kNone = NoiseLimit::None;
constexpr auto kGrows = NoiseLimit::Grows;
constexpr auto kRoots = NoiseLimit::PlainOfRoot;
constexpr auto kPlain = NoiseLimit::Plain;

/// A new file in /var/log with another name is not noise, nor is a log that shrank or went.
constexpr NoiseRule kSystem[] = {
    {"/var/log/auth.log", kModified, kGrows, "rsyslog: logins and sudo, the audit's too"},
    {"/var/log/syslog", kModified, kGrows, "rsyslog: messages of all services"},
    {"/var/log/messages", kModified, kGrows, "rsyslog: messages of all services"},
    {"/var/log/kern.log", kModified, kGrows, "rsyslog: the kernel"},
    {"/var/log/daemon.log", kModified, kGrows, "rsyslog: daemons"},
    {"/var/log/user.log", kModified, kGrows, "rsyslog: user programs"},
    {"/var/log/cron.log", kModified, kGrows, "rsyslog: cron's hourly entry"},
    {"/var/log/debug", kModified, kGrows, "rsyslog: debug messages"},
    {"/var/log/wtmp", kModified, kGrows, "login records"},
    {"/var/log/btmp", kModified, kGrows, "failed logins"},
    {"/var/log/lastlog", kModified, kGrows, "last login of each user"},
    {"/var/log/audit/audit.log", kModified, kGrows, "auditd, whose rules are the audit's"},
    {"/var/log/cloud-init.log", kModified, kGrows, "cloud-init's last stage may outlive boot"},
    {"/var/log/cloud-init-output.log", kModified, kGrows, "cloud-init's last stage"},
    {"/var/log/journal/*/system.journal", kAddedModified, kGrows, "journald"},
    {"/var/log/journal/*/user-*.journal", kAddedModified, kGrows, "journald, a file a user"},
    {"/var/log/journal/*/system@*.journal", kAdded, kNone, "journald rotates system.journal"},
    {"/var/lib/systemd/timers/stamp-*.timer", kAddedModified, NoiseLimit::Empty,
     "when a persistent timer last fired"},
    {"/var/lib/systemd/timesync/clock", kAddedModified, NoiseLimit::Empty,
     "timesyncd keeps the time in its mtime"},
    {"/var/lib/private/systemd/timesync/clock", kAddedModified, NoiseLimit::Empty,
     "timesyncd keeps the time in its mtime"},
    {"/var/lib/systemd/random-seed", kAddedModified, kNone, "systemd's seed for the next boot"},
    {"/var/lib/sudo/lectured/*", kAdded, NoiseLimit::Empty, "sudo notes whom it lectured"},
    {"/var/lib/logrotate/status", kAddedModified, kNone, "logrotate's daily timer"},
    {"/var/lib/dhcp/dhclient*.leases", kAddedModified, kNone, "a lease is renewed"},
    {"/var/lib/apt/daily_lock", kAddedModified, NoiseLimit::Empty, "apt's daily timer"},
    {"/var/lib/apt/periodic/*-stamp", kAddedModified, NoiseLimit::Empty, "apt's daily timer"},
    {"/var/backups/dpkg.*", kAddedModified, kNone, "dpkg-db-backup's daily timer"},
    {"/var/backups/apt.extended_states.*", kAddedModified, kNone, "dpkg-db-backup's daily timer"},
    {"/var/backups/alternatives.tar.*", kAddedModified, kNone, "dpkg-db-backup's daily timer"},
    {"~/.cache/motd.legal-displayed", kAdded, NoiseLimit::Empty, "pam_motd at the first login"},
    {"/tmp/systemd-private-*", kAdded | kDeleted, NoiseLimit::DirectoryOfRoot,
     "PrivateTmp of services that start and end"},
    {"/tmp/systemd-private-*/tmp", kAdded | kDeleted, NoiseLimit::DirectoryOfRoot, "PrivateTmp"},
    {"/var/tmp/systemd-private-*", kAdded | kDeleted, NoiseLimit::DirectoryOfRoot, "PrivateTmp"},
    {"/var/tmp/systemd-private-*/tmp", kAdded | kDeleted, NoiseLimit::DirectoryOfRoot,
     "PrivateTmp"},
    // What is in memory while the machine runs. Units, and rules of udev, are none of it.
    {"/dev/**", kAdded | kDeleted, NoiseLimit::NoFile, "udev names the kernel's devices"},
    {"/run/systemd", kAny, NoiseLimit::DirectoryOfRoot, "parent of systemd's state"},
    {"/run/systemd/transient", kAny, NoiseLimit::DirectoryOfRoot, "made at the first systemd-run"},
    {"/run/systemd/ask-password/**", kAny, kRoots, "systemd: questions for a password"},
    {"/run/systemd/inhibit/**", kAny, kRoots, "logind"},
    {"/run/systemd/journal/**", kAny, kRoots, "journald: its streams and sockets"},
    {"/run/systemd/netif/**", kAny, kPlain, "networkd: leases and links"},
    {"/run/systemd/propagate/**", kAny, kRoots, "mounts that reach a service"},
    {"/run/systemd/seats/**", kAny, kRoots, "logind"},
    {"/run/systemd/sessions/**", kAny, kRoots, "logind"},
    {"/run/systemd/unit-root/**", kAny, kRoots, "systemd: where a service's root is put together"},
    {"/run/systemd/units/**", kAny, NoiseLimit::Symlink, "systemd: invocations of its units"},
    {"/run/systemd/users/**", kAny, kRoots, "logind"},
    {"/run/udev/data/**", kAny, kRoots, "udev's database"},
    {"/run/udev/links/**", kAny, kRoots, "udev's database"},
    {"/run/udev/tags/**", kAny, kRoots, "udev's database"},
    {"/run/udev/watch/**", kAny, kRoots, "udev's database"},
    {"/run/udev/queue", kAny, NoiseLimit::Empty, "udev is at work"},
    {"/run/blkid/*", kAny, kRoots, "blkid's cache"},
    {"/run/credentials/**", kAny, kRoots, "systemd: credentials of a service that runs"},
    {"/run/cloud-init/**", kAny, kRoots, "cloud-init's last stage may outlive boot"},
    {"/run/crond.reboot", kAdded, NoiseLimit::Empty, "cron notes that the machine booted"},
    {"/run/dbus/**", kAny, NoiseLimit::NoFile, "sockets of D-Bus"},
    {"/run/lock/**", kAny, kPlain, "locks"},
    {"/run/mount/**", kAny, kRoots, "mount(8): options that the kernel does not keep"},
    {"/run/sudo/**", kAny, kRoots, "sudo: who gave a password when"},
    {"/run/sshd.pid", kAny, kRoots, "sshd"},
    {"/run/user/*", kAdded | kDeleted, NoiseLimit::Directory, "logind: a user's session"},
    {"/run/user/*/systemd/**", kAny, kPlain, "a user's systemd"},
    {"/run/user/*/gnupg/**", kAny, NoiseLimit::NoFile, "sockets of the agent of GnuPG"},
    {"/run/utmp", kAddedModified, kNone, "who is logged in"},
};

/// What dpkg, its triggers and Debian's maintainer scripts write beside the files of packages.
constexpr NoiseRule kDpkg[] = {
    {"/var/lib/dpkg/**", kAny, kNone, "dpkg's database"},
    {"/var/log/dpkg.log", kAddedModified, kGrows, "dpkg's log"},
    {"/var/log/alternatives.log", kAddedModified, kGrows, "update-alternatives' log"},
    {"/etc/ld.so.cache", kAddedModified, kNone, "ldconfig trigger"},
    {"/var/cache/ldconfig/aux-cache", kAddedModified, kNone, "ldconfig trigger"},
    {"/var/cache/debconf/*", kAny, kNone, "debconf's database and its backups"},
    {"/var/cache/man/**", kAny, kNone, "man-db trigger"},
    {"/var/cache/fontconfig/*", kAny, kNone, "fontconfig trigger"},
    {"/usr/share/info/dir", kAddedModified, kNone, "install-info trigger"},
    {"/usr/share/info/dir.old", kAddedModified, kNone, "install-info trigger"},
    {"/usr/share/mime/**", kAny, kNone, "shared-mime-info trigger"},
    {"/usr/share/applications/mimeinfo.cache", kAddedModified, kNone, "desktop-file-utils trigger"},
    {"/usr/share/icons/*/icon-theme.cache", kAddedModified, kNone, "icon cache trigger"},
    {"/usr/share/glib-2.0/schemas/gschemas.compiled", kAddedModified, kNone, "libglib trigger"},
    {"/usr/lib/x86_64-linux-gnu/gio/modules/giomodule.cache", kAddedModified, kNone,
     "libglib trigger"},
    {"/usr/lib/x86_64-linux-gnu/gdk-pixbuf-2.0/*/loaders.cache", kAddedModified, kNone,
     "gdk-pixbuf trigger"},
    {"/var/lib/systemd/deb-systemd-helper-enabled/**", kAny, kNone, "deb-systemd-helper"},
    {"/var/lib/systemd/deb-systemd-user-helper-enabled/**", kAny, kNone, "deb-systemd-helper"},
    {"/var/lib/ucf/*", kAny, kNone, "ucf's registry of configuration files"},
    {"/var/lib/python/**", kAny, kNone, "py3compile's registry"},
    {"/var/lib/emacsen-common/**", kAny, kNone, "emacsen-common's registry"},
    {"/var/lib/sgml-base/*", kAny, kNone, "sgml-base trigger"},
    {"/var/lib/xml-core/*", kAny, kNone, "xml-core trigger"},
    {"/etc/mailcap", kAddedModified, kNone, "mailcap trigger"},
    {"/usr/local/lib/python3.*", kAdded, NoiseLimit::Directory, "python3's maintainer script"},
    {"/usr/local/lib/python3.*/dist-packages", kAdded, NoiseLimit::Directory,
     "python3's maintainer script"},
};

constexpr NoiseRule kApt[] = {
    {"/var/lib/apt/**", kAny, kNone, "package lists, marks and locks of apt"},
    {"/var/cache/apt/**", kAny, kNone, "apt's caches and downloads"},
    {"/var/log/apt", kAdded, NoiseLimit::Directory, "apt's logs"},
    {"/var/log/apt/history.log", kAddedModified, kGrows, "apt's log"},
    {"/var/log/apt/term.log", kAddedModified, kGrows, "apt's log"},
    {"/var/log/apt/eipp.log.xz", kAddedModified, kNone, "apt's last planner request"},
};

/// What apt keeps by itself whenever root calls it, also where it reaches no mirror: an update that
/// fails, `apt list`, a local source.
constexpr NoiseRule kAptCaches[] = {
    {"/var/cache/apt/pkgcache.bin", kAny, kNone, "apt's cache of the package lists"},
    {"/var/cache/apt/srcpkgcache.bin", kAny, kNone, "apt's cache of the package lists"},
    {"/var/lib/apt/lists", kAddedModified, NoiseLimit::Directory, "apt's package lists"},
    {"/var/lib/apt/lists/lock", kAddedModified, NoiseLimit::Empty, "apt's lock"},
    {"/var/lib/apt/lists/partial", kAny, NoiseLimit::Directory, "lists that are being fetched"},
    {"/var/lib/apt/lists/partial/*", kAny, kNone, "lists that are being fetched"},
    {"/var/lib/apt/lists/auxfiles", kAny, NoiseLimit::Directory, "what comes with the lists"},
    {"/var/lib/apt/lists/*_InRelease", kAny, kNone, "a package list"},
    {"/var/lib/apt/lists/*_Release", kAny, kNone, "a package list"},
    {"/var/lib/apt/lists/*_Release.gpg", kAny, kNone, "a package list's signature"},
    {"/var/lib/apt/lists/*_Packages*", kAny, kNone, "a package list, perhaps compressed"},
    {"/var/lib/apt/lists/*_Sources*", kAny, kNone, "a package list, perhaps compressed"},
    {"/var/lib/apt/lists/*_Translation-*", kAny, kNone, "a package list's descriptions"},
    {"/var/lib/apt/lists/*_Contents-*", kAny, kNone, "a list of the packages' files"},
    {"/var/lib/apt/lists/*_Components-*", kAny, kNone, "a package list of AppStream"},
};

constexpr NoiseRule kPip[] = {
    {"~/.cache", kAdded, NoiseLimit::Directory, "parent of pip's cache"},
    {"~/.cache/pip/**", kAny, kNone, "pip's cache"},
};

constexpr NoiseRule kNpm[] = {
    {"~/.npm", kAdded, NoiseLimit::Directory, "parent of npm's cache"},
    {"~/.npm/_cacache/**", kAny, kNone, "npm's cache"},
    {"~/.npm/_logs/**", kAny, kNone, "npm's logs, of which it keeps ten"},
    {"~/.npm/_update-notifier-last-checked", kAddedModified, kNone, "npm's update check"},
    {"/usr/lib/node_modules/.package-lock.json", kAny, kNone, "npm's list of global packages"},
    {"/usr/local/lib/node_modules/.package-lock.json", kAny, kNone, "npm's global packages"},
};

}  // namespace

std::span<const NoiseRule> system_noise() { return kSystem; }
std::span<const NoiseRule> dpkg_noise() { return kDpkg; }
std::span<const NoiseRule> apt_noise() { return kApt; }
std::span<const NoiseRule> apt_caches() { return kAptCaches; }
std::span<const NoiseRule> pip_noise() { return kPip; }
std::span<const NoiseRule> npm_noise() { return kNpm; }

}  // namespace skillaudit
