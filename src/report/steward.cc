// The statement as a page. Everything it shows is in the statement; the page adds the words around it.
#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "report/assets.h"
#include "report/page.h"
#include "understudy/error.h"
#include "understudy/report.h"

namespace understudy {
namespace {

using nlohmann::ordered_json;

constexpr int kStatementVersion = 2;
// What fits on one sheet; the rest is in the statement.
constexpr std::size_t kName = 90, kReason = 420, kColumns = 8, kSpends = 4;

// The first `most` bytes, cut between characters.
std::string shortened(const std::string& text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;
  return text.substr(0, most) + "…";
}

std::string text_of(const ordered_json& object, const char* key, std::size_t most = kName) {
  return page_text(shortened(object.at(key).get<std::string>(), most));
}

std::string with_commas(double whole) {
  std::string digits = fmt::format("{:.0f}", whole);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), ",");
  }
  return digits;
}

// "1 in 1,000,000", never rarer than the chance is.
std::string one_in(double chance) {
  if (!(chance > 0)) return "never";
  if (chance < 1e-15) return fmt::format("{:.3g}", chance);
  return fmt::format("1 in {}", with_commas(std::floor(1 / chance * (1 + 1e-9))));
}

std::string number_text(const ordered_json& value) {
  return value.is_number() ? fmt::format("{:.4g}", value.get<double>()) : "no bound";
}

std::string section(std::string_view head, std::string_view body) {
  return fmt::format("<section>\n<h2>{}</h2>\n{}\n</section>\n", head, body);
}

std::string list_of(const ordered_json& sentences) {
  std::string items;
  for (const auto& sentence : sentences) {
    items += fmt::format("<li>{}</li>\n", page_text(shortened(sentence.get<std::string>(), kReason)));
  }
  return fmt::format("<ul>\n{}</ul>", items);
}

std::string fact(std::string_view name, std::string_view value) {
  return fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, value);
}

std::string made_section(const ordered_json& statement) {
  const ordered_json &ledger = statement.at("ledger"), &key = statement.at("key");
  std::string facts =
      fact("Holds", fmt::format("{} synthetic {}", with_commas(statement.at("synthetic_subjects").get<double>()),
                                statement.at("unit") == "row" ? "rows" : statement.at("unit") == "stay" ? "stays" : "people"));
  facts += fact("Made by", fmt::format("generator <bdi>{}</bdi> of Understudy <bdi>{}</bdi>",
                                       text_of(statement, "generator"), text_of(statement, "understudy_version")));
  facts += fact("Signed with", key.is_null() ? "no key: who made it cannot be checked"
                                             : fmt::format("key <code>{}</code>", text_of(statement, "key")));
  facts +=
      fact("Ledger", fmt::format("{} lines, the last <code>{}</code>", with_commas(ledger.at("length").get<double>()),
                                 page_text(ledger.at("head").get<std::string>().substr(0, 16))));
  return section("Who made what", fmt::format("<dl class=\"facts\">\n{}</dl>", facts));
}

std::string never_section() {
  return section("What never leaves",
                 "<p class=\"never\">The folder <code>inside/</code> of the same run: the model, checkpoints, the "
                 "report on real people "
                 "and the ledger. Give it to nobody who has no right to the records themselves, not by mail, not as an "
                 "attachment, not for debugging.</p>");
}

std::string column_row(const ordered_json& column) {
  const std::string range = column.at("public").get<bool>() ? text_of(column, "range") : "read off the data";
  const std::string unit = text_of(column, "unit", 20);
  return fmt::format("<tr><td><bdi>{}</bdi></td><td>{}</td><td><bdi>{}{}{}</bdi></td></tr>\n",
                     text_of(column, "name", 40), text_of(column, "type"), range, unit.empty() ? "" : " ", unit);
}

