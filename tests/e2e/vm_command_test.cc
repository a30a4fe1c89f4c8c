// The VM as a person uses it: started, entered, reset and stopped, and kept after an audit. The
// program itself, on a real VM.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "harness/base/file.h"
#include "harness/base/text.h"
#include "tests/e2e/account.h"
#include "tests/e2e/audited.h"
#include "tests/paths.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kReady = "is ready:";
const fs::path kHelloNotes = fs::path(SKILLAUDIT_SOURCE_DIR) / "skills-examples/hello-notes";

class VmCommand : public testing::Test {
 protected:
  Account account{Account::Images::Shared};

  /// A command line for the guest's shell, in the VM `name`.
  [[nodiscard]] CommandResult in_guest(const std::string& name, const std::string& line) const {
    return account.run({"vm", "ssh", name, "--", line});
  }
  [[nodiscard]] std::string said_in_guest(const std::string& name, const std::string& line) const {
    const CommandResult result = in_guest(name, line);
    EXPECT_EQ(result.exit_code, 0) << line << ": " << result.err;
    return std::string(trim(result.out));
  }
  [[nodiscard]] std::string list() const { return account.run({"vm", "list"}).out; }
  [[nodiscard]] std::vector<std::string> kept_folders() const {
    std::vector<std::string> found;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(account.cache() / "kept", none))
      found.push_back(entry.path().filename());
    return found;
  }
};

// --- a VM that runs ----------------------------------------------------------------------------

TEST_F(VmCommand, IsEnteredResetAndStoppedFromElsewhereWhereTheStarterHasNoTerminal) {
  RunningProgram start(account, {"vm", "start", "--name", "box"});
  start.wait_until_it_says(kReady);
  EXPECT_THAT(list(), AllOf(HasSubstr("box "), HasSubstr("running")));

  // The only one needs no name; the exit code is the command's; words stay words.
  EXPECT_EQ(account.run({"vm", "ssh", "--", "exit 7"}).exit_code, 7);
  EXPECT_EQ(account.run({"vm", "ssh", "box", "--", "test", "a b", "=", "a b"}).exit_code, 0);

  const std::string boot =
      said_in_guest("box",
                    "touch ~/made; nohup sleep 987 >/dev/null 2>&1 & rm ~/.netrc; id -un; cat; cat "
                    "/proc/sys/kernel/random/boot_id");
  EXPECT_THAT(boot, HasSubstr("ubuntu"));
  const std::string drawn =
      said_in_guest("box",
                    "test -e ~/made -a ! -e ~/.netrc && pgrep -f 'sleep 98[7]' >/dev/null && cat "
                    "/proc/sys/kernel/random/uuid");
  const CommandResult reset = account.run({"vm", "reset"});
  EXPECT_EQ(reset.exit_code, 0) << reset.err;
  // The same boot, but not the same random numbers and not an old clock.
  EXPECT_EQ(said_in_guest("box",
                          "test ! -e ~/made -a -e ~/.netrc && ! pgrep -f 'sleep 98[7]' && "
                          "id -un && cat /proc/sys/kernel/random/boot_id"),
            boot);
  EXPECT_NE(said_in_guest("box", "cat /proc/sys/kernel/random/uuid"), drawn);
  const std::time_t before = std::time(nullptr);
  const std::time_t guests = std::stol(said_in_guest("box", "date +%s"));
  EXPECT_GE(guests, before - 1);
  EXPECT_LE(guests, std::time(nullptr) + 1);

  // Its proxy blocks what nobody allowed.
  EXPECT_THAT(said_in_guest("box", "curl -s -o /dev/null -w '%{http_code}' http://example.com/"),
              "403");

  // Nor is there another of that name, and what is for kept ones is not for this.
  const CommandResult taken = account.run({"vm", "start", "--name", "box"});
  EXPECT_EQ(taken.exit_code, 64);
  EXPECT_THAT(taken.err, AllOf(HasSubstr("box already"), HasSubstr("vm stop box")));
  EXPECT_EQ(account.run({"vm", "rollback", "box"}).exit_code, 64);
  EXPECT_EQ(account.run({"vm", "rm", "box"}).exit_code, 64);

  const CommandResult stop = account.run({"vm", "stop"});
  EXPECT_EQ(stop.exit_code, 0) << stop.err;
  EXPECT_EQ(start.ending(), "exit code 0") << start.said();
  EXPECT_THAT(account.left_behind(), IsEmpty());
  EXPECT_THAT(list(), HasSubstr("There is no VM"));
}

