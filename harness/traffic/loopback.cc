#include "harness/traffic/loopback.h"

#include <arpa/inet.h>
#include <fmt/core.h>
#include <sys/socket.h>

#include <cerrno>

#include "harness/base/error.h"
#include "harness/base/fd.h"
#include "harness/base/hash.h"
#include "harness/base/text.h"

namespace skillaudit {

std::string direct_source(const std::string& address) {
  return address.substr(0, address.rfind('.')) + ".255";
}

LoopbackPlace free_loopback_place() {
  const std::string bytes = random_bytes(3);
  const auto octet = [&](std::size_t i) { return 1 + static_cast<unsigned char>(bytes[i]) % 254; };
  LoopbackPlace place{.address = fmt::format("127.{}.{}.{}", octet(0), octet(1), octet(2))};
  const Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in name{.sin_family = AF_INET};
  ::inet_pton(AF_INET, place.address.c_str(), &name.sin_addr);
  socklen_t size = sizeof name;
  if (!socket || ::bind(socket.get(), reinterpret_cast<sockaddr*>(&name), size) != 0 ||
      ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&name), &size) != 0)
    fail(ErrorKind::Environment, "no port on the loopback network for the proxy: {}",
         errno_text(errno));
  place.port = ntohs(name.sin_port);
  return place;
}

}  // namespace skillaudit
