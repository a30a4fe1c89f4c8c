#include "harness/audit/keeper.h"

#include "harness/analysis/verdict.h"
#include "harness/base/clock.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/interrupt.h"
#include "harness/user_vms/kept.h"
#include "harness/user_vms/wake.h"

namespace skillaudit {
namespace {

/// The session's own processes end a moment after it: they are not kept.
constexpr std::chrono::milliseconds kSessionEnd{700};

}  // namespace

Keeper::Keeper(Keep when, const MachineProvider& provider, Sandbox& sandbox)
    : when_(when), provider_(provider), sandbox_(sandbox) {
  if (when_ == Keep::Never) return;
  const MachineFacts& machine = sandbox.machine().facts();
  require_room_to_keep(cache_dir(), machine.memory_mib);
  record_ = {.os = machine.os,
             .user = machine.account.user,
             .client_private_key = sandbox.identity().client_key.private_key,
             .host_public_key = sandbox.identity().host_key.public_key,
             .kept = Kept{.checkpoint = kAfter,
                          .image = sandbox.image().name,
                          .image_id = sandbox.image().id,
                          .memory_mib = machine.memory_mib}};
}

void Keeper::before_the_skill(Progress& progress) {
  if (when_ == Keep::Never) return;
  progress.stage("Saving the state before");
  try {
    sandbox_.machine().save_checkpoint(kBefore);
  } catch (const Error& error) {
    // A VM that ended is missing evidence, as at any other moment.
    const std::optional<Ending> ended = sandbox_.ending(kDying);
    if (error.kind() == ErrorKind::Interrupted || !ended) throw;
    fail(ErrorKind::Evidence, "{}", ended->text);
  }
  has_before_ = true;
  set_clock(sandbox_.guest());
}

void Keeper::after_the_audit(Progress& progress) {
  if (when_ == Keep::Never) return;
  progress.stage("Suspending the VM");
  try {
    if (!has_before_) fail(ErrorKind::Environment, "the audit ended before the skill ran");
    if (const std::optional<Ending> ended = sandbox_.ending())
      fail(ErrorKind::Environment, "{}", ended->text);
    sandbox_.hang_up();
    interruptible_sleep(kSessionEnd);
    sandbox_.machine().save_checkpoint(kAfter);
    sandbox_.machine().end();
    has_after_ = true;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Interrupted) throw;
    problem_ = error.what();
  }
}

void Keeper::decide(AuditResult& result) {
  const bool wanted = when_ == Keep::Always ||
                      (when_ == Keep::OnFailure && result.assessment.verdict != Verdict::Approved);
  if (!wanted) return;
  if (!has_after_) {
    result.kept_problem = problem_;
    return;
  }
  record_.name = result.evidence.skill.name;
  record_.created = utc_now();
  record_.kept->skill = result.evidence.skill.name;
  record_.kept->verdict = name_of(result.assessment.verdict);
  if (result.assessment.grade) record_.kept->grade = name_of(*result.assessment.grade);
  const MachineFiles files = sandbox_.machine().files();
  record_.kept->machine = files.description;
  try {
    result.kept = store_kept(cache_dir(), provider_,
                             {.record = record_, .files = files, .policy = sandbox_.policy()});
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Interrupted) throw;
    result.kept_problem = error.what();
  }
}

}  // namespace skillaudit
