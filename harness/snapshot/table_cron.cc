#include <cctype>

#include "harness/base/text.h"
#include "harness/snapshot/fields.h"
#include "harness/snapshot/tables.h"

namespace skillaudit {
namespace {

/// `NAME=value` lines of a crontab set the environment; the diff of its text shows those.
bool is_assignment(std::string_view line) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) return false;
  const std::string_view name = trim(line.substr(0, equals));
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0])) != 0) return false;
  for (const char c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_' && c != '"' && c != '\'') {
      return false;
    }
  }
  return true;
}

/// crontab(5): five fields of time or one "@daily", then, in the system's files, the user.
std::string user_field(std::string_view line) {
  const int times = line.starts_with('@') ? 1 : 5;
  for (int i = 0; i < times; ++i) (void)next_word(line);
  return std::string(next_word(line));
}

/// at(1) begins each job with "# atrun uid=1000 gid=1000".
std::string at_user(std::string_view content) {
  constexpr std::string_view kMark = "# atrun uid=";
  const std::size_t at = content.substr(0, 1024).find(kMark);
  if (at == std::string_view::npos) return {};
  std::string_view rest = content.substr(at + kMark.size());
  return std::string(rest.substr(0, rest.find_first_not_of("0123456789")));
}

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

void add_crontab(std::string_view path, std::string_view content, std::vector<CronEntry>& rows) {
  constexpr std::string_view kUserTabs = "/var/spool/cron/crontabs/";
  for (auto line : split(content, '\n')) {
    line = trim(line);
    if (line.empty() || line.starts_with('#') || is_assignment(line)) continue;
    std::string user;
    if (path.starts_with(kUserTabs)) {
      user = base_name(path);
    } else {
      user = path == "/etc/anacrontab" ? "root" : user_field(line);
    }
    rows.push_back({std::string(path), std::move(user), std::string(line)});
  }
}

}  // namespace

Parsed<CronEntry> parse_cron(std::string_view raw) {
  Parsed<CronEntry> result;
  MalformedRows malformed(Table::Cron);
  FieldReader reader(raw);
  while (!reader.done()) {
    const std::string_view rest = reader.rest();
    const auto path = reader.field();
    const auto content = reader.blob();
    if (!path || !content) {
      malformed.add(rest);
      break;
    }
    const bool periodic = path->starts_with("/etc/cron.") && !path->starts_with("/etc/cron.d/");
    const bool at_job = path->starts_with("/var/spool/cron/atjobs/");
    if (periodic) {
      // run-parts(8) and Debian's packages leave these as place holders.
      if (base_name(*path) == ".placeholder") continue;
      result.rows.push_back({std::string(*path), "root", std::string(base_name(*path))});
    } else if (at_job) {
      // parse_snapshot() turns the uid into the user's name.
      result.rows.push_back({std::string(*path), at_user(*content), std::string(base_name(*path))});
    } else {
      add_crontab(*path, *content, result.rows);
    }
  }
  result.gaps = malformed.gaps();
  return result;
}

}  // namespace skillaudit
