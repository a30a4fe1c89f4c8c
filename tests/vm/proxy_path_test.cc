#include <gmock/gmock.h>

#include <chrono>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "fixtures/sandbox_test.h"
#include "harness/base/file.h"
#include "harness/traffic/flow_log.h"
#include "harness/traffic/mirrors.h"
#include "tests/vm/guest_scripts.h"
#include "tests/vm/upstream.h"

namespace skillaudit {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::Eq;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Lt;
using testing::StartsWith;

/// What goes through the proxy, with the tools that a skill uses.
class ProxyPath : public SharedSandboxTest {
 protected:
  static void SetUpTestSuite() {
    upstream = std::make_unique<Upstream>();
    open_shared(upstream->policy());
    ASSERT_EQ(exec("cat > /tmp/other-ca.pem", {.input = upstream->other_authority()}).exit_code, 0);
  }
  static void TearDownTestSuite() {
    SharedSandboxTest::TearDownTestSuite();
    upstream.reset();
  }

  static std::string python(const std::string& url) {
    return output_of(sandbox().guest(), "get.py", {url});
  }
  static std::string node(const std::string& url) {
    return output_of(sandbox().guest(), "get.js", {url});
  }
  /// "STATUS VERIFY_RESULT" after the body.
  static std::string curl(const std::string& arguments) {
    const ExecResult result =
        exec("curl -sS -m 30 -w '%{http_code} %{ssl_verify_result}' " + arguments);
    return result.out + result.err;
  }

  /// The guest's own sources read anew, by the first test that asks.
  static const ExecResult& apt_update() {
    if (!apt_update_)
      apt_update_ = exec("sudo -n apt-get update", {.timeout = std::chrono::minutes(4)});
    return *apt_update_;
  }

  static std::unique_ptr<Upstream> upstream;

