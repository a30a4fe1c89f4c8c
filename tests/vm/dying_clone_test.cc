// What a test of the framework's users is told when its VM dies under it.
#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "fixtures/sandbox_test.h"
#include "fixtures/skill_audit_test.h"
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "tests/paths.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const fs::path kHelloNotes = fs::path(SKILLAUDIT_SOURCE_DIR) / "skills-examples/hello-notes";

/// The QEMU that this process started, and its command line; 0 where there is none.
std::pair<pid_t, std::string> own_qemu() {
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    try {
      const std::string stat = read_file(entry.path() / "stat");
      const std::string command = read_file(entry.path() / "cmdline");
      const std::size_t after_name = stat.rfind(')');
      if (command.find("qemu-system") == std::string::npos || after_name == std::string::npos)
        continue;
      // pid (name) state ppid …: proc(5)
      if (std::stol(stat.substr(after_name + 4)) == getpid())
        return {static_cast<pid_t>(std::stol(name)), command};
    } catch (const std::exception&) {  // it ended meanwhile
    }
  }
  return {0, ""};
}

/// Kills the QEMU of this process as soon as `when` holds; gives up after two minutes.
class Killer {
 public:
  explicit Killer(std::function<bool(const std::string& command_line)> when)
      : thread_([this, when = std::move(when)] {
          for (int i = 0; i < 1200 && !stop_; ++i) {
            const auto [pid, command_line] = own_qemu();
            if (pid > 0 && when(command_line)) {
              kill(pid, SIGKILL);
              killed_ = true;
              return;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
          }
        }) {}
  ~Killer() {
    stop_ = true;
    thread_.join();
  }
  [[nodiscard]] bool killed() const { return killed_; }

 private:
  std::atomic<bool> stop_ = false;
  std::atomic<bool> killed_ = false;
  std::thread thread_;
};

std::string thrown_by(auto&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was thrown";
}

class DyingClone : public SandboxTest {};

TEST_F(DyingClone, EndsTheCommandThatRanInItWithASentence) {
  (void)sandbox();
  const Killer killer([](const std::string&) { return true; });
  EXPECT_THAT(thrown_by([&] { (void)exec("sleep 300"); }),
              AllOf(HasSubstr("QEMU"), Not(HasSubstr("nothing was thrown"))));
  EXPECT_TRUE(killer.killed());
  // Not only the command that ran: what comes after it fails as well.
  EXPECT_NE(thrown_by([&] { (void)exec("true"); }), "nothing was thrown");
  EXPECT_NE(thrown_by([&] { (void)snapshot(); }), "nothing was thrown");
}

/// Where QEMU keeps the frames of the audit, and so its bundle.
fs::path bundle_of(const std::string& command_line) {
  const std::size_t end = command_line.find("/network.pcap");
  const std::size_t start = command_line.rfind("file=", end);
  if (start == std::string::npos) return {};
  return command_line.substr(start + 5, end - start - 5);
}

class DyingAudit : public SkillAuditTest {};

TEST_F(DyingAudit, IsInconclusiveAndNoMatcherTakesItForAnAnswer) {
  const Killer killer([](const std::string& command_line) {
    const fs::path flows = bundle_of(command_line) / "flows.jsonl";
    return fs::exists(flows) && read_file(flows).find("it-runs.invalid") != std::string::npos;
  });
  const AuditResult& audit = run_skill(
      kHelloNotes,
      {.command =
           "python3 -c 'import urllib.request as r; r.urlopen(\"http://it-runs.invalid/\")'; "
           "sleep 300"});
  ASSERT_TRUE(killer.killed());
  EXPECT_THAT(audit, VerdictIs(Verdict::Inconclusive));
  EXPECT_THAT(testing::PrintToString(audit), HasSubstr("INCONCLUSIVE"));
  for (const auto& [name, matcher] : std::vector<std::pair<std::string, AuditMatcher>>{
           {"WroteNothing", WroteNothing()},
           {"LeftNoProcesses", LeftNoProcesses()},
           {"InstalledNoPackages", InstalledNoPackages()},
           {"AddedNoPersistence", AddedNoPersistence()}}) {
    EXPECT_THAT(thrown_by([&] { (void)matcher.Matches(audit); }), HasSubstr("QEMU")) << name;
    EXPECT_NE(thrown_by([&] { (void)AuditMatcher(Not(matcher)).Matches(audit); }),
              "nothing was thrown")
        << name;
  }
}

}  // namespace
}  // namespace skillaudit
