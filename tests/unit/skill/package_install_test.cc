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

}  // namespace
}  // namespace skillaudit
