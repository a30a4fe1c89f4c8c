#include "harness/providers/qemu/image_builder.h"

#include <fmt/core.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/json_text.h"
#include "harness/base/name.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/base/workspace.h"
#include "harness/providers/qemu/release_sources.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using Progress = std::function<void(const std::string&)>;

/// Raised when the steps below change what they build.
constexpr int kBuilderVersion = 7;
constexpr const char* kDiskSize = "8G";
constexpr std::uint64_t kSpaceNeeded = 4ULL << 30;

/// What a developer's machine has that a skill may count on, and what the sensors need.
std::vector<std::string> guest_packages(const OsRelease& os) {
  std::vector<std::string> packages = {
      "systemd-sysv", "udev", "dbus", "libpam-systemd", "openssh-server", "cloud-init", "sudo",
      "locales", "auditd", "ca-certificates", "netbase", "netplan.io", "linux-image-amd64",
      "bindfs", "cron",
      // The tools that published skills call. jq and tree are left out: to install something, a
      // skill needs what is not there.
      "bc", "bind9-dnsutils", "curl", "file", "gcc", "git", "imagemagick", "iproute2", "gh",
      "iputils-ping", "less", "libc6-dev", "make", "nodejs", "pandoc", "patch", "poppler-utils",
      "procps", "python-is-python3", "python3", "python3-pip", "python3-venv", "ripgrep", "rsync",
      "sqlite3", "unzip", "wget", "xz-utils", "zip", "zstd"};
  // Required in Debian 12; cloud-init grows the file system with the one.
  if (os.suite != "bookworm") packages.insert(packages.end(), {"e2fsprogs", "tzdata"});
  return packages;
}

/// Documentation, and drivers for hardware that this machine never has.
std::vector<std::string> excluded_paths(const OsRelease& os) {
  std::vector<std::string> paths = {"/usr/share/doc/*",
                                    "/usr/share/man/*",
                                    "/usr/share/locale/*",
                                    "/usr/share/info/*",
                                    "/lib/modules/*/kernel/drivers/gpu/*",
                                    "/lib/modules/*/kernel/sound/*",
                                    "/lib/modules/*/kernel/drivers/media/*",
                                    "/lib/modules/*/kernel/drivers/net/wireless/*",
                                    "/lib/modules/*/kernel/drivers/net/ethernet/*",
                                    "/lib/modules/*/kernel/drivers/infiniband/*",
                                    "/lib/modules/*/kernel/drivers/staging/*",
                                    "/lib/modules/*/kernel/drivers/scsi/*",
                                    "/lib/modules/*/kernel/drivers/iio/*",
                                    "/lib/modules/*/kernel/drivers/hid/*"};
  // Since Debian 13 the kernel's package itself says where its modules really are.
  if (os.suite != "bookworm")
    for (std::string& path : paths)
      if (path.starts_with("/lib/modules/")) path.insert(0, "/usr");
  return paths;
}

/// Runs in the finished tree ($1).
///
/// The guest's clock jumps when a clone wakes, which would start every periodic job at once: the
/// ones that have nothing to do with a skill are masked. The serial console keeps kernel messages
/// only.
///
/// Of certificate authorities the guest trusts the proxy's alone, since it reaches nothing else:
/// cloud-init's installing that one among Debian's 140 takes three quarters of a minute under
/// emulation.
///
/// A session costs what it makes the processor translate. sshd need not start itself anew for each
/// connection (-r; ignored since OpenSSH 9.8). A login tells of no message of the day and no mail.
/// The user's service manager runs from the boot on, so that no login has to ask logind for it.
constexpr const char* kCustomize = R"sh(set -eu
root=$1
printf 'nameserver %s\n' 10.0.2.3 > "$root/etc/resolv.conf"
rm -f "$root/etc/hostname"
printf '127.0.0.1 localhost\n::1 localhost\n' > "$root/etc/hosts"
printf 'datasource_list: [NoCloud]\n' > "$root/etc/cloud/cloud.cfg.d/90-datasource.cfg"
for unit in apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service \
            fstrim.timer dpkg-db-backup.timer systemd-tmpfiles-clean.timer \
            systemd-networkd-wait-online.service getty@tty1.service serial-getty@ttyS0.service; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
rm -f "$root"/etc/ssh/ssh_host_*
: > "$root/etc/ca-certificates.conf"
chroot "$root" update-ca-certificates --fresh >/dev/null
sed -i '/pam_motd/d; /pam_mail/d' "$root/etc/pam.d/sshd"
sed -i '/pam_systemd/d' "$root/etc/pam.d/common-session"
mkdir -p "$root/var/lib/systemd/linger"
touch "$root/var/lib/systemd/linger/ubuntu"
printf 'SSHD_OPTS=-r\n' > "$root/etc/default/ssh"
printf 'UseDNS no\nPrintMotd no\nSetEnv XDG_RUNTIME_DIR=/run/user/1000\n' > "$root/etc/ssh/sshd_config.d/10-local.conf"
)sh";

