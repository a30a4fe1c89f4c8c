#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace witness {

/// The processes of a step: those that the audit's session started, at whatever remove.

/// "watched COUNT NEWEST TICKS IO NETWORK SLEEP PORT…\n" (COUNT and NEWEST: how many, and the
/// highest pid). TICKS of a processor and IO, bytes read
/// and written, of all of them; NETWORK, bytes that passed the machine's interfaces; SLEEP, the
/// milliseconds of the longest sleep that one of them is in, -1 for none; the ports of TCP on which
/// they listen.
[[nodiscard]] std::string watch_step(int session);

/// Sends `number` to the step's process groups, as a terminal does; SIGKILL to each process of the
/// step and of its login session. "signalled COUNT\n".
[[nodiscard]] std::string signal_step(int session, int number);

/// Sends `request` to the port on this machine and reads what comes. "asked STATUS\n": the code of
/// an HTTP answer, 0 for anything else.
[[nodiscard]] std::string ask_port(std::uint16_t port, std::string_view request);

}  // namespace witness
