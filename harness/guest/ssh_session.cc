#include "harness/guest/ssh_session.h"

#include <libssh/libssh.h>

#include <algorithm>
#include <string_view>

#include "harness/base/error.h"
#include "harness/base/interrupt.h"
#include "harness/base/text.h"
#include "harness/guest/ssh_exec.h"

namespace skillaudit {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

using KeyHandle = std::unique_ptr<ssh_key_struct, decltype(&ssh_key_free)>;

KeyHandle import_public_key(const std::string& line) {
  const std::string base64 = line.substr(line.find(' ') + 1);
  ssh_key key = nullptr;
  if (ssh_pki_import_pubkey_base64(base64.c_str(), SSH_KEYTYPE_ED25519, &key) != SSH_OK)
    fail(ErrorKind::Internal, "the guest's host key is not an ed25519 key");
  return {key, ssh_key_free};
}

KeyHandle import_private_key(const std::string& pem) {
  ssh_key key = nullptr;
  if (ssh_pki_import_privkey_base64(pem.c_str(), nullptr, nullptr, nullptr, &key) != SSH_OK)
    fail(ErrorKind::Internal, "the client key for the guest cannot be read");
  return {key, ssh_key_free};
}

}  // namespace

struct SshSession::Impl {
  ssh_session session = ssh_new();
  ~Impl() {
    if (!session) return;
    ssh_silent_disconnect(session);
    ssh_free(session);
  }
};

SshSession::SshSession(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SshSession::~SshSession() = default;
SshSession::SshSession(SshSession&&) noexcept = default;
SshSession& SshSession::operator=(SshSession&&) noexcept = default;

SshSession SshSession::connect(const SshTarget& target, milliseconds timeout,
                               const std::function<bool()>& still_alive) {
  std::vector<KeyHandle> expected_hosts;
  for (const std::string& key : {target.host_public_key, target.former_host_public_key})
    if (!key.empty()) expected_hosts.push_back(import_public_key(key));
  const KeyHandle client = import_private_key(target.client_private_key);
  const auto deadline = Clock::now() + timeout;
  std::string last_error = "no answer";
  while (Clock::now() < deadline) {
    check_interrupt();
    if (still_alive && !still_alive())
      fail(ErrorKind::Evidence, "the VM ended before its SSH server answered");
    auto impl = std::make_unique<Impl>();
    const unsigned int port = target.port;
    const long seconds = 10;
    const int no = 0;
    ssh_options_set(impl->session, SSH_OPTIONS_HOST, "127.0.0.1");
    ssh_options_set(impl->session, SSH_OPTIONS_PORT, &port);
    ssh_options_set(impl->session, SSH_OPTIONS_USER, target.user.c_str());
    ssh_options_set(impl->session, SSH_OPTIONS_TIMEOUT, &seconds);
    ssh_options_set(impl->session, SSH_OPTIONS_PROCESS_CONFIG, &no);
    ssh_options_set(impl->session, SSH_OPTIONS_HOSTKEYS, "ssh-ed25519");
    // The user's own keys, agent and known_hosts have no part in this.
    ssh_options_set(impl->session, SSH_OPTIONS_KNOWNHOSTS, "/dev/null");
    ssh_options_set(impl->session, SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null");
    if (ssh_connect(impl->session) != SSH_OK) {
      last_error = ssh_get_error(impl->session);
      interruptible_sleep(milliseconds(100));
      continue;
    }
    ssh_key presented = nullptr;
    if (ssh_get_server_publickey(impl->session, &presented) != SSH_OK)
      ssh_lost(impl->session, "the guest sent no host key");
    const KeyHandle shown(presented, ssh_key_free);
    if (std::none_of(expected_hosts.begin(), expected_hosts.end(), [&](const KeyHandle& expected) {
          return ssh_key_cmp(shown.get(), expected.get(), SSH_KEY_CMP_PUBLIC) == 0;
        }))
      fail(ErrorKind::Evidence,
           "the SSH server on port {} is not the guest: its host key is different", target.port);
    const int authenticated = ssh_userauth_publickey(impl->session, nullptr, client.get());
    if (authenticated == SSH_AUTH_SUCCESS) return SshSession(std::move(impl));
    last_error = ssh_get_error(impl->session);
    // cloud-init may not have written authorized_keys yet.
    interruptible_sleep(milliseconds(500));
  }
  fail(ErrorKind::Evidence, "login to the guest's SSH server failed within {} s: {}",
       std::chrono::duration_cast<std::chrono::seconds>(timeout).count(), printable(last_error));
}

ExecResult SshSession::exec(const std::string& command, const ExecOptions& options) {
  if (!ssh_is_connected(impl_->session))
    fail(ErrorKind::Evidence, "the SSH connection to the guest is closed");
  return ssh_exec(impl_->session, command, options);
}

std::string SshSession::check(const std::string& what, const std::string& command,
                              const ExecOptions& options) {
  ExecResult result = exec(command, options);
  if (result.timed_out)
    fail(ErrorKind::Evidence, "{}: not finished within {} s", what, options.timeout.count() / 1000);
  if (result.exit_code != 0)
    fail(ErrorKind::Evidence, "{}: exit code {}: {}", what,
         result.exit_code ? std::to_string(*result.exit_code) : "none, signal " + result.signal,
         printable_block(shorten(trim(result.err), 1000)));
  if (result.out_truncated)
    fail(ErrorKind::Evidence, "{}: the guest sent more than {} bytes", what, options.output_limit);
  return std::move(result.out);
}

}  // namespace skillaudit
