#include <gmock/gmock.h>

#include "fixtures/sandbox_test.h"
#include "harness/base/file.h"
#include "harness/traffic/flow_log.h"
#include "tests/vm/guest_scripts.h"
#include "tests/vm/upstream.h"

namespace skillaudit {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// A guest that lies to the proxy. The servers for all names are one, so what passed would arrive.
class LyingGuest : public SharedSandboxTest {
 protected:
  static void SetUpTestSuite() {
    upstream = std::make_unique<Upstream>();
    open_shared(upstream->policy());
  }
  static void TearDownTestSuite() {
    SharedSandboxTest::TearDownTestSuite();
    upstream.reset();
  }

  static std::string status_of(const std::string& curl_arguments) {
    return exec("curl -sS -m 30 -o /dev/null -w '%{http_code}' " + curl_arguments).out;
  }
  /// As CONNECT, SNI, Host header and path say.
  static std::string tunnel(const std::string& target, const std::string& sni,
                            const std::string& host, const std::string& path) {
    return output_of(sandbox().guest(), "tunnel.py", {target, sni, host, path});
  }
  static std::string say(const std::string& text) {
    return run_script(sandbox().guest(), "say.py", {text}).out;
  }
  /// The flow with that path: recorded once its exchange has ended, which the answer's end shows.
  static Flow flow_to(const std::string& path) {
    std::vector<Gap> gaps;
    for (const Flow& flow : parse_flow_log(read_file(evidence_dir() / "flows.jsonl"), &gaps))
      if (flow.path == path) return flow;
    ADD_FAILURE() << "no flow to " << path;
    return {};
  }