/// Debian 13 keeps /tmp in memory, of which it takes half. On the disk, as in the releases before,
/// what a skill leaves there is compared as every other file is; its release notes name this way
/// back. The tree is as up to date as it will be: systemd need not rebuild ldconfig's cache and the
/// journal's catalogue in the first boot, which takes a minute under emulation.
constexpr const char* kSince13 = R"sh(ln -sf /dev/null "$root/etc/systemd/system/tmp.mount"
touch "$root/etc/.updated" "$root/var/.updated"
)sh";

std::string customize_script(const OsRelease& os) {
  return os.suite == "bookworm" ? kCustomize : std::string(kCustomize) + kSince13;
}

constexpr const char* kInitramfs = R"sh(set -eu
mkdir -p "$1/etc/initramfs-tools/conf.d"
echo MODULES=list > "$1/etc/initramfs-tools/conf.d/modules"
printf 'virtio_pci\nvirtio_blk\next4\n' > "$1/etc/initramfs-tools/modules"
)sh";

/// npm as the registry ships it: one package that brings all it needs, where Debian's own is some
/// 400 packages. Version 10 is the last that runs on Node.js 18, which Debian 12 has (13 has 20).
constexpr const char* kNpmPackage = "npm@10";

std::string sources_for(const ImageRecipe& recipe) {
  return sources_of_release(recipe.apt_sources, recipe.host_codename, recipe.os.suite);
}

void write_script(const fs::path& path, const std::string& text) {
  write_file(path, "#!/bin/sh\n" + text, 0755);
}

void fetch_npm(const fs::path& dir, const Progress& progress) {
  progress("downloading npm for the guest");
  const std::string listed = check_output(
      {"npm", "pack", "--silent", "--json", "--pack-destination", dir.string(), kNpmPackage},
      {.timeout = std::chrono::minutes(3), .working_directory = dir});
  for (const auto& entry : fs::directory_iterator(dir))
    if (entry.path().extension() == ".tgz") {
      fs::rename(entry.path(), dir / "npm.tgz");
      return;
    }
  fail(ErrorKind::Environment, "npm pack {} wrote no archive: {}", kNpmPackage,
       shorten(listed, 200));
}

std::vector<std::string> mmdebstrap_arguments(const ImageRecipe& recipe, const fs::path& work,
                                              bool with_npm) {
  std::vector<std::string> argv = {
      "mmdebstrap",
      "--variant=minbase",
      "--aptopt=Acquire::Languages \"none\"",
      "--essential-hook=" + (work / "initramfs.sh").string() + " \"$1\"",
      "--customize-hook=" + (work / "customize.sh").string() + " \"$1\"",
      "--include=" + join(guest_packages(recipe.os), ",")};
  for (const std::string& path : excluded_paths(recipe.os))
    argv.push_back("--dpkgopt=path-exclude=" + path);
  if (with_npm)
    argv.push_back("--customize-hook=mkdir -p \"$1/usr/lib/node_modules/npm\" && tar -xzf " +
                   shell_quote((work / "npm.tgz").string()) +
                   " --no-same-owner --strip-components=1 -C \"$1/usr/lib/node_modules/npm\""
                   " && ln -s ../lib/node_modules/npm/bin/npm-cli.js \"$1/usr/bin/npm\""
                   " && ln -s ../lib/node_modules/npm/bin/npx-cli.js \"$1/usr/bin/npx\""
                   " && chmod 755 \"$1/usr/lib/node_modules/npm/bin/npm-cli.js\""
                   " \"$1/usr/lib/node_modules/npm/bin/npx-cli.js\"");
  argv.insert(argv.end(), {recipe.os.suite, (work / "root.tar").string(),
                           (work / "distribution.sources").string()});
  return argv;
}

/// Unpacks the tree and makes the file system, inside mmdebstrap's user namespace when not root:
/// the tree's owners are then right in either case.
void make_file_system(const fs::path& work) {
  write_script(
      work / "mkfs.sh",
      "set -eu\ncd \"$1\"\nmkdir root\n"
      "tar -C root --numeric-owner --xattrs --xattrs-include='*' --exclude='./dev/*' -xf root.tar\n"
      "cp root/boot/vmlinuz-* vmlinuz\ncp root/boot/initrd.img-* initrd\nchmod 644 vmlinuz initrd\n"
      "mke2fs -q -t ext4 -O ^has_journal -E lazy_itable_init=0,root_owner=0:0 -L root -d root "
      "disk.raw " +
          std::string(kDiskSize) + "\nrm -rf root root.tar\n");
  std::vector<std::string> argv;
  if (::geteuid() != 0) argv = {"mmdebstrap", "--unshare-helper"};
  argv.insert(argv.end(), {(work / "mkfs.sh").string(), work.string()});
  check_output(argv, {.timeout = std::chrono::minutes(10)});
}

void need_programs(const std::vector<std::pair<std::string, std::string>>& programs) {
  for (const auto& [program, package] : programs)
    if (find_program(program).empty())
      fail(ErrorKind::Environment, "building an image needs {}: apt-get install {}", program,
           package);
}

