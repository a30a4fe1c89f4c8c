#include "harness/observe/tracing.h"

#include <set>

#include "harness/base/error.h"
#include "harness/base/hash.h"
#include "harness/base/text.h"
#include "harness/sensors/kernel_audit_rules.h"

namespace skillaudit {
namespace {

using std::chrono::seconds;

/// What was recorded may wait for a reader that a skill keeps from its processor.
constexpr seconds kPatience{30};

}  // namespace

Tracing::Tracing(Subject subject, const std::filesystem::path& bundle, TraceFacts& facts)
    : subject_(std::move(subject)), facts_(facts), watch_(subject_.machine, bundle) {}

void Tracing::begin(const std::vector<Decoy>& decoys, const std::vector<Decoy>& canaries) {
  PortWitness witness(subject_.machine.port());
  const PortWitness::TraceProcesses processes = witness.open_trace();
  KernelAuditOrder order{.home = subject_.machine.facts().account.home,
                         .guarded = {processes.reader, processes.witness}};
  std::set<std::string> secrets;  // one file may hold several
  for (const Decoy& decoy : decoys)
    if (decoy.path.starts_with('/')) secrets.insert(decoy.path);
  order.secrets.assign(secrets.begin(), secrets.end());
  for (const Decoy& canary : canaries) order.documents.push_back(canary.path);
  const std::string mark = random_hex(16);
  watch_.expect(mark);
  facts_.refused = witness.begin_trace(pack_rules(kernel_audit_rules(order)), mark);
  clock_offset_ = witness.clock_offset();
  facts_.reader = processes.reader;
  facts_.session = subject_.session;
  if (!watch_.await(kPatience))
    fail(ErrorKind::Evidence, "the guest's kernel does not report what its processes do");
  watch_.begin();
  facts_.began_at = watch_.began_at();
  facts_.first_mark = mark;
}

void Tracing::end(Witness& witness) {
  if (facts_.first_mark.empty()) return;
  facts_.last_mark = random_hex(16);
  watch_.expect(facts_.last_mark);
  try {
    facts_.clock_step_s = witness.clock_offset() - clock_offset_;
    const Witness::TraceStanding standing = witness.end_trace(facts_.last_mark);
    facts_.lost = standing.lost;
    if (standing.enabled != 2) facts_.silenced = "the kernel's audit system was switched off";
    if (standing.reader != facts_.reader)
      facts_.silenced =
          standing.reader == 0
              ? "the process that reads the trace was killed"
              : "the process that reads the trace was killed, and another one took its place";
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Evidence) throw;
    facts_.silenced = printable(error.what());
  }
  const bool whole = facts_.silenced.empty();
  if (!watch_.await(whole ? kPatience : seconds(2)) && whole)
    facts_.silenced = "the trace is incomplete";
  if (facts_.silenced.empty()) return;
  try {
    expect_alive(subject_);
  } catch (const Error&) {
    facts_.silenced.clear();
    facts_.last_mark.clear();
    throw;
  }
}

void Tracing::close() {
  watch_.stop();
  facts_.dropped_bytes = watch_.dropped();
}

}  // namespace skillaudit
