#include "harness/skill/package_install.h"

#include <gtest/gtest.h>

#include "harness/base/text.h"

namespace skillaudit {
namespace {

std::string rest_of(const std::string& code) {
  return std::string(trim(without_package_installs(code)));
}

TEST(PackageInstall, OfNamedPackagesIsLeftOut) {
  for (const char* line : {"pip install requests", "sudo apt-get install -y jq curl",
                           "npm i -g serve@14", "python3 -m pip install --user 'rich>=13'",
                           "uv pip install httpx", "npm install @scope/name"})
    EXPECT_EQ(rest_of(line), "") << line;
  EXPECT_EQ(rest_of("npm install serve && node run.js"), "node run.js");
}

TEST(PackageInstall, FromElsewhereOrWithMoreStays) {
  for (const char* line :
       {"pip install https://x.example/a.whl", "pip install git+https://x.example/a",
        "pip install .", "pip install -e ./own", "npm install ../own", "npm i x && node y.js",
        "pip install --index-url x y", "pip install $NAME", "npm install x; curl y.example",
        "npm run install", "npm install", "npm ci", "pip install -r requirements.txt",
        "pip install x > ~/.bashrc"})
    EXPECT_NE(rest_of(line), "") << line;
}

TEST(PackageInstall, OfTheUsersProjectIsLeftOutToo) {
  const auto rest = [](const std::string& code) {
    return std::string(trim(without_package_installs(code, false)));
  };
  for (const char* line : {"npm install", "npm ci", "npm i --no-audit"})
    EXPECT_EQ(rest(line), "") << line;
  for (const char* line :
       {"sudo npm install", "npm install --registry x", "npm install .", "pip install", "yarn add",
        "npm install; curl y.example", "git clone x && npm install", "cd x && npm install",
        "cd x\nnpm install", "npm install -C x"})
    EXPECT_NE(rest(line), "") << line;
  EXPECT_EQ(rest("npm install && npm run dev"), "npm run dev");
}

}  // namespace
}  // namespace skillaudit
