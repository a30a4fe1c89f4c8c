// Reading a trace of 100 MB: as many programs started as fit, in the records of a real guest.
//   bench_trace_log [MEGABYTES]      100 by default; prints one line of JSON

#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <string>

#include "harness/sensors/trace_log.h"

using namespace skillaudit;

namespace {

std::string make_log(std::size_t bytes) {
  std::string log = "1005 1000000 audit(1.000:10): pid=1 uid=0 msg='FIRSTMARK'\n";
  for (std::uint64_t serial = 11; log.size() < bytes; serial += 3) {
    const std::string head =
        fmt::format("{} audit(1700000000.123:{}): ", 1000000 + serial * 50, serial);
    const std::string person = fmt::format(
        "ppid={} pid={} auid=1000 uid=1000 gid=1000 euid=1000 suid=1000 fsuid=1000 egid=1000 "
        "sgid=1000 "
        "fsgid=1000 tty=(none) ses=3 ",
        serial % 30000 + 2, serial % 30000 + 3);
    log += "1300 " + head +
           "arch=c000003e syscall=59 success=yes exit=0 a0=55cf1bea4980 a1=55cf1bea4000 "
           "a2=55cf1bea1320 a3=8 items=3 " +
           person + "comm=\"true\" exe=\"/usr/bin/true\" subj=unconfined key=\"exec\"\n";
    log += "1309 " + head + "argc=2 a0=\"/bin/true\" a1=\"--with\"\n";
    log += "1307 " + head + "cwd=\"/home/ubuntu/.claude/skills/example\"\n";
    for (const char* path : {"/bin/true", "/bin/true", "/lib64/ld-linux-x86-64.so.2"})
      log += fmt::format(
          "1302 {}item=0 name=\"{}\" inode=550 dev=fe:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 "
          "nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0\n",
          head, path);
    for (const auto& [number, key] : {std::pair(56, "fork"), std::pair(231, "exit")})
      log += fmt::format(
          "1300 {} audit(1700000000.123:{}): arch=c000003e syscall={} success=yes exit=812 "
          "a0=1200011 "
          "a1=0 a2=0 a3=7f271a692750 items=0 {}comm=\"bash\" exe=\"/usr/bin/bash\" subj=unconfined "
          "key=\"{}\"\n",
          1000000 + serial * 50, serial + (number == 56 ? 1 : 2), number, person, key);
  }
  return log + "1005 9000000000 audit(1.000:4000000000): msg='LASTMARK'\n";
}

}  // namespace

int main(int argc, char** argv) {
  const auto megabytes = static_cast<std::size_t>(argc > 1 ? std::atoi(argv[1]) : 100);
  const std::string log = make_log(megabytes * 1000 * 1000);
  for (int i = 0; i < 3; ++i) {
    const auto started = std::chrono::steady_clock::now();
    const TraceLog read = parse_trace_log(log, "FIRSTMARK", "LASTMARK");
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    fmt::print("{{\"megabytes\":{:.1f},\"seconds\":{:.3f},\"events\":{},\"omitted\":{}}}\n",
               static_cast<double>(log.size()) / 1e6, seconds, read.events.size(), read.omitted);
  }
  return 0;
}
