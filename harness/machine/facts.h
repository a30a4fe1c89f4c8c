#pragma once

#include <string>

#include "harness/evidence/guest_network.h"

namespace skillaudit {

/// The account of the guest's user.
struct GuestAccount {
  std::string user;  ///< "ubuntu"
  std::string home;  ///< "/home/ubuntu"
};

/// What can be watched of a machine from outside, and done with it. What a provider cannot do is
/// evidence that was not watched, as distinct from evidence that was lost.
struct Capabilities {
  bool wire = false;        ///< a capture of every frame on its network card
  bool disk = false;        ///< reading its disk while it stands still
  bool trace = false;       ///< a port through which its kernel's records leave it
  bool console = false;     ///< a file with its console
  bool resources = false;   ///< its resource use and its events
  bool checkpoint = false;  ///< saving its state, and returning to it
  bool reboot = false;      ///< booting it again from its disk
};

/// What is true of one machine for as long as it runs.
struct MachineFacts {
  GuestAccount account;
  GuestNetwork network;
  std::string os;                  ///< "Debian GNU/Linux 12 (bookworm)"
  std::string kernel;              ///< uname -r
  std::string hypervisor;          ///< its name, for people
  std::string hypervisor_version;  ///< "7.2.22"
  std::string accelerator;         ///< "tcg" or "kvm"
  int cpus = 0;
  int memory_mib = 0;
  int disk_mib = 0;  ///< size of the disk that the guest sees
  Capabilities can;
};

}  // namespace skillaudit
