#pragma once

#include "harness/places/other_agent_places.h"
#include "harness/places/project_places.h"
#include "harness/places/system_places.h"
#include "harness/places/user_places.h"

namespace skillaudit {

/// Where something runs again, is trusted or is kept: the one list that the trace, the snapshot,
/// the check of a second boot and the rules read. A row is one line; a specific row stands before
/// the general one that covers it.
///
/// Sources: systemd.unit(5), crontab(5), bash(1), zsh(1), pam_env(7), environment.d(5), sudoers(5),
/// ld.so(8), Desktop Application Autostart Specification, apt.conf(5) (DPkg::Post-Invoke and its
/// like), update-motd(5), NetworkManager-dispatcher(8), logrotate(8) (postrotate), readline(3),
/// useradd(8), initramfs-tools(7), interfaces(5), git-config(1). Of secrets: ssh(1), ssh-add(1),
/// ssh-keygen(1), npm's npmrc(5), curl(1) for .netrc, wget's manual ("Startup File", netrc),
/// gitcredentials(7) and git-remote-http, which asks curl for .netrc, gh's help on its environment,
/// the AWS command line's configuration files, gcloud's application default credentials, kubectl's
/// kubeconfig, twine's .pypirc. scp, sftp and git read no key themselves: ssh does, which they
/// start.
using table::kOtherAgentPlaces;
using table::kProjectPlaces;
using table::kSystemPlaces;
using table::kUserPlaces;

}  // namespace skillaudit
