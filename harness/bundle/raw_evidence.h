#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "harness/bundle/parsed_snapshots.h"
#include "harness/snapshot/capture.h"

namespace skillaudit {

/// What an audit knows of its trace. The trace itself is a file of the bundle.
struct TraceFacts {
  std::string first_mark;    ///< in the trace where the skill began; empty: there is no trace
  std::string last_mark;     ///< where it had ended; empty: nobody asked for it
  std::string silenced;      ///< one sentence, or empty
  double began_at = 0;       ///< seconds since the epoch, the host's clock
  std::int64_t session = 0;  ///< the process whose children are the skill's steps
  std::int64_t reader = 0;
  double clock_step_s = 0;          ///< as Trace::clock_step_s
  std::uint64_t lost = 0;           ///< records that the kernel could not keep
  std::uint64_t dropped_bytes = 0;  ///< of the trace, past what is kept of one
  std::size_t refused = 0;          ///< rules for places that are not there
};
/// A trace is kept up to here, and read up to here.
inline constexpr std::uint64_t kMostTrace = 256ULL << 20;

/// What the pipeline hands over besides the parsed Evidence: raw bytes as they came, which a bundle
/// keeps, so that a better parser reads old bundles.
struct RawEvidence {
  RawSnapshot before;
  RawSnapshot after;
  RawSnapshot boot;            ///< as Evidence::boot.state; empty: no boot, or it did not come up
  std::string details;         ///< stream of detail_requests()
  std::string digests;         ///< as AfterState::digests
  std::string digests_before;  ///< as AfterState::digests_before
  std::string decoy_copies;    ///< as AfterState::decoy_copies
  std::string agent_files;     ///< as AfterState::agent_files
  std::string guest_view;      ///< as AfterState::guest_view
  std::string guest_asked;     ///< as AfterState::guest_asked
  TraceFacts trace;
  /// Host name, unique to this audit, that the audit itself asked the proxy for from inside the
  /// guest before the skill ran: the flow it left proves that the guest's requests arrive. Empty:
  /// never asked.
  std::string proxy_probe;
  ParsedSnapshots parsed;  ///< `before` and `after`, parsed while the audit ran
};

}  // namespace skillaudit
