#include "harness/witness/systemd.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "harness/witness/io.h"

namespace witness {
namespace {

/// More would be an attack: a thousand units take some hundred kilobytes.
constexpr std::size_t kLongestAnswer = 1U << 24;

std::size_t aligned(std::size_t at, std::size_t to) { return (at + to - 1) / to * to; }

void pad(std::string& out, std::size_t to) { out.resize(aligned(out.size(), to), '\0'); }

void put_u32(std::string& out, std::uint32_t value) {
  pad(out, 4);
  out.append(reinterpret_cast<const char*>(&value), sizeof value);  // little endian, as we say
}

/// A header field: its code, and a variant that holds a string or an object path.
void put_header(std::string& out, char code, char type, const std::string& value) {
  pad(out, 8);
  out += code;
  out += '\1';
  out += type;
  out += '\0';
  put_u32(out, static_cast<std::uint32_t>(value.size()));
  out += value;
  out += '\0';
}

std::string list_units_call() {
  std::string fields;
  put_header(fields, 1, 'o', "/org/freedesktop/systemd1");
  put_header(fields, 2, 's', "org.freedesktop.systemd1.Manager");
  put_header(fields, 3, 's', "ListUnits");
  std::string message = {'l', 1, 0, 1};  // little endian, method call, no flags, version 1
  put_u32(message, 0);                   // no body
  put_u32(message, 1);                   // serial
  put_u32(message, static_cast<std::uint32_t>(fields.size()));
  message += fields;
  pad(message, 8);
  return message;
}

class Reader {
 public:
  explicit Reader(const std::string& bytes) : bytes_(bytes) {}
  void align(std::size_t to) { at_ = aligned(at_, to); }
  [[nodiscard]] std::size_t at() const { return at_; }
  std::uint32_t u32() {
    align(4);
    std::uint32_t value = 0;
    need(sizeof value);
    std::memcpy(&value, bytes_.data() + at_, sizeof value);
    at_ += sizeof value;
    return value;
  }
  std::string string() {
    const std::uint32_t size = u32();
    need(std::size_t{size} + 1);
    std::string text = bytes_.substr(at_, size);
    at_ += std::size_t{size} + 1;
    // Rows are lines of words.
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == ' ' || c == '\0'; }, '_');
    return text;
  }

 private:
  void need(std::size_t count) const {
    if (at_ > bytes_.size() || bytes_.size() - at_ < count)
      throw Failure{"the service manager's answer is cut off"};
  }
  const std::string& bytes_;
  std::size_t at_ = 0;
};

class Connection {
 public:
  explicit Connection(const std::string& path)
      : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (!fd_ || path.size() >= sizeof address.sun_path) throw Failure{path + ": no socket"};
    std::memcpy(address.sun_path, path.data(), path.size());
    const timeval patience{20, 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      fail_on(path);
  }
  void write(std::string_view bytes) { write_all(fd_.get(), bytes); }
  /// Takes exactly `size` bytes.
  std::string read(std::size_t size) {
    std::string bytes(size, '\0');
    std::size_t had = 0;
    while (had < size) {
      const ssize_t got = ::recv(fd_.get(), bytes.data() + had, size - had, 0);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) throw Failure{"the service manager did not answer"};
      had += static_cast<std::size_t>(got);
    }
    return bytes;
  }
  std::string read_line() {
    std::string line;
    while (!line.ends_with("\r\n")) {
      if (line.size() > 1024) throw Failure{"the service manager does not speak D-Bus"};
      line += read(1);
    }
    return line;
  }

 private:
  Fd fd_;
};

}  // namespace

std::vector<LoadedUnit> parse_units_answer(const std::string& body) {
  std::vector<LoadedUnit> units;
  Reader reader(body);
  const std::size_t size = reader.u32();
  reader.align(8);
  const std::size_t end = reader.at() + size;
  while (reader.at() < end) {
    reader.align(8);
    LoadedUnit unit;
    unit.id = reader.string();
    (void)reader.string();  // description
    unit.load_state = reader.string();
    unit.active_state = reader.string();
    unit.sub_state = reader.string();
    (void)reader.string();  // the unit that it follows
    (void)reader.string();  // object path
    (void)reader.u32();     // job
    (void)reader.string();
    (void)reader.string();
    units.push_back(std::move(unit));
  }
  return units;
}

std::vector<LoadedUnit> loaded_units(const std::string& socket) {
  Connection manager(socket);
  // All at once, and the call only when all is answered: a manager leaves lying what comes in one
  // piece with BEGIN.
  manager.write(std::string_view("\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n", 29));
  if (manager.read_line() != "DATA\r\n" || !manager.read_line().starts_with("OK "))
    throw Failure{"the service manager at " + socket + " refuses us"};
  manager.write(list_units_call());
  for (;;) {
    const std::string head = manager.read(16);
    Reader lengths(head);
    (void)lengths.u32();
    const std::size_t body = lengths.u32();
    (void)lengths.u32();  // serial
    const std::size_t fields = aligned(lengths.u32(), 8);
    if (head[0] != 'l' || body + fields > kLongestAnswer)
      throw Failure{"the service manager at " + socket + " does not speak D-Bus as we do"};
    (void)manager.read(fields);
    const std::string answer = manager.read(body);
    if (head[1] == 2) return parse_units_answer(answer);
    if (head[1] == 3) throw Failure{"the service manager at " + socket + " answers with an error"};
  }
}

}  // namespace witness
