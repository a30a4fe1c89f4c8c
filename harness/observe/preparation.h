#pragma once

#include <string>
#include <vector>

#include "harness/evidence/guest_network.h"
#include "harness/guest/archive.h"
#include "harness/guest/keys.h"
#include "harness/machine/guest_port.h"

namespace skillaudit {

/// What happens in a guest before anything else runs in it. A clone wakes with its template's
/// clock, random state and identity: it gets the host's time, fresh random state, and a machine-id,
/// hostname, SSH host key and authorised client key of its own; then its user's files; and it
/// proves that it reaches the proxy.
///
/// The work is done by the witness that the template left waiting at the guest's serial port
/// (witness_client.h): it costs no program's start and runs while SSH still shakes hands.

struct CloneIdentity {
  std::string hostname;
  std::string machine_id;  ///< 32 hexadecimal digits
  KeyPair host_key;
  KeyPair client_key;
};
[[nodiscard]] CloneIdentity draw_identity();

struct PreparationSpec {
  CloneIdentity identity;
  std::string user;      ///< whose home gets the files
  GuestNetwork network;  ///< where the guest finds its proxy
  /// Relative to the home. A folder with an absolute path is made for the user, unless something
  /// is there: then that folder and what should be in it are left out. A file that is `placed` is
  /// made at its absolute path, and replaces what is there.
  std::vector<ArchiveEntry> files;
};

/// What the prepared guest reported.
struct Prepared {
  /// Rows of the snapshot's table "files" for each path that was written, and for the folders
  /// above.
  std::string files;
  std::string config;  ///< the snapshot's table "config", whole
  /// Table "digests" of the user's files that were written, relative to the home or absolute.
  std::string digests;
  std::string proxy_probe;  ///< a random host name, requested through the proxy
};

/// The three steps of a clone. begin() returns once time and random state are the clone's own and
/// the new client key is in force: from then on SSH may connect. Until finish() the host key
/// is the new one or the template's, as that OpenSSH reads its keys for each connection or once.
/// Throws Error{Evidence}.
class Preparer {
 public:
  Preparer(GuestPort& port, PreparationSpec spec);
  void begin();
  Prepared await();
  /// Gives sshd its new host key.
  void finish();

 private:
  GuestPort& port_;
  PreparationSpec spec_;
  std::string probe_;
};

}  // namespace skillaudit
