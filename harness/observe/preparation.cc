#include "harness/observe/preparation.h"

#include <fmt/core.h>

#include <chrono>

#include "harness/base/error.h"
#include "harness/base/hash.h"
#include "harness/base/text.h"
#include "harness/snapshot/frames.h"

namespace skillaudit {
namespace {

using std::chrono::seconds;

/// Generous: the machine may be busy, and a skill of some hundred megabytes passes through.
constexpr seconds kPatience{120};
constexpr std::size_t kAnswerLimit = 256U << 20;

double host_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// The fields that the witness wants, each ended by NUL (harness/witness/prepare.cc). `boot`: the
/// host's time when the guest's count of seconds since its boot was zero.
std::string order_head(const PreparationSpec& spec, double boot, const std::string& probe) {
  std::string head;
  for (const std::string& field :
       {fmt::format("{:.6f}", boot), random_hex(64), spec.user, spec.identity.hostname,
        spec.identity.machine_id, spec.identity.host_key.private_key,
        spec.identity.host_key.public_key, spec.identity.client_key.public_key, probe,
        spec.network.proxy, std::to_string(spec.network.proxy_port)})
    head.append(field).push_back('\0');
  return head;
}

/// The user's files: for each a line of what it is, its path and its content or target.
std::string order_files(const std::vector<ArchiveEntry>& files) {
  std::string text;
  for (const ArchiveEntry& file : files) {
    const bool link = !file.link_target.empty();
    text +=
        file.directory ? fmt::format("d {:o}", file.mode)
        : link         ? fmt::format("l {:o}", file.mode)
               : fmt::format("{} {:o} {}", file.placed ? 'p' : 'f', file.mode, file.content.size());
    text.append(1, '\0').append(file.path).append(1, '\0');
    if (link) text.append(file.link_target).append(1, '\0');
    if (!link && !file.directory) text += file.content;
  }
  return text;
}

std::string digests_of(const std::vector<ArchiveEntry>& files) {
  std::string table;
  for (const ArchiveEntry& file : files) {
    if (file.directory || !file.link_target.empty()) continue;
    table.append(file.path).append(1, '\0').append(sha256(file.content)).append(1, '\0');
  }
  return table;
}

std::string draw_probe() { return random_hex(16) + ".invalid"; }

const std::vector<std::string_view>& tables() {
  static const std::vector<std::string_view> names = {"files", "config", "probe"};
  return names;
}

Prepared read_answer(std::string_view stream, const std::string& probe) {
  const Frames frames = split_frames(stream, tables());
  if (!frames.damage.empty())
    fail(ErrorKind::Evidence, "preparing the guest: invalid answer: {}", frames.damage);
  Prepared prepared{.proxy_probe = probe};
  for (const Frame& frame : frames.frames) {
    if (frame.exit_code != 0)
      fail(ErrorKind::Evidence, "preparing the guest: {}", printable(frame.message));
    if (frame.name == "files") prepared.files = frame.bytes;
    if (frame.name == "config") prepared.config = frame.bytes;
    // The filter blocks it, or answers in the host's place. Its flow shows that requests are seen.
    if (frame.name == "probe" && !frame.bytes.starts_with("HTTP/1.1 403") &&
        !frame.bytes.starts_with("HTTP/1.1 200"))
      fail(ErrorKind::Evidence, "the guest cannot reach the proxy: it got '{}'",
           printable(shorten(trim(frame.bytes), 80)));
  }
  return prepared;
}

}  // namespace

CloneIdentity draw_identity() {
  return {.hostname = "devbox-" + random_hex(2),
          .machine_id = random_hex(16),
          .host_key = generate_key_pair(),
          .client_key = generate_key_pair()};
}

Preparer::Preparer(GuestPort& port, PreparationSpec spec)
    : port_(port), spec_(std::move(spec)), probe_(draw_probe()) {}

void Preparer::begin() {
  const double before = host_time();
  port_.write("ping\n", kPatience);
  const std::string uptime = port_.read_line(kPatience);
  const double boot = (before + host_time()) / 2 - std::strtod(uptime.c_str(), nullptr);
  const std::string head = order_head(spec_, boot, probe_);
  const std::string files = order_files(spec_.files);
  port_.write(fmt::format("prepare {} {}\n", head.size(), files.size()) + head + files, kPatience);
  if (const std::string said = port_.read_line(kPatience); said != "seeded")
    fail(ErrorKind::Evidence, "preparing the guest: it answered '{}'",
         printable(shorten(said, 200)));
}

Prepared Preparer::await() {
  // The guest works meanwhile.
  std::string digests = digests_of(spec_.files);
  Prepared prepared = read_answer(
      port_.read_until(
          [](std::string_view bytes) { return split_frames(bytes, tables()).damage.empty(); },
          kAnswerLimit, kPatience),
      probe_);
  prepared.digests = std::move(digests);
  return prepared;
}

void Preparer::finish() {
  port_.write("reload-sshd\n", kPatience);
  if (const std::string said = port_.read_line(kPatience); said != "done")
    fail(ErrorKind::Evidence, "preparing the guest: it answered '{}'",
         printable(shorten(said, 200)));
}

}  // namespace skillaudit
