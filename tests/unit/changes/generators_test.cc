// What systemd's generators write when units are loaded again.
#include "harness/changes/generators.h"

#include <gmock/gmock.h>

#include "tests/unit/analysis/trace_builder.h"

namespace skillaudit {
namespace {

using testing::regular;
using testing::TraceBuilder;

constexpr const char* kGenerator = "/usr/lib/systemd/system-generators/systemd-fstab-generator";

class GeneratorsTest : public ::testing::Test {
 protected:
  GeneratorsTest() {
    audit_.was(regular(kGenerator, 10, 0755, 0));
    audit_.evidence.after.files = audit_.evidence.before.files;
    audit_.evidence.trace.began_at = 1000;
  }
  void generate() {
    audit_.event(TraceKind::Fork, 1).result = 500;
    audit_.exec(500, 1, {kGenerator}, 0);
    audit_.evidence.trace.events.back().program = kGenerator;
    audit_.exit(500);
  }
  [[nodiscard]] FileChange rewritten(const std::string& path, std::uint64_t size = 9) const {
    FileChange change;
    change.kind = ChangeKind::Modified;
    change.before = regular(path, 9, 0644, 0);
    change.after = regular(path, size, 0644, 0);
    change.after.mtime_ns =
        static_cast<std::int64_t>((1000 + audit_.evidence.trace.events.back().time_s) * 1e9);
    return change;
  }
  [[nodiscard]] bool made(const FileChange& change) const {
    const ProcessTree processes(audit_.evidence);
    return Generators(audit_.evidence, processes).made(change);
  }
  TraceBuilder audit_;
};

TEST_F(GeneratorsTest, ExplainWhatIsWrittenAnew) {
  generate();
  EXPECT_TRUE(made(rewritten("/run/systemd/generator/-.mount")));
  EXPECT_TRUE(made(rewritten("/run/systemd/systemd-units-load")));
}

TEST_F(GeneratorsTest, ExplainNothingElse) {
  const FileChange unit = rewritten("/run/systemd/generator/-.mount");
  EXPECT_FALSE(made(unit)) << "none of them ran";
  generate();
  EXPECT_FALSE(made(rewritten("/etc/systemd/system/x.service"))) << "not where they write";
  EXPECT_FALSE(made(rewritten("/run/systemd/generator/-.mount", 10))) << "another content";
  FileChange late = rewritten("/run/systemd/generator/-.mount");
  late.after.mtime_ns += 60'000'000'000;
  EXPECT_FALSE(made(late)) << "long after they ended";
  FileChange added = rewritten("/run/systemd/generator/x.service");
  added.kind = ChangeKind::Added;
  EXPECT_FALSE(made(added)) << "a unit that was not there";
}

TEST_F(GeneratorsTest, ExplainNothingThatTheSkillWroteMeanwhile) {
  generate();
  TraceEvent& event = audit_.event(TraceKind::Persist, 100);
  event.paths = {"/run/systemd/system/x.service"};
  EXPECT_FALSE(made(rewritten("/run/systemd/system/x.service")));
}

}  // namespace
}  // namespace skillaudit
