#include "tests/vm/guest_scripts.h"

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "tests/paths.h"

namespace skillaudit {

ExecResult run_script(SshSession& guest, const std::string& script,
                      const std::vector<std::string>& arguments, As user,
                      std::chrono::seconds timeout) {
  std::string command = user == As::Root ? "sudo -n " : "";
  command += script.ends_with(".js") ? "node -" : "python3 -I -";
  for (const std::string& argument : arguments) command += " " + shell_quote(argument);
  return guest.exec(
      command,
      {.timeout = timeout, .input = read_file(SKILLAUDIT_SOURCE_DIR "/tests/vm/guest/" + script)});
}

std::string output_of(SshSession& guest, const std::string& script,
                      const std::vector<std::string>& arguments, As user,
                      std::chrono::seconds timeout) {
  const ExecResult result = run_script(guest, script, arguments, user, timeout);
  if (result.exit_code != 0)
    fail(ErrorKind::Evidence, "{} {} did not succeed{}: {}{}", script, join(arguments, " "),
         result.timed_out ? " in time" : "", result.out, result.err);
  return std::string(trim(result.out));
}

}  // namespace skillaudit
