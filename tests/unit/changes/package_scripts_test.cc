#include "harness/changes/package_scripts.h"

#include <gmock/gmock.h>

#include <functional>

#include "tests/unit/analysis/trace_builder.h"

namespace skillaudit {
namespace {

using testing::regular;
using testing::TraceBuilder;

/// apt-get installs ssl-cert, and dpkg runs its script: pid 110 is apt-get, 120 the script.
class Scripts : public ::testing::Test {
 protected:
  Scripts() {
    for (const char* path : {"/usr/bin/apt-get", "/usr/bin/dpkg", "/usr/bin/sh"})
      audit_.was(regular(path, 10, 0755, 0));
    audit_.evidence.trace.began_at = kBegan;
    Flow flow;
    flow.allowed = true;
    flow.group = "mirrors";
    flow.status = 200;
    flow.path = "/debian/pool/main/s/ssl-cert/ssl-cert_1.1.2_all.deb";
    audit_.evidence.flows.push_back(flow);
  }
  void install(const std::string& below = "apt-get") {
    audit_.fork(100, 105).exec(105, 100, {"sudo", "apt-get"}, 1000, 0);
    audit_.fork(105, 110).exec(110, 105, {below, "install", "ssl-cert"}, 0);
    audit_.fork(110, 115).exec(115, 110, {"dpkg", "--configure", "ssl-cert"}, 0);
    audit_.fork(115, 120).exec(120, 115,
                               {"sh", "/var/lib/dpkg/info/ssl-cert.postinst", "configure"}, 0);
    from_ = audit_.now;
    audit_.at(TraceKind::Persist, 120, "/etc/passwd", "rename");
    if (during_) during_();
    to_ = audit_.now;
    for (const std::int64_t pid : {120, 115, 110, 105}) audit_.exit(pid);
    audit_.evidence.after.files = audit_.evidence.before.files;
  }
  /// A file that was changed so many seconds after the trace began.
  [[nodiscard]] std::string behind(const std::string& path, double at, std::uint32_t mode = 0644) {
    FileChange change;
    change.after = regular(path, 10, mode, 0);
    change.after.ctime_ns = static_cast<std::int64_t>((kBegan + at) * 1e9);
    const ProcessTree processes(audit_.evidence);
    const PackageScripts scripts(audit_.evidence, processes);
    const std::string* package = scripts.behind(change);
    return package == nullptr ? "" : *package;
  }
  [[nodiscard]] bool alone_wrote() const {
    const ProcessTree processes(audit_.evidence);
    return PackageScripts(audit_.evidence, processes).alone_wrote("/etc/passwd");
  }

  static constexpr double kBegan = 1700000000;
  TraceBuilder audit_;
  std::function<void()> during_;
  double from_ = 0, to_ = 0;
};

TEST_F(Scripts, WhatAFetchedPackagesScriptMakesWhileItRunsIsThePackages) {
  install();
  EXPECT_EQ(behind("/etc/ssl/certs/ssl-cert-snakeoil.pem", from_), "ssl-cert");
  EXPECT_EQ(behind("/etc/ssl/certs/later.pem", to_ + 2), "");
  EXPECT_EQ(behind("/etc/ssl/certs/before.pem", from_ - 2), "");
  EXPECT_TRUE(alone_wrote());
}

TEST_F(Scripts, NothingThatLetsSomebodyInIsExcused) {
  install();
  for (const char* path : {"/etc/sudoers.d/x", "/etc/ld.so.preload", "/root/.ssh/authorized_keys",
                           "/etc/cron.d/x", "/home/u/.bashrc", "/etc/apt/sources.list.d/x.list"})
    EXPECT_EQ(behind(path, from_), "") << path;
  EXPECT_EQ(behind("/usr/lib/x", from_, 04755), "");
}

TEST_F(Scripts, APackageThatNoMirrorGaveHasNoTrustedScript) {
  audit_.evidence.flows.clear();
  install();
  EXPECT_EQ(behind("/etc/ssl/certs/x.pem", from_), "");
  EXPECT_FALSE(alone_wrote());
}

TEST_F(Scripts, DpkgAloneIsNotApt) {
  audit_.was(regular("/usr/bin/env", 10, 0755, 0));
  install("env");
  EXPECT_EQ(behind("/etc/ssl/certs/x.pem", from_), "");
}

TEST_F(Scripts, SomebodyElseWithRootsRightsMeanwhileTakesTheExcuseAway) {
  during_ = [this] { audit_.exec(130, 100, {"tee", "/etc/ssl/certs/x.pem"}, 0); };
  install();
  EXPECT_EQ(behind("/etc/ssl/certs/x.pem", from_), "");
}

TEST_F(Scripts, APipeWithoutRootsRightsDoesNot) {
  during_ = [this] { audit_.exec(130, 100, {"tail", "-1"}); };
  install();
  EXPECT_EQ(behind("/etc/ssl/certs/x.pem", from_), "ssl-cert");
}

TEST_F(Scripts, AnAccountThatTheSkillWroteBesideIsNotTheirs) {
  install();
  audit_.exec(140, 100, {"useradd"}, 0).at(TraceKind::Persist, 140, "/etc/passwd", "rename");
  EXPECT_FALSE(alone_wrote());
}

}  // namespace
}  // namespace skillaudit
