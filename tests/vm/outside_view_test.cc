#include <gmock/gmock.h>

#include <algorithm>

#include "fixtures/sandbox_test.h"
#include "harness/changes/changes.h"
#include "harness/observe/guest_state.h"
#include "harness/observe/witness_client.h"
#include "harness/snapshot/details.h"
#include "tests/unit/gap_texts.h"

namespace skillaudit {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

std::vector<std::string> paths_of(const std::vector<FileEntry>& files) {
  std::vector<std::string> paths;
  for (const FileEntry& file : files) paths.push_back(file.path);
  return paths;
}

/// The guest's files as its disk holds them, against what the guest says of them.
class OutsideView : public SandboxTest {
 protected:
  void TearDown() override {
    before_ = {};
    SandboxTest::TearDown();
  }
  const RawSnapshot& before() {
    if (before_.tables.empty()) before_ = state_before(sandbox().base(), sandbox().prepared());
    return before_;
  }
  /// `patience`: how long the witness that the template left may take to answer.
  AfterState capture(std::chrono::seconds patience = std::chrono::seconds(20)) {
    (void)before();
    PortWitness left(sandbox().machine().port());
    SshWitness sent(sandbox().guest());
    witness_lost_ = !left.answers(patience);
    return capture_after(sandbox().subject(), witness_lost_ ? static_cast<Witness&>(sent) : left,
                         parse_snapshot(before_), {});
  }
  bool witness_lost_ = false;
  /// Asked for, and not shown.
  static std::vector<std::string> hidden(const AfterState& state) {
    const GuestView view = parse_guest_view(state.guest_asked, state.guest_view);
    const std::vector<std::string> seen = paths_of(view.seen);
    std::vector<std::string> missing;
    std::set_difference(view.asked.begin(), view.asked.end(), seen.begin(), seen.end(),
                        std::back_inserter(missing));
    return missing;
  }

