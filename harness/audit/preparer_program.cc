#include "harness/audit/preparer_program.h"

#include <fmt/format.h>

#include "harness/snapshot/capture.h"
#include "harness/vm/qemu_spec.h"

namespace skillaudit {
namespace {

/// RNDADDENTROPY credits the bytes and RNDRESEEDCRNG makes the generator use them now (random(4));
/// writing alone would be mixed in at the kernel's leisure, and two clones would draw the same
/// numbers until then. Everything is imported at the top: a template holds it in memory.
constexpr const char* kProgram = R"py(
import fcntl, json, pwd, signal, socket, struct, subprocess, time

PORT = b"/dev/virtio-ports/{port}"

class Channel:
    def __init__(self, port):
        self.port, self.buffer = port, b""
    def fill(self):
        part = os.read(self.port, 1 << 16)
        if not part:
            time.sleep(0.02)  # nobody at the host's end yet
        self.buffer += part
    def line(self):
        while b"\n" not in self.buffer:
            self.fill()
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line
    def take(self, size):
        while len(self.buffer) < size:
            self.fill()
        taken, self.buffer = self.buffer[:size], self.buffer[size:]
        return taken
    def write(self, data):
        while data:
            data = data[os.write(self.port, data):]

def replace(path, text, mode, owner=None):
    with open(path + ".new", "w") as out:
        out.write(text)
    os.chmod(path + ".new", mode)
    if owner:
        os.chown(path + ".new", *owner)
    os.rename(path + ".new", path)

def wake(order, home, user):
    time.clock_settime(time.CLOCK_REALTIME, order["boot"] + time.clock_gettime(time.CLOCK_BOOTTIME))
    seed = bytes.fromhex(order["seed"])
    with open("/dev/random", "wb", buffering=0) as rng:
        fcntl.ioctl(rng, 0x40085203, struct.pack("ii", len(seed) * 8, len(seed)) + seed)
        fcntl.ioctl(rng, 0x5207)
    replace(home + "/.ssh/authorized_keys", order["client_public"] + "\n", 0o600,
            (user.pw_uid, user.pw_gid))

def identify(order):
    hostname = order["hostname"]
    replace("/etc/machine-id", order["machine_id"] + "\n", 0o444)
    replace("/etc/hostname", hostname + "\n", 0o644)
    with open("/etc/hosts") as file:
        hosts = [line for line in file if not line.startswith("127.0.1.1")]
    replace("/etc/hosts", "".join(hosts) + "127.0.1.1 " + hostname + "\n", 0o644)
    with open("/proc/sys/kernel/hostname", "w") as file:
        file.write(hostname)
    replace("/etc/ssh/ssh_host_ed25519_key", order["host_private"], 0o600)
    replace("/etc/ssh/ssh_host_ed25519_key.pub", order["host_public"] + "\n", 0o644)

def unpack(archive, home, user):
    done = subprocess.run(["/usr/bin/tar", "-x", "-p", "-f", "-", "-C", home], input=archive,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/",
                          user=user.pw_uid, group=user.pw_gid, umask=0o022,
                          extra_groups=os.getgrouplist(user.pw_name, user.pw_gid))
    if done.returncode:
        raise RuntimeError("unpacking the user's files: " + done.stderr.decode("ascii", "replace"))

LETTERS = {{stat.S_IFREG: b"f", stat.S_IFDIR: b"d", stat.S_IFLNK: b"l", stat.S_IFSOCK: b"s",
            stat.S_IFIFO: b"p", stat.S_IFBLK: b"b", stat.S_IFCHR: b"c"}}

def row(path):
    info = os.lstat(path)
    second = 10 ** 9
    return b"%s %o %d %d %d %d.%09d0 %d.%09d0 %s\0%s\0" % (
        LETTERS[stat.S_IFMT(info.st_mode)], info.st_mode & 0o7777, info.st_uid, info.st_gid,
        info.st_size, info.st_mtime_ns // second, info.st_mtime_ns % second,
        info.st_ctime_ns // second, info.st_ctime_ns % second, path,
        os.readlink(path) if stat.S_ISLNK(info.st_mode) else b"")

def rows(home):
    paths = [b"/etc", b"/etc/machine-id", b"/etc/hostname", b"/etc/hosts", b"/etc/ssh",
             b"/etc/ssh/ssh_host_ed25519_key", b"/etc/ssh/ssh_host_ed25519_key.pub", home]
    for folder, folders, files in os.walk(home):
        paths += [folder + b"/" + name for name in folders + files]
    return b"".join(row(path) for path in paths)

def probe(order):
    request = "GET http://{{0}}/ HTTP/1.1\r\nHost: {{0}}\r\nConnection: close\r\n\r\n".format(order["probe"])
    answer = b""
    deadline = time.monotonic() + 30
    while not answer.startswith(b"HTTP/") and time.monotonic() < deadline:
        answer = b""
        try:
            with socket.create_connection(("{proxy}", {proxy_port}), 5) as proxy:
                proxy.sendall(request.encode())
                while b"\n" not in answer and len(answer) < 4096:
                    part = proxy.recv(4096)
                    if not part:
                        break
                    answer += part
        except OSError:
            pass
        if not answer.startswith(b"HTTP/"):
            time.sleep(0.05)  # the proxy starts beside us
    return answer.partition(b"\n")[0]

def serve(channel):
    order = json.loads(channel.line())
    user = pwd.getpwnam(order["user"])
    wake(order, user.pw_dir, user)
    channel.write(b"seeded\n")
    frames = []
    try:
        identify(order)
        unpack(channel.take(order["size"]), user.pw_dir, user)
        frames.append((b"files", rows(os.fsencode(user.pw_dir))))
        parts = []
        table_config(parts.append)
        frames.append((b"config", b"".join(parts)))
        frames.append((b"probe", probe(order)))
        tables = b"".join(b"table %s 0 %d \n%s\n" % (name, len(data), data) for name, data in frames)
    except Exception as error:
        message = (type(error).__name__ + ": " + str(error)).replace("\n", " ")
        tables = b"table files 1 0 %s\n\n" % message.encode("utf-8", "surrogateescape")
        frames = [None]
    channel.write(b"skillaudit-capture 1\n" + tables + b"end %d\n" % len(frames))
    while channel.line() != b"connected":
        pass
    with open("/run/sshd.pid") as file:
        os.kill(int(file.read()), signal.SIGHUP)
    channel.write(b"done\n")

def wait():
    ready, told = os.pipe()
    if os.fork():
        os.close(told)
        sys.exit(0 if os.read(ready, 1) else 1)
    os.setsid()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    null = os.open("/dev/null", os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    port = os.open(PORT, os.O_RDWR | os.O_CLOEXEC)
    # What the order will need is in memory when the template is frozen.
    table_config(len)
    rows(b"/etc/ssh")
    subprocess.run(["/usr/bin/tar", "--version"], stdout=null)
    os.write(told, b"1")
    os.close(told)
    channel = Channel(port)
    while channel.line() != b"ping":
        pass
    channel.write(b"%f\n" % time.clock_gettime(time.CLOCK_BOOTTIME))
    serve(channel)

wait()
)py";

}  // namespace

std::string preparer_program() {
  return config_program() + fmt::format(kProgram, fmt::arg("port", kGuestPortName),
                                        fmt::arg("proxy", kProxyAddress),
                                        fmt::arg("proxy_port", kProxyPort));
}

}  // namespace skillaudit
