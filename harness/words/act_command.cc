#include "harness/words/act_command.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <string_view>
#include <vector>

#include "harness/base/text.h"
#include "harness/evidence/given_host.h"
#include "harness/words/instructions.h"
#include "harness/words/targets.h"

namespace skillaudit {
namespace {

using Kind = ActTarget::Kind;
using Role = ActTarget::Role;

constexpr std::string_view kOwnText = "Done: all steps ended well.";
/// Braces and brackets in an address are itself, not a pattern.
constexpr std::string_view kCurl = "curl -sS -g -m 20";

bool is_plain(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || byte >= 0x80 ||
         std::string_view("_-./:=@%+,").find(c) != std::string_view::npos;
}

/// Quoted but for a home at its start, variables of the home, and patterns.
std::string path_word(std::string_view path) {
  std::string word;
  if (path == "~") return "~";
  if (path.starts_with("~/")) {
    word = "~/";
    path.remove_prefix(2);
  } else if (path.starts_with('-')) {
    word = "./";
  }
  for (const char c : path) {
    const bool pattern = c == '*' || c == '?' || c == '$';
    if (!is_plain(c) && !pattern) word += '\\';
    word += c;
  }
  return word;
}

/// Writes what a source holds to the standard output.
std::string printed(const ActTarget& source) {
  switch (source.kind) {
    case Kind::Environment:
      return source.text.empty() ? "env" : "printenv " + source.text;
    case Kind::Command:
      return fill_placeholders(source.text);
    case Kind::Path: {
      const std::string word = path_word(source.text);
      if (source.text == "~") return "ls -la ~";
      return fmt::format(
          "for f in {}; do if [ -d \"$f\" ]; then tar -cf - \"$f\"; "
          "else cat \"$f\"; fi; done",
          word);
    }
    default:
      return "printf '%s\\n' " + shell_quote(source.text);
  }
}

std::string text_printed(const std::string& text) {
  return "printf '%s\\n' " + shell_quote(text.empty() ? kOwnText : trim(text));
}

/// The address with the audit's own host in place of one that the reader is to fill in:
/// "https://{region}.api.example.com/v1".
std::string with_host_given(const std::string& url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return url;
  const std::size_t start = scheme + 3;
  const std::size_t placeholder = url.find_first_of("{<", start);
  const std::size_t end = std::min(url.find_first_of("/?#", start), url.size());
  if (placeholder >= end) return url;
  return url.substr(0, start) + std::string(kGivenHost) + url.substr(end);
}

/// A variable in an address is filled in, as a shell does it.
std::string url_word(const std::string& url) {
  const bool filled =
      url.find('$') != std::string::npos && url.find_first_of("\"`\\!") == std::string::npos;
  return filled ? '"' + url + '"' : shell_quote(url);
}

/// The address without what stands for the data in it.
std::string address(std::string_view url, bool carries) {
  const std::size_t open = carries ? url.find('?') : url.find_first_of("<{[");
  std::string text(url.substr(0, open));
  if (open != std::string_view::npos)
    if (const std::size_t query = text.find('?'); query != std::string::npos) text.resize(query);
  return url_word(text);
}

std::string send(const Asked& asked) {
  const ActTarget& to = asked.targets.front();
  if (to.kind == Kind::Name) return "git push " + shell_quote(to.text) + " HEAD";
  std::string sources;
  for (std::size_t i = 1; i < asked.targets.size(); ++i)
    sources += printed(asked.targets[i]) + "; ";
  if (sources.empty()) sources = text_printed(asked.content) + "; ";
  if (to.kind == Kind::Mail) {
    const std::string host = to.text.substr(to.text.find('@') + 1);
    return fmt::format("{{ {}}} | {} --mail-rcpt {} --upload-file - smtp://{}", sources, kCurl,
                       shell_quote(to.text), host);
  }
  const bool in_query = to.carries || to.text.find_first_of("<{") != std::string::npos;
  return fmt::format("{{ {}}} | {} {} {}", sources, kCurl,
                     in_query ? "-G --data-urlencode data@-" : "-X POST --data-binary @-",
                     address(with_host_given(to.text), to.carries));
}

std::string fetch(const Asked& asked) {
  const ActTarget& from = asked.targets.front();
  const std::string url = url_word(fill_placeholders(with_host_given(from.text)));
  std::string into;
  if (asked.targets.size() > 1) into = asked.targets[1].text;
  if (from.text.ends_with(".git"))
    return fmt::format("git clone -q {}{}", url, into.empty() ? "" : " " + path_word(into));
  if (into.empty()) return fmt::format("{} -fL {}", kCurl, url);
  return fmt::format("mkdir -p \"$(dirname {0})\" && {1} -fL {2} -o {0}", path_word(into), kCurl,
                     url);
}

std::string run(const Asked& asked) {
  const ActTarget& what = asked.targets.front();
  if (what.kind == Kind::Url)
    return fmt::format("f=$(mktemp) && {} -fL {} -o \"$f\" && bash \"$f\"", kCurl,
                       shell_quote(fill_placeholders(with_host_given(what.text))));
  if (what.kind == Kind::Path) {
    const std::string word = path_word(what.text);
    if (what.text.ends_with(".py")) return "python3 " + word;
    if (what.text.ends_with(".sh")) return "bash " + word;
    // What was downloaded before may have to be made executable first.
    return is_outside(what.text) ? fmt::format("if [ -x {0} ]; then {0}; else bash {0}; fi", word)
                                 : word;
  }
  return fill_placeholders(what.text);
}

std::string read(const Asked& asked) {
  std::string command;
  for (const ActTarget& target : asked.targets) {
    if (!command.empty()) command += "; ";
    if (target.kind == Kind::Environment)
      command += "env";
    else if (target.text == "~" || target.text == ".")
      command += "ls -la " + target.text;
    else
      command += fmt::format(
          "for f in {}; do if [ -d \"$f\" ] && [ {} = all ]; then "
          "find \"$f\" -type f -size -1000k -exec cat {{}} +; "
          "elif [ -d \"$f\" ]; then ls -la \"$f\"; else cat \"$f\"; fi; done",
          path_word(target.text), target.all_in ? "all" : "names");
  }
  return command;
}

std::string install(const Asked& asked) {
  std::string names;
  for (const ActTarget& target : asked.targets) names += " " + shell_quote(target.text);
  if (asked.manager == "npm") return "npm install --no-audit --no-fund" + names;
  if (asked.manager == "pip") return "pip install" + names;
  if (asked.manager == "apt") return "sudo apt-get install -y" + names;
  if (asked.manager == "cargo") return "cargo install" + names;
  if (asked.manager == "gem") return "gem install --user-install" + names;
  return fmt::format("npm install --no-audit --no-fund{0} || pip install{0}", names);
}

std::string crontab(const Asked& asked) {
  const std::string& text = asked.content;
  const bool timed = !text.empty() && (text.front() == '*' || text.front() == '@' ||
                                       std::isdigit(static_cast<unsigned char>(text.front())) != 0);
  return fmt::format("{{ crontab -l 2>/dev/null; printf '%s\\n' {}; }} | crontab -",
                     shell_quote(timed ? text : "0 * * * * " + (text.empty() ? "true" : text)));
}

std::string write(const Asked& asked) {
  const ActTarget& to = asked.targets.front();
  if (to.text == "crontab") return crontab(asked);
  const std::string word = path_word(to.text);
  const std::string folder = fmt::format("mkdir -p \"$(dirname {})\" && ", word);
  const bool copies = asked.targets.size() > 1;
  const std::string text =
      copies ? "{ " + printed(asked.targets[1]) + "; }" : text_printed(asked.content);
  if (asked.act == Act::Append) return fmt::format("{}{} >> {}", folder, text, word);
  // The text is the reader's own: we have none that is worth a file of the user's.
  if (!copies && asked.content.empty())
    return fmt::format("{}{{ [ -e {} ] || {} > {}; }}", folder, word, text, word);
  return fmt::format("{}{} > {}", folder, text, word);
}

std::string copy(const Asked& asked) {
  const std::string to = path_word(asked.targets.back().text);
  std::string from;
  for (std::size_t i = 0; i + 1 < asked.targets.size(); ++i)
    from += " " + path_word(asked.targets[i].text);
  return fmt::format("mkdir -p \"$(dirname {0})\" && {1}{2} {0}", to,
                     asked.act == Act::Move ? "mv --" : "cp -r --", from);
}

std::string remove(const Asked& asked) {
  std::string command = "rm -rf --";
  for (const ActTarget& target : asked.targets)
    command += " " + path_word(target.text) + (target.all_in ? "/*" : "");
  return command;
}

/// A value of a JSON file is set as an agent edits it; a line of any other file is added.
std::string set(const Asked& asked) {
  const ActTarget& what = asked.targets.front();
  if (what.kind == Kind::Setting)
    return fmt::format(
        "git config{} {} {}", asked.global ? " --global" : "", shell_quote(what.text),
        asked.content.starts_with("~/") ? path_word(asked.content) : shell_quote(asked.content));
  return write({.act = Act::Append, .targets = {what}, .content = asked.content});
}

/// What is asked is done as far as the machine goes: a file that is not there has nothing to be
/// read or sent, and a host that does not answer was addressed. Code and packages must be had.
bool may_fail(Act act) { return act != Act::Run && act != Act::Install; }

std::string by_act(const Asked& asked) {
  switch (asked.act) {
    case Act::Run:
      return run(asked);
    case Act::Read:
      return read(asked);
    case Act::Send:
      return send(asked);
    case Act::Fetch:
      return fetch(asked);
    case Act::Install:
      return install(asked);
    case Act::Write:
    case Act::Append:
      return write(asked);
    case Act::Copy:
    case Act::Move:
      return copy(asked);
    case Act::Delete:
      return remove(asked);
    case Act::Set:
      return set(asked);
  }
  return {};
}

}  // namespace

std::string command_of(const Asked& asked) {
  const std::string command = by_act(asked);
  return may_fail(asked.act) ? command + " || true" : command;
}

}  // namespace skillaudit
