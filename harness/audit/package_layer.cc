#include "harness/audit/package_layer.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "harness/base/ascii.h"
#include "harness/base/error.h"
#include "harness/base/hash.h"
#include "harness/base/text.h"
#include "harness/observe/guest_state.h"
#include "harness/user_vms/wake.h"

namespace skillaudit {
namespace {

using std::chrono::seconds;

/// Raised when the script changes what it leaves.
constexpr int kVersion = 2;
/// Emulated, with packages of some hundred megabytes.
constexpr seconds kPatience{900};

struct Named {
  std::string_view name;
  std::string_view package;
};
/// Programs whose package of Debian has another name.
constexpr auto kPrograms = std::to_array<Named>({{"convert", "imagemagick"},
                                                 {"identify", "imagemagick"},
                                                 {"magick", "imagemagick"},
                                                 {"mogrify", "imagemagick"},
                                                 {"pdftotext", "poppler-utils"},
                                                 {"pdftoppm", "poppler-utils"},
                                                 {"pdfinfo", "poppler-utils"},
                                                 {"pdfimages", "poppler-utils"},
                                                 {"rg", "ripgrep"},
                                                 {"fdfind", "fd-find"},
                                                 {"batcat", "bat"},
                                                 {"soffice", "libreoffice-nogui"},
                                                 {"ffprobe", "ffmpeg"},
                                                 {"ffplay", "ffmpeg"},
                                                 {"exiftool", "libimage-exiftool-perl"},
                                                 {"xmllint", "libxml2-utils"},
                                                 {"xsltproc", "xsltproc"},
                                                 {"dot", "graphviz"},
                                                 {"gs", "ghostscript"},
                                                 {"sqlite3", "sqlite3"},
                                                 {"psql", "postgresql-client"},
                                                 {"pg_dump", "postgresql-client"},
                                                 {"mysql", "default-mysql-client"},
                                                 {"redis-cli", "redis-tools"},
                                                 {"mosquitto_pub", "mosquitto-clients"},
                                                 {"nc", "netcat-openbsd"},
                                                 {"netcat", "netcat-openbsd"},
                                                 {"dig", "bind9-dnsutils"},
                                                 {"nslookup", "bind9-dnsutils"},
                                                 {"host", "bind9-host"},
                                                 {"ping", "iputils-ping"},
                                                 {"ifconfig", "net-tools"},
                                                 {"netstat", "net-tools"},
                                                 {"killall", "psmisc"},
                                                 {"fuser", "psmisc"},
                                                 {"pstree", "psmisc"},
                                                 {"ps", "procps"},
                                                 {"7z", "p7zip-full"},
                                                 {"7za", "p7zip-full"},
                                                 {"xz", "xz-utils"},
                                                 {"g++", "g++"},
                                                 {"javac", "default-jdk-headless"},
                                                 {"java", "default-jre-headless"},
                                                 {"mvn", "maven"},
                                                 {"go", "golang-go"},
                                                 {"rustc", "rustc"},
                                                 {"gem", "ruby"},
                                                 {"irb", "ruby"},
                                                 {"Rscript", "r-base-core"},
                                                 {"R", "r-base-core"},
                                                 {"xelatex", "texlive-xetex"},
                                                 {"pdflatex", "texlive-latex-base"},
                                                 {"latexmk", "latexmk"},
                                                 {"tesseract", "tesseract-ocr"},
                                                 {"clang-format", "clang-format"},
                                                 {"ansible-playbook", "ansible-core"},
                                                 {"pytest", "python3-pytest"},
                                                 {"poetry", "python3-poetry"},
                                                 {"flake8", "flake8"},
                                                 {"http", "httpie"},
                                                 {"ssh-keyscan", "openssh-client"},
                                                 {"qrencode", "qrencode"},
                                                 {"xdg-open", "xdg-utils"},
                                                 {"notify-send", "libnotify-bin"},
                                                 {"uuidgen", "uuid-runtime"},
                                                 {"envsubst", "gettext-base"},
                                                 {"column", "bsdextrautils"},
                                                 {"hexdump", "bsdextrautils"},
                                                 {"strings", "binutils"},
                                                 {"libreoffice", "libreoffice-nogui"},
                                                 {"aws", "awscli"},
                                                 {"kubectl", "kubernetes-client"}});
/// Modules of Python whose package is not named after them.
constexpr auto kModules = std::to_array<Named>({{"cv2", "python3-opencv"},
                                                {"bs4", "python3-bs4"},
                                                {"crypto", "python3-pycryptodome"},
                                                {"google", "python3-protobuf"},
                                                {"pptx", "python3-pptx"},
                                                {"mysqldb", "python3-mysqldb"},
                                                {"beautifulsoup4", "python3-bs4"},
                                                {"pillow", "python3-pil"},
                                                {"pyyaml", "python3-yaml"},
                                                {"python-dateutil", "python3-dateutil"},
                                                {"python-docx", "python3-docx"},
                                                {"python-pptx", "python3-pptx"},
                                                {"python-dotenv", "python3-dotenv"},
                                                {"scikit-learn", "python3-sklearn"},
                                                {"opencv-python", "python3-opencv"}});

template <std::size_t N>
std::string_view package_in(const std::array<Named, N>& names, std::string_view name) {
  const auto found = std::find_if(names.begin(), names.end(),
                                  [&](const Named& each) { return each.name == name; });
  return found == names.end() ? std::string_view() : found->package;
}

/// Python Policy of Debian, 4.3: "python3-" and the name that is imported, in small letters.
std::string python_package(std::string_view module) {
  std::string name = ascii_lower(module);
  std::replace(name.begin(), name.end(), '_', '-');
  const std::string_view known = package_in(kModules, name);
  return known.empty() ? "python3-" + name : std::string(known);
}

/// sudo passes on nothing of the environment in which npm finds its registry.
constexpr const char* kHead = R"sh(set -u
if [ -r /etc/environment ]; then set -a; . /etc/environment; set +a; fi
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
apt_get() {
  apt-get -q -y -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold \
    -o Dpkg::Options::=--force-unsafe-io "$@"
}
refuse() { printf 'not\t%s\t%s\n' "$1" "$2"; }
log=$(mktemp)
if [ -n "$debian" ]; then
  # Programs alone: a service that starts by itself is not what was asked for.
  printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d
  if ! apt_get -o APT::Update::Error-Mode=any update > "$log" 2>&1; then
    tail -n 3 "$log" >&2; exit 100
  fi
  known=$(apt-cache show --no-all-versions $debian 2> /dev/null | sed -n 's/^Package: //p' | sort -u)
  if [ -n "$known" ] && ! apt_get install --no-install-recommends $known > "$log" 2>&1; then
    # One that cannot be installed must not keep the others away.
    for each in $known; do apt_get install --no-install-recommends "$each" > /dev/null 2>&1; done
  fi
  rm -f /usr/sbin/policy-rc.d
  apt-get clean
fi
if [ -n "$npm" ] && [ -n "${npm_config_registry:-}" ] && command -v npm > /dev/null; then
  for each in $npm; do
    npm install --prefix /home --no-save --no-package-lock --no-audit --no-fund --ignore-scripts \
      --loglevel error "$each" > "$log" 2>&1 || true
  done
fi
debian_done() { # want package check
  version=$(dpkg-query -W -f '${Version} ${db:Status-Status}' "$2" 2> /dev/null)
  case $version in
    *' installed') ;;
    *) refuse "$1" "the system has no package $2"; return ;;
  esac
  if [ -n "$3" ] && ! sh -c "$3" > /dev/null 2>&1; then
    refuse "$1" "the package $2 does not have it"; return
  fi
  printf 'added\t%s\t%s\t%s\n' "$1" "$2" "${version% installed}"
}
npm_done() { # want package
  if [ -z "${npm_config_registry:-}" ]; then
    refuse "$1" "this host has no registry of npm packages"
  elif version=$(node -p "require('/home/node_modules/$2/package.json').version" 2> /dev/null); then
    printf 'added\t%s\t%s\t%s\n' "$1" "npm:$2" "$version"
  else
    refuse "$1" "the registry of npm packages does not give $2"
  fi
}
)sh";

