#include "harness/user_vms/share.h"

#include <fmt/core.h>
#include <sys/xattr.h>

#include <cerrno>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kReadOnly = ":ro";

/// Run as root. Underneath, files have the owners of the host, or those that the guest gave them
/// earlier; nobody but root needs to see that.
constexpr const char* kMount = R"sh(set -eu
command -v bindfs >/dev/null || {{ echo "the guest has no bindfs" >&2; exit 1; }}
mkdir -p -m 0700 /run/share-raw
mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144,cache=none,nodev,nosuid{ro} {tag} /run/share-raw
install -d -o {user} -g {user} {home}/share
bindfs --force-user={user} --force-group={user} --chown-ignore --chgrp-ignore \
  -o allow_other,nodev,nosuid{ro} /run/share-raw {home}/share
)sh";

}  // namespace

SharedFolder parse_share(const std::string& text) {
  SharedFolder share;
  std::string folder = text;
  // A folder may itself be called "x:ro".
  std::error_code ignored;
  if (text.ends_with(kReadOnly) && !fs::is_directory(text, ignored)) {
    folder = text.substr(0, text.size() - kReadOnly.size());
    share.read_only = true;
  }
  const std::string shown = printable(folder);
  if (!fs::exists(folder, ignored))
    fail(ErrorKind::Usage, "the folder {} does not exist: use --share DIR or --share DIR:ro",
         shown);
  if (!fs::is_directory(folder, ignored))
    fail(ErrorKind::Usage, "{} is not a folder: only folders can be shared", shown);
  share.folder = fs::canonical(folder);
  if (share.folder == "/")
    fail(ErrorKind::Usage, "/ cannot be shared with a guest: choose a folder");
  if (!share.read_only && ::getxattr(share.folder.c_str(), "user.virtfs.mode", nullptr, 0) < 0 &&
      errno == ENOTSUP)
    fail(ErrorKind::Usage,
         "{} is on a file system without user extended attributes, so the guest could not write to "
         "it: share it read-only ({}:ro), or share another folder",
         shown, shown);
  return share;
}

void mount_share(SshSession& guest, const SharedFolder& share, const std::string& user,
                 const std::string& home) {
  guest.check("mounting the shared folder", "sudo -n sh -s",
              {.timeout = std::chrono::seconds(60),
               .input = fmt::format(kMount, fmt::arg("ro", share.read_only ? ",ro" : ""),
                                    fmt::arg("tag", kShareTag), fmt::arg("user", user),
                                    fmt::arg("home", home))});
}

}  // namespace skillaudit
