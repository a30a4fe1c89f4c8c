#include "harness/user_vms/shell.h"

#include <gmock/gmock.h>
#include <poll.h>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/temp_dir.h"

namespace skillaudit {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Not;

const VmRecord kRecord{.name = "box",
                       .user = "ubuntu",
                       .client_private_key = "PEM",
                       .host_public_key = "ssh-ed25519 AAAA"};
const Running kRunning{.pid = 1, .ssh_port = 4022};

std::vector<std::string> arguments(const std::vector<std::string>& command = {},
                                   bool terminal = false) {
  return shell_arguments(kRecord, kRunning, command, terminal);
}

TEST(ShellArguments, HaveNothingOfTheUsersOwnConfiguration) {
  EXPECT_THAT(arguments(),
              AllOf(Contains("none"), Contains("IdentityAgent=none"),
                    Contains("IdentitiesOnly=yes"), Contains("GlobalKnownHostsFile=/dev/null"),
                    Contains("ForwardAgent=no"), Contains("ForwardX11=no")));
}

TEST(ShellArguments, RefuseEveryOtherHostKey) {
  EXPECT_THAT(arguments(), AllOf(Contains("StrictHostKeyChecking=yes"),
                                 Contains("UserKnownHostsFile=known_hosts"),
                                 Contains("HostKeyAlias=guest"), Contains("UpdateHostKeys=no")));
}

TEST(ShellArguments, EndWithTheGuestWhereThereIsNoCommand) {
  EXPECT_EQ(arguments().back(), "ubuntu@127.0.0.1");
  EXPECT_THAT(arguments(), Contains("4022"));
}

TEST(ShellArguments, LeaveASingleWordToTheGuestsShell) {
  EXPECT_EQ(arguments({"ps aux | grep 'x'"}).back(), "ps aux | grep 'x'");
}

TEST(ShellArguments, KeepSeveralWordsApart) {
  EXPECT_EQ(arguments({"touch", "a b", "$HOME"}).back(), "'touch' 'a b' '$HOME'");
}

TEST(ShellArguments, NeverTakeACommandForAnOption) {
  const auto words = arguments({"-oProxyCommand=x"});
  EXPECT_EQ(words[words.size() - 2], "--");
}

TEST(ShellArguments, AskForATerminalWhereThereIsOne) {
  EXPECT_THAT(arguments({}, true), AllOf(Contains("-t"), Not(Contains("-T"))));
  EXPECT_THAT(arguments({}, false), AllOf(Contains("-T"), Not(Contains("-t"))));
}

TEST(ShellFiles, AreTheKeyForNobodyElseAndTheGuestsOwnKey) {
  const TempDir dir;
  write_shell_files(dir.path(), kRecord);
  EXPECT_EQ(read_file(dir.path() / "id"), "PEM");
  EXPECT_EQ(read_file(dir.path() / "known_hosts"), "guest ssh-ed25519 AAAA\n");
  namespace fs = std::filesystem;
  EXPECT_EQ(fs::status(dir.path() / "id").permissions() & fs::perms::mask,
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST(Shell, TellsTheExitCodeOfSsh) {
  const TempDir dir;
  write_shell_files(dir.path(), kRecord);
  // Nothing listens on port 1.
  Shell shell(dir.path(), shell_arguments(kRecord, {.pid = 1, .ssh_port = 1}, {"true"}, false));
  pollfd ended{shell.ended_fd(), POLLIN, 0};
  ASSERT_EQ(::poll(&ended, 1, 20'000), 1);
  EXPECT_EQ(shell.exit_code(), 255);
}

}  // namespace
}  // namespace skillaudit