 private:
  static inline std::optional<ExecResult> apt_update_;
};
std::unique_ptr<Upstream> ProxyPath::upstream;

TEST_F(ProxyPath, CloudInitHasEndedWithoutErrors) {
  EXPECT_THAT(exec("cloud-init status").out, HasSubstr("status: done"));
  const json result = json::parse(exec("cat /run/cloud-init/result.json").out);
  EXPECT_THAT(result.at("v1").at("errors"), IsEmpty()) << result.dump();
  EXPECT_THAT(result.at("v1").at("datasource").get<std::string>(), HasSubstr("NoCloud"));
}

TEST_F(ProxyPath, CurlReachesAnAllowedHostByHttp) {
  EXPECT_EQ(curl("http://allowed.example.com/hello.txt"), "hello from upstream\n200 0");
}

TEST_F(ProxyPath, CurlReachesAnAllowedHostByHttpsAndVerifiesIt) {
  EXPECT_EQ(curl("https://allowed.example.com/hello.txt"), "hello from upstream\n200 0");
}

TEST_F(ProxyPath, PythonReachesAnAllowedHostByHttp) {
  EXPECT_EQ(python("http://allowed.example.com/hello.txt"), "200 hello from upstream");
}

TEST_F(ProxyPath, PythonReachesAnAllowedHostByHttpsAndVerifiesIt) {
  EXPECT_EQ(python("https://allowed.example.com/hello.txt"), "200 hello from upstream");
}

TEST_F(ProxyPath, PipDownloadsFromAnAllowedIndexByHttps) {
  const ExecResult result = exec(
      "cd $(mktemp -d) && pip3 download -q --no-deps --no-cache-dir --disable-pip-version-check "
      "--index-url https://allowed.example.com/simple/ tinypkg && ls",
      {.timeout = std::chrono::seconds(120)});
  EXPECT_EQ(result.out, "tinypkg-1.0-py3-none-any.whl\n") << result.err;
}

TEST_F(ProxyPath, NodeReachesAnAllowedHostByHttp) {
  EXPECT_EQ(node("http://allowed.example.com/hello.txt"), "200 hello from upstream");
}

TEST_F(ProxyPath, NodeReachesAnAllowedHostByHttpsAndVerifiesIt) {
  EXPECT_EQ(node("https://allowed.example.com/hello.txt"), "200 hello from upstream");
}

TEST_F(ProxyPath, GitClonesByHttps) {
  const ExecResult result =
      exec("cd $(mktemp -d) && git clone -q https://git.example.test/repo.git && cat repo/README");
  EXPECT_EQ(result.out, "cloned\n") << result.err;
}

TEST_F(ProxyPath, AptUpdatesFromThisHostsMirrors) {
  const ExecResult& result = apt_update();
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  // apt only warns of an index that it could not fetch.
  EXPECT_EQ(result.err, "");
  EXPECT_THAT(result.out, HasSubstr(host_mirrors().codename));
}

TEST_F(ProxyPath, AptDownloadsAPackageFromThisHostsMirrors) {
  ASSERT_EQ(apt_update().exit_code, 0);
  const ExecResult result =
      exec("cd $(mktemp -d) && apt-get download -q netbase && dpkg-deb -f *.deb Package",
           {.timeout = std::chrono::minutes(2)});
  EXPECT_THAT(result.out, testing::EndsWith("netbase\n")) << result.err;
}

TEST_F(ProxyPath, AptReadsAnAllowedRepositoryByHttps) {
  const ExecResult result = exec(
      "echo 'deb [trusted=yes] https://allowed.example.com flat/' > /tmp/flat.list && "
      "sudo -n apt-get update -q -o Dir::Etc::SourceList=/tmp/flat.list "
      "-o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists=$(mktemp -d)");
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
  EXPECT_TRUE(upstream->has_seen("/flat/Packages.xz")) << result.out;
}

TEST_F(ProxyPath, NpmFetchesAPackageWhereThisHostHasARegistry) {
  // The image brings npm exactly where there is a registry to reach.
  const bool has_registry = !host_mirrors().npm_registry.empty();
  const ExecResult result = exec("cd $(mktemp -d) && npm pack --silent isarray@2.0.5",
                                 {.timeout = std::chrono::minutes(3)});
  EXPECT_EQ(result.out, has_registry ? "isarray-2.0.5.tgz\n" : "") << result.err;
}

TEST_F(ProxyPath, TheToolsRefuseACertificateOfAnotherAuthority) {
  // Shows that the tests above pass by verification, not for lack of it.
  EXPECT_THAT(exec("curl -sS -m 30 --cacert /tmp/other-ca.pem --capath /nonexistent "
                   "https://allowed.example.com/hello.txt")
                  .exit_code,
              Eq(60));
  const std::string elsewhere =
      "env -u NODE_EXTRA_CA_CERTS SSL_CERT_FILE=/tmp/other-ca.pem SSL_CERT_DIR=/nonexistent "
      "GIT_SSL_CAINFO=/tmp/other-ca.pem GIT_SSL_CAPATH=/nonexistent ";
  const ExecResult python_said =
      exec(elsewhere +
           "python3 -c 'import urllib.request as u; u.urlopen(\"https://allowed.example.com/\")'");
  EXPECT_THAT(python_said.err, HasSubstr("CERTIFICATE_VERIFY_FAILED"));
  const ExecResult git_said =
      exec(elsewhere + "git clone -q https://git.example.test/repo.git /tmp/never");
  EXPECT_THAT(git_said.err, HasSubstr("certificate"));
  EXPECT_EQ(git_said.exit_code, 128);
}

TEST_F(ProxyPath, TheProxyRefusesAServerWithAnUntrustedCertificateToCurl) {
  EXPECT_THAT(curl("https://untrusted.example.com/curl"), testing::EndsWith("502 0"));
  EXPECT_FALSE(upstream->has_seen("/curl"));
}

TEST_F(ProxyPath, TheProxyRefusesAServerWithAnUntrustedCertificateToPython) {
  EXPECT_THAT(python("https://untrusted.example.com/python"), StartsWith("502 "));
  EXPECT_FALSE(upstream->has_seen("/python"));
}

TEST_F(ProxyPath, TheProxyRefusesAServerWithAnUntrustedCertificateToNode) {
  EXPECT_THAT(node("https://untrusted.example.com/node"), StartsWith("502 "));
  EXPECT_FALSE(upstream->has_seen("/node"));
}

TEST_F(ProxyPath, TheProxyRefusesAServerWithAnUntrustedCertificateToGit) {
  const ExecResult result = exec("git clone -q https://untrusted.example.com/git.git /tmp/never");
  EXPECT_EQ(result.exit_code, 128);
  EXPECT_THAT(result.err, HasSubstr("502"));
}

TEST_F(ProxyPath, TheProxyRefusesAServerWithAnUntrustedCertificateToApt) {
  const ExecResult result = exec(
      "echo 'deb [trusted=yes] https://untrusted.example.com flat/' > /tmp/untrusted.list && "
      "sudo -n apt-get update -q -o Dir::Etc::SourceList=/tmp/untrusted.list -o Acquire::Retries=0 "
      "-o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists=$(mktemp -d)");
  EXPECT_THAT(result.out + result.err, HasSubstr("502"));
}

TEST_F(ProxyPath, TheProxyRefusesAServerWithAnUntrustedCertificateToPip) {
  const ExecResult result = exec(
      "pip3 download --no-deps --retries 0 --disable-pip-version-check -d /tmp/never "
      "--index-url https://untrusted.example.com/simple/ otherpkg",
      {.timeout = std::chrono::seconds(120)});
  EXPECT_EQ(result.exit_code, 1) << result.out;
  EXPECT_FALSE(upstream->has_seen("/simple/otherpkg/"));
  // pip does not say why an index gave it nothing; the proxy does.
  const std::vector<Flow> flows =
      parse_flow_log(read_file(evidence_dir() / "flows.jsonl"), nullptr);
  EXPECT_THAT(flows,
              testing::Contains(AllOf(testing::Field(&Flow::path, "/simple/otherpkg/"),
                                      testing::Field(&Flow::allowed, true),
                                      testing::Field(&Flow::error, HasSubstr("ertificate")))));
}

TEST_F(ProxyPath, ABlockedHttpRequestGets403) {
  EXPECT_THAT(curl("http://blocked.example.org/plain"),
              AllOf(testing::EndsWith("403 0"), testing::Not(HasSubstr("skillaudit"))));
  EXPECT_FALSE(upstream->has_seen("/plain"));
}

TEST_F(ProxyPath, ABlockedHttpsRequestGets403) {
  EXPECT_THAT(curl("https://blocked.example.org/tls"), testing::EndsWith("403 0"));
  EXPECT_FALSE(upstream->has_seen("/tls"));
}

TEST_F(ProxyPath, AResponseThatEndsByClosingReachesTheGuestAtOnce) {
  // Warm: the first start of curl reads it from the disk.
  ASSERT_EQ(exec("curl -sS -o /dev/null http://allowed.example.com/hello.txt").exit_code, 0);
  for (const char* scheme : {"http", "https"}) {
    const auto start = std::chrono::steady_clock::now();
    const ExecResult result =
        exec(std::string("curl -sS -m 60 ") + scheme + "://allowed.example.com/until-close");
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    EXPECT_THAT(result.out, AllOf(StartsWith("line 0\n"), testing::EndsWith("the end\n")));
    EXPECT_THAT(taken.count(), Lt(3.0)) << scheme;
    std::cout << "[ measured ] " << scheme << ": " << taken.count() << " s\n";
  }
}

}  // namespace
}  // namespace skillaudit