void need_space(const fs::path& place, std::uint64_t bytes) {
  const std::uint64_t free = free_bytes(place);
  if (free < bytes)
    fail(ErrorKind::Environment,
         "building an image needs {} in {}, but only {} is free: free some space, or set "
         "XDG_CACHE_HOME",
         human_bytes(bytes), place.string(), human_bytes(free));
}

}  // namespace

const std::vector<OsRelease>& known_os() {
  static const std::vector<OsRelease> list = {{"debian-12", "bookworm"}, {"debian-13", "trixie"}};
  return list;
}

const OsRelease& find_os(const std::string& name) {
  std::vector<std::string> names;
  for (const OsRelease& os : known_os()) {
    if (os.name == name) return os;
    names.push_back(os.name);
  }
  fail(ErrorKind::Usage, "unknown operating system '{}': skillaudit can build {}", printable(name),
       join(names, ", "));
}

std::string recipe_digest(const ImageRecipe& recipe) {
  return sha256(fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}", kBuilderVersion, recipe.os.suite,
                            sources_for(recipe), join(guest_packages(recipe.os), ","),
                            join(excluded_paths(recipe.os), ","), customize_script(recipe.os),
                            kInitramfs, recipe.npm_registry.empty() ? "" : kNpmPackage));
}

Image build_image(ImageStore& store, const ImageRecipe& recipe, const Progress& progress) {
  need_programs(
      {{"mmdebstrap", "mmdebstrap"}, {"mke2fs", "e2fsprogs"}, {"qemu-img", "qemu-utils"}});
  need_space(store.cache(), kSpaceNeeded);
  if (trim(recipe.apt_sources).empty())
    fail(ErrorKind::Environment,
         "this host has no apt source for its distribution: add one to /etc/apt/sources.list.d");
  const Workspace work(store.cache());
  fs::permissions(work.path(), fs::perms(0755));
  const bool with_npm = !recipe.npm_registry.empty() && !find_program("npm").empty();
  write_file(work.path() / "distribution.sources", sources_for(recipe));
  write_script(work.path() / "customize.sh", customize_script(recipe.os));
  write_script(work.path() / "initramfs.sh", kInitramfs);
  if (with_npm) fetch_npm(work.path(), progress);

  progress(fmt::format("installing {} packages of {} with mmdebstrap",
                       guest_packages(recipe.os).size(), recipe.os.name));
  const CommandResult built = run_command(mmdebstrap_arguments(recipe, work.path(), with_npm),
                                          {.timeout = std::chrono::minutes(20)});
  if (built.timed_out || built.exit_code != 0) {
    const std::string_view log = trim(built.err);
    fail(ErrorKind::Environment, "mmdebstrap could not build {}: {}", recipe.os.name,
         printable_block(log.size() > 1500 ? log.substr(log.size() - 1500) : log));
  }
  progress("making the file system");
  make_file_system(work.path());
  const fs::path staging = work.path() / "image";
  fs::create_directory(staging);
  fs::permissions(staging, fs::perms(0755));
  progress("converting the disk to qcow2");
  check_output({"qemu-img", "convert", "-O", "qcow2", (work.path() / "disk.raw").string(),
                (staging / "disk.qcow2").string()},
               {.timeout = std::chrono::minutes(10)});
  fs::rename(work.path() / "vmlinuz", staging / "vmlinuz");
  fs::rename(work.path() / "initrd", staging / "initrd");
  progress("storing it under its content hash");
  return store.add(recipe.os.name, recipe_digest(recipe), staging);
}

Image import_image(ImageStore& store, const fs::path& file, const std::string& name,
                   const Progress& progress) {
  check_name("an image", name);
  need_programs({{"qemu-img", "qemu-utils"}});
  for (const OsRelease& os : known_os())
    if (os.name == name)
      fail(ErrorKind::Usage,
           "'{}' is the name of an image that skillaudit builds: choose another --name", name);
  if (!fs::is_regular_file(file))
    fail(ErrorKind::Usage, "the image file {} does not exist", printable(file.string()));
  need_space(store.cache(), fs::file_size(file) + (1ULL << 30));
  nlohmann::json info;
  const CommandResult looked = run_command({"qemu-img", "info", "--output=json", file.string()});
  if (looked.exit_code == 0) info = parse_json_or_discard(looked.out);
  const std::string format = info.is_object() ? info.value("format", "") : "";
  if (format != "qcow2" && format != "raw")
    fail(ErrorKind::Usage, "{} cannot be imported: it must be a qcow2 or raw disk image",
         printable(file.string()));
  // A backing file would let a stranger's image read files of this host.
  if (info.contains("backing-filename") || info.contains("full-backing-filename"))
    fail(ErrorKind::Usage, "{} depends on a backing file: flatten it with `qemu-img convert` first",
         printable(file.string()));
  const Workspace work(store.cache());
  const fs::path staging = work.path() / "image";
  fs::create_directory(staging);
  progress("converting the disk to qcow2");
  check_output({"qemu-img", "convert", "-f", format, "-O", "qcow2", file.string(),
                (staging / "disk.qcow2").string()},
               {.timeout = std::chrono::minutes(20)});
  progress("storing it under its content hash");
  return store.add(name, "", staging);
}

}  // namespace skillaudit