std::string public_section(const ordered_json& statement) {
  const ordered_json &facts = statement.at("public"), &columns = facts.at("columns"), &subjects = facts.at("subjects");
  std::string rows;
  for (std::size_t i = 0; i < std::min(columns.size(), kColumns); ++i) rows += column_row(columns[i]);
  if (columns.size() > kColumns) {
    rows += fmt::format("<tr><td colspan=\"3\">and {} more, in statement.json</td></tr>\n", columns.size() - kColumns);
  }
  const bool all = std::all_of(columns.begin(), columns.end(),
                               [](const auto& column) { return column.at("public").template get<bool>(); });
  std::string text = fmt::format(
      "<p>Taken as known before anybody looked: the columns of <bdi>{}</bdi>, their types, bounds and categories{}",
      text_of(facts, "schema"), all ? "" : ", except what the table says was read off the data");
  text += subjects.is_null()
              ? ". Not how many people the data hold.</p>\n"
              : fmt::format(", and that the data hold {} people.</p>\n", with_commas(subjects.get<double>()));
  return section("What was public", text + fmt::format("<table "
                                                       "class=\"columns\">\n<thead><tr><th>Column</th><th>Type</"
                                                       "th><th>Range</th></tr></thead>\n<tbody>\n{}</tbody></table>",
                                                       rows));
}

// --- with a guarantee

std::string posterior_table(const ordered_json& odds) {
  std::string rows;
  for (const auto& row : odds.at("posterior")) {
    const double prior = row.at("prior").get<double>();
    rows +=
        fmt::format("<tr{}><td>{} %</td><td class=\"number\">{} %</td><td class=\"number\">{} %</td></tr>\n",
                    prior == 0.5 ? " class=\"marked\"" : "", percent_at_most(prior),
                    percent_at_most(row.at("release").get<double>()), percent_at_most(row.at("limit").get<double>()));
  }
  return fmt::format(
      "<table>\n<thead><tr><th>Sure before</th><th class=\"number\">at most after this release</th>"
      "<th class=\"number\">at most after all this data set may "
      "release</th></tr></thead>\n<tbody>\n{}</tbody></table>\n",
      rows);
}

std::string odds_section(const ordered_json& guarantee) {
  const ordered_json &odds = guarantee.at("odds"), &found = odds.at("found");
  const double delta = guarantee.at("limit").at("delta").get<double>();
  const std::string unit = page_text(guarantee.at("unit").get<std::string>());
  std::string text = fmt::format("<p>How sure an attacker can become that a given {} is in the data:</p>\n", unit) +
                     posterior_table(odds);
  text += fmt::format("<p>Delta, {:.3g}, is the chance that the table does not hold: {}; it is counted in.</p>\n",
                      delta, one_in(delta));
  text += fmt::format(
      "<p>By all releases together, who guesses for each of many whether they took part is right in at most {} % of "
      "the cases; half are right by chance. Who accuses {} % of the others falsely finds at most {} % of those who "
      "took part.</p>",
      percent_at_most(odds.at("right_guesses").at("limit").get<double>()),
      percent_at_most(found.at("false_alarms").get<double>()), percent_at_most(found.at("limit").get<double>()));
  return section("What is promised, in odds", text);
}

std::string spend_row(const ordered_json& spend) {
  return fmt::format("<tr><td>{}</td><td><bdi>{}</bdi></td><td class=\"number\">{}</td></tr>\n",
                     page_text(spend.at("when").get<std::string>().substr(0, 10)), text_of(spend, "purpose", 60),
                     number_text(spend.at("epsilon")));
}

std::string spent_section(const ordered_json& guarantee) {
  const ordered_json& spends = guarantee.at("spends");
  const std::size_t first = spends.size() - std::min(spends.size(), kSpends);
  std::string rows;
  if (first > 0) rows += fmt::format("<tr><td colspan=\"3\">{} earlier ones, in statement.json</td></tr>\n", first);
  for (std::size_t i = first; i < spends.size(); ++i) rows += spend_row(spends[i]);
  const ordered_json& limit = guarantee.at("limit");
  rows += fmt::format(
      "<tr class=\"marked\"><td colspan=\"2\">together, of at most {}</td><td class=\"number\">{}</td></tr>\n",
      number_text(limit.at("epsilon")), number_text(guarantee.at("spent")));
  return section("What this data set has spent",
                 fmt::format("<table>\n<thead><tr><th>Day</th><th>For</th><th "
                             "class=\"number\">epsilon</th></tr></thead>\n<tbody>\n{}</tbody></table>\n"
                             "<p class=\"soft\">Epsilons do not simply add up. Past {} nothing more is released.</p>",
                             rows, number_text(limit.at("epsilon"))));
}

