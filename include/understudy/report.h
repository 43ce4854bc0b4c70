// report.json and report.html (docs/formats/report.md). The report is data first: the HTML only shows the JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "understudy/finding.h"

namespace understudy {

// {name, columns, value, low, high, reference, better, meaning}; NaN becomes null.
nlohmann::ordered_json to_json(const Finding& finding);

// The report.json document given in `report`, as one self-contained HTML page: no network, no console error, hostile
// names stay text. ErrorKind::internal when `report` lacks a required key.
std::string to_html(const nlohmann::ordered_json& report);

// The statement (docs/formats/statement.md) as one page for the person who lets the data out: what was promised, in odds,
// what was not, and a line to sign. One self-contained HTML file without a script; one sheet of A4 when printed; all
// texts of the statement stay text. ErrorKind::internal when `statement` lacks what the page shows.
std::string steward_page(const nlohmann::ordered_json& statement);

}  // namespace understudy
