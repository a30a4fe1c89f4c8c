#include "harness/traffic/proxy.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <csignal>
#include <thread>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/temp_dir.h"
#include "harness/traffic/flow_log.h"
#include "tests/paths.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

unsigned mode_of(const fs::path& path) {
  struct stat info {};
  EXPECT_EQ(::lstat(path.c_str(), &info), 0) << path;
  return info.st_mode & 07777U;
}

/// Sends `request` to the port and reads until the other side closes.
std::string exchange(std::uint16_t port, std::string_view request) {
  const Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(request.size()));
  std::string answer;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::recv(fd.get(), buffer, sizeof buffer, 0)) > 0;)
    answer.append(buffer, static_cast<std::size_t>(got));
  return answer;
}

constexpr std::string_view kPost =
    "POST http://blocked.example/in HTTP/1.1\r\nHost: blocked.example\r\nConnection: "
    "close\r\nContent-Length: 5\r\n\r\nhello";

TEST(CertificateAuthority, IsMadeOnceForItsOwnerAlone) {
  const TempDir dir;
  const fs::path certificate = ensure_certificate_authority(dir.path() / "ca");
  const std::string first = read_file(certificate);
  EXPECT_THAT(first, HasSubstr("BEGIN CERTIFICATE"));
  EXPECT_THAT(first, Not(HasSubstr("PRIVATE KEY")));
  EXPECT_EQ(mode_of(dir.path() / "ca"), 0700U);
  for (const fs::directory_entry& file : fs::directory_iterator(dir.path() / "ca"))
    EXPECT_EQ(mode_of(file.path()), 0600U) << file.path();
  EXPECT_EQ(ensure_certificate_authority(dir.path() / "ca"), certificate);
  EXPECT_EQ(read_file(certificate), first);
}

TEST(CertificateAuthority, IsOneThatOpensslAccepts) {
  const TempDir dir;
  const std::string text = check_output({"openssl", "x509", "-noout", "-text", "-in",
                                         ensure_certificate_authority(dir.path()).string()});
  EXPECT_THAT(text, HasSubstr("CN = Internal Root CA"));
  EXPECT_THAT(text, testing::Not(HasSubstr("skillaudit")));
  EXPECT_THAT(text, HasSubstr("CA:TRUE"));
  EXPECT_THAT(text, HasSubstr("Certificate Sign, CRL Sign"));
  const std::string nine_years = std::to_string(9 * 365 * 24 * 3600);
  check_output({"openssl", "x509", "-noout", "-checkend", nine_years, "-in",
                (dir.path() / "mitmproxy-ca.pem").string()});
  check_output({"openssl", "verify", "-x509_strict", "-CAfile",
                (dir.path() / "mitmproxy-ca-cert.pem").string(),
                (dir.path() / "mitmproxy-ca-cert.pem").string()});
}

TEST(CertificateAuthority, IsMadeAgainWhenItsFilesAreDamaged) {
  const TempDir dir;
  const std::string first = read_file(ensure_certificate_authority(dir.path()));
  write_file(dir.path() / "mitmproxy-ca.pem", "half of");
  const std::string second = read_file(ensure_certificate_authority(dir.path()));
  EXPECT_NE(second, first);
  fs::remove(dir.path() / "mitmproxy-ca-cert.pem");
  EXPECT_NE(read_file(ensure_certificate_authority(dir.path())), second);
}

TEST(CertificateAuthority, IsTheSameForAllWhoAskAtOnce) {
  const TempDir dir;
  std::vector<std::string> seen(4);
  std::vector<std::thread> threads;
  for (std::string& text : seen)
    threads.emplace_back([&] { text = read_file(ensure_certificate_authority(dir.path())); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(seen, testing::Each(seen[0]));
}

TEST(CertificateAuthority, ThatCannotBeMadeIsAnError) {
  EXPECT_THROW(ensure_certificate_authority("/proc/no-such-folder"), Error);
}

TEST(ProxyArguments, ListenOnALoopbackPortOfTheSystemsChoice) {
  ProxySpec spec;
  spec.out_dir = "/out";
  spec.ca_dir = "/ca";
  spec.work_dir = "/w";
  spec.policy.upstream_ca_file = "/upstream.pem";
  EXPECT_THAT(
      proxy_arguments(spec, "/filter.py"),
      testing::ElementsAre(
          "--mode", "regular", "--listen-host", "127.0.0.1", "--listen-port", "0", "-s",
          "/filter.py", "--set", "confdir=/ca", "--set", "connection_strategy=lazy", "--set",
          "upstream_cert=false", "--set", "onboarding=false", "--set", "block_global=true", "--set",
          "ssl_insecure=false", "--set", "http2=false", "--set", "flow_detail=0", "--set",
          "termlog_verbosity=error", "--set", "ssl_verify_upstream_trusted_ca=/upstream.pem",
          "--set", "skillaudit_policy=/w/policy.json", "--set", "skillaudit_out=/out", "--set",
          "skillaudit_ready=/w/proxy-ready.json"));
}

TEST(ProxyArguments, NameThePipeOfTheKeysByItsNumberAlone) {
  ProxySpec spec;
  spec.model_keys = {{"model.example.com:443", "the-real-key"}};
  const std::vector<std::string> arguments = proxy_arguments(spec, "/filter.py", 7);
  EXPECT_EQ(arguments.back(), "skillaudit_keys=7");
  EXPECT_THAT(arguments, testing::Each(Not(HasSubstr("the-real-key"))));
}

class RunningProxy : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* folder : {"out", "work"}) fs::create_directory(dir_.path() / folder);
    ensure_certificate_authority(dir_.path() / "ca");
  }
  ProxySpec spec() const {
    ProxySpec result;
    result.out_dir = dir_.path() / "out";
    result.ca_dir = dir_.path() / "ca";
    result.work_dir = dir_.path() / "work";
    return result;
  }
  std::vector<Flow> flows() {
    std::vector<Gap> gaps;
    std::vector<Flow> result = parse_flow_log(read_file(spec().out_dir / "flows.jsonl"), &gaps);
    EXPECT_THAT(gaps, IsEmpty());
    return result;
  }
  TempDir dir_;
};

