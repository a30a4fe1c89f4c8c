#include "harness/observe/boot_check.h"

#include <fmt/core.h>
#include <poll.h>

#include <chrono>

#include "harness/base/error.h"
#include "harness/base/interrupt.h"
#include "harness/base/text.h"
#include "harness/base/wait.h"
#include "harness/bundle/layout.h"
#include "harness/changes/changes.h"
#include "harness/changes/locations.h"

namespace skillaudit {
namespace {

using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

/// Emulation is slow, and the machine may be busy; a guest that does not come up costs all of it.
constexpr seconds kBootLimit{240};
/// What starts with the machine has begun by then.
constexpr seconds kSettle{3};
constexpr std::size_t kMostNamed = 20;

bool is_read_at_boot(const Snapshot& before, const std::string& path, const std::string& home) {
  const KnownPlace* place = known_place(path, home);
  if (place == nullptr) return false;
  return place->has(kReadAtBoot) ||
         (place->has(kBootIfThereBefore) && find_file(before.files, path) != nullptr);
}

void await_end(Machine& machine) {
  constexpr std::chrono::seconds kPatience{20};
  [[maybe_unused]] const bool ended = wait_ready(machine.ended_fd(), POLLIN, Deadline(kPatience));
}

/// A guest that ends its own machine is what the boot check looks for. Any other end is the
/// hypervisor's or the host's doing, and says nothing of the skill.
void expect_no_accident(const Subject& subject) {
  const std::optional<Ending> ended = subject.machine.ending();
  if (ended && ended->by != Ending::By::Guest) expect_alive(subject);
}

/// Boots the machine once more, and gives its processes, sockets and units.
RawSnapshot state_after_boot(const Subject& subject, const std::filesystem::path& bundle,
                             const Clock::time_point started, BootCheck& boot) {
  subject.machine.boot_again(path_in(bundle, BundleFile::BootConsole),
                             path_in(bundle, BundleFile::BootNetwork));
  SshTarget access = subject.access;
  access.port = subject.machine.ssh_port();
  SshSession guest =
      SshSession::connect(access, kBootLimit, [&] { return subject.machine.running(); });
  const int session = session_process(guest);
  boot.came_up = true;
  boot.seconds = std::chrono::duration<double>(Clock::now() - started).count();
  interruptible_sleep(kSettle);
  return parse_frames(SshWitness(guest).capture(session, "/root", {}, {}).stream);
}

}  // namespace

std::vector<std::string> read_at_boot(const Snapshot& before, const Snapshot& after,
                                      const std::string& home) {
  std::vector<std::string> found;
  const auto is_folder = [&](const std::string& path) {
    const FileEntry* file = find_file(after.files, path);
    return file != nullptr && file->type == FileType::Directory;
  };
  for (const std::string& path : changed_paths(before, after)) {
    // A folder is read for what is in it, and that has a path of its own.
    if (!is_read_at_boot(before, path, home) || is_folder(path)) continue;
    found.push_back(path);
    if (found.size() == kMostNamed) break;
  }
  return found;
}

void check_boot(const Subject& subject, Witness& witness, const std::filesystem::path& bundle,
                Progress& progress, BootCheck& boot, RawSnapshot& state) {
  progress.stage("Rebooting the VM");
  progress.detail(fmt::format("the run changed files that are read at boot: {}{}",
                              shorten(printable(boot.because.front()), 80),
                              boot.because.size() > 1 ? " and more" : ""));
  const auto started = Clock::now();
  try {
    witness.restart();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Evidence) throw;
    progress.detail("it does not reboot by itself; switching it off");
  }
  await_end(subject.machine);
  expect_no_accident(subject);
  try {
    state = state_after_boot(subject, bundle, started, boot);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::Evidence) throw;
    expect_no_accident(subject);
    boot.problem = printable(error.what());
  }
  boot.made = true;
}

}  // namespace skillaudit
