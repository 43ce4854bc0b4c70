// Writes the steward's pages that the browser test opens: made-up numbers, nobody's data.
//   demo_statement FOLDER      FOLDER/private.html: as long as a page gets; FOLDER/open.html: without a guarantee;
//                              FOLDER/hostile.html: names that try to be code
#include <fstream>
#include <iostream>
#include <string>

#include "understudy/report.h"

namespace {

using Json = nlohmann::ordered_json;

const std::string kEvil = "</title></section><script>alert(1)</script><img src=x onerror=alert(1)>\xff\xe2\x80\xae";

Json open_page() {
  Json columns = Json::array();
  for (int i = 0; i < 40; ++i) {
    columns.push_back({{"name", "systolic_pressure_" + std::to_string(i)},
                       {"type", i % 2 == 0 ? "integer" : "datetime"},
                       {"unit", "mm[Hg]"},
                       {"range", i % 2 == 0 ? "40 to 260" : "2014-05-13 to 2020-09-13"},
                       {"public", true}});
  }
  return {{"format", "understudy-statement"},
          {"version", 2},
          {"stamp", "NOT PRIVATE"},
          {"name", "ward-2026"},
          {"generator", "gaussian-copula"},
          {"understudy_version", "0.1.0"},
          {"synthetic_subjects", 120000},
          {"unit", "person"},
          {"guarantee", nullptr},
          {"declassified", "The records are openly published already."},
          {"plain",
           {"There is no privacy guarantee: nothing bounds what these data reveal about a person whose records were "
            "used to make them."}},
          {"not_promised", Json::array()},
          {"public", {{"schema", "ward"}, {"subject", "id"}, {"subjects", 60000}, {"columns", columns}}},
          {"ledger", {{"length", 1058}, {"head", std::string(64, 'a')}}},
          {"key", std::string(32, 'b')}};
}

Json odds() {
  Json rows = Json::array();
  for (const double prior : {0.01, 0.1, 0.5, 0.9})
    rows.push_back({{"prior", prior}, {"release", 0.739}, {"limit", 0.953}});
  return {{"posterior", rows},
          {"right_guesses", {{"limit", 0.622}}},
          {"found", {{"false_alarms", 0.01}, {"limit", 0.044}}}};
}

// Sentences as long as those of src/pipeline/statement.cc, and as many.
Json private_page() {
  Json page = open_page();
  page["stamp"] = page["declassified"] = "";
  const std::string sentence =
      "The cost of noise on sums of real numbers, as in training by noisy gradients, is proved in real arithmetic.";
  page["plain"] = {
      "What this data set releases, now and later, looks almost the same whether one person's record is used or an "
      "empty one in its place: epsilon 3, delta 1e-06. This release alone: epsilon 1.04."};
  page["not_promised"] = Json(std::vector<std::string>(4, sentence));
  Json spends = Json::array();
  for (int i = 0; i < 30; ++i)
    spends.push_back({{"purpose", "train gaussian-copula"}, {"epsilon", 0.1234}, {"when", "2026-11-24T09:00:00Z"}});
  page["guarantee"] = {{"unit", "person"},
                       {"neighbours", "zero-out"},
                       {"limit", {{"epsilon", 3}, {"delta", 1e-6}}},
                       {"spent", 2.31},
                       {"spends", spends},
                       {"odds", odds()},
                       {"assumptions", std::vector<std::string>(7, sentence)}};
  return page;
}

Json hostile_page() {
  Json page = open_page();
  page["name"] = page["generator"] = page["public"]["schema"] = kEvil + std::string(500, 'x');
  for (int i = 0; i < 30; ++i) page["declassified"] = page["declassified"].get<std::string>() + kEvil;
  for (auto& column : page["public"]["columns"]) column["name"] = column["unit"] = kEvil;
  return page;
}

bool write(const std::string& path, const Json& statement) {
  std::ofstream file(path, std::ios::binary);
  file << understudy::steward_page(statement);
  return static_cast<bool>(file.flush());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: demo_statement FOLDER\n";
    return 2;
  }
  const std::string folder = argv[1];
  return write(folder + "/private.html", private_page()) && write(folder + "/open.html", open_page()) &&
                 write(folder + "/hostile.html", hostile_page())
             ? 0
             : 1;
}
