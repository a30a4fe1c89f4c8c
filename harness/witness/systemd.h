#pragma once

#include <string>
#include <vector>

namespace witness {

struct LoadedUnit {
  std::string id, load_state, active_state, sub_state;
};

/// What a service manager has loaded, asked for at its private socket ("/run/systemd/private"): the
/// method ListUnits of org.freedesktop.systemd1(5), in the wire format of the D-Bus specification,
/// "Message Protocol". systemctl would be the guest's own program, and takes a quarter of a second
/// under emulation. Throws Failure when the manager does not answer or does not speak so.
[[nodiscard]] std::vector<LoadedUnit> loaded_units(const std::string& socket);

/// The units in the body of the answer, of signature a(ssssssouso). Throws Failure.
[[nodiscard]] std::vector<LoadedUnit> parse_units_answer(const std::string& body);

}  // namespace witness
