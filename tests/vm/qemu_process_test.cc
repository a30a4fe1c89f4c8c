#include <fcntl.h>
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <set>

#include "fixtures/sandbox_test.h"
#include "harness/base/file.h"
#include "harness/base/interrupt.h"
#include "harness/base/text.h"
#include "harness/providers/qemu/image.h"
#include "harness/providers/qemu/qemu_machine.h"
#include "harness/sensors/wire.h"

namespace skillaudit {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSubsetOf;
using testing::StartsWith;

struct OpenFile {
  std::string target;  ///< as /proc shows it: a path, "socket:[4711]", "anon_inode:[eventfd]"
  bool writable = false;
};

/// The processes that QEMU started to carry a connection to the proxy. They lead sessions of their
/// own and are adopted by init, so they are known by their command line: the address is this
/// test's.
std::vector<fs::path> relays_to(const Proxy& proxy) {
  const std::string goal = fmt::format("TCP:{}:", proxy.address());
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "cmdline", std::ios::binary);
    const std::string line{std::istreambuf_iterator<char>(file), {}};
    if (line.starts_with("socat") && line.find(goal) != std::string::npos)
      found.push_back(entry.path());
  }
  return found;
}

/// Waits up to ten seconds until there are `count` of them.
std::vector<fs::path> wait_for_relays(const Proxy& proxy, std::size_t count) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  std::vector<fs::path> found = relays_to(proxy);
  while (found.size() != count && std::chrono::steady_clock::now() < deadline) {
    interruptible_sleep(std::chrono::milliseconds(50));
    found = relays_to(proxy);
  }
  return found;
}

/// Leaves a connection to the proxy open in the guest.
void hold_connection(SshSession& guest) {
  guest.check("connecting to the proxy",
              "python3 -I -c 'import socket, time\n"
              "s = socket.create_connection((\"10.0.2.100\", 3128), 20)\n"
              "open(\"/tmp/holding\", \"w\").close()\n"
              "time.sleep(60)' > /dev/null 2>&1 & "
              "until [ -e /tmp/holding ]; do sleep 0.1; done");
}

/// QEMU as the host sees it: what a guest that breaks out of its machine would hold in its hands.
class QemuProcess : public SharedSandboxTest {
 protected:
  static void SetUpTestSuite() { open_shared({}); }

  static fs::path proc() {
    return fs::path("/proc") / std::to_string(qemu_of(sandbox().machine()).pid());
  }

  static std::vector<OpenFile> open_files(const fs::path& process) {
    std::vector<OpenFile> files;
    for (const auto& entry : fs::directory_iterator(process / "fd")) {
      std::error_code gone;
      OpenFile file{.target = fs::read_symlink(entry.path(), gone).string()};
      if (gone) continue;
      const std::string info = read_file(process / "fdinfo" / entry.path().filename());
      const std::string flags(trim(info.substr(info.find("flags:") + 6, 32)));
      unsigned value = 0;
      std::from_chars(flags.data(), flags.data() + flags.size(), value, 8);
      file.writable = (value & O_ACCMODE) != O_RDONLY;
      files.push_back(file);
    }
    return files;
  }
  /// Real files: no sockets, pipes or kernel objects.
  static std::vector<std::string> paths(const std::vector<OpenFile>& files, bool writable_only) {
    std::set<std::string> found;
    for (const OpenFile& file : files)
      if (file.target.starts_with('/') && (file.writable || !writable_only))
        found.insert(file.target);
    return {found.begin(), found.end()};
  }
  struct Socket {
    std::string local;  ///< "0100007F:1F90"
    std::string state;  ///< "0A": listening
  };
  /// The process's sockets of one kind (tcp, tcp6, udp, udp6, raw, packet).
  static std::vector<Socket> sockets(const std::string& kind) {
    std::set<std::string> inodes;
    for (const OpenFile& file : open_files(proc()))
      if (file.target.starts_with("socket:["))
        inodes.insert(file.target.substr(8, file.target.size() - 9));
    std::vector<Socket> found;
    const std::string table = read_file(proc() / "net" / kind);
    for (const std::string_view line : split(table, '\n')) {
      std::vector<std::string> words;
      for (const std::string_view word : split(line, ' '))
        if (!word.empty()) words.emplace_back(word);
      if (words.size() > 9 && inodes.contains(words[9])) found.push_back({words[1], words[3]});
    }
    return found;
  }
};

TEST_F(QemuProcess, ListensOnOnePortOfTheLoopbackInterface) {
  std::vector<std::string> listening;
  for (const Socket& each : sockets("tcp"))
    if (each.state == "0A") listening.push_back(each.local);
  EXPECT_THAT(listening,
              ElementsAre(fmt::format("0100007F:{:04X}", sandbox().machine().ssh_port())));
}

TEST_F(QemuProcess, HasNoConnectionBeyondTheLoopbackInterface) {
  for (const Socket& each : sockets("tcp")) EXPECT_THAT(each.local, StartsWith("0100007F:"));
  for (const char* kind : {"tcp6", "udp", "udp6", "raw", "raw6"})
    EXPECT_THAT(sockets(kind), IsEmpty()) << kind;
}

