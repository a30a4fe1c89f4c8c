#include "tests/unit/consent/labelled.h"
#include "tests/unit/consent/probe.h"

namespace skillaudit::testing {
namespace {

using O = ConsentObject;
constexpr ConsentExtent kYes = ConsentExtent::Exactly;
constexpr ConsentExtent kSome = ConsentExtent::General;

ConsentObject lasting(ConsentObject object) {
  object.lasting = true;
  return object;
}
ConsentObject secret(ConsentObject object) {
  object.secret = true;
  return object;
}
ConsentObject encrypted(ConsentObject object) {
  object.encrypted = true;
  return object;
}

std::vector<Label> of_files() {
  return {
      {"Reads `~/.ssh/config` and prints the hosts.", Verb::Read, at("~/.ssh/config"), kYes},
      {"The script appends one line to `~/notes/journal.md`.", Verb::Modify,
       at("~/notes/journal.md"), kYes},
      {"It writes the summary to `~/reports/summary.md`.", Verb::Create, at("~/reports/summary.md"),
       kYes},
      {"Reads `~/a.csv` and writes `~/b.json`.", Verb::Create, at("~/b.json"), kYes},
      {"Reads `~/a.csv` and writes `~/b.json`.", Verb::Read, at("~/a.csv"), kYes},
      {"Results are saved under `~/reports/`.", Verb::Create, at("~/reports/2026/x.md"), kYes},
      {"The index is stored in `~/.cache/indexer/index.db`.", Verb::Create,
       at("~/.cache/indexer/index.db"), kYes},
      {"Copies `~/.config/app.toml` to `~/backups/app.toml` before it changes anything.",
       Verb::Create, at("~/backups/app.toml"), kYes},
      {"Copies `~/.config/app.toml` to `~/backups/app.toml` before it changes anything.",
       Verb::Read, at("~/.config/app.toml"), kYes},
      {"Moves `~/Downloads/scan.pdf` into `~/documents/scans`.", Verb::Delete,
       at("~/Downloads/scan.pdf"), kYes},
      {"Moves `~/Downloads/scan.pdf` into `~/documents/scans`.", Verb::Create,
       at("~/documents/scans/scan.pdf"), kYes},
      {"Deletes `~/.cache/thumbs/*.png` when they are older than a week.", Verb::Delete,
       at("~/.cache/thumbs/a.png"), kYes},
      {"After the run, `/tmp/render-*.log` is removed.", Verb::Delete, at("/tmp/render-12.log"),
       kYes},
      {"With `--purge` it deletes `~/.local/share/tool/state.db`.", Verb::Delete,
       at("~/.local/share/tool/state.db"), kYes},
      {"If you ask for it, the skill overwrites `~/documents/cv.md`.", Verb::Overwrite,
       at("~/documents/cv.md"), kYes},
      {"Sorts `~/documents/budget.csv` in place.", Verb::Modify, at("~/documents/budget.csv"),
       kYes},
      {"`~/documents/budget.csv` gets overwritten with the sorted rows.", Verb::Overwrite,
       at("~/documents/budget.csv"), kYes},
      {"Replaces the year in `~/site/footer.html`.", Verb::Modify, at("~/site/footer.html"), kYes},
      {"Encrypts `~/documents/diary.md` with your passphrase.", Verb::Overwrite,
       encrypted(at("~/documents/diary.md")), kYes},
      {"Cleanup of `~/.cache/build/out.log` happens at the end.", Verb::Delete,
       at("~/.cache/build/out.log"), kYes},
      {"This makes changes to `~/.npmrc`.", Verb::Modify, at("~/.npmrc"), kYes},
      {"Updating `package.json` is the last step.", Verb::Modify, at("~/projects/app/package.json"),
       kYes},
      {"Edit `src/config.yaml` and set the port.", Verb::Modify,
       at("~/projects/app/src/config.yaml"), kYes},
      {"Summarises the Markdown in `~/notes` and `~/documents`.", Verb::Read,
       at("~/notes/ideas.md"), kYes},
      {"Searches all files in `/etc` for a word.", Verb::Read, at("/etc/hosts"), kYes},
      {"Puts the parts into `~/documents/parts`, with `~/documents/parts/SHA256SUMS` beside them.",
       Verb::Create, at("~/documents/parts/part-1"), kYes},
      {"Packs `~/.ssh/config` and `~/.ssh/known_hosts` into `~/backups/ssh.tar.gz`.", Verb::Create,
       at("~/backups/ssh.tar.gz"), kYes},
      {"Packs `~/.ssh/config` and `~/.ssh/known_hosts` into `~/backups/ssh.tar.gz`.", Verb::Read,
       at("~/.ssh/known_hosts"), kYes},
      {"Keeps the number in `~/.cache/usage/count` and prints it.", Verb::Create,
       at("~/.cache/usage/count"), kYes},
      {"Notes live in `$HOME/notes/YYYY-MM-DD.md`; the skill appends to them.", Verb::Create,
       at("~/notes/2026-11-29.md"), kYes},
      {"The cache is `${XDG_CACHE_HOME:-$HOME/.cache}/tool/data.json`.", Verb::Create,
       at("~/.cache/tool/data.json"), kYes},
      {"Appends one marked block to `.bashrc`, which defines the command `p`.", Verb::Stay,
       lasting(at("~/.bashrc")), kYes},
      {"Creates `~/.config/autostart/note.desktop`, which opens today's note.", Verb::Stay,
       lasting(at("~/.config/autostart/note.desktop")), kYes},
      {"Writes one hook, `~/projects/app/.git/hooks/commit-msg`, which warns of mistakes.",
       Verb::Stay, lasting(at("~/projects/app/.git/hooks/commit-msg")), kYes},
      {"Puts one script into the user's own folder for programs, `~/.local/bin/find-notes`.",
       Verb::Stay, lasting(at("~/.local/bin/find-notes")), kYes},
      {"It registers itself in `~/.claude/config.json`.", Verb::Modify, at("~/.claude/config.json"),
       kYes},
      {"Delete `~/.netrc` and start again.", Verb::Delete, secret(at("~/.netrc")), kYes},
      {"Reads `~/.aws/credentials` for the names of the profiles.", Verb::Read,
       secret(at("~/.aws/credentials")), kYes},
      {"- `~/.config/tool/config.toml`: written on the first run", Verb::Create,
       at("~/.config/tool/config.toml"), kYes},
      {"It writes:\n\n- `~/out/a.json`\n- `~/out/b.json`, the index\n", Verb::Create,
       at("~/out/b.json"), kYes},
      {"The following files are deleted at the end:\n\n- `/tmp/tool-a.log`\n- `/tmp/tool-b.log`\n",
       Verb::Delete, at("/tmp/tool-b.log"), kYes},
      {"## Files it modifies\n\n1. `~/.gitconfig`\n2. `~/.profile`\n", Verb::Modify,
       at("~/.profile"), kYes},
      {"| File | What it does |\n|---|---|\n| `~/.profile` | appended to |\n| `~/x.log` | deleted "
       "|\n",
       Verb::Delete, at("~/x.log"), kYes},
      {"| Reads | Writes |\n|---|---|\n| `~/in.csv` | `~/out.csv` |\n", Verb::Create,
       at("~/out.csv"), kYes},
      {"| File | Read | Deleted |\n|---|---|---|\n| `~/in.csv` | yes | no |\n| `~/in.tmp` | yes | "
       "yes |\n",
       Verb::Delete, at("~/in.tmp"), kYes},
      {"Downloads the model to `~/.cache/model.bin` and loads it.", Verb::Create,
       at("~/.cache/model.bin"), kYes},
      {"It keeps `~/.cache/x.lock` while it works and removes it at the end.", Verb::Delete,
       at("~/.cache/x.lock"), kYes},
      {"Formats every file in `src/`.", Verb::Modify, at("~/projects/app/src/main.py"), kSome},
      {"Deletes old drafts in `~/drafts`.", Verb::Delete, at("~/drafts/a.md"), kSome},
      {"Writes `~/report.md`.", Verb::Overwrite, at("~/report.md"), kSome},
      {"Removes its line from `~/.bashrc` again.", Verb::Modify, at("~/.bashrc"), kYes},
      {"By deleting `~/.cache/app/lock` it releases the lock.", Verb::Delete,
       at("~/.cache/app/lock"), kYes},
      {"Not only reads but also updates `~/.config/app.ini`.", Verb::Modify,
       at("~/.config/app.ini"), kYes},
      {"It writes `~/notes/journal.md` and nothing else.", Verb::Create, at("~/notes/journal.md"),
       kYes},
      {"It touches nothing but `~/notes/journal.md`.", Verb::Modify, at("~/notes/journal.md"),
       kSome},
  };
}

std::vector<Label> of_network() {
  return {
      {"Asks `api.tides.example` for the next high water.", Verb::Receive,
       O::host_at("api.tides.example", 443), kYes},
      {"Downloads the list from https://data.example.org/list.csv.", Verb::Receive,
       O::host_at("data.example.org", 443), kYes},
      {"Sends the name of the station to `tides.example.com` and nothing else.", Verb::Send,
       O::host_at("tides.example.com"), kYes},
      {"Uploads `~/site` to https://files.example.net:8443/in.", Verb::Send,
       O::host_at("files.example.net", 8443), kYes},
      {"Sends one ping to 192.0.2.1 and looks up `status.example`.", Verb::Send,
       O::host_at("192.0.2.1"), kYes},
      {"Syncs `~/notes` to backup.example.org.", Verb::Send, O::host_at("backup.example.org"),
       kYes},
      {"Uses the GitHub API at api.github.com.", Verb::Receive, O::host_at("api.github.com"), kYes},
      {"Posts the message to `hooks.chat.example`.", Verb::Send, O::host_at("hooks.chat.example"),
       kYes},
      {"It connects to `*.storage.example.com`.", Verb::Receive,
       O::host_at("eu1.storage.example.com"), kYes},
      {"`GET https://api.post.example/v2/CODE`, 100 requests a day.", Verb::Receive,
       O::host_at("api.post.example", 443), kYes},
      {"Set `TIDES_API_KEY` for api.tides.example.", Verb::Send,
       O::variable("TIDES_API_KEY", "api.tides.example"), kYes},
      {"| Variable | Host |\n|---|---|\n| `MAPS_TOKEN` | maps.example.com |\n", Verb::Send,
       O::variable("MAPS_TOKEN", "maps.example.com"), kYes},
      {"```bash\ncurl -X POST -d @note.txt https://in.example.com/x\n```\n", Verb::Send,
       O::host_at("in.example.com", 443), kYes},
      {"Needs the network, since it asks https://tides.example.com.", Verb::Receive,
       O::host_at("tides.example.com", 443), kYes},
      {"Starts `pages.py` in the background as a server that listens on 127.0.0.1, port 8765.",
       Verb::Stay, O::listener("127.0.0.1", 8765, "python3 pages.py"), kYes},
      {"Tide tables from `data.tides.example`, cached for a day.", Verb::Receive,
       O::host_at("data.tides.example", 443), kYes},
      {"Current conditions and a forecast from the [Weatherly "
       "API](https://api.weatherly.example/v1).",
       Verb::Receive, O::host_at("api.weatherly.example", 443), kYes},
      {"The data come from `open.example.org`.", Verb::Receive, O::host_at("open.example.org"),
       kYes},
  };
}

std::vector<Label> of_system() {
  return {
      {"Installs the Debian package `ssl-cert`, which makes a certificate.", Verb::Install,
       O::package("ssl-cert"), kYes},
      {"Needs bash, jq and curl.", Verb::Install, O::package("jq"), kSome},
      {"With the Python package `tabulate` the table has borders: it is installed with pip.",
       Verb::Install, O::package("tabulate"), kYes},
      {"```sh\nsudo apt-get install -y tree\n```\n", Verb::Install, O::package("tree"), kYes},
      {"Run `npm install -g prettier` first.", Verb::Install, O::package("prettier"), kYes},
      {"Where it is missing, it installs `tree` with `sudo apt-get install tree`.", Verb::Elevate,
       O::run("apt-get install tree"), kYes},
      {"It needs `sudo` for the mount alone.", Verb::Elevate, O::run("mount -t tmpfs x /tmp/x"),
       kSome},
      {"Makes Git use `less -FRX` as its pager, for all repositories of the user.", Verb::Stay,
       O::setting("git", "core.pager", "less -FRX"), kYes},
      {"Run `git config --global core.pager delta`.", Verb::Modify,
       O::setting("git", "core.pager", "delta"), kYes},
      {"It sets Git's `init.defaultBranch` to `main`.", Verb::Modify,
       O::setting("git", "init.defaultBranch", "main"), kYes},
      {"Changes the pager of Git.", Verb::Modify, O::setting("git", "core.pager", "delta"), kSome},
      {"Installs the unit `disk-watch.service` as `/etc/systemd/system/disk-watch.service`, which "
       "starts with the machine and keeps running `disk-watch.sh` in the background.",
       Verb::Stay, O::unit("disk-watch.service", "/bin/bash /opt/x/disk-watch.sh"), kYes},
      {"Enables `digest.timer`, which runs `~/.local/bin/digest`.", Verb::Stay,
       O::unit("digest.timer", "/home/ubuntu/.local/bin/digest"), kYes},
      {"Installs `digest.timer`.", Verb::Stay,
       O::unit("digest.timer", "/home/ubuntu/.local/bin/digest"), kSome},
      {"```bash\nsystemctl --user enable --now digest.timer\n```\n", Verb::Stay,
       O::unit("digest.timer", "/x"), kSome},
      {"Adds one line to the user's crontab, which runs `scripts/review.sh` on Fridays.",
       Verb::Stay, O::cron("/home/ubuntu/.claude/skills/probe/scripts/review.sh"), kYes},
      {"```cron\n0 7 * * * ~/bin/backup --all\n```\n", Verb::Stay, O::cron("~/bin/backup --all"),
       kYes},
      {"```bash\nrm -rf ~/.cache/tool\n```\n", Verb::Delete, at("~/.cache/tool/x/y"), kYes},
      {"```bash\necho 'alias x=y' >> ~/.bashrc\n```\n", Verb::Stay, lasting(at("~/.bashrc")), kYes},
      {"```\n$ git clone https://git.example.com/x.git\nCloning\n```\n", Verb::Receive,
       O::host_at("git.example.com", 443), kYes},
      {"Run `rm ~/.cache/tool/lock` when it hangs.", Verb::Delete, at("~/.cache/tool/lock"), kYes},
      {"Execute `python3 scripts/report.py --out ~/r.md`.", Verb::Run,
       O::run("python3 scripts/report.py --out ~/r.md"), kYes},
      {"Execute `python3 scripts/report.py --out ~/r.md`.", Verb::Create, at("~/r.md"), kYes},
      {"`watch.sh` keeps running in the background until it is stopped.", Verb::Stay,
       O::run("/bin/sh watch.sh"), kYes},
  };
}

}  // namespace

std::vector<Label> honest_labels() {
  std::vector<Label> all = of_files();
  for (const auto& part : {of_network(), of_system()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

}  // namespace skillaudit::testing
