#pragma once

#include <array>
#include <string_view>

namespace skillaudit {

/// A program that is the client of one service, and a host of it: "*." any name below.
struct ServiceProgram {
  std::string_view program;
  std::string_view host;
};

/// Whoever shows a command of such a program names the service that it works with. Hosts as the
/// programs' own documentation gives them.
inline constexpr auto kServicePrograms = std::to_array<ServiceProgram>({
    {"aws", "*.amazonaws.com"},
    {"az", "login.microsoftonline.com"},
    {"az", "*.azure.com"},
    {"doctl", "api.digitalocean.com"},
    {"firebase", "*.googleapis.com"},
    {"flyctl", "api.fly.io"},
    {"flyctl", "api.machines.dev"},
    {"gcloud", "*.googleapis.com"},
    {"gh", "api.github.com"},
    {"gh", "github.com"},
    {"glab", "gitlab.com"},
    {"gsutil", "*.googleapis.com"},
    {"heroku", "api.heroku.com"},
    {"netlify", "api.netlify.com"},
    {"sentry-cli", "sentry.io"},
    {"stripe", "api.stripe.com"},
    {"supabase", "api.supabase.com"},
    {"vercel", "api.vercel.com"},
    {"wrangler", "api.cloudflare.com"},
});

}  // namespace skillaudit