TEST_F(QemuProcess, HasNoFileOpenBeyondItsOwn) {
  const Sandbox& box = sandbox();
  const std::vector<std::string> own = {
      "/dev/null",
      "/dev/urandom",
      "/dev/kvm",
      (box.work_dir() / "disk.qcow2").string(),
      (box.work_dir() / "qemu.log").string(),
      (evidence_dir() / "network.pcap").string(),
      (evidence_dir() / "console.log").string(),
      (box.base().folder / "disk.qcow2").string(),
      (box.base().folder / "seed.iso").string(),
      (box.base().folder / "memory").string(),
      (box.base().folder / "state").string(),
      ImageStore(cache_dir()).find(box.image().name)->disk.string()};
  const std::vector<std::string> open = paths(open_files(proc()), false);
  EXPECT_THAT(open, Contains((box.work_dir() / "disk.qcow2").string()));
  EXPECT_THAT(open, IsSubsetOf(own));
}

TEST_F(QemuProcess, HasOpenForWritingOnlyWhatIsThisClonesAlone) {
  const Sandbox& box = sandbox();
  std::vector<std::string> open = paths(open_files(proc()), true);
  // QEMU 7.2 has no way to open a memory file for reading and write to its private pages; that
  // the mapping is private is the next test's.
  std::erase(open, (box.base().folder / "memory").string());
  EXPECT_THAT(open, IsSubsetOf({std::string("/dev/null"), std::string("/dev/kvm"),
                                (box.work_dir() / "disk.qcow2").string(),
                                (box.work_dir() / "qemu.log").string(),
                                (evidence_dir() / "network.pcap").string(),
                                (evidence_dir() / "console.log").string()}));
}

TEST_F(QemuProcess, MapsTheTemplatesMemoryPrivately) {
  const std::string maps = read_file(proc() / "maps");
  std::size_t found = 0;
  for (const std::string_view line : split(maps, '\n')) {
    if (!line.ends_with((sandbox().base().folder / "memory").string())) continue;
    ++found;
    EXPECT_EQ(split(line, ' ').at(1).at(3), 'p') << line;
  }
  EXPECT_GT(found, 0U);
}

TEST_F(QemuProcess, RunsUnderSeccompInEachThread) {
  std::size_t threads = 0;
  for (const auto& task : fs::directory_iterator(proc() / "task")) {
    ++threads;
    const std::string status = read_file(task.path() / "status");
    EXPECT_THAT(status, HasSubstr("\nSeccomp:\t2\n")) << task.path();
    EXPECT_THAT(status, HasSubstr("\nNoNewPrivs:\t1\n")) << task.path();
  }
  EXPECT_GT(threads, 1U);
}

TEST_F(QemuProcess, GivesTheRelayToTheProxyNoFileAndNoPrivilege) {
  hold_connection(sandbox().guest());
  const std::vector<fs::path> relays = wait_for_relays(sandbox().proxy(), 1);
  ASSERT_EQ(relays.size(), 1U);
  const std::string status = read_file(relays[0] / "status");
  EXPECT_THAT(status, HasSubstr("\nSeccomp:\t2\n"));
  EXPECT_THAT(status, HasSubstr("\nNoNewPrivs:\t1\n"));
  EXPECT_THAT(paths(open_files(relays[0]), false),
              IsSubsetOf({std::string("/dev/null"), (sandbox().work_dir() / "qemu.log").string()}));
}

class EndedQemu : public SandboxTest {};

TEST_F(EndedQemu, LeavesAWholeCaptureOfAGuestThatNeverStopsSending) {
  exec(
      "nohup python3 -c 'import socket\n"
      "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
      "while True: s.sendto(bytes(1400), (\"192.0.2.1\", 9))' >/dev/null 2>&1 &");
  const fs::path capture = evidence_dir() / "network.pcap";
  const std::uintmax_t quiet = fs::file_size(capture);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (fs::file_size(capture) < quiet + 100'000) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "the guest sends nothing";
    interruptible_sleep(std::chrono::milliseconds(50));
  }
  Machine& machine = sandbox().machine();
  machine.end(std::chrono::seconds(3));
  EXPECT_EQ(machine.ending()->text, "QEMU ended: exit code 0")
      << "QEMU was killed, perhaps while it wrote";
  const Wire wire = read_wire(capture, machine.facts().network);
  EXPECT_THAT(wire.gaps, IsEmpty());
  EXPECT_THAT(wire.contacts, Contains(testing::Field(&WireContact::address, "192.0.2.1")));
}

class LostQemu : public SandboxTest {};

TEST_F(LostQemu, TakesTheRelaysToTheProxyWithIt) {
  hold_connection(sandbox().guest());
  const Proxy& proxy = sandbox().proxy();
  ASSERT_THAT(wait_for_relays(proxy, 1), testing::SizeIs(1));
  ASSERT_EQ(::kill(qemu_of(sandbox().machine()).pid(), SIGKILL), 0);
  EXPECT_THAT(wait_for_relays(proxy, 0), IsEmpty());
}

}  // namespace
}  // namespace skillaudit
