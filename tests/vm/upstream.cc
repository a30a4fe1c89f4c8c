#include "tests/vm/upstream.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/interrupt.h"
#include "harness/base/text.h"
#include "harness/traffic/mirrors.h"
#include "tests/paths.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Clock = std::chrono::steady_clock;

constexpr const char* kSystemAuthorities = "/etc/ssl/certs/ca-certificates.crt";

}  // namespace

Upstream::Upstream() {
  const fs::path files = dir_.path() / "files";
  const fs::path log = dir_.path() / "servers.log";
  fs::create_directory(files);
  process_ =
      Process({"/usr/bin/python3", "-B", SKILLAUDIT_SOURCE_DIR "/tests/vm/servers.py", files},
              {.log = log});
  const auto deadline = Clock::now() + std::chrono::seconds(60);
  while (!fs::exists(files / "ready.json")) {
    if (!process_.running() || Clock::now() > deadline)
      fail(ErrorKind::Environment, "the upstream servers did not start: {}", read_file(log));
    interruptible_sleep(std::chrono::milliseconds(20));
  }
  const json ports = json::parse(read_file(files / "ready.json"));
  http_ = ports.at("http");
  https_ = ports.at("https");
  untrusted_ = ports.at("untrusted");
  // The real mirrors' certificates are of the system's authorities.
  write_file(files / "trusted.pem",
             read_file(files / "ca.pem") +
                 (fs::exists(kSystemAuthorities) ? read_file(kSystemAuthorities) : ""));
}

Policy Upstream::policy() const {
  Policy policy = mirror_policy(host_mirrors());
  for (const char* rule : {"GET http://allowed.example.com/*", "GET https://allowed.example.com/*",
                           "GET https://git.example.test/*", "GET https://tls-only.example.com/*",
                           "GET https://untrusted.example.com/*"})
    policy.rules.push_back(parse_rule(rule));
  const auto route = [&](const std::string& from, std::uint16_t port) {
    policy.routes[from] = fmt::format("127.0.0.1:{}", port);
  };
  for (const char* host : {"allowed.example.com", "git.example.test", "tls-only.example.com",
                           "blocked.example.org", "model.example.com"}) {
    route(fmt::format("{}:80", host), http_);
    route(fmt::format("{}:8080", host), http_);
    route(fmt::format("{}:443", host), https_);
    route(fmt::format("{}:8443", host), https_);
  }
  route("untrusted.example.com:443", untrusted_);
  policy.upstream_ca_file = (dir_.path() / "files/trusted.pem").string();
  return policy;
}

std::vector<std::string> Upstream::seen() const {
  std::vector<std::string> paths;
  const fs::path log = dir_.path() / "files/seen.jsonl";
  if (!fs::exists(log)) return paths;
  const std::string text = read_file(log);
  for (const std::string_view line : split(text, '\n')) {
    const json request = json::parse(line);
    paths.push_back(request.at("path"));
  }
  return paths;
}

bool Upstream::has_seen(const std::string& path) const {
  const std::vector<std::string> paths = seen();
  return std::find(paths.begin(), paths.end(), path) != paths.end();
}

std::string Upstream::seen_header(const std::string& path, const std::string& name) const {
  const std::string text = read_file(dir_.path() / "files/seen.jsonl");
  for (const std::string_view line : split(text, '\n')) {
    const json request = json::parse(line);
    if (request.at("path") == path) return request.at("headers").value(name, "");
  }
  return {};
}

std::string Upstream::plain_place() const { return fmt::format("127.0.0.1:{}", http_); }

std::string Upstream::other_authority() const {
  return read_file(dir_.path() / "files/other-ca.pem");
}

}  // namespace skillaudit