std::string promise_band(const ordered_json& statement) {
  const ordered_json& plain = statement.at("plain");
  const ordered_json& rows = statement.at("guarantee").at("odds").at("posterior");
  const auto even = std::find_if(rows.begin(), rows.end(), [](const auto& row) { return row.at("prior") == 0.5; });
  if (even == rows.end()) fail(ErrorKind::internal, "the statement's odds have no prior of 0.5, which its page shows");
  std::string text = fmt::format(
      "<p class=\"big\">Who was 50&nbsp;% sure that a {} is in the data can become at most {}&nbsp;% sure.</p>\n",
      page_text(statement.at("guarantee").at("unit").get<std::string>()),
      percent_at_most(even->at("limit").get<double>()));
  text += fmt::format("<p>{}</p>\n", page_text(plain.at(0).get<std::string>()));
  return fmt::format("<section class=\"promise\" aria-label=\"The promise\">\n{}</section>", text);
}

// --- without

std::string warning_band(const ordered_json& statement) {
  std::string text = fmt::format("<p class=\"big\">{}</p>\n", text_of(statement, "stamp"));
  for (const auto& sentence : statement.at("plain"))
    text += fmt::format("<p>{}</p>\n", page_text(sentence.get<std::string>()));
  const std::string reason = text_of(statement, "declassified", kReason);
  if (!reason.empty()) {
    text += fmt::format(
        "<p>The reason given for letting it out all the same:</p>\n<p class=\"reason\"><bdi>“{}”</bdi></p>\n", reason);
  }
  return fmt::format("<section class=\"promise stop\" aria-label=\"Warning\">\n{}</section>", text);
}

std::string meaning_section() {
  return section("What that means",
                 "<ul>\n<li>The data may hold copies of real records, or facts that only one person fits.</li>\n"
                 "<li>No test shows the contrary. A test that finds nothing has found nothing.</li>\n"
                 "<li>Who receives the data is given what the real records would give, as far as anybody can "
                 "promise.</li>\n</ul>");
}

PageParts parts_of(const ordered_json& statement) {
  const ordered_json& guarantee = statement.at("guarantee");
  const bool promised = !guarantee.is_null();
  PageParts parts{{"title", text_of(statement, "name")},
                  {"name", text_of(statement, "name")},
                  {"styles", std::string(asset("statement.css"))}};
  parts.emplace_back("promise", promised ? promise_band(statement) : warning_band(statement));
  parts.emplace_back("consent", promised
                                    ? "I have read this page and let the release out."
                                    : "I know that these data carry no guarantee, and I let them out nevertheless.");
  if (promised) {
    parts.emplace_back("left", odds_section(guarantee) +
                                   section("What is not promised", list_of(statement.at("not_promised"))) +
                                   never_section() + spent_section(guarantee));
    parts.emplace_back("right", made_section(statement) + public_section(statement) +
                                    section("What this rests on", list_of(guarantee.at("assumptions"))));
  } else {
    parts.emplace_back("left", made_section(statement) + meaning_section());
    parts.emplace_back("right", never_section() + public_section(statement));
  }
  return parts;
}

}  // namespace

std::string steward_page(const ordered_json& statement) {
  try {
    if (statement.at("format") != "understudy-statement" || statement.at("version") != kStatementVersion) {
      fail(ErrorKind::internal, "the statement is not of format understudy-statement, version {}", kStatementVersion);
    }
    return fill_page(asset("statement.html"), parts_of(statement));
  } catch (const nlohmann::json::exception& error) {
    fail(ErrorKind::internal, "the statement lacks what its page shows (docs/formats/statement.md): {}", error.what());
  }
}

}  // namespace understudy