LayerState parse_result(const std::string& out) {
  LayerState state;
  for (const std::string_view line : split(out, '\n')) {
    const auto fields = split(line, '\t');
    if (fields.size() == 4 && fields[0] == "added")
      state.added.push_back(fmt::format("{}\t{} {}", printable(fields[1]), printable(fields[2]),
                                        printable(fields[3])));
    if (fields.size() == 3 && fields[0] == "not")
      state.not_added.push_back(fmt::format("{}\t{}", printable(fields[1]), printable(fields[2])));
  }
  return state;
}

}  // namespace

WantedPackage wanted_package(const std::string& want) {
  const std::size_t colon = want.find(':');
  const std::string kind = colon == std::string::npos ? "" : want.substr(0, colon);
  const std::string name = colon == std::string::npos ? want : want.substr(colon + 1);
  if (kind == "npm" || kind == "node") return {want, "npm", name, ""};
  if (kind == "pip") return {want, "debian", python_package(name), ""};
  if (kind == "python")
    return {want, "debian", python_package(name),
            fmt::format("python3 -c 'import importlib.util, sys; "
                        "sys.exit(importlib.util.find_spec(\"{}\") is None)'",
                        name)};
  if (kind == "program") {
    const std::string_view known = package_in(kPrograms, name);
    return {want, "debian", known.empty() ? ascii_lower(name) : std::string(known),
            "command -v " + name};
  }
  return {want, "debian", want, ""};
}

