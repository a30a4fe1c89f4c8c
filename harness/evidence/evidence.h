#pragma once

#include <string>
#include <vector>

#include "harness/evidence/agent.h"
#include "harness/evidence/boot.h"
#include "harness/evidence/coverage.h"
#include "harness/evidence/dependence.h"
#include "harness/evidence/execution.h"
#include "harness/evidence/flow.h"
#include "harness/evidence/gap.h"
#include "harness/evidence/guest_network.h"
#include "harness/evidence/machine_log.h"
#include "harness/evidence/skill.h"
#include "harness/evidence/snapshot.h"
#include "harness/evidence/source.h"
#include "harness/evidence/trace.h"
#include "harness/evidence/wire.h"

namespace skillaudit {

/// A worthless credential in the guest's home, made for this audit alone: wherever its nonce is
/// seen, it came from here. A canary is the same in a document: text that stands in no other
/// audit's.
struct Decoy {
  std::string name;   ///< "aws-secret-key"; of a canary its file, "documents/cv.md"
  std::string path;   ///< "/home/ubuntu/.aws/credentials"
  std::string nonce;  ///< the bytes to look for, as in the file
};

/// A decoy's nonce seen in something that left the guest.
struct DecoySighting {
  std::string decoy;     ///< Decoy::name
  Source evidence;       ///< "flows.jsonl#7"
  std::string where;     ///< "body", "url", "headers"
  std::string encoding;  ///< "raw", "base64", …
};

/// A part of what left the guest that is not built from text which a reader of the skill can see:
/// data that was encrypted, or drawn at random.
struct UnexplainedPart {
  Source evidence;        ///< "flows.jsonl#7"
  std::string where;      ///< "body", "path", "query", "headers", "names asked for", "payload"
  std::string sample;     ///< its beginning, raw bytes
  std::size_t bytes = 0;  ///< of all in that place
  /// The whole request was made alike where the secrets were others: it holds nothing of one, but
  /// as it is (decoy_sightings). It may hold what is the same in every home, such as a personal
  /// document.
  bool same_with_other_secrets = false;
};

/// What the guest itself shows of files that are on its disk and changed there. A file that it was
/// asked for and does not show, or shows as something else, is hidden inside the guest.
struct GuestView {
  std::vector<std::string> asked;  ///< sorted
  std::vector<FileEntry> seen;     ///< sorted by path
};

struct Environment {
  std::string skillaudit_version;
  std::string os;  ///< "Debian GNU/Linux 12 (bookworm)"
  std::string kernel;
  std::string accelerator;         ///< "tcg" or "kvm"
  std::string hypervisor;          ///< its name, as its provider writes it
  std::string hypervisor_version;  ///< "7.2.22"
  std::string image;               ///< content hash of the image
  int cpus = 0;
  int memory_mib = 0;
  int disk_mib = 0;
  std::string guest_user;  ///< "ubuntu"
  std::string guest_home;
  GuestNetwork addresses;          ///< on the guest's network
  std::string skill_dir;           ///< where the skill was installed in the guest
  std::string network;             ///< "mirrors", "none", "policy"
  std::vector<std::string> rules;  ///< the network policy in force, one rule a line
  /// What was arranged for this skill besides what every guest has, and by whom: one sentence each.
  std::vector<std::string> arranged = {};
  std::string files_seen_from;  ///< "disk": from outside the guest; "guest": its own listing
};

/// Seconds that a part of the audit took, in the order in which the parts ran.
struct StageTime {
  std::string stage;
  double seconds = 0;
};

/// Everything an audit saw. A plain value; analysis and reports are functions of it and nothing
/// else.
struct Evidence {
  Skill skill;
  Environment environment;
  Snapshot before;
  Snapshot after;
  /// Paths that change in a guest in which a skill does nothing: the control's changes.
  std::vector<std::string> control;
  std::vector<FileDigest> digests;
  /// Of the same files before the run, where known. A file whose metadata are as before stands in
  /// both lists where its content is another one.
  std::vector<FileDigest> digests_before;
  GuestView guest_view;  ///< empty where files_seen_from is "guest"
  /// The audit's own program in the guest no longer answered after the run; another one took
  /// its place.
  bool witness_lost = false;
  std::vector<PackageFiles> package_files;
  Execution execution;
  LineCoverage lines;  ///< of a steering clone: no evidence of what the skill did
  AgentRun agent;
  /// The user's project in which the steps ran; empty: they ran in the skill's folder.
  std::string project = {};
  /// Folders that the skill asked for and that were made for it: copies of that project.
  std::vector<std::string> asked_folders = {};
  /// Files of the user's projects that the run changed and that hold at least a third of their
  /// lines as they were. A changed one that is not here was overwritten. Sorted.
  std::vector<std::string> edited_files = {};
  std::vector<AgentFileText> agent_files;  ///< as the run left them, by path
  std::vector<Flow> flows;
  Wire wire;
  Trace trace;
  MachineLog machine;
  BootCheck boot;
  std::vector<Decoy> decoys;
  std::vector<DecoySighting> decoy_sightings;
  std::vector<Decoy> canaries;                  ///< one for each document, note, source, history
  std::vector<Decoy> drawn = {};                ///< what no other home has either, and is no secret
  std::vector<DecoySighting> canary_sightings;  ///< in what left the guest
  std::vector<UnexplainedPart> unexplained;     ///< in the order of the flows
  /// What left another way where the home had other secrets; in the order of what was sent.
  std::vector<Dependence> dependences;
  /// The name of the world that this is of (world.h); empty: the audit's first clone.
  std::string world = {};
  /// Further clones of the same audit whose effects count as well. They have none themselves.
  std::vector<Evidence> worlds = {};
  /// Names of the worlds whose traffic was compared, in the order in which they ran.
  std::vector<std::string> compared = {};
  std::vector<StageTime> timing;
  std::string started_at;  ///< RFC 3339, UTC, the host's clock
  /// Each piece of evidence that is missing. Any entry makes the verdict INCONCLUSIVE, unless what
  /// was seen already rejects.
  std::vector<Gap> gaps;
};

}  // namespace skillaudit