TEST_F(RunningProxy, BlocksKeepsTheBodyAndWritesALogThatReadsBack) {
  Proxy proxy = Proxy::start(spec());
  const std::uint16_t port = proxy.wait_ready();
  EXPECT_EQ(proxy.wait_ready(), port);
  EXPECT_TRUE(proxy.running());
  const std::string answer = exchange(port, kPost);
  EXPECT_THAT(answer, testing::StartsWith("HTTP/1.1 403 "));
  EXPECT_THAT(answer, testing::Not(HasSubstr("skillaudit")));
  proxy.stop();
  EXPECT_FALSE(proxy.running());
  ASSERT_EQ(flows().size(), 1U);
  const Flow flow = flows()[0];
  EXPECT_EQ(flow.host, "blocked.example");
  EXPECT_EQ(flow.status, 403);
  EXPECT_FALSE(flow.allowed);
  EXPECT_EQ(flow.rule,
            "blocked: no rule allows it (this one would: POST http://blocked.example/in)");
  EXPECT_EQ(flow.request_sha256, sha256("hello"));
  EXPECT_EQ(read_file(spec().out_dir / flow.request_body), "hello");
  EXPECT_EQ(read_file(spec().out_dir / flow.request_head), kPost.substr(0, kPost.size() - 5));
  EXPECT_FALSE(fs::exists(fs::path(SKILLAUDIT_SOURCE_DIR) / "filter/__pycache__"));
}

TEST_F(RunningProxy, FollowsAPolicyThatChanges) {
  // The request goes from the proxy to the proxy of another audit, which blocks it in its own name.
  Proxy other = Proxy::start([&] {
    ProxySpec result = spec();
    result.out_dir = dir_.path() / "other-out";
    result.work_dir = dir_.path() / "other-work";
    fs::create_directory(result.out_dir);
    fs::create_directory(result.work_dir);
    return result;
  }());
  Proxy proxy = Proxy::start(spec());
  const std::uint16_t port = proxy.wait_ready();
  EXPECT_NE(port, other.wait_ready());
  EXPECT_THAT(exchange(port, kPost), HasSubstr("403"));
  Policy policy;
  policy.rules = {parse_rule("POST http://blocked.example/in", "user")};
  policy.routes = {{"blocked.example:80", fmt::format("127.0.0.1:{}", other.wait_ready())}};
  proxy.set_policy(policy);
  EXPECT_THAT(exchange(port, kPost), HasSubstr("403"));
  proxy.stop();
  ASSERT_EQ(flows().size(), 2U);
  EXPECT_FALSE(flows()[0].allowed);
  EXPECT_TRUE(flows()[1].allowed);
  EXPECT_EQ(flows()[1].rule, "POST http://blocked.example/in");
}

TEST_F(RunningProxy, ThatWasKilledIsNotRunning) {
  Proxy proxy = Proxy::start(spec());
  proxy.wait_ready();
  ASSERT_EQ(::kill(proxy.pid(), SIGKILL), 0);
  for (int i = 0; i < 500 && proxy.running(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_FALSE(proxy.running());
}

TEST_F(RunningProxy, ThatCannotStartSaysWhyWithTheEndOfItsLog) {
  write_file(spec().out_dir / "flows.jsonl", "of another run\n");
  Proxy proxy = Proxy::start(spec());
  try {
    proxy.wait_ready();
    FAIL() << "it became ready";
  } catch (const Error& e) {
    EXPECT_EQ(e.kind(), ErrorKind::Environment);
    EXPECT_THAT(e.what(), HasSubstr("before it accepted connections"));
    EXPECT_THAT(e.what(), HasSubstr("flows.jsonl"));
    EXPECT_THAT(e.what(), HasSubstr("mitmdump --version"));
  }
  EXPECT_EQ(read_file(spec().out_dir / "flows.jsonl"), "of another run\n");
}

TEST_F(RunningProxy, EndsWithItsOwner) {
  pid_t pid = 0;
  {
    Proxy proxy = Proxy::start(spec());
    pid = proxy.pid();
    EXPECT_EQ(::kill(pid, 0), 0);
  }
  EXPECT_NE(::kill(pid, 0), 0);
}

}  // namespace
}  // namespace skillaudit
