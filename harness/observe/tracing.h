#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/bundle/raw_evidence.h"
#include "harness/evidence/evidence.h"
#include "harness/observe/subject.h"
#include "harness/observe/watch.h"
#include "harness/observe/witness_client.h"

namespace skillaudit {

/// The trace of an audit: what the guest's kernel records of the skill, from begin() to end(). What
/// becomes of it is written into `facts`, which must outlive it.
class Tracing {
 public:
  /// Watches the machine from now on; `trace.log` and `machine.jsonl` grow in `bundle`.
  Tracing(Subject subject, const std::filesystem::path& bundle, TraceFacts& facts);

  /// Once the guest is as the skill shall find it. Throws Error{Evidence} where its kernel does not
  /// trace.
  void begin(const std::vector<Decoy>& decoys, const std::vector<Decoy>& canaries);
  /// `witness`: the client of the witness in the guest. An incomplete trace is a fact too.
  void end(Witness& witness);
  /// Stops watching.
  void close();

 private:
  Subject subject_;
  TraceFacts& facts_;
  Watch watch_;
  double clock_offset_ = 0;
};

}  // namespace skillaudit
