#pragma once

#include <filesystem>

#include "harness/evidence/evidence.h"
#include "harness/snapshot/capture.h"
#include "harness/snapshot/details.h"

namespace skillaudit {

/// Evidence as it lies in a bundle (harness/evidence/bundle.h): the snapshots stay the raw bytes
/// that the guest sent and are parsed again each time, so that a better parser reads old bundles.

/// What the pipeline hands over besides the parsed Evidence.
/// What the audit knows of its trace; the trace itself is trace.log.
struct TraceFacts {
  std::string first_mark;    ///< in the trace where the skill began; empty: there is no trace
  std::string last_mark;     ///< where it had ended; empty: nobody came to ask for it
  std::string silenced;      ///< one sentence, or empty
  double began_at = 0;       ///< seconds since the epoch, the host's clock
  std::int64_t session = 0;  ///< the process whose children are the skill's steps
  std::int64_t reader = 0;
  double clock_step_s = 0;          ///< as Trace::clock_step_s
  std::uint64_t lost = 0;           ///< records that the kernel could not keep
  std::uint64_t dropped_bytes = 0;  ///< of the trace, past what is kept of one
  std::size_t refused = 0;          ///< rules for places that are not there
};

struct RawEvidence {
  RawSnapshot before;
  RawSnapshot after;
  RawSnapshot boot;          ///< as Evidence::boot.state; empty: no boot, or nobody came up
  std::string details;       ///< stream of detail_requests()
  std::string digests;       ///< as AfterState::digests
  std::string decoy_copies;  ///< as AfterState::decoy_copies
  std::string agent_files;   ///< as AfterState::agent_files
  std::string guest_view;    ///< as AfterState::guest_view
  std::string guest_asked;   ///< as AfterState::guest_asked
  /// Host name, unique to this audit, that the audit itself asked the proxy for from inside the
  /// guest before the skill ran: the flow it left proves that the guest's requests arrive. Empty:
  /// never asked.
  TraceFacts trace;
  std::string proxy_probe;
};

/// Writes all but what others write themselves (flows.jsonl, bodies, network.pcap, console.log),
/// and seals the bundle.
void write_evidence(const Evidence& evidence, const RawEvidence& raw,
                    const std::filesystem::path& bundle);

/// Verifies the manifest and reads everything back. The same bundle always gives the same value.
/// Throws Error{Skill} for a bundle that is half-written, tampered with or of another version.
[[nodiscard]] Evidence load_evidence(const std::filesystem::path& bundle);

}  // namespace skillaudit
