#include "harness/providers/qemu/qemu_spec.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace skillaudit {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

QemuSpec spec() {
  return {.kernel = "/i/vmlinuz",
          .initrd = "/i/initrd",
          .disk = "/r/disk.qcow2",
          .seed = "/t/seed.iso",
          .packet_capture = "/b/network.pcap",
          .console_log = "/b/console.log",
          .proxy_address = "127.4.5.6",
          .proxy_port = 40001,
          .qmp_fd = 9,
          .port_fd = 10};
}

/// What follows an option, each time it is given.
std::vector<std::string> values(const std::vector<std::string>& argv, const std::string& option) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i + 1 < argv.size(); ++i)
    if (argv[i] == option) found.push_back(argv[i + 1]);
  return found;
}

TEST(QemuSpec, RefusesAllNetworkButSshFromLoopbackAndTheProxy) {
  EXPECT_THAT(values(qemu_arguments(spec()), "-netdev"),
              ElementsAre(StartsWith(
                  "user,id=net,restrict=on,ipv6=off,net=0.0.0.0/4,host=10.0.2.2,dns=11.0.2.3,"
                  "hostfwd=tcp:127.0.0.1:0-10.0.2.15:22,"
                  "guestfwd=tcp:10.0.2.100:3128-cmd:socat -lf /dev/null STDIO "
                  "TCP:127.4.5.6:40001,,bind=127.4.5.6,"
                  "guestfwd=tcp:10.0.2.3:53-cmd:socat -lf /dev/null STDIO "
                  "PROXY:127.4.5.6:10.0.2.3:53,,proxyport=40001,,bind=127.4.5.255,"
                  "guestfwd=tcp:11.0.2.20:21-cmd:")));
}

TEST(QemuSpec, ForwardsEveryPortOfEveryAddressThatNamesStandForToTheProxyAlone) {
  const std::string all = values(qemu_arguments(spec()), "-netdev").at(0);
  const GuestNetwork network = guest_network();
  EXPECT_TRUE(std::is_sorted(network.server_ports.begin(), network.server_ports.end()));
  std::size_t expected = 2;
  for (const std::string& server : network.servers)
    for (const std::uint16_t port : network.server_ports) {
      const std::string place = server + ":" + std::to_string(port);
      EXPECT_THAT(all, HasSubstr(",guestfwd=tcp:" + place +
                                 "-cmd:socat -lf /dev/null STDIO "
                                 "PROXY:127.4.5.6:" +
                                 place + ",,"));
      ++expected;
    }
  std::size_t found = 0;
  for (std::size_t at = 0; (at = all.find("guestfwd=", at)) != std::string::npos; ++at) ++found;
  EXPECT_EQ(found, expected);
  // The longest addresses that a proxy can have; the kernel takes 128 KiB (MAX_ARG_STRLEN).
  QemuSpec longest = spec();
  longest.proxy_address = "127.254.254.254";
  longest.proxy_port = 65535;
  EXPECT_LT(values(qemu_arguments(longest), "-netdev").at(0).size(), 128U << 10);
}

TEST(QemuSpec, RecordsEveryFrameOfTheNetworkCard) {
  EXPECT_THAT(values(qemu_arguments(spec()), "-object"),
              Contains("filter-dump,id=capture,netdev=net,file=/b/network.pcap"));
}

TEST(QemuSpec, ForwardsNothingWithoutAProxy) {
  QemuSpec alone = spec();
  alone.proxy_address.clear();
  EXPECT_THAT(values(qemu_arguments(alone), "-netdev"), ElementsAre(Not(HasSubstr("guestfwd"))));
}

TEST(QemuSpec, RunsUnderSeccompAndBringsNoDefaultDevices) {
  const std::vector<std::string> argv = qemu_arguments(spec());
  EXPECT_THAT(values(argv, "-sandbox"),
              ElementsAre("on,obsolete=deny,spawn=allow,resourcecontrol=deny"));
  EXPECT_THAT(argv, Contains("-nodefaults"));
  EXPECT_THAT(argv, Contains("-no-user-config"));
}

