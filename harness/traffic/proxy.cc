#include "harness/traffic/proxy.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/interrupt.h"
#include "harness/base/json_text.h"
#include "harness/base/text.h"
#include "harness/traffic/compiled_policy.h"
#include "harness/traffic/loopback.h"

namespace skillaudit {
namespace fs = std::filesystem;
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kStopGrace = std::chrono::seconds(10);
constexpr const char* kMend =
    "check that mitmproxy works: `mitmdump --version`; if not, `apt-get install --reinstall "
    "mitmproxy`";

fs::path policy_file(const fs::path& work_dir) { return work_dir / "policy.json"; }
fs::path ready_file(const fs::path& work_dir) { return work_dir / "proxy-ready.json"; }
fs::path log_file(const fs::path& work_dir) { return work_dir / "mitmdump.log"; }

/// The distribution's own before one that pip put on PATH: filter.py is written for it.
fs::path find_mitmdump() {
  std::error_code ignored;
  if (fs::exists("/usr/bin/mitmdump", ignored)) return "/usr/bin/mitmdump";
  const fs::path found = find_program("mitmdump");
  if (found.empty())
    fail(ErrorKind::Environment,
         "mitmproxy is not installed: install it with `apt-get install mitmproxy`");
  return found;
}

std::string log_tail(const fs::path& work_dir) {
  std::string log;
  try {
    log = read_file(log_file(work_dir), 64U << 20);
  } catch (const Error&) {
    return "there is no log";
  }
  const std::string_view text = trim(log);
  const std::size_t start = text.size() > 1500 ? text.size() - 1500 : 0;
  return text.empty() ? "its log is empty"
                      : "the end of its log: " + printable_block(text.substr(start));
}

fs::path system_ca_file() {
  for (const char* file :
       {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"}) {
    std::error_code ignored;
    if (fs::exists(file, ignored)) return file;
  }
  // mitmproxy then uses the list that comes with Python's certifi.
  return {};
}

/// The reading end of a pipe that holds the keys already; none for no keys.
Fd pipe_with(const ModelKeys& keys) {
  if (keys.empty()) return {};
  const std::string text = json_text(nlohmann::json(keys));
  // So much always fits (pipe(7)), and nobody waits for the reader.
  if (text.size() > PIPE_BUF)
    fail(ErrorKind::Usage,
         "the keys of {} model hosts exceed the proxy's limit of {} bytes: use fewer", keys.size(),
         PIPE_BUF);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0)
    fail(ErrorKind::Environment, "cannot create a pipe for the proxy: {}", errno_text(errno));
  const Fd read(ends[0]);
  const Fd write(ends[1]);
  if (::write(write.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    fail(ErrorKind::Environment, "cannot send the models' keys to the proxy: {}",
         errno_text(errno));
  // Above the standard streams, which are the child's own.
  Fd above(::fcntl(read.get(), F_DUPFD_CLOEXEC, 3));
  if (!above)
    fail(ErrorKind::Environment, "cannot duplicate a file descriptor: {}", errno_text(errno));
  return above;
}

}  // namespace

std::vector<std::string> proxy_arguments(const ProxySpec& spec, const fs::path& filter, int keys) {
  const fs::path trusted = spec.policy.upstream_ca_file.empty()
                               ? system_ca_file()
                               : fs::path(spec.policy.upstream_ca_file);
  std::vector<std::string> arguments = {"--mode",     "regular",       "--listen-host",
                                        spec.address, "--listen-port", std::to_string(spec.port),
                                        "-s",         filter.string()};
  const auto set = [&](std::string_view name, const std::string& value) {
    arguments.push_back("--set");
    arguments.push_back(fmt::format("{}={}", name, value));
  };
  set("confdir", spec.ca_dir.string());
  set("connection_strategy", "lazy");
  set("upstream_cert", "false");
  set("onboarding", "false");
  set("block_global", "true");
  set("ssl_insecure", "false");
  set("http2", "false");
  set("flow_detail", "0");
  set("termlog_verbosity", "error");
  if (!trusted.empty()) set("ssl_verify_upstream_trusted_ca", trusted.string());
  set("skillaudit_policy", policy_file(spec.work_dir).string());
  set("skillaudit_out", spec.out_dir.string());
  if (!spec.peer.empty()) set("skillaudit_peer", spec.peer);
  set("skillaudit_ready", ready_file(spec.work_dir).string());
  if (!spec.network.servers.empty())
    set("skillaudit_network", json_text(nlohmann::json{{"resolver", spec.network.resolver},
                                                       {"servers", spec.network.servers},
                                                       {"source", direct_source(spec.address)}}));
  if (keys >= 0) set("skillaudit_keys", std::to_string(keys));
  return arguments;
}

Proxy Proxy::start(const ProxySpec& spec) {
  const fs::path mitmdump = find_mitmdump();
  check_model_keys(spec.model_keys, spec.policy.models);
  Proxy proxy;
  // It runs in work_dir, where the caller's relative paths would mean something else.
  ProxySpec absolute = spec;
  absolute.out_dir = fs::absolute(spec.out_dir);
  absolute.ca_dir = fs::absolute(spec.ca_dir);
  absolute.work_dir = fs::absolute(spec.work_dir);
  if (!spec.policy.upstream_ca_file.empty()) {
    absolute.policy.upstream_ca_file = fs::absolute(spec.policy.upstream_ca_file).string();
    read_file(absolute.policy.upstream_ca_file,
              64U << 20);  // mitmproxy would only fail each request
  }
  proxy.work_dir_ = absolute.work_dir;
  proxy.address_ = absolute.address;
  std::error_code ignored;
  fs::remove(ready_file(proxy.work_dir_), ignored);
  proxy.set_policy(absolute.policy);

  // A clean environment: variables such as http_proxy, PYTHONPATH, SSLKEYLOGFILE would lead
  // requests elsewhere, load other code, or write down the keys.
  std::vector<std::string> argv = {"env",
                                   "-i",
                                   "PATH=/usr/bin:/bin",
                                   "LANG=C.UTF-8",
                                   "HOME=" + proxy.work_dir_.string(),
                                   "PYTHONDONTWRITEBYTECODE=1",
                                   mitmdump.string()};
  const Fd keys = pipe_with(spec.model_keys);
  const std::vector<std::string> arguments =
      proxy_arguments(absolute, resource("filter/filter.py"), keys.get());
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  ProcessOptions options;
  options.log = log_file(proxy.work_dir_);
  options.working_directory = proxy.work_dir_;
  if (keys) options.inherit = {keys.get()};
  proxy.process_ = Process(argv, options);
  return proxy;
}

std::uint16_t Proxy::wait_ready(milliseconds timeout) {
  if (port_ != 0 && running()) return port_;
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  std::error_code ignored;
  while (!fs::exists(ready_file(work_dir_), ignored)) {
    if (!process_.running())
      fail(ErrorKind::Environment,
           "the proxy (mitmdump) ended with {} before it accepted connections; {}; {}",
           process_.ending(), log_tail(work_dir_), kMend);
    if (std::chrono::steady_clock::now() > deadline)
      fail(ErrorKind::Environment,
           "the proxy (mitmdump) did not accept connections within {} s; {}; {}",
           std::chrono::duration_cast<std::chrono::seconds>(timeout).count(), log_tail(work_dir_),
           kMend);
    interruptible_sleep(milliseconds(10));
  }
  try {
    port_ = parse_json(read_file(ready_file(work_dir_), 4096)).at("port").get<std::uint16_t>();
  } catch (const nlohmann::json::exception& e) {
    fail(ErrorKind::Internal, "the proxy's ready file {} cannot be read: {}",
         ready_file(work_dir_).string(), e.what());
  }
  return port_;
}

void Proxy::set_policy(const Policy& policy) {
  write_file(policy_file(work_dir_), compile_policy(policy), 0600);
}

void Proxy::stop() { process_.stop(kStopGrace); }

}  // namespace skillaudit