  static std::unique_ptr<Upstream> upstream;
};
std::unique_ptr<Upstream> LyingGuest::upstream;

TEST_F(LyingGuest, IsLetThroughWhereItTellsTheTruth) {
  // The yardstick of this suite: the same ways, with names that agree.
  EXPECT_EQ(status_of("http://allowed.example.com/echo"), "200");
  EXPECT_EQ(
      tunnel("allowed.example.com:443", "allowed.example.com", "allowed.example.com", "/echo"),
      "200");
  EXPECT_THAT(
      say("GET http://allowed.example.com/echo HTTP/1.1\r\nHost: allowed.example.com\r\n\r\n"),
      StartsWith("HTTP/1.1 200 "));
}

TEST_F(LyingGuest, CannotReachABlockedHostByAnAllowedHostHeader) {
  EXPECT_EQ(status_of("-H 'Host: allowed.example.com' http://blocked.example.org/host-1"), "403");
  EXPECT_FALSE(upstream->has_seen("/host-1"));
  const Flow flow = flow_to("/host-1");
  EXPECT_EQ(flow.host, "blocked.example.org");
  EXPECT_EQ(flow.host_header, "allowed.example.com");
  EXPECT_FALSE(flow.allowed);
}

TEST_F(LyingGuest, CannotNameABlockedHostInTheHostHeaderOfAnAllowedRequest) {
  EXPECT_EQ(status_of("-H 'Host: blocked.example.org' http://allowed.example.com/host-2"), "403");
  EXPECT_EQ(status_of("-H 'Host: blocked.example.org' https://allowed.example.com/host-2"), "403");
  EXPECT_FALSE(upstream->has_seen("/host-2"));
}

TEST_F(LyingGuest, CannotSendTwoHostHeaders) {
  EXPECT_THAT(say("GET http://allowed.example.com/host-3 HTTP/1.1\r\nHost: allowed.example.com\r\n"
                  "Host: blocked.example.org\r\n\r\n"),
              StartsWith("HTTP/1.1 403 "));
  EXPECT_FALSE(upstream->has_seen("/host-3"));
}

TEST_F(LyingGuest, CannotRerouteARequestByAForwardingHeader) {
  EXPECT_EQ(
      status_of("-H 'X-Forwarded-Host: blocked.example.org' http://allowed.example.com/host-4"),
      "403");
  EXPECT_FALSE(upstream->has_seen("/host-4"));
}

TEST_F(LyingGuest, CannotNameABlockedHostBySniInATunnelToAnAllowedHost) {
  EXPECT_EQ(
      tunnel("allowed.example.com:443", "blocked.example.org", "allowed.example.com", "/sni-1"),
      "403");
  EXPECT_FALSE(upstream->has_seen("/sni-1"));
  const Flow flow = flow_to("/sni-1");
  EXPECT_EQ(flow.sni, "blocked.example.org");
  EXPECT_FALSE(flow.allowed);
}

TEST_F(LyingGuest, CannotReachABlockedHostByAnAllowedSni) {
  EXPECT_EQ(
      tunnel("blocked.example.org:443", "allowed.example.com", "allowed.example.com", "/sni-2"),
      "403");
  EXPECT_FALSE(upstream->has_seen("/sni-2"));
}

TEST_F(LyingGuest, CannotNameABlockedHostInATunnelToAnAllowedOne) {
  EXPECT_EQ(
      tunnel("allowed.example.com:443", "allowed.example.com", "blocked.example.org", "/sni-3"),
      "403");
  EXPECT_FALSE(upstream->has_seen("/sni-3"));
}

TEST_F(LyingGuest, CannotUseAnotherPortOfAnAllowedHost) {
  EXPECT_EQ(status_of("http://allowed.example.com:8080/port-1"), "403");
  EXPECT_EQ(status_of("https://allowed.example.com:8443/port-1"), "403");
  EXPECT_FALSE(upstream->has_seen("/port-1"));
}

TEST_F(LyingGuest, CannotUseAnotherSchemeThanTheRules) {
  ASSERT_EQ(status_of("https://tls-only.example.com/hello.txt"), "200");
  EXPECT_EQ(status_of("http://tls-only.example.com/scheme-1"), "403");
  // Plain HTTP in a tunnel to the port of https.
  EXPECT_EQ(status_of("-p http://tls-only.example.com:443/scheme-1"), "403");
  EXPECT_FALSE(upstream->has_seen("/scheme-1"));
}

TEST_F(LyingGuest, CannotUseAnotherMethodThanTheRules) {
  for (const char* method : {"POST", "PUT", "DELETE", "PATCH", "OPTIONS"}) {
    const std::string path = std::string("/method-") + method;
    const std::string request = std::string("-X ") + method + " -d secret ";
    EXPECT_EQ(status_of(request + "http://allowed.example.com" + path), "403");
    EXPECT_EQ(status_of(request + "https://allowed.example.com" + path), "403");
    EXPECT_FALSE(upstream->has_seen(path));
  }
}

TEST_F(LyingGuest, CannotSmuggleASecondRequestInTheFirstOnesBody) {
  const std::string inner = "GET http://blocked.example.org/smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
  say("GET http://allowed.example.com/echo HTTP/1.1\r\nHost: allowed.example.com\r\n"
      "Transfer-Encoding: chunked\r\nContent-Length: " +
      std::to_string(inner.size() + 5) + "\r\n\r\n0\r\n\r\n" + inner);
  EXPECT_FALSE(upstream->has_seen("/smuggled"));
}

TEST_F(LyingGuest, CannotSpeakAnythingButHttpThroughATunnel) {
  const std::string reply =
      say("CONNECT allowed.example.com:443 HTTP/1.1\r\nHost: allowed.example.com:443\r\n\r\n"
          "SSH-2.0-OpenSSH_9.2\r\n");
  EXPECT_THAT(reply, Not(HasSubstr("SSH-")));
}

TEST_F(LyingGuest, CannotReachAServiceOfTheHostThroughTheProxy) {
  const std::string port = std::to_string(sandbox().machine().ssh_port());
  for (const char* name :
       {"127.0.0.1", "localhost", "[::1]", "0.0.0.0", "10.0.2.2", "10.0.2.100"}) {
    // By itself curl would not ask the proxy for what it takes to be the guest.
    EXPECT_EQ(status_of(std::string("--noproxy '' http://") + name + ":" + port + "/"), "403")
        << name;
    EXPECT_EQ(status_of(std::string("--noproxy '' https://") + name + ":" + port + "/"), "403")
        << name;
  }
}

TEST_F(LyingGuest, CannotChangeThePolicy) {
  const std::filesystem::path policy_file = sandbox().work_dir() / "policy.json";
  const std::string before = read_file(policy_file);
  const std::string body = " --data-binary 'rules: [\"* http://blocked.example.org/*\"]' ";
  for (const char* method : {"PUT", "POST", "PATCH"}) {
    const std::string request = std::string("-X ") + method + body;
    EXPECT_EQ(status_of(request + "http://mitm.it/policy.yaml"), "403");
    EXPECT_EQ(status_of(request + "https://mitm.it/policy.yaml"), "403");
    EXPECT_EQ(status_of(request + "http://10.0.2.100:3128/policy.yaml"), "403");
    // To the proxy as if it were a server.
    EXPECT_THAT(status_of("--noproxy '*' " + request + "http://10.0.2.100:3128/policy.yaml"),
                Not(StartsWith("2")));
  }
  EXPECT_EQ(read_file(policy_file), before);
  EXPECT_EQ(status_of("http://blocked.example.org/policy-1"), "403");
  EXPECT_EQ(status_of("http://allowed.example.com/hello.txt"), "200");
}

TEST_F(LyingGuest, IsNotShownTheProxysOwnPages) {
  EXPECT_THAT(exec("curl -sS -m 30 http://mitm.it/").out, StartsWith("Access to this address"));
  EXPECT_THAT(exec("curl -sS -m 30 http://mitm.it/cert/pem").out, Not(HasSubstr("BEGIN")));
}

TEST_F(LyingGuest, CannotReadTheProxysFilesByAUrl) {
  for (const char* url :
       {"file:///etc/hostname", "ftp://allowed.example.com/x", "gopher://allowed.example.com/x"}) {
    const std::string reply =
        say(std::string("GET ") + url + " HTTP/1.1\r\nHost: allowed.example.com\r\n\r\n");
    EXPECT_THAT(reply, Not(StartsWith("HTTP/1.1 200"))) << url;
  }
}

}  // namespace
}  // namespace skillaudit
