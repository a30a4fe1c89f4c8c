#include "harness/user_vms/wake.h"

#include <fmt/core.h>

#include <chrono>
#include <cstdlib>

#include "harness/base/hash.h"

namespace skillaudit {
namespace {

/// Run as root. RNDADDENTROPY credits the bytes, RNDRESEEDCRNG has them used at once (random(4)).
constexpr const char* kReseed = R"py(
import fcntl, struct
seed = bytes.fromhex("{}")
with open("/dev/random", "wb", buffering=0) as rng:
    fcntl.ioctl(rng, 0x40085203, struct.pack("ii", len(seed) * 8, len(seed)) + seed)
    fcntl.ioctl(rng, 0x5207)
)py";

double host_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace

void set_clock(SshSession& guest) {
  // By the guest's count of seconds since its boot: the commands that set the clock take a while to
  // start under emulation, and the time that they are told would be old by that.
  const double before = host_time();
  const std::string uptime = guest.check("reading the guest's uptime", "cat /proc/uptime");
  const double boot = (before + host_time()) / 2 - std::strtod(uptime.c_str(), nullptr);
  guest.check(
      "setting the guest's clock",
      fmt::format("sudo -n sh -c 'date -s @$(awk \"{{printf \\\"%.2f\\\", {:.3f} + \\$1}}\" "
                  "/proc/uptime)'",
                  boot));
}

void wake(SshSession& guest) {
  set_clock(guest);
  guest.check("reseeding the guest's random generator", "sudo -n python3 -I -",
              {.input = fmt::format(kReseed, random_hex(64))});
}

}  // namespace skillaudit
