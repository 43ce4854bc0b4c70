// The report as data and as a page. The page in a browser is tests/browser/report_test.mjs.
#include <gtest/gtest.h>
#include <sodium.h>

#include <limits>
#include <string>

#include "report/assets.h"
#include "understudy/error.h"
#include "understudy/report.h"

namespace understudy {
namespace {

using Json = nlohmann::ordered_json;

// The least that a report must hold.
Json minimal() {
  return Json::parse(R"({"format": "understudy-report", "version": 1,
    "run": {"name": "r", "generator": "g", "stamp": "NOT PRIVATE"},
    "data": {"subjects": {}, "columns": []},
    "privacy": {"guarantee": null, "epsilon": "infinite", "events": [], "plain": []},
    "fidelity": {"findings": [], "charts": {}}, "utility": {"findings": []}, "fairness": {"findings": []},
    "audit": {"findings": []},
    "verdict": {"decision": "not private", "summary": "s", "reasons": [], "headline": []}})");
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

// The text between two marks, the first after `from`.
std::string between(const std::string& text, std::string_view open, std::string_view close) {
  const std::size_t start = text.find(open) + open.size();
  return text.substr(start, text.find(close, start) - start);
}

std::string json_block(const std::string& page) {
  return between(page, "<script type=\"application/json\" id=\"report\">", "</script>");
}

ErrorKind kind_of(const Json& report) {
  try {
    to_html(report);
  } catch (const Error& error) {
    return error.kind();
  }
  ADD_FAILURE() << "no error";
  return ErrorKind::usage;
}

TEST(FindingJson, HoldsEveryFieldInOrder) {
  const Finding finding{.name = "ks",
                        .columns = {"age"},
                        .value = 0.25,
                        .low = 0.125,
                        .high = 0.5,
                        .reference = 0.75,
                        .better = Better::lower,
                        .meaning = "m"};
  EXPECT_EQ(to_json(finding).dump(),
            R"({"name":"ks","columns":["age"],"value":0.25,"low":0.125,"high":0.5,"reference":0.75,)"
            R"("better":"lower","meaning":"m"})");
}

TEST(FindingJson, WhatIsNoNumberIsNull) {
  Finding finding{.name = "n", .columns = {}, .better = Better::higher, .meaning = "not measured"};
  finding.high = std::numeric_limits<double>::infinity();
  EXPECT_EQ(to_json(finding).dump(), R"({"name":"n","columns":[],"value":null,"low":null,"high":null,)"
                                     R"("reference":null,"better":"higher","meaning":"not measured"})");
  EXPECT_EQ(to_json(Finding{})["better"], "neither");
}

TEST(Html, EveryRequiredKeyIsAskedFor) {
  EXPECT_NO_THROW(to_html(minimal()));
  for (const char* key : {"run", "data", "privacy", "fidelity", "utility", "fairness", "audit", "verdict", "format"}) {
    Json report = minimal();
    report.erase(key);
    EXPECT_EQ(kind_of(report), ErrorKind::internal) << key;
  }
  Json report = minimal();
  report["verdict"].erase("summary");
  EXPECT_EQ(kind_of(report), ErrorKind::internal);
  report = minimal();
  report["version"] = 2;
  EXPECT_EQ(kind_of(report), ErrorKind::internal);
  report = minimal();
  report["run"]["name"] = 3;
  EXPECT_EQ(kind_of(report), ErrorKind::internal);
}

TEST(Html, TheDocumentComesBackAsItWas) {
  Json report = minimal();
  report["run"]["name"] = "a<b>&\"c\\ \u2028 \u2029 </script> é {{script}}";
  report["run"]["options"] = {{"</script><b>", {1, 2.5, nullptr, true}}};
  const std::string block = json_block(to_html(report));
  EXPECT_EQ(Json::parse(block), report);
  EXPECT_EQ(block.find_first_of("<>&"), std::string::npos);
  EXPECT_EQ(block.find("\u2028"), std::string::npos);
  EXPECT_EQ(block.find("\u2029"), std::string::npos);
}

TEST(Html, HostileTextOpensNoTagAndFillsNoPlace) {
  const std::string calm = to_html(minimal());
  Json report = minimal();
  for (const char* key : {"/run/name", "/run/stamp", "/verdict/summary", "/verdict/decision"}) {
    report[Json::json_pointer(key)] = "</title></script><img src=x onerror=alert(1)>{{libraries}}<!--\xff";
  }
  const std::string page = to_html(report);
  for (const std::string_view part : {"<img", "</script", "<script", "<!--", "</title", "onerror=alert(1)>"}) {
    EXPECT_EQ(count(page, part), count(calm, part)) << part;
  }
  EXPECT_EQ(count(page, asset("vega.min.js").substr(0, 80)), 1U);  // {{libraries}} was not filled in again
  EXPECT_NE(page.find("&lt;img src=x onerror=alert(1)&gt;"), std::string::npos);
}

TEST(Html, ThePolicyNamesEveryScriptAndNothingElse) {
  const std::string page = to_html(minimal());
  const std::string policy = between(page, "Content-Security-Policy\" content=\"", "\">");
  EXPECT_TRUE(policy.starts_with("default-src 'none';"));
  EXPECT_EQ(between(policy, "script-src ", ";").find("unsafe"), std::string::npos);
  std::size_t scripts = 0;
  for (std::size_t at = page.find("<script>"); at != std::string::npos; at = page.find("<script>", at + 1), ++scripts) {
    const std::string script = between(page.substr(at), "<script>", "</script>");
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(script.data()), script.size());
    char text[64];
    sodium_bin2base64(text, sizeof text, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
    EXPECT_NE(policy.find(std::string("'sha256-") + text + "'"), std::string::npos) << "script " << scripts;
  }
  EXPECT_EQ(scripts, 4U);
  EXPECT_EQ(count(policy, "sha256-"), 4U);
}

TEST(Html, IsSelfContainedAndSmall) {
  const std::string page = to_html(minimal());
  EXPECT_LT(page.size(), 2'000'000U);
  for (const std::string_view part : {"<script src", "<link rel=\"stylesheet", "@import", "url("}) {
    EXPECT_EQ(count(page.substr(0, page.find("<script type")), part), 0U) << part;
  }
}

TEST(Assets, AreTheFilesAndUnknownOnesAreRefused) {
  EXPECT_TRUE(asset("report.html").starts_with("<!doctype html>"));
  EXPECT_TRUE(asset("report.html").ends_with("</html>\n"));
  EXPECT_GT(asset("vega.min.js").size(), 100'000U);
  EXPECT_THROW(asset("nothing.js"), Error);
}

}  // namespace
}  // namespace understudy