 private:
  RawSnapshot before_;
};

TEST_F(OutsideView, OfAGuestInWhichNothingRanIsTheStateBefore) {
  ASSERT_TRUE(sandbox().base().disk_readable);
  const AfterState after = capture();
  EXPECT_THAT(after.gaps, IsEmpty());
  EXPECT_THAT(hidden(after), IsEmpty());
  std::vector<std::string> changed =
      changed_paths(parse_snapshot(before()), parse_snapshot(after.tables));
  const std::vector<std::string>& control = sandbox().base().control;
  std::erase_if(changed, [&](const std::string& path) {
    return path.starts_with("/var/log") || path.starts_with("/var/lib/systemd") ||
           path.starts_with("/run/") ||  // which changes while nothing runs
           std::find(control.begin(), control.end(), path) != control.end();
  });
  EXPECT_THAT(changed, IsEmpty());
}

TEST_F(OutsideView, IsWhatTheGuestsOwnWalkGives) {
  exec(
      "mkdir -p ~/odd && cd ~/odd && touch $'line\\nfeed' \"quote's\" && ln -s nowhere link && "
      "mkfifo pipe && sudo -n mknod node b 8 1 && chmod 4711 \"quote's\" && truncate -s 3G sparse");
  std::vector<FileEntry> outside = parse_snapshot(capture().tables).files;
  std::vector<FileEntry> inside =
      parse_snapshot(
          parse_frames(
              SshWitness(sandbox().guest()).capture(sandbox().session(), "/", {}, {}).stream))
          .files;
  for (auto* files : {&outside, &inside})
    std::erase_if(*files, [](const FileEntry& file) {
      return file.path == "/" || file.path.starts_with("/var/log/") ||
             file.path.starts_with("/.") || file.path.starts_with("/run/") ||
             file.path.starts_with("/dev/");
    });
  EXPECT_THAT(paths_of(outside), IsSupersetOf({"/home/ubuntu/odd/line\nfeed",
                                               "/home/ubuntu/odd/node", "/usr/bin/find"}));
  EXPECT_TRUE(outside == inside);
}

TEST_F(OutsideView, NeedsNoneOfTheGuestsPrograms) {
  // A find that leaves out what a skill wants hidden, a freeze that does nothing, and no shell to
  // speak of for root.
  exec(
      "sudo -n mv /usr/bin/find /usr/bin/find.real && printf '%s\\n' '#!/bin/sh' "
      "'/usr/bin/find.real \"$@\" | grep -zv loot' | sudo -n tee /usr/bin/find >/dev/null && "
      "sudo -n chmod 755 /usr/bin/find && sudo -n cp /bin/true /usr/sbin/fsfreeze && "
      "sudo -n cp /bin/true /usr/bin/python3.11 && sudo -n cp /bin/true /usr/bin/systemctl && "
      "echo secret > ~/loot");
  const AfterState after = capture();
  EXPECT_FALSE(witness_lost_);
  EXPECT_THAT(after.gaps, IsEmpty());
  EXPECT_THAT(paths_of(parse_snapshot(after.tables).files), Contains("/home/ubuntu/loot"));
  EXPECT_THAT(hidden(after), IsEmpty());
  EXPECT_THAT(after.digests, HasSubstr("/home/ubuntu/loot"));
}

TEST_F(OutsideView, LeavesNoFileOfTheWitness) {
  (void)SshWitness(sandbox().guest()).capture(sandbox().session(), "/etc", {}, {});
  EXPECT_EQ(exec("ls -A /dev/shm").out, "");
  EXPECT_THAT(exec("ps -eo args").out, Not(HasSubstr("/dev/shm")));
}

TEST_F(OutsideView, OfAGuestWhoseWitnessWasKilledIsTakenByAnother) {
  exec(
      "sudo -n sh -c 'for fd in /proc/[0-9]*/fd/*; do case $(readlink $fd) in /dev/vport*) "
      "pid=${fd#/proc/}; kill -9 ${pid%%/*};; esac; done'; echo secret > ~/loot");
  const AfterState after = capture(std::chrono::seconds(3));
  EXPECT_TRUE(witness_lost_);
  EXPECT_THAT(after.gaps, IsEmpty());
  EXPECT_THAT(paths_of(parse_snapshot(after.tables).files), Contains("/home/ubuntu/loot"));
}

TEST_F(OutsideView, ShowsAFileBeneathAMountAndTheMountsOwn) {
  exec(
      "mkdir ~/m && echo deep > ~/m/beneath && sudo -n mount -t tmpfs none ~/m && "
      "echo shallow > ~/m/above");
  const AfterState after = capture();
  const std::vector<std::string> files = paths_of(parse_snapshot(after.tables).files);
  EXPECT_THAT(files, IsSupersetOf({"/home/ubuntu/m/beneath", "/home/ubuntu/m/above"}));
  EXPECT_THAT(hidden(after), ElementsAre("/home/ubuntu/m/beneath"));
}

TEST_F(OutsideView, OfAGuestThatCannotFreezeIsMissingEvidence) {
  exec("sudo -n chattr +i /");  // nobody makes a file there
  EXPECT_THAT(texts_of(capture().tables.gaps), Contains(HasSubstr("'files'")));
}

TEST_F(OutsideView, LetsTheGuestWriteAgain) {
  (void)capture();
  EXPECT_EQ(exec("echo alive > ~/alive && sync && cat ~/alive").out, "alive\n");
}

TEST_F(OutsideView, IsOfAFileThatWentWhileTheGuestWasAskedNoHiddenOne) {
  // Makes and removes files all the time: whatever the disk shows is gone when the guest looks.
  exec(
      "(while :; do touch ~/flicker-$RANDOM; sleep 0.05; rm -f ~/flicker-*; done) "
      ">/dev/null 2>&1 </dev/null &");
  EXPECT_THAT(hidden(capture()), Not(Contains(HasSubstr("flicker"))));
}

}  // namespace
}  // namespace skillaudit
