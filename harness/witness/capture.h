#pragma once

#include <string>

#include "harness/witness/channel.h"

namespace witness {

struct CaptureOrder {
  int witness = 0;     ///< this program's first process
  int session = 0;     ///< the process that serves the audit's own SSH session
  std::string root;    ///< where the file walk starts; empty: the root is read from outside
  std::string canary;  ///< a file to be made, holding its own name, before the freeze; empty: none
};

/// All tables. Where the root is read from outside it is frozen first, all of it written to the
/// disk; after the stream comes "go SIZE" and as many bytes of paths, each ended by NUL: the root
/// is thawed, and "view SIZE" and the rows of those that are there go back. Anything else thaws.
void capture(Channel& channel, const CaptureOrder& order);

/// Does nothing where nothing is frozen.
void thaw();

/// What can only be asked once two captures were compared: digests and the files of packages. The
/// requests are harness/snapshot/details.h's.
void details(Channel& channel, const std::string& requests);

}  // namespace witness
