#include "harness/sensors/cookie_store.h"

#include <sqlite3.h>

#include <cstdint>
#include <memory>

#include "harness/base/error.h"

namespace skillaudit {
namespace {

struct Cookie {
  const char* name;
  std::string value;
  const char* host;
};

/// Seconds; SQLite's and Firefox's own times are in microseconds. Far enough ahead that the session
/// is a live one.
constexpr std::int64_t kCreated = 1731916800;
constexpr std::int64_t kExpires = 1952841600;

class Database {
 public:
  Database() {
    sqlite3* opened = nullptr;
    const int result = sqlite3_open(":memory:", &opened);
    handle_.reset(opened);
    check(result);
  }

  void run(const char* sql) { check(sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr)); }

  void insert(const Cookie& cookie) {
    sqlite3_stmt* prepared = nullptr;
    check(sqlite3_prepare_v2(handle_.get(),
                             "INSERT INTO moz_cookies (name, value, host, path, expiry, "
                             "lastAccessed, creationTime, isSecure, isHttpOnly, schemeMap) "
                             "VALUES (?1, ?2, ?3, '/', ?4, ?5, ?5, 1, 1, 2)",
                             -1, &prepared, nullptr));
    const std::unique_ptr<sqlite3_stmt, decltype(&sqlite3_finalize)> statement(prepared,
                                                                               sqlite3_finalize);
    check(sqlite3_bind_text(prepared, 1, cookie.name, -1, nullptr));
    check(sqlite3_bind_text(prepared, 2, cookie.value.data(), static_cast<int>(cookie.value.size()),
                            nullptr));
    check(sqlite3_bind_text(prepared, 3, cookie.host, -1, nullptr));
    check(sqlite3_bind_int64(prepared, 4, kExpires));
    check(sqlite3_bind_int64(prepared, 5, kCreated * 1000000));
    if (sqlite3_step(prepared) != SQLITE_DONE) check(SQLITE_ERROR);
  }

  [[nodiscard]] std::string bytes() {
    sqlite3_int64 size = 0;
    const std::unique_ptr<unsigned char, decltype(&sqlite3_free)> copy(
        sqlite3_serialize(handle_.get(), "main", &size, 0), sqlite3_free);
    if (!copy) check(SQLITE_NOMEM);
    return {reinterpret_cast<const char*>(copy.get()), static_cast<std::size_t>(size)};
  }

 private:
  void check(int result) {
    if (result != SQLITE_OK)
      fail(ErrorKind::Internal, "SQLite cannot make the cookie store: {}",
           sqlite3_errmsg(handle_.get()));
  }

  std::unique_ptr<sqlite3, decltype(&sqlite3_close)> handle_{nullptr, sqlite3_close};
};

}  // namespace

std::string make_cookie_store(const std::string& session) {
  Database database;
  database.run(
      "PRAGMA page_size = 4096;"
      "PRAGMA user_version = 12;"
      "CREATE TABLE moz_cookies (id INTEGER PRIMARY KEY, originAttributes TEXT NOT NULL DEFAULT '',"
      " name TEXT, value TEXT, host TEXT, path TEXT, expiry INTEGER, lastAccessed INTEGER,"
      " creationTime INTEGER, isSecure INTEGER, isHttpOnly INTEGER, inBrowserElement INTEGER"
      " DEFAULT 0, sameSite INTEGER DEFAULT 0, rawSameSite INTEGER DEFAULT 0, schemeMap INTEGER"
      " DEFAULT 0, CONSTRAINT moz_uniqueid UNIQUE (name, host, path, originAttributes));");
  for (const Cookie& cookie : {Cookie{"theme", "dark", ".northlake.internal"},
                               Cookie{"console_session", session, "console.northlake.internal"},
                               Cookie{"locale", "en-GB", "console.northlake.internal"}})
    database.insert(cookie);
  return database.bytes();
}

}  // namespace skillaudit