std::string package_script(const std::vector<WantedPackage>& packages) {
  std::string debian, npm, ends;
  for (const WantedPackage& each : packages) {
    std::string& list = each.kind == "npm" ? npm : debian;
    list += (list.empty() ? "" : " ") + each.package;
    ends += fmt::format("{}_done {} {} {}\n", each.kind, shell_quote(each.want),
                        shell_quote(each.package), shell_quote(each.check));
  }
  return fmt::format("debian={}\nnpm={}\n", shell_quote(debian), shell_quote(npm)) + kHead + ends;
}

std::string PackageLayer::key() const {
  return sha256(
      fmt::format("packages {}\n{}\n{}", kVersion, package_script({}), join(wants_, "\n")));
}

LayerState PackageLayer::run(Machine& machine, SshSession& guest, const MachineBase& below,
                             Progress& progress) const {
  std::vector<WantedPackage> packages;
  std::vector<std::string> names;
  for (const std::string& want : wants_) {
    packages.push_back(wanted_package(want));
    names.push_back(packages.back().package);
  }
  progress.detail(fmt::format("installing {}: reused by later audits", join(names, ", ")));
  set_clock(guest);
  const ExecResult result = guest.exec(
      "sudo -n bash -s",
      {.timeout = kPatience, .input = package_script(packages), .output_limit = 1U << 20});
  if (result.timed_out || result.exit_code != 0) {
    const std::string_view said = trim(result.err.empty() ? result.out : result.err);
    const std::string why = result.timed_out ? "it took too long" : shorten(said, 200);
    LayerState failed{.may_pass = true};
    for (const std::string& want : wants_)
      failed.not_added.push_back(
          fmt::format("{}\tthe mirrors of this host do not give it: {}", want, printable(why)));
    return failed;
  }
  LayerState state = parse_result(result.out);
  if (state.added.empty()) return state;
  TemplateState now = capture_template(machine, guest, Contents::Hashed);
  state.base = {.snapshot = std::move(now.tables),
                .digests = std::move(now.digests),
                .control = below.control,
                .disk_readable = below.disk_readable && now.disk_readable};
  return state;
}

}  // namespace skillaudit
