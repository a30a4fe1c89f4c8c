#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "harness/base/process.h"
#include "harness/evidence/guest_network.h"
#include "harness/traffic/certificate_authority.h"
#include "harness/traffic/policy.h"

namespace skillaudit {

struct ProxySpec {
  Policy policy;
  /// Gets flows.jsonl and bodies/; must exist. One proxy for each folder, ever.
  std::filesystem::path out_dir;
  /// As made by ensure_certificate_authority().
  std::filesystem::path ca_dir;
  /// For the policy, the ready file and the log; must exist, and be out of the guest's reach.
  std::filesystem::path work_dir;
  /// Where it listens, on the host's loopback network; port 0: the kernel chooses.
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  /// The only address that may connect ("127.83.6.201"): what the guest's connections are made
  /// from. Whoever else finds the port is turned away and leaves no trace in the evidence. Empty:
  /// any.
  std::string peer = {};
  /// Of the guest: the proxy is its resolver, and the server behind each of its `servers`. None: it
  /// answers no names.
  GuestNetwork network = {};
  /// The keys of the policy's models. They reach mitmdump through a pipe that it reads once: no
  /// file, argument or variable holds them, and set_policy() changes nothing about them.
  ModelKeys model_keys = {};
};

/// mitmdump with filter/filter.py on a loopback address and port of its own. Move-only; the
/// destructor kills it. It dies with the thread that started it (see Process).
class Proxy {
 public:
  /// Starts it and returns at once. Throws Error{Environment} when mitmproxy is not installed or a
  /// file cannot be written, Error{Usage} for a model or a key that cannot be used.
  [[nodiscard]] static Proxy start(const ProxySpec& spec);

  /// The port on which it listens. Throws Error{Environment} with the end of
  /// mitmdump's log when it ends or does not listen in time, Error{Interrupted} on Ctrl-C.
  std::uint16_t wait_ready(std::chrono::milliseconds timeout = std::chrono::seconds(30));

  /// False once it has ended: later traffic is not recorded.
  [[nodiscard]] bool running() { return process_.running(); }
  [[nodiscard]] const std::string& address() const noexcept { return address_; }
  [[nodiscard]] pid_t pid() const noexcept { return process_.pid(); }

  /// Replaces the policy; it holds from the next request on.
  void set_policy(const Policy& policy);

  /// Lets it write unfinished flows, then ends it. The log is complete afterwards.
  void stop();

 private:
  Proxy() = default;
  Process process_;
  std::filesystem::path work_dir_;
  std::string address_;
  std::uint16_t port_ = 0;
};

/// mitmdump's command line for `spec`, without the program itself. `keys` is the descriptor of the
/// pipe with the models' keys, none if negative.
[[nodiscard]] std::vector<std::string> proxy_arguments(const ProxySpec& spec,
                                                       const std::filesystem::path& filter,
                                                       int keys = -1);

}  // namespace skillaudit