TEST(QemuSpec, ATemplateWritesItsMemoryFileAndACloneDoesNot) {
  QemuSpec machine = spec();
  machine.memory_file = "/t/memory";
  machine.memory_mode = MemoryMode::Saved;
  EXPECT_THAT(values(qemu_arguments(machine), "-object"),
              Contains("memory-backend-file,id=ram,size=1024M,mem-path=/t/memory,share=on"));
  machine.memory_mode = MemoryMode::Cloned;
  EXPECT_THAT(values(qemu_arguments(machine), "-object"),
              Contains("memory-backend-file,id=ram,size=1024M,mem-path=/t/memory,share=off"));
}

TEST(QemuSpec, TheSeedIsReadOnly) {
  EXPECT_THAT(values(qemu_arguments(spec()), "-drive"),
              Contains("if=none,id=seed,format=raw,readonly=on,file=/t/seed.iso"));
}

TEST(QemuSpec, DoublesACommaInAFileName) {
  QemuSpec machine = spec();
  machine.disk = "/r/a,b.qcow2";
  EXPECT_THAT(values(qemu_arguments(machine), "-drive"), Contains(HasSubstr("file=/r/a,,b.qcow2")));
}

TEST(QemuSpec, BootsByFirmwareWithoutAKernel) {
  QemuSpec machine = spec();
  machine.kernel.clear();
  machine.initrd.clear();
  EXPECT_THAT(qemu_arguments(machine), Not(Contains("-kernel")));
}

TEST(QemuSpec, UsesTheHostsProcessorUnderKvmOnly) {
  QemuSpec machine = spec();
  EXPECT_THAT(values(qemu_arguments(machine), "-cpu"), ElementsAre("Nehalem"));
  machine.accelerator = Accelerator::Kvm;
  EXPECT_THAT(values(qemu_arguments(machine), "-cpu"), ElementsAre("host"));
}

TEST(QemuSpec, TheIdentityLeavesOutWhatDiffersFromRunToRun) {
  QemuSpec other = spec();
  other.disk = "/elsewhere";
  other.seed = "/elsewhere";
  other.packet_capture = "/elsewhere";
  other.console_log = "/elsewhere";
  other.memory_file = "/elsewhere";
  other.kernel = "/elsewhere";
  other.proxy_port = 2;
  other.proxy_address = "127.9.9.9";
  other.qmp_fd = 77;
  other.port_fd = 78;
  other.incoming = true;
  EXPECT_EQ(machine_identity(spec()), machine_identity(other));
}

TEST(QemuSpec, TheIdentityHoldsWhatASavedStateDependsOn) {
  QemuSpec memory = spec();
  memory.memory_mib = 2048;
  QemuSpec cpus = spec();
  cpus.cpus = 4;
  QemuSpec accelerator = spec();
  accelerator.accelerator = Accelerator::Kvm;
  for (const QemuSpec& other : {memory, cpus, accelerator})
    EXPECT_NE(machine_identity(spec()), machine_identity(other));
}

TEST(QemuSpec, LetsAGuestLeaveNothingButPlainFilesInASharedFolder) {
  QemuSpec shared = spec();
  shared.share = SharedFolder{.folder = "/home/me/a,b"};
  EXPECT_THAT(values(qemu_arguments(shared), "-fsdev"),
              ElementsAre("local,id=share,multidevs=remap,path=/home/me/a,,b,"
                          "security_model=mapped-xattr"));
  shared.share->read_only = true;
  EXPECT_THAT(values(qemu_arguments(shared), "-fsdev"),
              ElementsAre("local,id=share,multidevs=remap,path=/home/me/a,,b,"
                          "security_model=none,readonly=on"));
  EXPECT_THAT(values(qemu_arguments(spec()), "-fsdev"), testing::IsEmpty());
}

TEST(QemuSpec, WakesFromACheckpoint) {
  QemuSpec suspended = spec();
  suspended.checkpoint = "before";
  EXPECT_THAT(values(qemu_arguments(suspended), "-loadvm"), ElementsAre("before"));
  EXPECT_EQ(machine_identity(suspended), machine_identity(spec()));
}

}  // namespace
}  // namespace skillaudit
