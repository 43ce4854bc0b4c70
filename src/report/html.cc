// The report page: a template, the document as escaped JSON, our scripts and the Vega libraries, in one file.
//
// Two walls keep data from becoming code. The JSON stands in a block that browsers do not run, with every character
// that could end the block escaped; and the page's policy runs only scripts whose SHA-256 it names, all of them ours.
#include <sodium.h>

#include <array>
#include <string>
#include <string_view>

#include "report/assets.h"
#include "report/page.h"
#include "understudy/error.h"
#include "understudy/report.h"

namespace understudy {
namespace {

constexpr int kVersion = 1;

// What the page cannot do without; the rest may be absent and its place on the page says so.
constexpr std::array kRequired{"/run/name",          "/run/generator",     "/run/stamp",        "/data/subjects",
                               "/data/columns",      "/privacy/guarantee", "/privacy/epsilon",  "/privacy/events",
                               "/privacy/plain",     "/fidelity/findings", "/fidelity/charts",  "/utility/findings",
                               "/fairness/findings", "/audit/findings",    "/verdict/decision", "/verdict/summary",
                               "/verdict/reasons",   "/verdict/headline"};

// Our own scripts, in the order they need each other; one function scope holds them all.
constexpr std::array kScripts{"elements.js", "findings.js", "specs.js", "charts.js",
                              "grid.js",     "record.js",   "report.js"};
constexpr std::array kStyles{"report.css", "verdict.css", "charts.css", "tables.css", "media.css"};
constexpr std::array kLibraries{"vega.min.js", "vega-lite.min.js", "vega-embed.min.js"};

void check(const nlohmann::ordered_json& report) {
  for (const char* key : kRequired) {
    if (!report.contains(nlohmann::ordered_json::json_pointer(key))) {
      fail(ErrorKind::internal, "the report has no {}; docs/formats/report.md lists what it must hold", key);
    }
  }
  if (report.value("format", "") != "understudy-report" || report.value("version", 0) != kVersion) {
    fail(ErrorKind::internal, "the report is not of format understudy-report, version {}", kVersion);
  }
}

// Length of the sequence at `text` that could end a script block or a line of script, 0 when there is none.
std::size_t risky(std::string_view text) {
  if (text[0] == '<' || text[0] == '>' || text[0] == '&') return 1;
  return text.starts_with("\u2028") || text.starts_with("\u2029") ? 3 : 0;
}

// JSON that can stand in a page. The escaped characters occur only inside strings, where \u is the same character.
// Bytes that are no UTF-8 become the replacement character: a name from a data file may hold anything.
std::string page_json(const nlohmann::ordered_json& report) {
  const std::string plain = report.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  std::string safe;
  safe.reserve(plain.size() + plain.size() / 16);
  for (std::size_t at = 0; at < plain.size();) {
    const std::size_t length = risky(std::string_view(plain).substr(at));
    if (length == 1) {
      safe += fmt::format("\\u{:04x}", static_cast<unsigned char>(plain[at]));
    } else if (length == 3) {
      safe += plain[at + 2] == '\xa8' ? "\\u2028" : "\\u2029";
    } else {
      safe += plain[at];
    }
    at += length > 0 ? length : 1;
  }
  return safe;
}

// The text at `key`, fit for the page's static part.
std::string text_at(const nlohmann::ordered_json& report, const char* key) {
  const nlohmann::ordered_json& value = report.at(nlohmann::ordered_json::json_pointer(key));
  if (!value.is_string()) fail(ErrorKind::internal, "the report's {} must be a text", key);
  return page_text(value.get<std::string>());
}

// A script as the policy names it: 'sha256-…' of exactly the bytes between its tags.
std::string policy_source(std::string_view script) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(script.data()), script.size());
  std::array<char, sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES, sodium_base64_VARIANT_ORIGINAL)> text{};
  sodium_bin2base64(text.data(), text.size(), hash.data(), hash.size(), sodium_base64_VARIANT_ORIGINAL);
  return fmt::format("'sha256-{}'", text.data());
}

std::string own_script() {
  std::string script = "(() => {\n\"use strict\";\n";
  for (const char* name : kScripts) script += asset(name);
  return script + "})();\n";
}

PageParts page_parts(const nlohmann::ordered_json& report) {
  const std::string script = own_script();
  std::string sources = policy_source(script);
  std::string libraries;
  std::string styles;
  for (const char* name : kStyles) styles += asset(name);
  for (const char* name : kLibraries) {
    sources.append(" ").append(policy_source(asset(name)));
    libraries += fmt::format("<script>{}</script>\n", asset(name));
  }
  return {{"policy", sources},
          {"title", text_at(report, "/run/name")},
          {"decision", text_at(report, "/verdict/decision")},
          {"summary", text_at(report, "/verdict/summary")},
          {"styles", styles},
          {"report", page_json(report)},
          {"script", script},
          {"libraries", libraries}};
}

}  // namespace

std::string to_html(const nlohmann::ordered_json& report) {
  check(report);
  if (sodium_init() < 0) fail(ErrorKind::internal, "libsodium did not start");
  return fill_page(asset("report.html"), page_parts(report));
}

}  // namespace understudy
