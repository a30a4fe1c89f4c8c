#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace skillaudit {

enum class ConsentKind {
  Path,
  Host,
  Name,      ///< a bare word: a package, a program or an account, as its verb says
  Unit,      ///< of systemd: "x.service", "x.timer"
  CronLine,  ///< the schedule is not looked at, its command is
  Command,   ///< a command line
  Setting,   ///< of a program: a key and its value
  Variable,  ///< of the environment, as a rule a credential
  Listener,  ///< a port on which something listens
};
[[nodiscard]] std::string_view name_of(ConsentKind);

/// What a verb is done to: as a document names it, or as the caller of Consent::covers() asks.
struct ConsentObject {
  ConsentKind kind = ConsentKind::Path;
  /// Path: canonical, see path_pattern.h. Host: lower case. CronLine: the whole command.
  /// Setting: the key, "core.pager". Listener: the address, "127.0.0.1".
  std::string name;
  std::string program = {};  ///< Setting: "git"
  std::string value = {};    ///< Setting
  std::string command = {};  ///< Unit, Listener: what it starts, where that is known
  std::string host = {};     ///< Variable: where it is sent
  int port = 0;              ///< Host, Listener; 0: not known
  // What only a caller knows of the object that it asks for:
  bool is_folder = false;
  bool secret = false;     ///< a key, a credential, or a private document
  bool lasting = false;    ///< a place that another program executes or is configured by
  bool encrypted = false;  ///< the new content is the old one, encrypted

  bool operator==(const ConsentObject&) const = default;

  static ConsentObject path(std::string path) { return {ConsentKind::Path, std::move(path)}; }
  static ConsentObject host_at(std::string host, int port = 0) {
    ConsentObject object{ConsentKind::Host, std::move(host)};
    object.port = port;
    return object;
  }
  static ConsentObject package(std::string name) { return {ConsentKind::Name, std::move(name)}; }
  static ConsentObject unit(std::string unit, std::string command) {
    ConsentObject object{ConsentKind::Unit, std::move(unit)};
    object.command = std::move(command);
    return object;
  }
  static ConsentObject cron(std::string command) {
    return {ConsentKind::CronLine, std::move(command)};
  }
  static ConsentObject run(std::string command) {
    return {ConsentKind::Command, std::move(command)};
  }
  static ConsentObject setting(std::string program, std::string key, std::string value) {
    ConsentObject object{ConsentKind::Setting, std::move(key)};
    object.program = std::move(program);
    object.value = std::move(value);
    return object;
  }
  static ConsentObject variable(std::string name, std::string host) {
    ConsentObject object{ConsentKind::Variable, std::move(name)};
    object.host = std::move(host);
    return object;
  }
  static ConsentObject listener(std::string address, int port, std::string command) {
    ConsentObject object{ConsentKind::Listener, std::move(address)};
    object.port = port;
    object.command = std::move(command);
    return object;
  }
};

/// "~/.bashrc", "api.example.com:8443", "core.pager = delta of git": for reports.
[[nodiscard]] std::string text_of(const ConsentObject&);

/// The objects that one word names: a path, a URL's host, a host, a unit, a variable, a setting's
/// key. `is_code`: it stood in a code span, where a bare word is a name too. Empty for other words.
[[nodiscard]] std::vector<ConsentObject> objects_in(std::string_view word, bool is_code);

}  // namespace skillaudit