TEST_F(VmCommand, EndsWithItsStarter) {
  RunningProgram start(account, {"vm", "start"});
  start.wait_until_it_says(kReady);
  start.signal(SIGINT);
  EXPECT_EQ(start.ending(), "exit code 130");
  EXPECT_THAT(account.left_behind(), IsEmpty());

  RunningProgram early(account, {"vm", "start"});
  early.wait_until_it_says("Restoring the VM");
  early.signal(SIGTERM);
  EXPECT_EQ(early.ending(), "exit code 130");
  EXPECT_THAT(account.left_behind(), IsEmpty());
}

TEST_F(VmCommand, GivesAShellOnATerminalAndEndsWhenThatIsLeft) {
  // script(1) is the terminal; what is typed waits in it until the guest's shell reads it.
  const CommandResult typed =
      run_command({"script", "-qec", std::string(SKILLAUDIT_PROGRAM) + " vm start", "/dev/null"},
                  {.timeout = std::chrono::minutes(5),
                   .input = "tty; echo the answer is $((6 * 7)); exit 3\n",
                   .environment = account.environment(),
                   .working_directory = account.cwd()});
  EXPECT_EQ(typed.exit_code, 0) << typed.out;
  EXPECT_THAT(typed.out, AllOf(HasSubstr(kReady), HasSubstr("/dev/pts/"),
                               HasSubstr("the answer is 42"), HasSubstr("has ended")));
  EXPECT_THAT(account.left_behind(), IsEmpty());
}

// --- booting cold, and a shared folder -----------------------------------------------------------

/// Both boots at once: each costs a minute of one processor.
TEST_F(VmCommand, BootsColdWithASharedFolderAndForAnAudit) {
  const fs::path share = account.home() / "share";
  fs::create_directories(share);
  write_file(share / "from-host", "host\n");
  write_file(account.home() / "secret", "not shared\n");
  fs::create_symlink(account.home() / "secret", share / "escape");
  fs::create_directory_symlink("..", share / "up");
  RunningProgram start(account, {"vm", "start", "--share", share});
  const fs::path bundle = account.home() / "cold";
  RunningProgram audit(account, {"run", "--cold", kHelloNotes, "--out", bundle});

  // Two boots on a machine that may have two busy processors.
  ASSERT_TRUE(eventually([&] { return start.said().find(kReady) != std::string::npos; },
                         std::chrono::minutes(10)))
      << start.said();
  EXPECT_THAT(start.said(), HasSubstr("Loading, please wait"));  // the serial console
  EXPECT_EQ(said_in_guest("vm", "cat share/from-host; stat -c %U share/from-host share"),
            "host\nubuntu\nubuntu");
  // What a link names is looked for in the guest, where it is not.
  EXPECT_EQ(said_in_guest("vm",
                          "cat share/escape share/up/secret share/../secret 2>/dev/null; sudo cat "
                          "/run/share-raw/escape /run/share-raw/up/secret 2>/dev/null; true"),
            "");
  EXPECT_EQ(said_in_guest("vm",
                          "echo guest > share/from-guest && sudo chmod 4755 share/from-guest && "
                          "ln -s /etc/shadow share/link && sudo mknod share/device b 8 0 && "
                          "readlink share/link && cat share/from-guest"),
            "/etc/shadow\nguest");
  EXPECT_EQ(read_file(share / "from-guest"), "guest\n");
  for (const char* made : {"from-guest", "link", "device"}) {
    struct stat info {};
    ASSERT_EQ(::lstat((share / made).c_str(), &info), 0) << made;
    EXPECT_TRUE(S_ISREG(info.st_mode)) << made;
    EXPECT_EQ(info.st_mode & 07777, 0600U) << made;
    EXPECT_EQ(info.st_uid, ::geteuid()) << made;
  }
  const CommandResult reset = account.run({"vm", "reset"});
  EXPECT_EQ(reset.exit_code, 0) << reset.err;
  EXPECT_EQ(said_in_guest("vm", "cat share/from-guest"), "guest");
  EXPECT_EQ(account.run({"vm", "stop"}).exit_code, 0);
  EXPECT_EQ(start.ending(), "exit code 0");

  EXPECT_EQ(audit.ending(), "exit code 0") << audit.said();
  const Audited audited = read_audit({}, bundle);
  EXPECT_EQ(audited.report.at("grade"), "A");
  EXPECT_THAT(audited.report.at("findings"), IsEmpty());
  EXPECT_THAT(account.left_behind(), IsEmpty());
}

// --- the VM of an audit --------------------------------------------------------------------------

