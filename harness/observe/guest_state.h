#pragma once

#include <string>
#include <vector>

#include "harness/observe/subject.h"
#include "harness/observe/witness_client.h"
#include "harness/snapshot/capture.h"

namespace skillaudit {

/// The guest before the skill runs: the state that it started from, with what its preparation
/// wrote.
[[nodiscard]] RawSnapshot state_before(const MachineBase& base, const Prepared& prepared);

/// The guest after the skill ran. Its files are read from its disk, from outside, where the
/// template could be read so; everything else, and what the guest itself sees of the files that
/// changed, comes from the witness. Throws Error{Evidence} when the guest is lost meanwhile.
struct AfterState {
  RawSnapshot tables;
  Snapshot parsed;  ///< `tables`, parsed
  std::string
      details;  ///< stream for detail_requests(): digests when the guest gave them, packages
  std::string digests;         ///< table "digests" as read from outside; empty: the guest gave them
  std::string digests_before;  ///< the same table of the same files before the run, where known
  /// format_copies(): decoys in files that the skill wrote; empty where the guest gave the files.
  std::string decoy_copies;
  /// format_agent_files(): what tells or allows an agent something, of the files that changed, and
  /// the files that somebody wanted.
  std::string agent_files;
  std::vector<std::string> edited_files;  ///< as Evidence::edited_files
  /// Rows of table "files" for the changed files that the guest sees too, and the paths it was
  /// asked for, each ended by NUL. Both empty where the files are the guest's own word.
  std::string guest_view;
  std::string guest_asked;
  std::vector<Gap> gaps;
};
/// `wanted`: absolute paths of files whose text is kept besides, sorted.
[[nodiscard]] AfterState capture_after(const Subject& subject, Witness& witness,
                                       const Snapshot& before,
                                       const std::vector<std::string>& wanted);

/// The guest as it is now, in place of state_before(): after a setup that is not the skill's.
struct StateNow {
  RawSnapshot tables;
  /// Table "digests" of what differs from the state before the setup, as Prepared::digests.
  std::string digests;
};
[[nodiscard]] StateNow capture_now(const Subject& subject, Witness& witness,
                                   const RawSnapshot& before);

/// Captures a guest before any other capture, as capture_after() will see it. Whether
/// its disk can be read from outside is found out here.
struct TemplateState {
  RawSnapshot tables;
  std::string digests;  ///< table "digests" of all its files; empty where the disk is not readable
  bool disk_readable = false;
  std::string why_not;  ///< why its disk cannot be read
};
enum class Contents { NotHashed, Hashed };
[[nodiscard]] TemplateState capture_template(Machine& machine, SshSession& guest,
                                             Contents contents = Contents::NotHashed);

}  // namespace skillaudit
