#pragma once

#include <array>

#include "harness/places/place.h"

namespace skillaudit::table {

using enum Place;
using enum Watch;

/// In any folder: what a program runs or reads where it starts.
inline constexpr auto kProjectPlaces = std::to_array<KnownPlace>({
    {".git/hooks/", GitHook, "git", AnyFolder},
    {".git/modules/*/hooks/", GitHook, "git", AnyFolder},
    {".git/config", UserData, "git", AnyFolder, kTextKept | kGitSettings},
    {".vscode/tasks.json", ProjectStartup, "code", AnyFolder},
    {".vscode/settings.json", ProjectStartup, "code", AnyFolder},
    {".vscode/launch.json", ProjectStartup, "code", AnyFolder},
    {".vscode/extensions.json", ProjectStartup, "code", AnyFolder},
    {".idea/", ProjectStartup, "idea", AnyFolder},
    {".devcontainer/", ProjectStartup, "devcontainer", AnyFolder},
    {".envrc", ProjectStartup, "direnv", AnyFolder},
    {".husky/", ProjectStartup, "git", AnyFolder},
    {".githooks/", ProjectStartup, "git", AnyFolder},
    {".pre-commit-config.yaml", ProjectStartup, "pre-commit", AnyFolder},
    {"lefthook.yml", ProjectStartup, "lefthook", AnyFolder},
    {".exrc", ProjectStartup, "vim", AnyFolder},
    {".nvim.lua", ProjectStartup, "nvim", AnyFolder},
    {".nvimrc", ProjectStartup, "nvim", AnyFolder},
    {".lvimrc", ProjectStartup, "vim", AnyFolder},
    {".dir-locals.el", ProjectStartup, "emacs", AnyFolder},
    {".gdbinit", ProjectStartup, "gdb", AnyFolder},
    {".lldbinit", ProjectStartup, "lldb", AnyFolder},
    {".cargo/config.toml", ProjectStartup, "cargo", AnyFolder},
    {".cargo/config", ProjectStartup, "cargo", AnyFolder},
    {".npmrc", ProjectStartup, "npm", AnyFolder},
    {".yarnrc", ProjectStartup, "yarn", AnyFolder},
    {".yarnrc.yml", ProjectStartup, "yarn", AnyFolder},
    {".pnpmfile.cjs", ProjectStartup, "pnpm", AnyFolder},
    {".mise.toml", ProjectStartup, "mise", AnyFolder},
    {".mvn/", ProjectStartup, "mvn", AnyFolder},
    {"conftest.py", ProjectStartup, "pytest", AnyFolder},
    {".eslintrc.js", ProjectStartup, "eslint", AnyFolder},
    {".eslintrc.cjs", ProjectStartup, "eslint", AnyFolder},
    {".prettierrc.js", ProjectStartup, "prettier", AnyFolder},
    {".prettierrc.cjs", ProjectStartup, "prettier", AnyFolder},
    {"sitecustomize.py", ProjectStartup, "python3", AnyFolder},
    {"usercustomize.py", ProjectStartup, "python3", AnyFolder},
    {"Makefile", ProjectScripts, "make", AnyFolder},
    {"makefile", ProjectScripts, "make", AnyFolder},
    {"GNUmakefile", ProjectScripts, "make", AnyFolder},
    {"justfile", ProjectScripts, "just", AnyFolder},
    {"Rakefile", ProjectScripts, "rake", AnyFolder},
    {"Taskfile.yml", ProjectScripts, "task", AnyFolder},
    {"gradlew", ProjectScripts, "gradle", AnyFolder},
    {"mvnw", ProjectScripts, "mvn", AnyFolder},
    {".github/workflows/", ProjectStartup, "github", AnyFolder},
    {".gitlab-ci.yml", ProjectStartup, "gitlab", AnyFolder},
});

}  // namespace skillaudit::table