TEST_F(VmCommand, IsKeptAfterAnAuditSuspendedAndGoesBackToBeforeIt) {
  const CommandResult audit = account.run(
      {"run", kHelloNotes, "--keep", "always", "--out", account.home() / "bundle", "--quiet"});
  EXPECT_EQ(audit.exit_code, 0) << audit.err;
  EXPECT_THAT(audit.out, HasSubstr("skillaudit vm ssh hello-notes"));
  EXPECT_THAT(account.left_behind(), IsEmpty());  // no process: it is files
  EXPECT_THAT(list(), AllOf(HasSubstr("hello-notes"), HasSubstr("suspended, after the audit"),
                            HasSubstr("APPROVED")));
  struct stat info {};
  ASSERT_EQ(::stat((account.cache() / "kept/hello-notes").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700U);

  EXPECT_EQ(said_in_guest("hello-notes", "cat notes/*.md | grep -c plants"), "1");
  const CommandResult exit_code = account.run(
      {"vm", "ssh", "--", "echo mine > mine; nohup sleep 987 >/dev/null 2>&1 & exit 9"});
  EXPECT_EQ(exit_code.exit_code, 9) << exit_code.err;
  EXPECT_THAT(account.left_behind(), IsEmpty());
  EXPECT_THAT(list(), HasSubstr("suspended, as last left"));
  EXPECT_EQ(in_guest("hello-notes", "test -e mine && pgrep -f 'sleep 98[7]'").exit_code, 0);

  // The image that it stands on stays.
  const CommandResult image = account.run({"image", "rm", "debian-12"});
  EXPECT_EQ(image.exit_code, 64);
  EXPECT_THAT(image.err, HasSubstr("hello-notes"));

  EXPECT_EQ(account.run({"vm", "rollback", "hello-notes"}).exit_code, 0);
  EXPECT_THAT(list(), HasSubstr("suspended, before the skill"));
  EXPECT_EQ(
      in_guest("hello-notes",
               "test ! -e mine && ! grep -r plants notes && test -d .claude/skills/hello-notes")
          .exit_code,
      0);

  // While it is awake it is nobody else's, and can be asked to end.
  RunningProgram awake(account, {"vm", "ssh", "--", "echo entered; sleep 500"});
  awake.wait_until_it_says("entered");
  EXPECT_THAT(list(), HasSubstr("running"));
  EXPECT_EQ(account.run({"vm", "rm", "hello-notes"}).exit_code, 69);
  EXPECT_EQ(said_in_guest("hello-notes", "echo joined"), "joined");
  EXPECT_EQ(account.run({"vm", "stop"}).exit_code, 0);
  EXPECT_EQ(awake.ending(), "exit code 255");
  EXPECT_THAT(account.left_behind(), IsEmpty());

  EXPECT_EQ(account.run({"vm", "rm"}).exit_code, 0);
  EXPECT_THAT(kept_folders(), IsEmpty());
  EXPECT_THAT(account.left_behind(), IsEmpty());
  EXPECT_THAT(list(), HasSubstr("There is no VM"));
}

TEST_F(VmCommand, IsSuspendedAsItIsWhenTheTerminalGoesAndSaysWhenItsImageHasGone) {
  const CommandResult audit =
      account.run({"run", account.skill("patient"), "--cmd", "true", "--keep", "always", "--out",
                   account.home() / "bundle", "--quiet"});
  ASSERT_THAT(kept_folders(), SizeIs(1)) << audit.out << audit.err;
  RunningProgram awake(account, {"vm", "ssh", "--", "touch mine; echo entered; sleep 500"});
  awake.wait_until_it_says("entered");
  awake.signal(SIGHUP);
  EXPECT_EQ(awake.ending(), "exit code 130") << awake.said();
  EXPECT_EQ(in_guest("patient", "test -e mine").exit_code, 0);

  // Killed, it is what it was before it woke.
  RunningProgram killed(account, {"vm", "ssh", "--", "rm mine; echo entered; sleep 500"});
  killed.wait_until_it_says("entered");
  killed.signal(SIGKILL);
  EXPECT_EQ(killed.ending(), "killed by signal 9 (Killed)");
  EXPECT_TRUE(eventually([&] { return account.processes().empty(); }));
  EXPECT_EQ(in_guest("patient", "test -e mine").exit_code, 0);

  fs::remove(account.cache() / "images");  // a link to the real ones
  const CommandResult gone = in_guest("patient", "true");
  EXPECT_EQ(gone.exit_code, 69);
  EXPECT_THAT(gone.err, AllOf(HasSubstr("was deleted"), HasSubstr("vm rm patient")));
  EXPECT_EQ(account.run({"vm", "rm", "patient"}).exit_code, 0);
  EXPECT_THAT(kept_folders(), IsEmpty());
}

TEST_F(VmCommand, OfAnApprovedSkillIsNotKeptForFailures) {
  EXPECT_EQ(account
                .run({"run", kHelloNotes, "--keep", "on-failure", "--out",
                      account.home() / "bundle", "--quiet"})
                .exit_code,
            0);
  EXPECT_THAT(kept_folders(), IsEmpty());
  EXPECT_THAT(account.left_behind(), IsEmpty());
}

}  // namespace
}  // namespace skillaudit
